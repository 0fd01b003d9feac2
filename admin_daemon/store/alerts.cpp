// SPDX-License-Identifier: MIT

#include "admin_daemon/store/alerts.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kAlertSelect[] = R"(
SELECT id, rule_id, rule_name, kind, severity, threshold, subject_type,
       subject_id, subject_name, owner_user_id, node_id, state, value, reason,
       times, started_at, last_seen_at, resolved_at, acknowledged_at,
       acknowledged_by, is_told, told_at
FROM alerts )";

constexpr char kAlertListForsaken[] = R"(
WHERE resolved_at IS NULL
  AND ((node_id <> '' AND last_seen_at < :seen_before)
       OR NOT EXISTS (SELECT 1 FROM alert_rules r
                      WHERE r.id = alerts.rule_id AND r.is_enabled = 1))
ORDER BY id LIMIT 200)";

constexpr char kAlertFindEnded[] = R"(
WHERE rule_id = :rule_id AND subject_type = :subject_type
  AND subject_id = :subject_id AND node_id = :node_id
  AND resolved_at > :after
ORDER BY id DESC LIMIT 1)";

constexpr char kAlertInsert[] = R"(
INSERT INTO alerts (
    rule_id, rule_name, kind, severity, threshold, subject_type, subject_id,
    subject_name, owner_user_id, node_id, state, value, reason, times,
    started_at, last_seen_at, is_told, told_at)
VALUES (
    :rule_id, :rule_name, :kind, :severity, :threshold, :subject_type,
    :subject_id, :subject_name, :owner_user_id, :node_id, :state, :value,
    :reason, :times, :started_at, :last_seen_at, :is_told, :told_at)
RETURNING id)";

constexpr char kAlertUpdateSeen[] = R"(
UPDATE alerts SET value = :value, reason = :reason,
                  last_seen_at = :last_seen_at
WHERE id = :id)";

constexpr char kAlertUpdateEnded[] = R"(
UPDATE alerts SET state = 'resolved', resolved_at = :now
WHERE id = :id AND resolved_at IS NULL)";

constexpr char kAlertUpdateAgain[] = R"(
UPDATE alerts SET state = 'firing', resolved_at = NULL, times = times + 1,
                  acknowledged_at = NULL, acknowledged_by = NULL,
                  value = :value, reason = :reason, last_seen_at = :last_seen_at
WHERE id = :id)";

constexpr char kAlertUpdateTold[] = R"(
UPDATE alerts SET is_told = :is_told, told_at = COALESCE(:told_at, told_at)
WHERE id = :id)";

constexpr char kAlertAcknowledge[] = R"(
UPDATE alerts SET state = 'acknowledged', acknowledged_at = :now,
                  acknowledged_by = :username
WHERE id = :id AND state = 'firing')";

constexpr char kAlertDeleteOld[] = R"(
DELETE FROM alerts WHERE id IN
    (SELECT id FROM alerts WHERE resolved_at < :before LIMIT :limit))";

struct AlertRow {
    Alert value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.rule_id));
        st.exchange(into(value.rule_name));
        st.exchange(into(value.kind));
        st.exchange(into(value.severity));
        st.exchange(into(value.threshold));
        st.exchange(into(value.subject_type));
        st.exchange(into(value.subject_id));
        st.exchange(into(value.subject_name));
        st.exchange(into(value.owner_user_id));
        st.exchange(into(value.node_id));
        st.exchange(into(value.state));
        st.exchange(into(value.value));
        st.exchange(into(value.reason));
        st.exchange(into(value.times));
        st.exchange(into(value.started_at));
        st.exchange(into(value.last_seen_at));
        st.exchange(into(value.resolved_at));
        st.exchange(into(value.acknowledged_at));
        st.exchange(into(value.acknowledged_by));
        st.exchange(into(value.is_told));
        st.exchange(into(value.told_at));
    }
    Alert Take() { return value; }
};

}  // namespace

