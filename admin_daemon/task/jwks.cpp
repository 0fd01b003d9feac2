// SPDX-License-Identifier: MIT

#include "admin_daemon/task/jwks.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "admin_daemon/rfc3339.h"
#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr char kLease[] = "jwks";
constexpr std::chrono::milliseconds kBetweenLooks{1000};
constexpr std::int64_t kLeastMs = 60'000;
constexpr std::int64_t kUsualMs = 300'000;
constexpr std::int64_t kMostMs = 3'600'000;
constexpr std::int64_t kAfterFailureMs = 15'000;

// max-age of a Cache-Control header, in milliseconds and within our bounds.
std::int64_t Interval(const std::optional<std::string>& cache_control) {
    if (!cache_control) return kUsualMs;
    const std::size_t at = cache_control->find("max-age=");
    if (at == std::string::npos) return kUsualMs;
    std::int64_t seconds = 0;
    const char* begin = cache_control->data() + at + 8;
    const char* end = cache_control->data() + cache_control->size();
    if (std::from_chars(begin, end, seconds).ec != std::errc()) return kUsualMs;
    return std::clamp(std::clamp<std::int64_t>(seconds, 0, 86'400) * 1000,
                      kLeastMs, kMostMs);
}

}  // namespace

void Jwks::Fetch(const store::Issuer& issuer) {
    client::HttpRequest request;
    request.url = *issuer.jwks_url;
    request.headers = {
        {"Accept", "application/jwk-set+json, application/json"}};
    const auto reply = http_.Send(request);
    service::FetchedKeys fetched;
    fetched.next_at = NowMs() + kAfterFailureMs;
    if (!reply.ok()) {
        fetched.error = reply.error().detail;
    } else if (reply->status != 200) {
        fetched.error = "status " + std::to_string(reply->status);
    } else if (auto keys = jwt::ReadJwks(reply->body); !keys.ok()) {
        fetched.error = std::string(keys.error().text());
    } else {
        const auto interval = Interval(reply->Header("cache-control"));
        fetched.keys = std::move(*keys);
        fetched.next_at = NowMs() + interval;
        // Two fetches may fail before an unknown key id is "cannot tell".
        fetched.fresh_until = NowMs() + 3 * interval;
    }
    if (fetched.error) {
        log_.Warn("jwks_not_fetched",
                  {{"issuer", issuer.name}, {"reason", *fetched.error}});
    }
    const Status stored =
        issuers_.SetFetched(issuer.id, *issuer.jwks_url, fetched);
    if (!stored.ok()) {
        log_.Warn("jwks_not_stored", {{"reason", stored.error().detail}});
    }
}

// By one node of all; the lease is held while it fetches.
void Jwks::Look(const std::stop_token& stop) {
    service::TaskBoard::Run run(board_, kLease);
    run.Next(kBetweenLooks.count());
    auto due = issuers_.ListDue();
    if (!due.ok()) return run.Fail(due.error().detail);
    if (due->empty()) return;
    if (!leases_.Take(kLease)) return run.Skip();
    // Asked again with the lease: another node may have come first.
    due = issuers_.ListDue();
    for (std::size_t i = 0; due.ok() && i < due->size(); ++i) {
        if (stop.stop_requested() || !leases_.Take(kLease)) break;
        Fetch((*due)[i]);
    }
    leases_.GiveBack(kLease);
}

void Jwks::Run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (const std::int64_t wanted = state_.TakeWantedIssuer()) {
            const Status hastened = issuers_.HastenKeys(wanted);
            if (!hastened.ok()) {
                log_.Warn("jwks_not_hastened",
                          {{"reason", hastened.error().detail}});
            }
        }
        Look(stop);
        Pause(stop, kBetweenLooks);
    }
}

}  // namespace aiproxy::admin::task
