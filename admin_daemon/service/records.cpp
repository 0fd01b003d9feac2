// SPDX-License-Identifier: MIT

#include "admin_daemon/service/records.h"

#include <charconv>

#include "admin_daemon/service/record_usage.h"
#include "admin_daemon/service/snapshot_rows.h"
#include "admin_daemon/store/prices.h"
#include "core/base/id.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr UnixMs kDayMs = 86'400'000;

std::optional<std::int64_t> ParseNumber(const std::string& text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end || value < 1) return std::nullopt;
    return value;
}

template <class F>
void Fill(std::map<std::int64_t, std::string>& names, F&& find) {
    for (auto& [id, name] : names) {
        name = find(id).value_or("#" + std::to_string(id));
    }
}

}  // namespace

Result<RecordPage> Records::List(const RecordFilter& filter,
                                 std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<RecordPage> {
        return store::ListRecords(c, filter, limit);
    });
}

Result<RecordTail> Records::Tail(const RecordFilter& filter,
                                 std::optional<std::int64_t> stored_after,
                                 std::int64_t limit) {
    const auto settled =
        database_.Read([&](Connection& c) -> Result<std::int64_t> {
            return store::FindSettledRecord(c);
        });
    if (!settled.ok()) return settled.error();
    if (!stored_after) return RecordTail{{}, *settled};
    return database_.Read([&](Connection& c) -> Result<RecordTail> {
        return store::ListStoredAfter(c, filter, *stored_after, *settled,
                                      limit);
    });
}

Result<Record> Records::Get(const std::string& id) {
    const auto number = ParseNumber(id);
    const auto request_id = ParseRequestId(id);
    if (!number && !request_id) return ErrorCode::kNotFound;
    return database_.Read([&](Connection& c) -> Result<Record> {
        auto record = number ? store::FindRecord(c, *number)
                             : store::FindRecordByRequestId(
                                   c, RequestIdUnixMs(*request_id) / kDayMs,
                                   FormatRequestId(*request_id));
        if (!record) return ErrorCode::kNotFound;
        return std::move(*record);
    });
}

Result<std::optional<std::int64_t>> Records::FindUser(
    std::int64_t client_key_id) {
    return database_.Read(
        [&](Connection& c) -> Result<std::optional<std::int64_t>> {
            return store::FindClientKeyUser(c, client_key_id);
        });
}

Result<std::optional<pricing::Bill>> Records::GetBill(const Record& record) {
    using Found = std::optional<pricing::Bill>;
    if (!record.price_version_id) return Found();
    return database_.Read([&](Connection& c) -> Result<Found> {
        const auto price = store::FindPrice(c, *record.price_version_id);
        if (!price) return Found();
        return Found(
            pricing::MakeBill(ToSnapshot(*price).price, UsageOf(record).usage));
    });
}

Status Records::FindNames(Names& names) {
    return database_.Read([&](Connection& c) -> Status {
        Fill(names.providers,
             [&](auto id) { return store::FindProviderName(c, id); });
        Fill(names.provider_keys,
             [&](auto id) { return store::FindProviderKeyName(c, id); });
        Fill(names.client_keys,
             [&](auto id) { return store::FindClientKeyName(c, id); });
        Fill(names.users, [&](auto id) { return store::FindUserName(c, id); });
        return {};
    });
}

}  // namespace aiproxy::admin::service