std::vector<Alert> ListAlerts(Connection& connection, const AlertFilter& f,
                              std::int64_t limit) {
    AlertRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(f.state, "state", "state = :state");
    if (f.open) where.Add("resolved_at IS NULL");
    where.Add(f.severity, "severity", "severity = :severity");
    where.Add(f.kind, "kind", "kind = :kind");
    where.Add(f.rule_id, "rule_id", "rule_id = :rule_id");
    where.Add(f.subject_type, "subject_type", "subject_type = :subject_type");
    where.Add(f.subject_id, "subject_id", "subject_id = :subject_id");
    where.Add(f.from, "from_ms", "started_at >= :from_ms");
    where.Add(f.to, "to_ms", "started_at < :to_ms");
    where.Add(f.owner_user_id, "owner", "owner_user_id = :owner");
    where.Add(f.before_started_at, "before", "started_at <= :before");
    where.Add(f.before_id, "before_id",
              "(started_at < :before OR id < :before_id)");
    st.exchange(use(limit, "limit"));
    return Run(st,
               kAlertSelect + where.text() +
                   " ORDER BY started_at DESC, id DESC LIMIT :limit",
               row);
}

std::optional<Alert> FindAlert(Connection& connection, std::int64_t id) {
    return First(Fetch<AlertRow>(connection,
                                 std::string(kAlertSelect) + "WHERE id = :id",
                                 use(id, "id")));
}

std::vector<Alert> ListOpenAlerts(Connection& connection, std::int64_t rule_id,
                                  const std::string& node_id) {
    return Fetch<AlertRow>(connection,
                           std::string(kAlertSelect) +
                               "WHERE rule_id = :rule_id AND "
                               "node_id = :node_id AND resolved_at IS NULL",
                           use(rule_id, "rule_id"), use(node_id, "node_id"));
}

std::vector<Alert> ListForsakenAlerts(Connection& connection,
                                      UnixMs seen_before) {
    return Fetch<AlertRow>(connection,
                           std::string(kAlertSelect) + kAlertListForsaken,
                           use(seen_before, "seen_before"));
}

std::optional<Alert> FindEndedAlert(Connection& connection, const Alert& of,
                                    UnixMs after) {
    return First(Fetch<AlertRow>(
        connection, std::string(kAlertSelect) + kAlertFindEnded,
        use(of.rule_id, "rule_id"), use(of.subject_type, "subject_type"),
        use(of.subject_id, "subject_id"), use(of.node_id, "node_id"),
        use(after, "after")));
}

void InsertAlert(Connection& connection, Alert& alert) {
    alert.id =
        Fetch<Single<std::int64_t>>(
            connection, kAlertInsert, use(alert.rule_id, "rule_id"),
            use(alert.rule_name, "rule_name"), use(alert.kind, "kind"),
            use(alert.severity, "severity"), use(alert.threshold, "threshold"),
            use(alert.subject_type, "subject_type"),
            use(alert.subject_id, "subject_id"),
            use(alert.subject_name, "subject_name"),
            use(alert.owner_user_id, "owner_user_id"),
            use(alert.node_id, "node_id"), use(alert.state, "state"),
            use(alert.value, "value"), use(alert.reason, "reason"),
            use(alert.times, "times"), use(alert.started_at, "started_at"),
            use(alert.last_seen_at, "last_seen_at"),
            use(alert.is_told, "is_told"), use(alert.told_at, "told_at"))
            .at(0);
}

void UpdateAlertSeen(Connection& connection, const Alert& alert) {
    Execute(connection, kAlertUpdateSeen, use(alert.value, "value"),
            use(alert.reason, "reason"),
            use(alert.last_seen_at, "last_seen_at"), use(alert.id, "id"));
}

void UpdateAlertEnded(Connection& connection, std::int64_t id, UnixMs now) {
    Execute(connection, kAlertUpdateEnded, use(now, "now"), use(id, "id"));
}

void UpdateAlertAgain(Connection& connection, const Alert& alert) {
    Execute(connection, kAlertUpdateAgain, use(alert.value, "value"),
            use(alert.reason, "reason"),
            use(alert.last_seen_at, "last_seen_at"), use(alert.id, "id"));
}

void UpdateAlertTold(Connection& connection, std::int64_t id, bool told,
                     std::optional<UnixMs> told_at) {
    Execute(connection, kAlertUpdateTold, use(told, "is_told"),
            use(told_at, "told_at"), use(id, "id"));
}

bool AcknowledgeAlert(Connection& connection, std::int64_t id,
                      const std::string& username, UnixMs now) {
    return Execute(connection, kAlertAcknowledge, use(now, "now"),
                   use(username, "username"), use(id, "id")) > 0;
}

std::int64_t DeleteOldAlerts(Connection& connection, UnixMs before,
                             std::int64_t limit) {
    return Execute(connection, kAlertDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
