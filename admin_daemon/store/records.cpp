// SPDX-License-Identifier: MIT

#include "admin_daemon/store/records.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/record_rows.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kProviderNameFind[] =
    "SELECT name FROM providers WHERE id = :id";
constexpr char kProviderKeyNameFind[] =
    "SELECT name FROM provider_keys WHERE id = :id";
constexpr char kClientKeyNameFind[] =
    "SELECT name FROM client_keys WHERE id = :id";
constexpr char kClientKeyFindUser[] =
    "SELECT user_id FROM client_keys WHERE id = :id";

// Adds names to a select of "t" and its id.
constexpr char kNameColumns[] =
    "t.id, c.name AS client_key_name, p.name AS provider_name, "
    "k.name AS provider_key_name";
constexpr char kNameJoins[] = R"(
LEFT JOIN client_keys c ON c.id = t.client_key_id
LEFT JOIN providers p ON p.id = t.provider_id
LEFT JOIN provider_keys k ON k.id = t.provider_key_id )";

struct RecordRow {
    Record value;
    bool whole = false;

    std::string Columns() const {
        std::string columns = kNameColumns;
        auto add = [&](const char* column, const auto&) {
            columns += ", t.";
            columns += column;
        };
        VisitListed(value, add);
        if (whole) VisitRest(value, add);
        return columns;
    }
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.client_key_name));
        st.exchange(into(value.provider_name));
        st.exchange(into(value.provider_key_name));
        auto add = [&](const char*, auto& field) { st.exchange(into(field)); };
        VisitListed(value, add);
        if (whole) VisitRest(value, add);
    }
    Record Take() { return value; }
};

// LIKE's pattern for texts that begin so.
std::string PrefixPattern(const std::string& prefix) {
    std::string pattern;
    for (char c : prefix) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

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
                         kNameJoins + condition,
                     row));
}

}  // namespace

std::vector<Record> ListRecords(Connection& connection, const RecordFilter& f,
                                std::int64_t limit) {
    RecordRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(f.from, "from_ms", "t.started_at >= :from_ms");
    where.Add(f.to, "to_ms", "t.started_at < :to_ms");
    where.Add(f.client_key_id, "client_key_id",
              "t.client_key_id = :client_key_id");
    where.Add(f.provider_id, "provider_id", "t.provider_id = :provider_id");
    where.Add(f.provider_key_id, "provider_key_id",
              "t.provider_key_id = :provider_key_id");
    where.Add(f.model, "model", "t.model = :model");
    where.Add(f.status, "status", "t.status = :status");
    where.Add(f.outcome, "outcome", "t.outcome = :outcome");
    where.Add(f.request_id, "request_id", "t.request_id = :request_id");
    std::optional<std::string> pattern;
    if (f.prefix) pattern = PrefixPattern(*f.prefix);
    where.Add(pattern, "pattern",
              "(t.path LIKE :pattern ESCAPE '\\' OR "
              "t.model LIKE :pattern ESCAPE '\\')");
    // Spelled so that both databases use the index for the first part.
    where.Add(f.before_started_at, "before", "t.started_at <= :before");
    where.Add(f.before_id, "before_id",
              "(t.started_at < :before OR t.id < :before_id)");
    st.exchange(use(limit, "limit"));
    return Run(st,
               "SELECT " + row.Columns() + " FROM proxy_tracing t" +
                   kNameJoins + where.text() +
                   " ORDER BY t.started_at DESC, t.id DESC LIMIT :limit",
               row);
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

std::optional<std::int64_t> FindClientKeyUser(Connection& connection,
                                              std::int64_t id) {
    return First(Fetch<Single<std::optional<std::int64_t>>>(
                     connection, kClientKeyFindUser, use(id, "id")))
        .value_or(std::nullopt);
}

}  // namespace aiproxy::admin::store
