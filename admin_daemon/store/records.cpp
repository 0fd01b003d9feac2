// SPDX-License-Identifier: MIT

#include "admin_daemon/store/records.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/record_rows.h"

namespace aiproxy::admin::store {
namespace {

using soci::use;

constexpr char kRecordCountOne[] = R"(
SELECT count(*) FROM proxy_tracing
WHERE day = :day AND request_id = :request_id)";

// No cost is below 0: so none can be compared too.
constexpr char kRecordUpdateCost[] = R"(
UPDATE proxy_tracing SET cost = :cost, price_version_id = :version
WHERE day = :day AND id = :id AND COALESCE(cost, -1) = :before
      AND COALESCE(price_version_id, -1) = :version_before)";

constexpr char kRecordCount[] = R"(
SELECT count(*) FROM proxy_tracing
WHERE started_at >= :from_ms AND started_at < :to_ms)";

constexpr char kProviderNameFind[] =
    "SELECT name FROM providers WHERE id = :id";
constexpr char kProviderKeyNameFind[] =
    "SELECT name FROM provider_keys WHERE id = :id";
constexpr char kResponseFindUsage[] = R"(
SELECT 1 FROM proxy_tracing
WHERE response_id = :response_id AND provider_id = :provider_id
      AND usage_source NOT IN ('none', 'repeated')
LIMIT 1)";
// A row is always given: the lock itself gives void.
constexpr char kResponseLock[] =
    "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext(:response_id))) l";
constexpr char kClientKeyNameFind[] =
    "SELECT name FROM client_keys WHERE id = :id";
constexpr char kClientKeyFindUser[] =
    "SELECT user_id FROM client_keys WHERE id = :id";
constexpr char kUserNameFind[] = "SELECT username FROM users WHERE id = :id";

std::optional<Record> FindOne(Connection& connection, const char* condition,
                              const std::int64_t& first,
                              const std::string* second) {
    RecordRow row;
    row.whole = true;
    soci::statement st(connection.sql);
    row.Into(st);
    st.exchange(use(first, "first"));
    if (second != nullptr) st.exchange(use(*second, "second"));
    return First(Run(st,
                     "SELECT " + row.Columns() + " FROM proxy_tracing t" +
                         kRecordNameJoins + condition,
                     row));
}

}  // namespace

std::optional<UnixMs> FindFirstStart(Connection& connection) {
    return Fetch<Single<std::optional<std::int64_t>>>(
               connection, "SELECT min(started_at) FROM proxy_tracing")
        .at(0);
}

std::optional<UnixMs> FindLastStart(Connection& connection) {
    return Fetch<Single<std::optional<std::int64_t>>>(
               connection, "SELECT max(started_at) FROM proxy_tracing")
        .at(0);
}

std::optional<std::int64_t> FindFirstRecordDay(Connection& connection) {
    return Fetch<Single<std::optional<std::int64_t>>>(
               connection, "SELECT min(day) FROM proxy_tracing")
        .at(0);
}

bool HasRecord(Connection& connection, std::int64_t day,
               const std::string& request_id) {
    return Fetch<Single<std::int64_t>>(connection, kRecordCountOne,
                                       use(day, "day"),
                                       use(request_id, "request_id"))
               .at(0) > 0;
}

std::optional<Record> FindRecord(Connection& connection, std::int64_t id) {
    return FindOne(connection, "WHERE t.id = :first", id, nullptr);
}

std::optional<Record> FindRecordByRequestId(Connection& connection,
                                            std::int64_t day,
                                            const std::string& request_id) {
    return FindOne(connection,
                   "WHERE t.day = :first AND t.request_id = :second", day,
                   &request_id);
}

bool UpdateRecordCost(Connection& connection, const Record& record,
                      std::optional<std::int64_t> cost,
                      std::optional<std::int64_t> price_version_id) {
    const std::int64_t before = record.cost.value_or(-1);
    const std::int64_t version_before = record.price_version_id.value_or(-1);
    return Execute(connection, kRecordUpdateCost, use(cost, "cost"),
                   use(price_version_id, "version"), use(record.day, "day"),
                   use(record.id, "id"), use(before, "before"),
                   use(version_before, "version_before")) == 1;
}

std::int64_t CountRecords(Connection& connection, UnixMs from, UnixMs to) {
    return Fetch<Single<std::int64_t>>(connection, kRecordCount,
                                       use(from, "from_ms"), use(to, "to_ms"))
        .at(0);
}

bool HasUsageOf(Connection& connection, std::int64_t provider_id,
                const std::string& response_id) {
    if (connection.backend == Backend::kPostgres) {
        Fetch<Single<std::int64_t>>(connection, kResponseLock,
                                    use(response_id, "response_id"));
    }
    return !Fetch<Single<std::int64_t>>(connection, kResponseFindUsage,
                                        use(response_id, "response_id"),
                                        use(provider_id, "provider_id"))
                .empty();
}

std::optional<std::string> FindProviderName(Connection& connection,
                                            std::int64_t id) {
    return First(Fetch<Single<std::string>>(connection, kProviderNameFind,
                                            use(id, "id")));
}

std::optional<std::string> FindProviderKeyName(Connection& connection,
                                               std::int64_t id) {
    return First(Fetch<Single<std::string>>(connection, kProviderKeyNameFind,
                                            use(id, "id")));
}

std::optional<std::string> FindClientKeyName(Connection& connection,
                                             std::int64_t id) {
    return First(Fetch<Single<std::string>>(connection, kClientKeyNameFind,
                                            use(id, "id")));
}

std::optional<std::string> FindUserName(Connection& connection,
                                        std::int64_t id) {
    return First(
        Fetch<Single<std::string>>(connection, kUserNameFind, use(id, "id")));
}

std::optional<std::int64_t> FindClientKeyUser(Connection& connection,
                                              std::int64_t id) {
    return First(Fetch<Single<std::optional<std::int64_t>>>(
                     connection, kClientKeyFindUser, use(id, "id")))
        .value_or(std::nullopt);
}

}  // namespace aiproxy::admin::store
