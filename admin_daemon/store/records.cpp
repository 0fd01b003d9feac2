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

constexpr char kProviderNameFind[] =
    "SELECT name FROM providers WHERE id = :id";
constexpr char kProviderKeyNameFind[] =
    "SELECT name FROM provider_keys WHERE id = :id";
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
