// SPDX-License-Identifier: MIT
//
// LimitBook's raises: a limit of a day or a month that is higher until that
// one ends. It stands with the client key's limits, and is taken out again.

#include <algorithm>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/limit_book.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kMost = std::int64_t{1} << 50;

const store::LimitNumber* FindCalendar(const std::string& name) {
    for (const store::LimitNumber& number : store::kLimitNumbers) {
        if (name == number.name &&
            (name.ends_with("_per_day") || name.ends_with("_per_month"))) {
            return &number;
        }
    }
    return nullptr;
}

std::optional<UnixMs> FirstEnd(const std::vector<store::LimitRaise>& raises) {
    std::optional<UnixMs> first;
    for (const store::LimitRaise& raise : raises) {
        first = std::min(first.value_or(raise.ends_at), raise.ends_at);
    }
    return first;
}

void DropEnded(store::Limits& limits, UnixMs now) {
    std::erase_if(limits.raises, [&](const store::LimitRaise& raise) {
        return raise.ends_at <= now;
    });
}

}  // namespace

Result<Written<LimitReport>> LimitBook::Raise(std::int64_t client_key_id,
                                              const std::string& limit_name,
                                              std::int64_t amount) {
    const store::LimitNumber* number = FindCalendar(limit_name);
    if (number == nullptr) {
        return InvalidField("limit_name",
                            "This must be a limit of a day or a month.");
    }
    if (amount < 1 || (!number->usd && amount > kMost)) {
        return InvalidField("amount", "This must be above zero.");
    }
    const auto written =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t version = store::UpdateConfigVersion(c);
            auto key = store::FindClientKey(c, client_key_id);
            if (!key) return ErrorCode::kNotFound;
            if (!(key->limits.*number->value)) {
                return InvalidField("limit_name",
                                    "The client key has no such limit.");
            }
            const UnixMs now = clock_();
            const auto periods =
                PeriodsAt(key->limits.time_zone.value_or(""), now);
            DropEnded(key->limits, now);
            key->limits.raises.push_back({limit_name, amount,
                                          limit_name.ends_with("_month")
                                              ? periods.month_to
                                              : periods.day_to});
            key->version = version;
            key->updated_at = now;
            store::UpdateClientKey(c, *key);
            store::UpdateRaisedUntil(c, key->id, FirstEnd(key->limits.raises));
            return version;
        });
    if (!written.ok()) return written.error();
    const auto generation =
        publication_.WaitFor(*written, kPublicationPatience);
    auto report = Report(client_key_id, {});
    if (!report.ok()) return report.error();
    return Written<LimitReport>{std::move(*report), generation};
}

Status LimitBook::EndRaises() {
    const auto over =
        database_.Read([&](Connection& c) -> Result<std::vector<std::int64_t>> {
            return store::ListClientKeysRaisedUntil(c, clock_());
        });
    if (!over.ok()) return over.error();
    for (const std::int64_t id : *over) {
        const auto ended = database_.Write([&](Connection& c) -> Result<bool> {
            const Status status = EndRaisesOf(c, id);
            if (!status.ok()) return status.error();
            return true;
        });
        if (!ended.ok()) return ended.error();
    }
    return {};
}

// One that was deleted meanwhile has no raise to look after.
Status LimitBook::EndRaisesOf(Connection& c, std::int64_t id) {
    const std::int64_t version = store::UpdateConfigVersion(c);
    auto key = store::FindClientKey(c, id);
    if (!key) {
        store::UpdateRaisedUntil(c, id, std::nullopt);
        return {};
    }
    DropEnded(key->limits, clock_());
    key->version = version;
    store::UpdateClientKey(c, *key);
    store::UpdateRaisedUntil(c, id, FirstEnd(key->limits.raises));
    return {};
}

}  // namespace aiproxy::admin::service
