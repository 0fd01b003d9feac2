// SPDX-License-Identifier: MIT

#include "admin_daemon/store/health.h"

#include <soci/soci.h>

#include <algorithm>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr UnixMs kBetweenSuspicionsMs = 15'000;

constexpr char kKeyProbesSelect[] = R"(
SELECT provider_key_id, next_at, probed_at, failures, recent, updated_at
FROM provider_key_probes )";

constexpr char kKeyProbesUpdate[] = R"(
INSERT INTO provider_key_probes (provider_key_id, next_at, probed_at, failures,
                                 recent, updated_at)
VALUES (:provider_key_id, :next_at, :probed_at, :failures, :recent,
        :updated_at)
ON CONFLICT (provider_key_id) DO UPDATE
SET next_at = excluded.next_at, probed_at = excluded.probed_at,
    failures = excluded.failures, recent = excluded.recent,
    updated_at = excluded.updated_at)";

constexpr char kKeyProbesDelete[] =
    "DELETE FROM provider_key_probes WHERE provider_key_id = :provider_key_id";

constexpr char kKeyProbesListDue[] = R"(
SELECT k.id FROM provider_keys k
JOIN providers p ON p.id = k.provider_id
LEFT JOIN provider_key_probes t ON t.provider_key_id = k.id
WHERE k.deleted_at IS NULL AND k.is_enabled = 1
  AND (k.secret <> '' OR k.secret_reference IS NOT NULL)
  AND (k.expires_at IS NULL OR k.expires_at > :now)
  AND p.deleted_at IS NULL AND p.is_enabled = 1 AND p.is_probed = 1
  AND COALESCE(t.next_at, 0) <= :now
ORDER BY COALESCE(t.next_at, 0), k.id LIMIT :limit)";

constexpr char kHistorySelect[] = R"(
SELECT id, provider_key_id, began_at, last_at, times, source, node_id,
       request_id, username, verdict, class, scope, model, status, error,
       took_ms, rest_until
FROM provider_key_history )";

constexpr char kHistoryInsert[] = R"(
INSERT INTO provider_key_history (
    provider_key_id, began_at, last_at, times, source, node_id, request_id,
    username, verdict, class, scope, model, status, error, took_ms, rest_until)
VALUES (
    :provider_key_id, :began_at, :last_at, :times, :source, :node_id,
    :request_id, :username, :verdict, :class, :scope, :model, :status, :error,
    :took_ms, :rest_until))";

constexpr char kHistoryUpdate[] = R"(
UPDATE provider_key_history SET
    last_at = :last_at, times = times + 1, took_ms = :took_ms,
    rest_until = :rest_until, node_id = :node_id
WHERE id = :id)";

constexpr char kHistoryDeleteOld[] = R"(
DELETE FROM provider_key_history WHERE id IN (
    SELECT id FROM provider_key_history WHERE last_at < :before
    ORDER BY last_at LIMIT :limit))";

struct KeyProbesRow {
    KeyProbes value;
    void Into(soci::statement& st) {
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.next_at));
        st.exchange(into(value.probed_at));
        st.exchange(into(value.failures));
        st.exchange(into(value.recent));
        st.exchange(into(value.updated_at));
    }
    KeyProbes Take() { return value; }
};

struct HistoryRow {
    HistoryEntry value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.began_at));
        st.exchange(into(value.last_at));
        st.exchange(into(value.times));
        st.exchange(into(value.source));
        st.exchange(into(value.node_id));
        st.exchange(into(value.request_id));
        st.exchange(into(value.username));
        st.exchange(into(value.verdict));
        st.exchange(into(value.rest_class));
        st.exchange(into(value.scope));
        st.exchange(into(value.model));
        st.exchange(into(value.status));
        st.exchange(into(value.error));
        st.exchange(into(value.took_ms));
        st.exchange(into(value.rest_until));
    }
    HistoryEntry Take() { return value; }
};

bool IsSame(const HistoryEntry& a, const HistoryEntry& b) {
    return a.source == b.source && a.verdict == b.verdict &&
           a.rest_class == b.rest_class && a.scope == b.scope &&
           a.status == b.status && a.error == b.error;
}

}  // namespace

