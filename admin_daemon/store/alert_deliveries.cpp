// SPDX-License-Identifier: MIT

#include "admin_daemon/store/alert_deliveries.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kAlertDeliverySelect[] = R"(
SELECT d.id, d.message_id, d.channel_id, d.alert_id, d.event, d.body, d.state,
       d.attempts, d.next_at, d.error, d.created_at, d.updated_at
FROM alert_deliveries d )";

constexpr char kAlertDeliveryInsert[] = R"(
INSERT INTO alert_deliveries (
    message_id, channel_id, alert_id, event, body, state, attempts, next_at,
    created_at, updated_at)
VALUES (
    :message_id, :channel_id, :alert_id, :event, :body, :state, :attempts,
    :next_at, :created_at, :updated_at)
RETURNING id)";

// An end is not told before its beginning was.
constexpr char kAlertDeliveryListDue[] = R"(
JOIN alert_channels c ON c.id = d.channel_id
WHERE d.state = 'waiting' AND d.next_at <= :now
  AND (c.is_enabled = 1 OR d.event = 'test')
  AND NOT EXISTS (
      SELECT 1 FROM alert_deliveries e
      WHERE e.alert_id = d.alert_id AND e.channel_id = d.channel_id
        AND e.state = 'waiting' AND e.id < d.id)
ORDER BY d.next_at, d.id LIMIT :limit)";

constexpr char kAlertDeliveryUpdate[] = R"(
UPDATE alert_deliveries SET state = :state, attempts = :attempts,
    next_at = :next_at, error = :error, updated_at = :updated_at
WHERE id = :id AND state = 'waiting')";

constexpr char kAlertDeliveryExpire[] = R"(
UPDATE alert_deliveries SET state = 'failed', updated_at = :now
WHERE state = 'waiting' AND created_at < :before)";

constexpr char kAlertDeliveryDeleteOld[] = R"(
DELETE FROM alert_deliveries WHERE id IN
    (SELECT id FROM alert_deliveries WHERE created_at < :before LIMIT :limit))";

struct AlertDeliveryRow {
    AlertDelivery value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.message_id));
        st.exchange(into(value.channel_id));
        st.exchange(into(value.alert_id));
        st.exchange(into(value.event));
        st.exchange(into(value.body));
        st.exchange(into(value.state));
        st.exchange(into(value.attempts));
        st.exchange(into(value.next_at));
        st.exchange(into(value.error));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
    }
    AlertDelivery Take() { return value; }
};

}  // namespace

void InsertAlertDelivery(Connection& connection, AlertDelivery& delivery) {
    delivery.id =
        Fetch<Single<std::int64_t>>(
            connection, kAlertDeliveryInsert,
            use(delivery.message_id, "message_id"),
            use(delivery.channel_id, "channel_id"),
            use(delivery.alert_id, "alert_id"), use(delivery.event, "event"),
            use(delivery.body, "body"), use(delivery.state, "state"),
            use(delivery.attempts, "attempts"),
            use(delivery.next_at, "next_at"),
            use(delivery.created_at, "created_at"),
            use(delivery.updated_at, "updated_at"))
            .at(0);
}

std::optional<AlertDelivery> FindAlertDelivery(Connection& connection,
                                               std::int64_t id) {
    return First(Fetch<AlertDeliveryRow>(
        connection, std::string(kAlertDeliverySelect) + "WHERE d.id = :id",
        use(id, "id")));
}

std::vector<AlertDelivery> ListAlertDeliveries(Connection& connection,
                                               const AlertDeliveryFilter& f,
                                               std::int64_t limit) {
    AlertDeliveryRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(f.channel_id, "channel_id", "d.channel_id = :channel_id");
    where.Add(f.alert_id, "alert_id", "d.alert_id = :alert_id");
    where.Add(f.state, "state", "d.state = :state");
    where.Add(f.before_id, "before_id", "d.id < :before_id");
    st.exchange(use(limit, "limit"));
    return Run(st,
               kAlertDeliverySelect + where.text() +
                   " ORDER BY d.id DESC LIMIT :limit",
               row);
}

std::vector<AlertDelivery> ListDueAlertDeliveries(Connection& connection,
                                                  UnixMs now,
                                                  std::int64_t limit) {
    return Fetch<AlertDeliveryRow>(
        connection, std::string(kAlertDeliverySelect) + kAlertDeliveryListDue,
        use(now, "now"), use(limit, "limit"));
}

void UpdateAlertDelivery(Connection& connection,
                         const AlertDelivery& delivery) {
    Execute(connection, kAlertDeliveryUpdate, use(delivery.state, "state"),
            use(delivery.attempts, "attempts"),
            use(delivery.next_at, "next_at"), use(delivery.error, "error"),
            use(delivery.updated_at, "updated_at"), use(delivery.id, "id"));
}

void ExpireAlertDeliveries(Connection& connection, UnixMs before, UnixMs now) {
    Execute(connection, kAlertDeliveryExpire, use(now, "now"),
            use(before, "before"));
}

std::int64_t DeleteOldAlertDeliveries(Connection& connection, UnixMs before,
                                      std::int64_t limit) {
    return Execute(connection, kAlertDeliveryDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
