// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_channels.h"

#include <algorithm>

#include "admin_daemon/service/alert_message.h"
#include "admin_daemon/service/alert_secret.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/store/alert_rules.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMostUrl = 1024;
constexpr std::size_t kMostReceivers = 16;

bool IsPrintable(const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

// The plain form of RFC 5321: no quoted local part, no comment.
bool IsMailAddress(const std::string& text) {
    const std::size_t at = text.find('@');
    constexpr char kLocal[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        ".!#$%&'*+/=?^_`{|}~-";
    constexpr char kDomain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    return at != text.npos && at > 0 && at + 1 < text.size() &&
           text.size() <= 254 &&
           text.substr(0, at).find_first_not_of(kLocal) == text.npos &&
           text.find_first_not_of(kDomain, at + 1) == text.npos;
}

Status CheckMail(const AlertChannel& channel) {
    if (!channel.mail_from || !IsMailAddress(*channel.mail_from)) {
        return InvalidField("mail_from", "This must be a mail address.");
    }
    if (channel.mail_to.empty() || channel.mail_to.size() > kMostReceivers) {
        return InvalidField("mail_to", "One to 16 mail addresses are needed.");
    }
    if (!std::all_of(channel.mail_to.begin(), channel.mail_to.end(),
                     IsMailAddress)) {
        return InvalidField("mail_to", "These must be mail addresses.");
    }
    if (channel.username && !IsPrintable(*channel.username, 256)) {
        return InvalidField("username",
                            "A name has 1 to 256 bytes, without blanks.");
    }
    return {};
}

Status CheckWebhook(const AlertChannel& channel) {
    if (channel.username) {
        return InvalidField("username", "A webhook has none.");
    }
    if (channel.mail_from) {
        return InvalidField("mail_from", "A webhook has none.");
    }
    if (!channel.mail_to.empty()) {
        return InvalidField("mail_to", "A webhook has none.");
    }
    return {};
}

Status CheckSecret(const AlertChannel& channel, const std::string& secret) {
    if (channel.kind == "mail") {
        if (IsPrintable(secret, 1024)) return {};
        return InvalidField("secret", "A password has 1 to 1024 bytes.");
    }
    if (IsPrintable(secret, 256) && WebhookKey(secret)) return {};
    return InvalidField("secret",
                        "This must be whsec_ and 24 to 64 bytes in base64, or "
                        "24 to 256 other characters.");
}

// smtp as http has it: for the reader of URLs.
std::string AsHttp(const std::string& url) {
    if (url.starts_with("smtp://")) return "http://" + url.substr(7);
    if (url.starts_with("smtps://")) return "https://" + url.substr(8);
    return {};
}

}  // namespace

std::string AlertChannelUrlContext(std::int64_t id) {
    return "alert_channels.url:" + std::to_string(id);
}

std::string AlertChannelSecretContext(std::int64_t id) {
    return "alert_channels.secret:" + std::to_string(id);
}

Result<std::vector<AlertChannel>> AlertChannels::List(const Page& page) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<AlertChannel>> {
            return store::ListAlertChannels(c, page);
        });
}

Result<AlertChannel> AlertChannels::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<AlertChannel> {
        auto channel = store::FindAlertChannel(c, id);
        if (!channel) return ErrorCode::kNotFound;
        return std::move(*channel);
    });
}

Status AlertChannels::CheckUrl(const std::string& url,
                               AlertChannel& channel) const {
    const bool mail = channel.kind == "mail";
    const std::string spelled =
        mail ? AsHttp(url) : url.substr(0, url.find('?'));
    const auto base = http::ParseBaseUrl(spelled);
    if (!IsPrintable(url, kMostUrl) || !base.ok() ||
        (mail && !base->path_prefix.empty())) {
        return InvalidField("url", mail ? "This must be smtp://host[:port] or "
                                          "smtps://host[:port]."
                                        : "This must be an http(s) URL.");
    }
    if (!mail && !base->tls && !guard_.Opens(base->host)) {
        return InvalidField("url",
                            "Webhooks go by https, to networks that "
                            "allowed_networks opens also by http.");
    }
    if (!guard_.AllowsHost(base->host)) {
        return InvalidField("url",
                            "The host is in a private or special network that "
                            "the setting allowed_networks does not open.");
    }
    const std::size_t begin = url.find("://") + 3;
    channel.target = url.substr(0, url.find_first_of("/?", begin));
    return {};
}

// A password does not go over the network in clear.
Status AlertChannels::CheckPassword(const AlertChannel& channel) const {
    if (channel.kind != "mail" || !channel.secret || channel.is_tls_required ||
        channel.target.starts_with("smtps://")) {
        return {};
    }
    const auto base = http::ParseBaseUrl(AsHttp(channel.target));
    if (base.ok() && guard_.Opens(base->host)) return {};
    return InvalidField("require_tls", "A password is sent by TLS only.");
}

