// SPDX-License-Identifier: MIT
//
// What is said to the provider in a sign-in, and what its answers come to: the
// task's side of service/sign_ins.

#include <algorithm>

#include "admin_daemon/json.h"
#include "admin_daemon/service/sign_in_secret.h"
#include "admin_daemon/service/sign_ins.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Message;
using store::Connection;

constexpr std::int64_t kMostDeviceLifeMs = 30 * 60'000;
constexpr std::int64_t kLeastIntervalMs = 1'000;
constexpr std::int64_t kUsualIntervalMs = 5'000;
constexpr std::int64_t kMostIntervalMs = 60'000;

}  // namespace

Status SignIns::Restart() {
    return database_.Write([&](Connection& c) -> Status {
        store::RestartSignIns(c, node_id_);
        return {};
    });
}

Result<std::vector<std::string>> SignIns::ListDue() {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<std::string>> {
            return store::ListSignInsDue(c, node_id_, clock_());
        });
}

Result<std::int64_t> SignIns::RemoveExpired() {
    return database_.Write([&](Connection& c) -> Result<std::int64_t> {
        return store::DeleteExpiredSignIns(c, clock_());
    });
}

// Whoever takes it sends its message; a code is never sent twice.
Result<std::optional<store::SignIn>> SignIns::Take(const std::string& id) {
    return database_.Write(
        [&](Connection& c) -> Result<std::optional<store::SignIn>> {
            auto row = store::FindSignIn(c, id);
            const bool ours = row && !row->is_taken &&
                              row->node_id == node_id_ &&
                              row->expires_at > clock_();
            if (!ours) return std::optional<store::SignIn>();
            row->is_taken = true;
            store::UpdateSignIn(c, *row);
            return std::optional<store::SignIn>(std::move(*row));
        });
}

Status SignIns::Advance(const std::string& id,
                        const std::function<bool()>& may_wait) {
    auto taken = Take(id);
    if (!taken.ok()) return taken.error();
    if (!*taken) return {};
    return Ask(std::move(**taken), may_wait);
}

Status SignIns::Ask(store::SignIn row, const std::function<bool()>& may_wait) {
    const auto provider =
        database_.Read([&](Connection& c) -> Result<store::Provider> {
            auto found = store::FindProvider(c, row.provider_id);
            if (!found) return ErrorCode::kNotFound;
            return std::move(*found);
        });
    const auto definition =
        provider.ok() ? ParseOAuth(provider->oauth) : std::nullopt;
    auto secret = Open(row);
    if (!definition || oauth::Name(definition->grant) != row.flow ||
        !secret.ok()) {
        FailSignIn(row, "The provider has other OAuth data by now.");
        return Keep(row);
    }
    const auto client = tokens_.IdentityOf(*provider, *definition, {});
    if (!client.ok()) return client.error();
    if (row.state == "starting") {
        const auto outcome =
            AskForTokens(http_, *definition, Message::kDevice, *client, {});
        HandleDevice(outcome, row, *secret);
        return Keep(row);
    }
    const bool device = row.flow == "device_code";
    const oauth::Values values = {
        {device ? "device_code" : "code", secret->code},
        {"state", secret->state},
        {"redirect_uri", row.redirect_uri.value_or("")},
        {"code_verifier", secret->verifier}};
    const auto outcome = AskForTokens(
        http_, *definition, device ? Message::kDeviceToken : Message::kCode,
        *client, values);
    return HandleToken(outcome, row, may_wait);
}

void SignIns::HandleDevice(const ProviderAnswer& outcome, store::SignIn& row,
                           Secret& secret) const {
    const oauth::Answer& answer = outcome.answer;
    // A person opens it: nothing but a page.
    const bool page = answer.verification_uri.starts_with("https://") ||
                      answer.verification_uri.starts_with("http://");
    if (outcome.kind != ProviderAnswer::Kind::kGot || !page ||
        answer.verification_uri.size() > 2048 ||
        answer.user_code.size() > 128 || answer.device_code.size() > 4096) {
        FailSignIn(row, "The provider gave no code: " + outcome.reason + ".");
        return;
    }
    secret.code = answer.device_code;
    const Status sealed = Seal(secret, row);
    if (!sealed.ok()) {
        FailSignIn(row, "The code could not be kept.");
        return;
    }
    const std::string& whole = answer.verification_uri_complete;
    const bool complete =
        whole.starts_with(answer.verification_uri) && whole.size() <= 2048;
    row.state = "waiting";
    row.is_taken = false;
    row.user_code = ValidUtf8(answer.user_code);
    row.verification_url =
        ValidUtf8(complete ? whole : answer.verification_uri);
    row.interval_ms =
        std::clamp(answer.interval_s.value_or(kUsualIntervalMs / 1000) * 1000,
                   kLeastIntervalMs, kMostIntervalMs);
    row.next_at = clock_() + row.interval_ms;
    if (answer.expires_in_s) {
        row.expires_at =
            clock_() + std::min(*answer.expires_in_s * 1000, kMostDeviceLifeMs);
    }
}

Status SignIns::HandleToken(const ProviderAnswer& outcome, store::SignIn& row,
                            const std::function<bool()>& may_wait) {
    const std::string& error = outcome.answer.error;
    const bool device = row.flow == "device_code";
    if (outcome.kind == ProviderAnswer::Kind::kGot) {
        const Status stored = tokens_.StoreSignIn(
            row.provider_key_id, row.provider_id, outcome.answer, may_wait);
        row.state = "done";
        row.secret.reset();
        if (!stored.ok()) FailSignIn(row, "The token could not be kept.");
        return Keep(row);
    }
    // Nobody has entered the code yet, or the way there is barred just now.
    if (device && (outcome.kind == ProviderAnswer::Kind::kFailed ||
                   error == "authorization_pending" || error == "slow_down")) {
        if (error == "slow_down") row.interval_ms += kUsualIntervalMs;
        row.next_at = clock_() + row.interval_ms;
        row.is_taken = false;
        return Keep(row);
    }
    FailSignIn(row, "The provider gave no token: " + outcome.reason + ".");
    return Keep(row);
}

Status SignIns::Keep(store::SignIn& row) {
    if (row.state == "failed") {
        log_.Warn("sign_in_failed", {{"provider_key_id", row.provider_key_id},
                                     {"reason", row.error.value_or("")}});
    }
    row.updated_at = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateSignIn(c, row);
        return {};
    });
}

}  // namespace aiproxy::admin::service
