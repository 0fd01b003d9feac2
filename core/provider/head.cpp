// SPDX-License-Identifier: MIT

#include "core/provider/head.h"

#include <algorithm>

#include "core/http/credential.h"
#include "core/http/header.h"
#include "core/provider/header_filter.h"

namespace aiproxy::provider {
namespace {

// What comes coded cannot be metered, so nothing coded is asked for.
constexpr std::string_view kEnd =
    "accept-encoding: identity\r\nconnection: keep-alive\r\n\r\n";
constexpr std::string_view kSocketEnd =
    "upgrade: websocket\r\nconnection: upgrade\r\n\r\n";

// An SDK may speak with the provider's own prefix ("/openai/v1/…" of Groq,
// "/openai/deployments/…" of Azure) or without it.
bool HasPrefix(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) &&
           (path.size() == prefix.size() || path[prefix.size()] == '/');
}

// Path and query but for the caller's key, up to a credential in the query.
void AppendTarget(const HeadRules& rules, std::string_view uri,
                  std::string& out) {
    const std::size_t mark = uri.find('?');
    const std::string_view path = uri.substr(0, mark);
    if (!HasPrefix(path, rules.path_prefix)) out += rules.path_prefix;
    out += path;
    std::string query;
    if (mark != uri.npos) {
        query = http::WithoutQueryCredential(uri.substr(mark + 1));
    }
    if (rules.credential_in_query) {
        query += query.empty() ? "" : "&";
        query += rules.credential_name;
        query += '=';
    }
    if (!query.empty() || mark + 1 == uri.size()) {
        out += '?';
        out += query;
    }
}

}  // namespace

std::string FixedLines(
    bool tls, std::string_view host, std::uint16_t port,
    std::span<const std::pair<std::string_view, std::string_view>> required) {
    std::string name(host);
    if (host.find(':') != host.npos) name = "[" + name + "]";
    if (port != (tls ? 443 : 80)) name += ":" + std::to_string(port);
    std::string lines;
    AppendHeader(lines, "host", name);
    for (const auto& [header, value] : required) {
        AppendHeader(lines, header, value);
    }
    return lines;
}

bool Crosses(const HeadRules& rules, dialect::Family family,
             std::string_view name) {
    return ForwardRequestHeader(family, name, rules.allowed) &&
           std::none_of(rules.required.begin(), rules.required.end(),
                        [&](std::string_view required) {
                            return http::EqualsIgnoreCase(required, name);
                        });
}

void AppendHeader(std::string& lines, std::string_view name,
                  std::string_view value) {
    lines += name;
    lines += ": ";
    lines += value;
    lines += "\r\n";
}

void WriteHead(const HeadRules& rules, std::string_view method,
               std::string_view uri, std::string_view lines, bool socket,
               Head& head) {
    head.before.clear();
    head.after.clear();
    head.before += method;
    head.before += ' ';
    AppendTarget(rules, uri, head.before);
    std::string& rest = rules.credential_in_query ? head.after : head.before;
    rest += " HTTP/1.1\r\n";
    rest += rules.fixed;
    rest += lines;
    if (!rules.credential_in_query) {
        rest += rules.credential_name;
        rest += ": ";
        rest += rules.credential_prefix;
        head.after += "\r\n";
    }
    head.after += socket ? kSocketEnd : kEnd;
}

}  // namespace aiproxy::provider
