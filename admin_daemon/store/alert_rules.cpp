// SPDX-License-Identifier: MIT

#include "admin_daemon/store/alert_rules.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kAlertRuleSelect[] = R"(
SELECT id, name, kind, severity, threshold, window_s, cooldown_s, channels,
       is_enabled, version, created_at, updated_at
FROM alert_rules )";

constexpr char kAlertRuleInsert[] = R"(
INSERT INTO alert_rules (
    name, kind, severity, threshold, window_s, cooldown_s, channels,
    is_enabled, version, created_at, updated_at)
VALUES (
    :name, :kind, :severity, :threshold, :window_s, :cooldown_s, :channels,
    :is_enabled, :version, :created_at, :updated_at)
RETURNING id)";

constexpr char kAlertRuleUpdate[] = R"(
UPDATE alert_rules SET
    name = :name, severity = :severity, threshold = :threshold,
    window_s = :window_s, cooldown_s = :cooldown_s, channels = :channels,
    is_enabled = :is_enabled, version = :version, updated_at = :updated_at
WHERE id = :id)";

struct AlertRuleRow {
    AlertRule value;
    std::optional<std::string> channels;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.kind));
        st.exchange(into(value.severity));
        st.exchange(into(value.threshold));
        st.exchange(into(value.window_s));
        st.exchange(into(value.cooldown_s));
        st.exchange(into(channels));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.version));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
    }
    AlertRule Take() {
        value.channels =
            DecodeIds(channels).value_or(std::vector<std::int64_t>());
        return value;
    }
};

std::string Channels(const AlertRule& rule) {
    return EncodeIds(std::optional(rule.channels)).value_or("[]");
}

}  // namespace

std::optional<AlertRule> FindAlertRule(Connection& connection,
                                       std::int64_t id) {
    return First(Fetch<AlertRuleRow>(
        connection, std::string(kAlertRuleSelect) + "WHERE id = :id",
        use(id, "id")));
}

std::optional<std::int64_t> FindAlertRuleIdByName(Connection& connection,
                                                  const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(
        connection, "SELECT id FROM alert_rules WHERE name = :name",
        use(name, "name")));
}

std::vector<AlertRule> ListAlertRules(Connection& connection,
                                      const Page& page) {
    AlertRuleRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.AddPage(connection.backend, page, "name");
    return Run(st, kAlertRuleSelect + where.page_text(), row);
}

std::vector<AlertRule> ListEnabledAlertRules(Connection& connection) {
    return Fetch<AlertRuleRow>(
        connection,
        std::string(kAlertRuleSelect) + "WHERE is_enabled = 1 ORDER BY id");
}

void InsertAlertRule(Connection& connection, AlertRule& rule) {
    const std::string channels = Channels(rule);
    rule.id =
        Fetch<Single<std::int64_t>>(
            connection, kAlertRuleInsert, use(rule.name, "name"),
            use(rule.kind, "kind"), use(rule.severity, "severity"),
            use(rule.threshold, "threshold"), use(rule.window_s, "window_s"),
            use(rule.cooldown_s, "cooldown_s"), use(channels, "channels"),
            use(rule.is_enabled, "is_enabled"), use(rule.version, "version"),
            use(rule.created_at, "created_at"),
            use(rule.updated_at, "updated_at"))
            .at(0);
}

void UpdateAlertRule(Connection& connection, const AlertRule& rule) {
    const std::string channels = Channels(rule);
    Execute(connection, kAlertRuleUpdate, use(rule.name, "name"),
            use(rule.severity, "severity"), use(rule.threshold, "threshold"),
            use(rule.window_s, "window_s"), use(rule.cooldown_s, "cooldown_s"),
            use(channels, "channels"), use(rule.is_enabled, "is_enabled"),
            use(rule.version, "version"), use(rule.updated_at, "updated_at"),
            use(rule.id, "id"));
}

void DeleteAlertRule(Connection& connection, std::int64_t id) {
    Execute(connection, "DELETE FROM alert_rules WHERE id = :id",
            use(id, "id"));
}

}  // namespace aiproxy::admin::store
