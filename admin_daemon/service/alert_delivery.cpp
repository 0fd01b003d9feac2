// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_delivery.h"

#include <algorithm>
#include <ctime>

#include "admin_daemon/json.h"
#include "admin_daemon/service/alert_channels.h"
#include "admin_daemon/service/alert_secret.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kFirstRetryMs = 1'000;
constexpr std::int64_t kMostRetryMs = 900'000;
constexpr std::int64_t kPatienceMs = 86'400'000;
constexpr std::size_t kMostError = 300;
constexpr std::size_t kMailLine = 76;

std::string TextOf(const AlertDelivery& delivery) {
    const auto body = Json::Parse(delivery.body);
    const char* text =
        body ? json_string_value(json_object_get(body->raw(), "text"))
             : nullptr;
    return text == nullptr ? std::string() : std::string(text);
}

// What people read: the line, then each fact of the alert.
std::string MailText(const AlertDelivery& delivery) {
    std::string text = TextOf(delivery) + "\r\n\r\n";
    const auto body = Json::Parse(delivery.body);
    if (!body) return text;
    const char* name;
    json_t* value;
    json_object_foreach(json_object_get(body->raw(), "data"), name, value) {
        if (json_is_string(value)) {
            text += std::string(name) + ": " + json_string_value(value);
        } else if (json_is_integer(value)) {
            text += std::string(name) + ": " +
                    std::to_string(json_integer_value(value));
        } else {
            continue;
        }
        text += "\r\n";
    }
    return text + "message: " + delivery.message_id + "\r\n";
}

// RFC 2047: pieces of whole characters, each short enough for a line.
std::string EncodedSubject(std::string_view text) {
    constexpr std::size_t piece = 42;
    std::string out;
    while (!text.empty()) {
        std::size_t size = std::min(piece, text.size());
        while (size < text.size() && size > 1 &&
               (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
            --size;
        }
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + Base64(text.substr(0, size)) + "?=";
        text.remove_prefix(size);
    }
    return out;
}

std::string MailDate(UnixMs now) {
    const std::time_t seconds = now / 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[64];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);
    return text;
}

}  // namespace

std::int64_t AlertRetryMs(std::int64_t attempts) {
    const std::int64_t doublings =
        std::clamp<std::int64_t>(attempts - 1, 0, 20);
    return std::min(kFirstRetryMs << doublings, kMostRetryMs);
}

std::string FormatAlertMail(const AlertChannel& channel,
                            const AlertDelivery& delivery, UnixMs now) {
    const std::string from = channel.mail_from.value_or("");
    std::string mail = "Date: " + MailDate(now) + "\r\n";
    mail += "From: <" + from + ">\r\n";
    mail += "To: ";
    for (std::size_t i = 0; i < channel.mail_to.size(); ++i) {
        mail += (i == 0 ? "<" : ",\r\n <") + channel.mail_to[i] + ">";
    }
    mail += "\r\nSubject: " + EncodedSubject(TextOf(delivery)) + "\r\n";
    mail += "Message-ID: <" + delivery.message_id + "@" +
            from.substr(from.find('@') + 1) + ">\r\n";
    mail +=
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n";
    const std::string text = Base64(MailText(delivery));
    for (std::size_t at = 0; at < text.size(); at += kMailLine) {
        mail += text.substr(at, kMailLine) + "\r\n";
    }
    return mail;
}

Result<std::vector<AlertDelivery>> AlertDeliveries::ListDue(
    std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<AlertDelivery>> {
            return store::ListDueAlertDeliveries(c, clock_(), limit);
        });
}

Status AlertDeliveries::SendWebhook(const std::string& url,
                                    const std::string& secret,
                                    const AlertDelivery& delivery,
                                    const std::stop_token& stop) const {
    auto key = WebhookKey(secret);
    if (!key) return Error(ErrorCode::kInternal, "the secret is no key");
    const std::int64_t seconds = clock_() / 1000;
    client::HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.body = delivery.body;
    request.cut = true;
    request.most_bytes = 4096;
    request.stop = stop;
    request.headers = {
        {"Content-Type", "application/json"},
        {"webhook-id", delivery.message_id},
        {"webhook-timestamp", std::to_string(seconds)},
        {"webhook-signature",
         SignWebhook(*key, delivery.message_id, seconds, delivery.body)}};
    Wipe(*key);
    const auto reply = http_.Send(request);
    Wipe(request.url);
    if (!reply.ok()) return reply.error();
    if (reply->status >= 200 && reply->status < 300) return {};
    return Error(ErrorCode::kUpstreamInvalid,
                 "the receiver answered " + std::to_string(reply->status));
}

Status AlertDeliveries::Send(const AlertChannel& channel,
                             const AlertDelivery& delivery,
                             const std::stop_token& stop) const {
    auto url =
        OpenColumn(master_, AlertChannelUrlContext(channel.id), channel.url);
    if (!url.ok()) return url.error();
    auto secret = OpenColumn(master_, AlertChannelSecretContext(channel.id),
                             channel.secret);
    if (!secret.ok()) return secret.error();
    Status sent;
    if (channel.kind == "webhook") {
        sent = SendWebhook(*url, *secret, delivery, stop);
    } else {
        client::Mail mail;
        mail.url = *url;
        mail.username = channel.username.value_or("");
        mail.password = *secret;
        mail.require_tls = channel.is_tls_required;
        mail.from = channel.mail_from.value_or("");
        mail.to = channel.mail_to;
        mail.message = FormatAlertMail(channel, delivery, clock_());
        mail.stop = stop;
        sent = mail_.Send(mail);
        Wipe(mail.password);
    }
    Wipe(*url);
    Wipe(*secret);
    return sent;
}

Status AlertDeliveries::Deliver(AlertDelivery delivery,
                                const std::stop_token& stop) {
    const auto channel = database_.Read(
        [&](Connection& c) -> Result<std::optional<AlertChannel>> {
            return store::FindAlertChannel(c, delivery.channel_id);
        });
    if (!channel.ok()) return channel.error();
    // It is gone, and its messages with it.
    if (!*channel) return {};
    const Status sent = Send(**channel, delivery, stop);
    if (!sent.ok() && stop.stop_requested()) return {};
    const UnixMs now = clock_();
    delivery.attempts += 1;
    delivery.updated_at = now;
    delivery.error.reset();
    if (sent.ok()) {
        delivery.state = "delivered";
    } else {
        delivery.error = ValidUtf8(sent.error().detail.substr(0, kMostError));
        if (delivery.event == "test") delivery.state = "failed";
        delivery.next_at = now + AlertRetryMs(delivery.attempts);
    }
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateAlertDelivery(c, delivery);
        return {};
    });
}

Status AlertDeliveries::Expire() {
    const UnixMs now = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::ExpireAlertDeliveries(c, now - kPatienceMs, now);
        return {};
    });
}

}  // namespace aiproxy::admin::service