std::optional<KeyProbes> FindKeyProbes(Connection& connection,
                                       std::int64_t provider_key_id) {
    return First(
        Fetch<KeyProbesRow>(connection,
                            std::string(kKeyProbesSelect) +
                                "WHERE provider_key_id = :provider_key_id",
                            use(provider_key_id, "provider_key_id")));
}

std::vector<KeyProbes> ListKeyProbesSince(Connection& connection,
                                          UnixMs updated_at) {
    return Fetch<KeyProbesRow>(
        connection,
        std::string(kKeyProbesSelect) + "WHERE updated_at >= :updated_at",
        use(updated_at, "updated_at"));
}

void UpdateKeyProbes(Connection& connection, const KeyProbes& probes) {
    Execute(connection, kKeyProbesUpdate,
            use(probes.provider_key_id, "provider_key_id"),
            use(probes.next_at, "next_at"), use(probes.probed_at, "probed_at"),
            use(probes.failures, "failures"), use(probes.recent, "recent"),
            use(probes.updated_at, "updated_at"));
}

void DeleteKeyProbes(Connection& connection, std::int64_t provider_key_id) {
    Execute(connection, kKeyProbesDelete,
            use(provider_key_id, "provider_key_id"));
}

void HastenProbe(Connection& connection, std::int64_t provider_key_id,
                 UnixMs suspected_at, UnixMs now) {
    auto probes = FindKeyProbes(connection, provider_key_id);
    // Without a row it is due anyway.
    if (!probes) return;
    const UnixMs before = probes->probed_at.value_or(0);
    const UnixMs next = std::max(now, before + kBetweenSuspicionsMs);
    if (before > suspected_at || next >= probes->next_at) return;
    probes->next_at = next;
    UpdateKeyProbes(connection, *probes);
}

std::vector<std::int64_t> ListDueProbes(Connection& connection, UnixMs now,
                                        std::int64_t limit) {
    return Fetch<Single<std::int64_t>>(connection, kKeyProbesListDue,
                                       use(now, "now"), use(limit, "limit"));
}

void InsertHistory(Connection& connection, const HistoryEntry& entry) {
    Execute(connection, kHistoryInsert,
            use(entry.provider_key_id, "provider_key_id"),
            use(entry.began_at, "began_at"), use(entry.last_at, "last_at"),
            use(entry.times, "times"), use(entry.source, "source"),
            use(entry.node_id, "node_id"), use(entry.request_id, "request_id"),
            use(entry.username, "username"), use(entry.verdict, "verdict"),
            use(entry.rest_class, "class"), use(entry.scope, "scope"),
            use(entry.model, "model"), use(entry.status, "status"),
            use(entry.error, "error"), use(entry.took_ms, "took_ms"),
            use(entry.rest_until, "rest_until"));
}

void InsertProbeHistory(Connection& connection, const HistoryEntry& entry) {
    HistoryFilter filter;
    filter.provider_key_id = entry.provider_key_id;
    const auto latest = First(ListHistory(connection, filter, 1));
    if (!latest || !IsSame(*latest, entry)) {
        InsertHistory(connection, entry);
        return;
    }
    Execute(connection, kHistoryUpdate, use(entry.last_at, "last_at"),
            use(entry.took_ms, "took_ms"), use(entry.rest_until, "rest_until"),
            use(entry.node_id, "node_id"), use(latest->id, "id"));
}

std::vector<HistoryEntry> ListHistory(Connection& connection,
                                      const HistoryFilter& f,
                                      std::int64_t limit) {
    HistoryRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    const std::optional<std::int64_t> key = f.provider_key_id;
    where.Add(key, "provider_key_id", "provider_key_id = :provider_key_id");
    where.Add(f.before_last_at, "before", "last_at <= :before");
    where.Add(f.before_id, "before_id",
              "(last_at < :before OR id < :before_id)");
    st.exchange(use(limit, "limit"));
    return Run(st,
               kHistorySelect + where.text() +
                   " ORDER BY last_at DESC, id DESC LIMIT :limit",
               row);
}

std::int64_t DeleteOldHistory(Connection& connection, UnixMs before,
                              std::int64_t limit) {
    return Execute(connection, kHistoryDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
