// SPDX-License-Identifier: MIT

#include "admin_daemon/service/connection_tests.h"

#include "admin_daemon/json_member.h"
#include "admin_daemon/service/addresses.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

constexpr long kConnectMs = 5'000;
constexpr long kMostMs = 10'000;
constexpr std::size_t kKeptBytes = 1024;

std::optional<std::string> TextOf(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

std::string ConnectionOrder::Format() const {
    Json json = Json::Object();
    json.Set("base_url", base_url);
    json.Set("verify_tls", verify_tls);
    json.Set("tls_name", tls_name);
    return json.Dump();
}

std::optional<ConnectionOrder> ConnectionOrder::Parse(const std::string& text) {
    const auto json = Json::Parse(text);
    if (!json || !json->is_object()) return std::nullopt;
    std::optional<std::string> base_url;
    ReadMember(json_object_get(json->raw(), "base_url"), base_url);
    if (!base_url) return std::nullopt;
    ConnectionOrder order;
    order.base_url = *base_url;
    order.verify_tls =
        !json_is_false(json_object_get(json->raw(), "verify_tls"));
    ReadMember(json_object_get(json->raw(), "tls_name"), order.tls_name);
    return order;
}

bool IsTlsName(const std::string& name) {
    return !name.empty() && name.size() <= 253 &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789.-") == name.npos;
}

client::HttpSteps TestConnection(const client::HttpClient& http,
                                 const ConnectionOrder& order,
                                 const std::stop_token& stop) {
    const auto url = http::ParseBaseUrl(order.base_url);
    if (!url.ok()) {
        client::HttpSteps steps;
        steps.failed = "dns";
        steps.error = url.error().text();
        return steps;
    }
    client::HttpRequest request;
    // The name in the URL is the one that TLS asks for.
    request.url =
        (url->tls ? "https://" : "http://") +
        FormatAddress(order.tls_name && url->tls ? *order.tls_name : url->host,
                      url->port) +
        url->path_prefix + "/";
    request.connect_to = FormatAddress(url->host, url->port);
    std::string host = request.connect_to;
    if (url->port == (url->tls ? 443 : 80)) host.resize(host.rfind(':'));
    request.headers = {{"Host", host}, {"Accept", "application/json"}};
    request.connect_timeout_ms = kConnectMs;
    request.timeout_ms = kMostMs;
    request.most_bytes = kKeptBytes;
    request.cut = true;
    request.verify_tls = order.verify_tls;
    request.stop = stop;
    return http.Explain(request);
}

Json StepsJson(const client::HttpSteps& steps) {
    Json json = Json::Object();
    json.Set("failed", TextOf(steps.failed));
    json.Set("error", TextOf(steps.error));
    json.Set("address", TextOf(steps.address));
    json.Set("status", steps.status == 0
                           ? std::nullopt
                           : std::optional<std::int64_t>(steps.status));
    json.Set("resolved_us", steps.resolved_us);
    json.Set("connected_us", steps.connected_us);
    json.Set("secured_us", steps.secured_us);
    json.Set("answered_us", steps.answered_us);
    return json;
}

}  // namespace aiproxy::admin::service
