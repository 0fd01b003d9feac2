// SPDX-License-Identifier: MIT

#include "admin_daemon/store/alert_channels.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kAlertChannelSelect[] = R"(
SELECT id, name, kind, url, target, secret, username, is_tls_required,
       mail_from, mail_to, is_enabled, version, created_at, updated_at
FROM alert_channels )";

constexpr char kAlertChannelInsert[] = R"(
INSERT INTO alert_channels (
    name, kind, url, target, secret, username, is_tls_required, mail_from,
    mail_to, is_enabled, version, created_at, updated_at)
VALUES (
    :name, :kind, :url, :target, :secret, :username, :is_tls_required,
    :mail_from, :mail_to, :is_enabled, :version, :created_at, :updated_at)
RETURNING id)";

constexpr char kAlertChannelUpdate[] = R"(
UPDATE alert_channels SET
    name = :name, url = :url, target = :target, secret = :secret,
    username = :username, is_tls_required = :is_tls_required,
    mail_from = :mail_from, mail_to = :mail_to, is_enabled = :is_enabled,
    version = :version, updated_at = :updated_at
WHERE id = :id)";

struct AlertChannelRow {
    AlertChannel value;
    std::string mail_to;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.kind));
        st.exchange(into(value.url));
        st.exchange(into(value.target));
        st.exchange(into(value.secret));
        st.exchange(into(value.username));
        st.exchange(into(value.is_tls_required));
        st.exchange(into(value.mail_from));
        st.exchange(into(mail_to));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.version));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
    }
    AlertChannel Take() {
        value.mail_to = DecodeStrings(mail_to);
        return value;
    }
};

}  // namespace

std::optional<AlertChannel> FindAlertChannel(Connection& connection,
                                             std::int64_t id) {
    return First(Fetch<AlertChannelRow>(
        connection, std::string(kAlertChannelSelect) + "WHERE id = :id",
        use(id, "id")));
}

std::optional<std::int64_t> FindAlertChannelIdByName(Connection& connection,
                                                     const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(
        connection, "SELECT id FROM alert_channels WHERE name = :name",
        use(name, "name")));
}

std::vector<AlertChannel> ListAlertChannels(Connection& connection,
                                            const Page& page) {
    AlertChannelRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.AddPage(connection.backend, page, "name");
    return Run(st, kAlertChannelSelect + where.page_text(), row);
}

void InsertAlertChannel(Connection& connection, AlertChannel& channel) {
    const std::string mail_to = EncodeStrings(channel.mail_to);
    channel.id =
        Fetch<Single<std::int64_t>>(
            connection, kAlertChannelInsert, use(channel.name, "name"),
            use(channel.kind, "kind"), use(channel.url, "url"),
            use(channel.target, "target"), use(channel.secret, "secret"),
            use(channel.username, "username"),
            use(channel.is_tls_required, "is_tls_required"),
            use(channel.mail_from, "mail_from"), use(mail_to, "mail_to"),
            use(channel.is_enabled, "is_enabled"),
            use(channel.version, "version"),
            use(channel.created_at, "created_at"),
            use(channel.updated_at, "updated_at"))
            .at(0);
}

void UpdateAlertChannel(Connection& connection, const AlertChannel& channel) {
    const std::string mail_to = EncodeStrings(channel.mail_to);
    Execute(connection, kAlertChannelUpdate, use(channel.name, "name"),
            use(channel.url, "url"), use(channel.target, "target"),
            use(channel.secret, "secret"), use(channel.username, "username"),
            use(channel.is_tls_required, "is_tls_required"),
            use(channel.mail_from, "mail_from"), use(mail_to, "mail_to"),
            use(channel.is_enabled, "is_enabled"),
            use(channel.version, "version"),
            use(channel.updated_at, "updated_at"), use(channel.id, "id"));
}

void DeleteAlertChannel(Connection& connection, std::int64_t id) {
    Execute(connection,
            "DELETE FROM alert_deliveries WHERE channel_id = :channel_id",
            use(id, "channel_id"));
    Execute(connection, "DELETE FROM alert_channels WHERE id = :id",
            use(id, "id"));
}

}  // namespace aiproxy::admin::store
