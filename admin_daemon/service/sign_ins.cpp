// SPDX-License-Identifier: MIT

#include "admin_daemon/service/sign_ins.h"

#include <sodium.h>

#include "admin_daemon/json.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/returned_code.h"
#include "admin_daemon/service/sign_in_secret.h"
#include "core/base/id.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Message;
using store::Connection;

constexpr std::int64_t kLifeMs = 10 * 60'000;
constexpr std::size_t kMostPerUser = 20;

Error Conflict(const char* sentence) {
    Error error(ErrorCode::kConflict);
    error.public_text = sentence;
    return error;
}

bool Equal(const std::string& a, const std::string& b) {
    return a.size() == b.size() &&
           ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

void FailSignIn(store::SignIn& row, std::string reason) {
    row.state = "failed";
    row.error = ValidUtf8(std::move(reason));
    row.secret.reset();
}

Status SignIns::Seal(const Secret& secret, store::SignIn& row) const {
    // None of the three has a line break.
    std::string text =
        secret.state + "\n" + secret.verifier + "\n" + secret.code;
    auto sealed = SealColumn(master_, "oauth_sign_ins.secret:" + row.id, text);
    Wipe(text);
    if (!sealed.ok()) return sealed.error();
    row.secret = std::move(*sealed);
    return {};
}

Result<SignIns::Secret> SignIns::Open(const store::SignIn& row) const {
    auto text =
        OpenColumn(master_, "oauth_sign_ins.secret:" + row.id, row.secret);
    if (!text.ok()) return text.error();
    Secret secret;
    const std::size_t first = text->find('\n');
    const std::size_t second =
        first == std::string::npos ? first : text->find('\n', first + 1);
    if (second == std::string::npos) {
        return Error(ErrorCode::kInternal, "a sign-in without its secret");
    }
    secret.state = text->substr(0, first);
    secret.verifier = text->substr(first + 1, second - first - 1);
    secret.code = text->substr(second + 1);
    Wipe(*text);
    return secret;
}

Result<KeySignIn> SignIns::Show(Connection& c, store::SignIn row) const {
    KeySignIn shown{std::move(row), std::nullopt};
    if (shown.row.flow != "authorization_code" ||
        shown.row.state != "waiting") {
        return shown;
    }
    const auto provider = store::FindProvider(c, shown.row.provider_id);
    const auto definition =
        provider ? ParseOAuth(provider->oauth) : std::nullopt;
    if (!definition || !definition->authorize_url) return shown;
    auto secret = Open(shown.row);
    if (!secret.ok()) return secret.error();
    const oauth::Values values = {
        {"client_id", definition->client_id.value_or("")},
        {"scope", definition->scope()},
        {"redirect_uri", shown.row.redirect_uri.value_or("")},
        {"state", secret->state},
        {"code_challenge", oauth::ChallengeOf(secret->verifier)}};
    shown.authorize_url = *definition->authorize_url + "?" +
                          oauth::FormOf(oauth::Fill(
                              Message::kAuthorize, definition->authentication,
                              definition->authorize_parameters, values));
    return shown;
}

Result<KeySignIn> SignIns::Start(std::int64_t user_id,
                                 std::int64_t provider_key_id,
                                 const std::string& console,
                                 const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Result<KeySignIn> {
        const auto key = store::FindProviderKey(c, provider_key_id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return InvalidField("provider_key_id",
                                "There is no such provider key.");
        }
        const auto provider = store::FindProvider(c, key->provider_id);
        const auto definition =
            provider ? ParseOAuth(provider->oauth) : std::nullopt;
        if (key->kind != "oauth" || !definition ||
            !oauth::NeedsSignIn(definition->grant)) {
            return Conflict("Nobody signs in for this provider key.");
        }
        store::DeleteSignInsOf(c, user_id, key->id);
        if (store::ListSignIns(c, user_id).size() >= kMostPerUser) {
            return Conflict("Too many sign-ins of yours are not done yet.");
        }
        const bool device = definition->grant == oauth::Grant::kDeviceCode;
        store::SignIn row;
        const UnixMs now = clock_();
        row.id = FormatRequestId(MakeRequestId(now, RandomBytes<10>()));
        row.provider_key_id = key->id;
        row.provider_id = provider->id;
        row.user_id = user_id;
        row.node_id = node_id_;
        row.flow = oauth::Name(definition->grant);
        row.state = device ? "starting" : "waiting";
        // Until the provider says how often.
        row.interval_ms = 0;
        row.created_at = row.updated_at = now;
        row.expires_at = now + kLifeMs;
        if (!device) {
            row.redirect_uri =
                definition->redirect_url.value_or(console + "/oauth/callback");
        }
        Secret secret;
        secret.state = RandomToken();
        secret.verifier = RandomToken();
        row.state_digest = HexSha256(secret.state);
        const Status sealed = Seal(secret, row);
        if (!sealed.ok()) return sealed.error();
        store::InsertSignIn(c, row);
        return Show(c, std::move(row));
    });
}

