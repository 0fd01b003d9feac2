// SPDX-License-Identifier: MIT

#include "admin_daemon/service/provider_preview.h"

#include <algorithm>

#include "admin_daemon/service/header_rules.h"
#include "admin_daemon/service/invalid_field.h"
#include "core/dialect/dialect.h"
#include "core/http/url.h"
#include "core/provider/head.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::string_view kCredential = "[provider key]";
constexpr std::size_t kMostPathBytes = 4096;
constexpr std::size_t kMostHeaders = 128;

Status Check(const PreviewRequest& request) {
    const bool word = !request.method.empty() && request.method.size() <= 16 &&
                      std::all_of(request.method.begin(), request.method.end(),
                                  [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!word) return InvalidField("method", "A method is 1 to 16 of A-Z.");
    const bool printable =
        std::all_of(request.path.begin(), request.path.end(),
                    [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (!request.path.starts_with('/') || !printable ||
        request.path.size() > kMostPathBytes) {
        return InvalidField("path", "A path begins with / and has no blanks.");
    }
    if (request.headers.size() > kMostHeaders) {
        return InvalidField("headers", "At most 128 headers.");
    }
    for (const auto& [name, value] : request.headers) {
        if (!IsHeaderName(name) || !IsHeaderValue(value)) {
            return InvalidField("headers", "A header is not valid.");
        }
    }
    if (request.body_bytes.value_or(0) < 0) {
        return InvalidField("body_bytes", "This is not negative.");
    }
    return {};
}

provider::HeadRules RulesOf(const store::Provider& row,
                            const http::BaseUrl& url) {
    provider::HeadRules rules;
    rules.path_prefix = url.path_prefix;
    rules.credential_in_query = row.credential_location == "query";
    rules.credential_name = row.credential_name;
    rules.credential_prefix = row.credential_prefix;
    std::vector<std::pair<std::string_view, std::string_view>> required;
    for (const auto& [name, value] : row.required_headers) {
        required.emplace_back(name, value);
        rules.required.push_back(name);
        if (name == "x-demo-allow") rules.allowed.push_back("x-demo-*");
    }
    for (const std::string& name : row.allowed_headers) {
        rules.allowed.push_back(name);
    }
    rules.fixed = provider::FixedLines(url.tls, url.host, url.port, required);
    return rules;
}

dialect::Route RouteOf(const PreviewRequest& request) {
    const std::string_view path = request.path;
    const std::size_t mark = path.find('?');
    const bool versioned = std::any_of(
        request.headers.begin(), request.headers.end(), [](const auto& row) {
            return LowerAscii(row.first) == "anthropic-version";
        });
    return dialect::Classify(
        request.method, path.substr(0, mark),
        mark == path.npos ? std::string_view() : path.substr(mark + 1),
        versioned);
}

std::string AddressOf(const http::BaseUrl& url) {
    const bool v6 = url.host.find(':') != std::string::npos;
    return (url.tls ? "https://" : "http://") +
           (v6 ? "[" + url.host + "]" : url.host) + ":" +
           std::to_string(url.port);
}

}  // namespace

Result<Preview> PreviewOf(const store::Provider& row,
                          const PreviewRequest& request) {
    const Status status = Check(request);
    if (!status.ok()) return status.error();
    const auto url = http::ParseBaseUrl(row.base_url);
    if (!url.ok()) return url.error();
    const provider::HeadRules rules = RulesOf(row, *url);
    const dialect::Route route = RouteOf(request);
    Preview preview;
    std::string lines;
    for (const auto& [name, value] : request.headers) {
        const std::string lower = LowerAscii(name);
        if (provider::Crosses(rules, route.family, lower)) {
            provider::AppendHeader(lines, lower, value);
        } else {
            preview.removed.push_back(lower);
        }
    }
    if (request.body_bytes) {
        provider::AppendHeader(lines, "content-length",
                               std::to_string(*request.body_bytes));
    }
    provider::Head head;
    provider::WriteHead(rules, request.method, request.path, lines, false,
                        head);
    preview.address = AddressOf(*url);
    preview.dialect = dialect::Name(route.dialect);
    preview.head = head.before + std::string(kCredential) + head.after;
    return preview;
}

}  // namespace aiproxy::admin::service