Status AlertChannels::Apply(Connection& c, const AlertChannelChange& change,
                            AlertChannel& channel) const {
    if (change.kind && *change.kind != channel.kind) {
        return InvalidField("kind", "The kind of a channel stays as it is.");
    }
    if (change.name) channel.name = *change.name;
    if (change.username) channel.username = *change.username;
    if (change.require_tls) channel.is_tls_required = *change.require_tls;
    if (change.mail_from) channel.mail_from = *change.mail_from;
    if (change.mail_to) channel.mail_to = *change.mail_to;
    if (change.is_enabled) channel.is_enabled = *change.is_enabled;
    Status status = CheckObjectName(channel.name);
    if (!status.ok()) return status;
    const auto other = store::FindAlertChannelIdByName(c, channel.name);
    if (other && *other != channel.id) {
        return TakenField("name", "Another channel has this name.");
    }
    const std::string target = channel.target;
    if (change.url) status = CheckUrl(*change.url, channel);
    if (!status.ok()) return status;
    if (!target.empty() && target != channel.target && channel.secret &&
        !change.secret) {
        return InvalidField("secret",
                            "For another host the secret has to be given "
                            "again.");
    }
    if (change.secret && *change.secret) {
        status = CheckSecret(channel, **change.secret);
        if (!status.ok()) return status;
    }
    return channel.kind == "mail" ? CheckMail(channel) : CheckWebhook(channel);
}

Status AlertChannels::Seal(const AlertChannelChange& change,
                           AlertChannel& channel) const {
    if (change.url) {
        auto sealed = SealColumn(master_, AlertChannelUrlContext(channel.id),
                                 *change.url);
        if (!sealed.ok()) return sealed.error();
        channel.url = std::move(*sealed);
    }
    if (!change.secret) return {};
    channel.secret.reset();
    if (!*change.secret) return {};
    auto sealed = SealColumn(master_, AlertChannelSecretContext(channel.id),
                             **change.secret);
    if (!sealed.ok()) return sealed.error();
    channel.secret = std::move(*sealed);
    return {};
}

Result<MadeAlertChannel> AlertChannels::Create(
    const AlertChannelChange& given) {
    AlertChannelChange change = given;
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (change.kind != "webhook" && change.kind != "mail") {
        return InvalidField("kind", "This must be webhook or mail.");
    }
    if (!change.url) return InvalidField("url", "A URL is needed.");
    std::optional<std::string> made;
    if (change.kind == "webhook" && !change.secret.value_or(std::nullopt)) {
        made = NewWebhookSecret();
        change.secret = made;
    }
    auto created = database_.Write([&](Connection& c) -> Result<AlertChannel> {
        AlertChannel channel;
        channel.kind = *change.kind;
        Status status = Apply(c, change, channel);
        if (!status.ok()) return status.error();
        channel.version = 1;
        channel.created_at = channel.updated_at = clock_();
        store::InsertAlertChannel(c, channel);
        // What is sealed is sealed for its row, whose number is known now.
        status = Seal(change, channel);
        if (status.ok()) status = CheckPassword(channel);
        if (!status.ok()) return status.error();
        store::UpdateAlertChannel(c, channel);
        return channel;
    });
    if (!created.ok()) return created.error();
    return MadeAlertChannel{std::move(*created), std::move(made)};
}

Result<AlertChannel> AlertChannels::Update(std::int64_t id,
                                           const AlertChannelChange& change,
                                           const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Result<AlertChannel> {
        auto channel = store::FindAlertChannel(c, id);
        if (!channel) return ErrorCode::kNotFound;
        Status status = scope.CheckVersion(channel->version);
        if (status.ok()) status = Apply(c, change, *channel);
        if (status.ok()) status = Seal(change, *channel);
        if (status.ok() && channel->kind == "webhook" && !channel->secret) {
            status = InvalidField("secret", "A webhook is always signed.");
        }
        if (status.ok()) status = CheckPassword(*channel);
        if (!status.ok()) return status.error();
        channel->version += 1;
        channel->updated_at = clock_();
        store::UpdateAlertChannel(c, *channel);
        return std::move(*channel);
    });
}

Status AlertChannels::Delete(std::int64_t id, const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Status {
        const auto channel = store::FindAlertChannel(c, id);
        if (!channel) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(channel->version);
        if (!fresh.ok()) return fresh;
        Page all;
        all.limit = INT64_MAX;
        for (store::AlertRule& rule : store::ListAlertRules(c, all)) {
            if (std::erase(rule.channels, id) == 0) continue;
            rule.version += 1;
            rule.updated_at = clock_();
            store::UpdateAlertRule(c, rule);
        }
        store::DeleteAlertChannel(c, id);
        return {};
    });
}

Result<AlertDelivery> AlertChannels::Test(std::int64_t id) {
    return database_.Write([&](Connection& c) -> Result<AlertDelivery> {
        if (!store::FindAlertChannel(c, id)) return ErrorCode::kNotFound;
        auto delivery = MakeAlertDelivery(id, nullptr, "test", clock_());
        store::InsertAlertDelivery(c, delivery);
        return delivery;
    });
}

Result<AlertDelivery> AlertChannels::GetDelivery(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<AlertDelivery> {
        auto delivery = store::FindAlertDelivery(c, id);
        if (!delivery) return ErrorCode::kNotFound;
        return std::move(*delivery);
    });
}

Result<std::vector<AlertDelivery>> AlertChannels::ListDeliveries(
    const AlertDeliveryFilter& filter, std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<AlertDelivery>> {
            return store::ListAlertDeliveries(c, filter, limit);
        });
}

}  // namespace aiproxy::admin::service
