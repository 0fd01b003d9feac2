// SPDX-License-Identifier: MIT

#include "admin_daemon/store/limits_owed.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kLimitsOwedInsert[] = R"(
INSERT INTO limits_owed (request_id, client_key_id, user_id, provider_key_id,
                         started_at, tokens, cost)
VALUES (:request_id, :client_key_id, :user_id, :provider_key_id, :started_at,
        :tokens, :cost)
ON CONFLICT (request_id) DO NOTHING)";

constexpr char kLimitsOwedList[] = R"(
SELECT request_id, client_key_id, user_id, provider_key_id, started_at, tokens,
       cost
FROM limits_owed ORDER BY request_id LIMIT :limit)";

constexpr char kLimitsOwedListIds[] = "SELECT request_id FROM limits_owed";

constexpr char kLimitsOwedDelete[] =
    "DELETE FROM limits_owed WHERE request_id = :request_id";

struct Row {
    LimitsOwed value;
    void Into(soci::statement& st) {
        st.exchange(into(value.request_id));
        st.exchange(into(value.client_key_id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.started_at));
        st.exchange(into(value.tokens));
        st.exchange(into(value.cost));
    }
    LimitsOwed Take() { return value; }
};

}  // namespace

void InsertOwed(Connection& connection, const LimitsOwed& owed) {
    Execute(connection, kLimitsOwedInsert, use(owed.request_id, "request_id"),
            use(owed.client_key_id, "client_key_id"),
            use(owed.user_id, "user_id"),
            use(owed.provider_key_id, "provider_key_id"),
            use(owed.started_at, "started_at"), use(owed.tokens, "tokens"),
            use(owed.cost, "cost"));
}

std::vector<LimitsOwed> ListOwed(Connection& connection, std::int64_t limit) {
    return Fetch<Row>(connection, kLimitsOwedList, use(limit, "limit"));
}

std::vector<std::string> ListOwedIds(Connection& connection) {
    return Fetch<Single<std::string>>(connection, kLimitsOwedListIds);
}

void DeleteOwed(Connection& connection,
                const std::vector<std::string>& request_ids) {
    for (const std::string& id : request_ids) {
        Execute(connection, kLimitsOwedDelete, use(id, "request_id"));
    }
}

}  // namespace aiproxy::admin::store
