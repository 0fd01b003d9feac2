// SPDX-License-Identifier: MIT

#include <array>

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::AlertChannel;
using service::AlertChannelChange;
using service::AlertDelivery;

constexpr std::array<std::string_view, 3> kStates = {"waiting", "delivered",
                                                     "failed"};

Json ChannelJson(const AlertChannel& channel) {
    Json json = Json::Object();
    json.Set("id", channel.id);
    json.Set("name", channel.name);
    json.Set("kind", channel.kind);
    json.Set("target", channel.target);
    json.Set("has_secret", channel.secret.has_value());
    json.Set("username", channel.username);
    json.Set("require_tls", channel.is_tls_required);
    json.Set("mail_from", channel.mail_from);
    json.Set("mail_to", ListJson(channel.mail_to));
    json.Set("is_enabled", channel.is_enabled);
    json.Set("created_at", FormatTime(channel.created_at));
    json.Set("updated_at", FormatTime(channel.updated_at));
    return json;
}

Json DeliveryJson(const AlertDelivery& delivery) {
    const bool waits = delivery.state == "waiting";
    Json json = Json::Object();
    json.Set("id", delivery.id);
    json.Set("message_id", delivery.message_id);
    json.Set("channel_id", delivery.channel_id);
    json.Set("alert_id", delivery.alert_id);
    json.Set("event", delivery.event);
    json.Set("state", delivery.state);
    json.Set("attempts", delivery.attempts);
    json.Set("error", delivery.error);
    json.Set("next_at", waits ? std::optional(FormatTime(delivery.next_at))
                              : std::nullopt);
    json.Set("created_at", FormatTime(delivery.created_at));
    json.Set("updated_at", FormatTime(delivery.updated_at));
    return json;
}

Result<AlertChannelChange> ReadChannel(const Call& call) {
    Fields fields(call.request.body);
    AlertChannelChange change;
    fields.Read("name", change.name);
    fields.Read("kind", change.kind);
    fields.Read("url", change.url);
    fields.Read("secret", change.secret);
    fields.Read("username", change.username);
    fields.Read("require_tls", change.require_tls);
    fields.Read("mail_from", change.mail_from);
    fields.Read("mail_to", change.mail_to);
    fields.Read("is_enabled", change.is_enabled);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

}  // namespace

Result<Reply> ListAlertChannels(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.alert_channels.List(page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, ChannelJson, [&](const AlertChannel& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetAlertChannel(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto channel = services.alert_channels.Get(*id);
    if (!channel.ok()) return channel.error();
    return VersionedReply(200, ChannelJson(*channel), channel->version);
}

Result<Reply> CreateAlertChannel(Services& services, const Call& call) {
    const auto change = ReadChannel(call);
    if (!change.ok()) return change.error();
    const auto made = services.alert_channels.Create(*change);
    if (!made.ok()) return made.error();
    Json json = ChannelJson(made->channel);
    json.Set("secret", made->secret);
    return WithLocation(VersionedReply(201, json, made->channel.version),
                        "/api/alert-channels/", made->channel.id);
}

Result<Reply> UpdateAlertChannel(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadChannel(call);
    if (!change.ok()) return change.error();
    const auto updated =
        services.alert_channels.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return VersionedReply(200, ChannelJson(*updated), updated->version);
}

Result<Reply> DeleteAlertChannel(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const Status deleted = services.alert_channels.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return Reply{204, "", {}};
}

Result<Reply> TestAlertChannel(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto delivery = services.alert_channels.Test(*id);
    if (!delivery.ok()) return delivery.error();
    return WithLocation(JsonReply(202, DeliveryJson(*delivery)),
                        "/api/alert-deliveries/", delivery->id);
}

Result<Reply> ListAlertDeliveries(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    service::AlertDeliveryFilter filter;
    filter.channel_id = query.Number("channel_id", 1, INT64_MAX);
    filter.alert_id = query.Number("alert_id", 1, INT64_MAX);
    filter.state = query.OneOf("state", kStates);
    filter.before_id = query.Number("cursor", 1, INT64_MAX);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.alert_channels.ListDeliveries(filter, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(
        std::move(*rows), limit, DeliveryJson,
        [](const AlertDelivery& row) { return std::to_string(row.id); });
}

Result<Reply> GetAlertDelivery(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto delivery = services.alert_channels.GetDelivery(*id);
    if (!delivery.ok()) return delivery.error();
    return JsonReply(200, DeliveryJson(*delivery));
}

}  // namespace aiproxy::admin::api
