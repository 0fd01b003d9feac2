// SPDX-License-Identifier: MIT

#include "admin_daemon/store/alert_findings.h"

#include <soci/soci.h>

#include <algorithm>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kRestingKeyList[] = R"(
SELECT 'provider_key', CAST(k.id AS TEXT), k.name, k.owner_user_id,
       CAST(NULL AS BIGINT), r.class
FROM rests r JOIN provider_keys k ON k.id = r.provider_key_id
WHERE r.until_at > :now AND r.model = '' AND r.began_at <= :began_by
  AND k.deleted_at IS NULL AND k.is_enabled = 1
ORDER BY k.id LIMIT :limit)";

constexpr char kKeyStateList[] = R"(
SELECT 'provider_key', CAST(id AS TEXT), name, owner_user_id,
       CAST(NULL AS BIGINT), credential_reason
FROM provider_keys
WHERE deleted_at IS NULL AND is_enabled = 1 AND credential_state = :state
ORDER BY id LIMIT :limit)";

constexpr char kExpiringKeyList[] = R"(
SELECT 'provider_key', CAST(id AS TEXT), name, owner_user_id,
       (expires_at - :now) / 1000, CAST(NULL AS TEXT)
FROM provider_keys
WHERE deleted_at IS NULL AND is_enabled = 1 AND expires_at IS NOT NULL
  AND expires_at < :until_ms
ORDER BY id LIMIT :limit)";

constexpr char kFailingProbeList[] = R"(
SELECT 'provider_key', CAST(k.id AS TEXT), k.name, k.owner_user_id, p.failures,
       CAST(NULL AS TEXT)
FROM provider_key_probes p JOIN provider_keys k ON k.id = p.provider_key_id
WHERE p.failures >= :failures AND k.deleted_at IS NULL AND k.is_enabled = 1
ORDER BY k.id LIMIT :limit)";

constexpr char kLowPoolList[] = R"(
WITH usable AS (
    SELECT k.id
    FROM provider_keys k JOIN providers v ON v.id = k.provider_id
    WHERE k.deleted_at IS NULL AND k.is_enabled = 1
      AND k.credential_state = 'good'
      AND (k.expires_at IS NULL OR k.expires_at > :now)
      AND v.deleted_at IS NULL AND v.is_enabled = 1
      AND NOT EXISTS (
          SELECT 1 FROM rests r
          WHERE r.until_at > :now AND r.model = ''
            AND (r.provider_key_id = k.id OR (r.provider_key_id = 0
                 AND r.provider_id = k.provider_id))))
SELECT 'client_key', CAST(c.id AS TEXT), c.name, c.user_id, count(u.id),
       CAST(NULL AS TEXT)
FROM client_keys c JOIN client_key_pools p ON p.client_key_id = c.id
     LEFT JOIN usable u ON u.id = p.provider_key_id
WHERE c.deleted_at IS NULL AND c.is_enabled = 1
  AND (c.expires_at IS NULL OR c.expires_at > :now)
GROUP BY c.id, c.name, c.user_id
HAVING count(u.id) <= :usable
ORDER BY c.id LIMIT :limit)";

constexpr char kRefusedRecordList[] = R"(
SELECT 'node', node_id, node_id, CAST(NULL AS BIGINT), count(*),
       CAST(NULL AS TEXT)
FROM records_refused WHERE created_at >= :since
GROUP BY node_id HAVING count(*) >= :count
ORDER BY node_id LIMIT :limit)";

constexpr char kIssuerList[] = R"(
SELECT 'issuer', CAST(id AS TEXT), name, CAST(NULL AS BIGINT),
       CAST(NULL AS BIGINT), jwks_error
FROM token_issuers
WHERE deleted_at IS NULL AND is_enabled = 1 AND jwks_error IS NOT NULL
ORDER BY id LIMIT :limit)";

constexpr char kFailingTaskList[] = R"(
SELECT 'task', name || '@' || node_id, name, CAST(NULL AS BIGINT), failures,
       error
FROM task_runs WHERE failing_since <= :since AND updated_at >= :seen
ORDER BY name, node_id LIMIT :limit)";

constexpr char kClientKeySubject[] = R"(
SELECT 'client_key', CAST(id AS TEXT), name, user_id, CAST(NULL AS BIGINT),
       CAST(NULL AS TEXT)
FROM client_keys WHERE id = :id AND deleted_at IS NULL)";

constexpr char kProviderKeySubject[] = R"(
SELECT 'provider_key', CAST(id AS TEXT), name, owner_user_id,
       CAST(NULL AS BIGINT), CAST(NULL AS TEXT)
FROM provider_keys WHERE id = :id AND deleted_at IS NULL)";

struct FindingRow {
    AlertFinding value;
    void Into(soci::statement& st) {
        st.exchange(into(value.subject_type));
        st.exchange(into(value.subject_id));
        st.exchange(into(value.subject_name));
        st.exchange(into(value.owner_user_id));
        st.exchange(into(value.value));
        st.exchange(into(value.reason));
    }
    AlertFinding Take() { return value; }
};

template <class... Exchanges>
std::vector<AlertFinding> List(Connection& connection, const char* query,
                               Exchanges&&... exchanges) {
    return Fetch<FindingRow>(connection, query,
                             std::forward<Exchanges>(exchanges)...,
                             use(kMostFindings, "limit"));
}

}  // namespace

std::vector<AlertFinding> FindRestingKeys(Connection& connection,
                                          UnixMs began_by, UnixMs now) {
    return List(connection, kRestingKeyList, use(now, "now"),
                use(began_by, "began_by"));
}

std::vector<AlertFinding> FindKeysOfState(Connection& connection,
                                          const std::string& state) {
    return List(connection, kKeyStateList, use(state, "state"));
}

std::vector<AlertFinding> FindExpiringKeys(Connection& connection, UnixMs now,
                                           UnixMs until) {
    auto found = List(connection, kExpiringKeyList, use(now, "now"),
                      use(until, "until_ms"));
    // Of one that has expired nothing is left.
    for (AlertFinding& finding : found) {
        finding.value = std::max<std::int64_t>(finding.value.value_or(0), 0);
    }
    return found;
}

std::vector<AlertFinding> FindFailingProbes(Connection& connection,
                                            std::int64_t failures) {
    return List(connection, kFailingProbeList, use(failures, "failures"));
}

std::vector<AlertFinding> FindLowPools(Connection& connection,
                                       std::int64_t usable, UnixMs now) {
    return List(connection, kLowPoolList, use(now, "now"),
                use(usable, "usable"));
}

std::vector<AlertFinding> FindRefusedRecords(Connection& connection,
                                             std::int64_t count, UnixMs since) {
    return List(connection, kRefusedRecordList, use(since, "since"),
                use(count, "count"));
}

std::vector<AlertFinding> FindIssuersWithoutKeys(Connection& connection) {
    return List(connection, kIssuerList);
}

std::vector<AlertFinding> FindFailingTasks(Connection& connection, UnixMs since,
                                           UnixMs seen) {
    return List(connection, kFailingTaskList, use(since, "since"),
                use(seen, "seen"));
}

std::optional<AlertFinding> FindClientKeySubject(Connection& connection,
                                                 std::int64_t id) {
    return First(
        Fetch<FindingRow>(connection, kClientKeySubject, use(id, "id")));
}

std::optional<AlertFinding> FindProviderKeySubject(Connection& connection,
                                                   std::int64_t id) {
    return First(
        Fetch<FindingRow>(connection, kProviderKeySubject, use(id, "id")));
}

}  // namespace aiproxy::admin::store