Result<store::SignIn> SignIns::Find(Connection& c, const std::string& id,
                                    std::int64_t user_id) const {
    if (!ParseRequestId(id)) return ErrorCode::kNotFound;
    auto row = store::FindSignIn(c, id);
    if (!row || row->user_id != user_id || row->expires_at <= clock_()) {
        return ErrorCode::kNotFound;
    }
    return std::move(*row);
}

Result<std::vector<KeySignIn>> SignIns::List(std::int64_t user_id) {
    return database_.Read([&](Connection& c) -> Result<std::vector<KeySignIn>> {
        std::vector<KeySignIn> list;
        for (store::SignIn& row : store::ListSignIns(c, user_id)) {
            if (row.expires_at <= clock_()) continue;
            auto shown = Show(c, std::move(row));
            if (!shown.ok()) return shown.error();
            list.push_back(std::move(*shown));
        }
        return list;
    });
}

Result<KeySignIn> SignIns::Get(const std::string& id, std::int64_t user_id) {
    return database_.Read([&](Connection& c) -> Result<KeySignIn> {
        auto row = Find(c, id, user_id);
        if (!row.ok()) return row.error();
        return Show(c, std::move(*row));
    });
}

Result<KeySignIn> SignIns::GiveCode(const std::string& id, std::int64_t user_id,
                                    const AccessScope& scope,
                                    const std::string& text) {
    const auto given = ReadReturnedCode(text);
    if (!given) {
        return InvalidField("code",
                            "This must be the code, or the whole address that "
                            "the browser went to.");
    }
    return database_.Write([&](Connection& c) -> Result<KeySignIn> {
        auto row = Find(c, id, user_id);
        if (!row.ok()) return row.error();
        return Accept(c, std::move(*row), scope, *given, false);
    });
}

Result<KeySignIn> SignIns::Return(std::int64_t user_id,
                                  const AccessScope& scope,
                                  const KeySignInReturn& given) {
    return database_.Write([&](Connection& c) -> Result<KeySignIn> {
        auto row = store::FindSignInByState(c, HexSha256(given.state));
        if (!row || row->user_id != user_id || row->expires_at <= clock_()) {
            return ErrorCode::kNotFound;
        }
        return Accept(c, std::move(*row), scope, given, true);
    });
}

// Once: the state that it waits in is left in the same transaction.
Result<KeySignIn> SignIns::Accept(Connection& c, store::SignIn row,
                                  const AccessScope& scope,
                                  const KeySignInReturn& given,
                                  bool needs_state) {
    const auto key = store::FindProviderKey(c, row.provider_key_id);
    if (!key || !scope.Covers(key->owner_user_id)) return ErrorCode::kNotFound;
    if (row.flow != "authorization_code" || row.state != "waiting") {
        return Conflict("The sign-in waits for no code.");
    }
    auto secret = Open(row);
    if (!secret.ok()) return secret.error();
    if ((needs_state || !given.state.empty()) &&
        !Equal(given.state, secret->state)) {
        return InvalidField("code", "This code is of another sign-in.");
    }
    if (given.error) {
        FailSignIn(row, "The provider says: " + *given.error + ".");
    } else {
        secret->code = given.code.value_or("");
        const Status sealed = Seal(*secret, row);
        if (!sealed.ok()) return sealed.error();
        row.state = "exchanging";
        // Who was given the code sends it.
        row.node_id = node_id_;
    }
    row.updated_at = clock_();
    store::UpdateSignIn(c, row);
    return Show(c, std::move(row));
}

Status SignIns::Cancel(const std::string& id, std::int64_t user_id) {
    return database_.Write([&](Connection& c) -> Status {
        const auto row = Find(c, id, user_id);
        if (!row.ok()) return row.error();
        store::DeleteSignIn(c, id);
        return {};
    });
}

}  // namespace aiproxy::admin::service
