// SPDX-License-Identifier: MIT

#include "admin_daemon/service/usage_page.h"

#include "admin_daemon/service/random.h"
#include "admin_daemon/store/settings.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kMostKeyBytes = 256;
constexpr std::int64_t kMostRecords = 10'000;
constexpr std::int64_t kMostModels = 20;

}  // namespace

bool Tries::Begin(const std::string& address, UnixMs now) {
    const std::lock_guard lock(mutex_);
    if (minute_ != now / kMinuteMs) {
        minute_ = now / kMinuteMs;
        failures_ = 0;
        counts_.clear();
    }
    if (failures_ >= kMostFailuresOfAll ||
        (counts_.size() >= kMostAddresses && !counts_.contains(address))) {
        return false;
    }
    Count& count = counts_[address];
    return count.failures < kMostFailures && count.tries++ < kMostTries;
}

void Tries::Fail(const std::string& address) {
    const std::lock_guard lock(mutex_);
    ++counts_[address].failures;
    ++failures_;
}

Result<bool> UsagePage::IsOpen() {
    return database_.Read([](Connection& c) -> Result<bool> {
        return store::FindSettings(c).usage_page;
    });
}

Result<store::ClientKey> UsagePage::Find(std::string_view client_key) {
    if (client_key.empty() || client_key.size() > kMostKeyBytes) {
        return ErrorCode::kAuthUnknownKey;
    }
    return database_.Read([&](Connection& c) -> Result<store::ClientKey> {
        const auto id =
            store::FindClientKeyIdByDigest(c, HexSha256(client_key), clock_());
        auto key = id ? store::FindClientKey(c, *id) : std::nullopt;
        if (!key) return ErrorCode::kAuthUnknownKey;
        return std::move(*key);
    });
}

Result<KeyUsage> UsagePage::Get(std::string_view client_key,
                                const std::string& address,
                                const std::string& zone) {
    const auto open = IsOpen();
    if (!open.ok()) return open.error();
    if (!*open) return ErrorCode::kNotFound;
    if (!tries_.Begin(address, clock_())) {
        Error error(ErrorCode::kLoginLocked, "usage page");
        error.public_text = "Too many tries. Try again in a minute.";
        return error;
    }
    auto key = Find(client_key);
    if (!key.ok()) {
        if (key.code() == ErrorCode::kAuthUnknownKey) tries_.Fail(address);
        return key.error();
    }
    KeyUsage usage;
    usage.key = std::move(*key);
    auto days =
        statistics_.Trend({Dimension::kClientKey, std::to_string(usage.key.id)},
                          kDays, zone, Statistics::Step::kDay);
    if (!days.ok()) return days.error();
    usage.days = std::move(*days);
    auto report = limits_.Report(usage.key.id, AccessScope());
    if (!report.ok()) return report.error();
    usage.limits = std::move(report->own);
    auto models = database_.Read(
        [&](Connection& c) -> Result<std::vector<store::ModelSums>> {
            return store::ListKeyModels(c, usage.key.id,
                                        usage.days.front().from, kMostRecords,
                                        kMostModels);
        });
    if (!models.ok()) return models.error();
    usage.models = std::move(*models);
    return usage;
}

}  // namespace aiproxy::admin::service
