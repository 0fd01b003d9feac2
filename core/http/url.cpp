// SPDX-License-Identifier: MIT

#include "core/http/url.h"

#include <algorithm>
#include <charconv>

#include "core/http/header.h"

namespace aiproxy::http {
namespace {

Error Invalid(std::string public_text) {
    Error error(ErrorCode::kValidation);
    error.public_text = std::move(public_text);
    return error;
}

bool IsDigitOrLetter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

bool IsHexDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F');
}

bool IsHostName(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host.front() != '.' &&
           host.front() != '-' && host.find("..") == std::string_view::npos &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return IsDigitOrLetter(c) || c == '.' || c == '-' || c == '_';
           });
}

bool IsIpV6(std::string_view host) {
    return host.size() >= 2 && host.size() <= 45 &&
           std::count(host.begin(), host.end(), ':') >= 2 &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return IsHexDigit(c) || c == ':' || c == '.';
           });
}

// What may stand in a path (RFC 3986 section 3.3), and nothing that would end
// a request line.
bool IsPath(std::string_view path) {
    constexpr std::string_view kMarks = "/-._~!$&'()*+,;=:@%";
    return std::all_of(path.begin(), path.end(), [&](char c) {
        return IsDigitOrLetter(c) || kMarks.find(c) != std::string_view::npos;
    });
}

// Takes "host" or "[v6]" off the front of authority. False: not a host.
bool TakeHost(std::string_view& authority, BaseUrl& url) {
    std::string_view host;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return false;
        }
        host = authority.substr(1, end - 1);
        authority.remove_prefix(end + 1);
        if (!IsIpV6(host)) {
            return false;
        }
    } else {
        host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(host.size());
        if (!IsHostName(host)) {
            return false;
        }
    }
    url.host = host;
    for (char& c : url.host) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c + ('a' - 'A'));
        }
    }
    return true;
}

// Takes ":port", if any.
bool TakePort(std::string_view authority, BaseUrl& url) {
    url.port = url.tls ? 443 : 80;
    if (authority.empty()) {
        return true;
    }
    if (authority[0] != ':') {
        return false;
    }
    authority.remove_prefix(1);
    const char* end = authority.data() + authority.size();
    auto [stop, error] = std::from_chars(authority.data(), end, url.port);
    return error == std::errc{} && stop == end && url.port != 0;
}

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<BaseUrl> ParseBaseUrl(std::string_view text) {
    constexpr std::string_view kHttp = "http://";
    constexpr std::string_view kHttps = "https://";
    BaseUrl url;
    if (EqualsIgnoreCase(text.substr(0, kHttps.size()), kHttps)) {
        url.tls = true;
        text.remove_prefix(kHttps.size());
    } else if (EqualsIgnoreCase(text.substr(0, kHttp.size()), kHttp)) {
        text.remove_prefix(kHttp.size());
    } else {
        return Invalid("The URL must begin with http:// or https://.");
    }
    if (text.find_first_of("?#") != std::string_view::npos) {
        return Invalid("The URL must have neither a query nor a fragment.");
    }
    std::string_view authority = text.substr(0, text.find('/'));
    std::string_view path = text.substr(authority.size());
    if (authority.find('@') != std::string_view::npos) {
        return Invalid("The URL must not hold a user or a password.");
    }
    if (!TakeHost(authority, url)) {
        return Invalid("The URL's host is not a name or an address.");
    }
    if (!TakePort(authority, url)) {
        return Invalid("The URL's port must be from 1 to 65535.");
    }
    if (!IsPath(path) || !PercentDecode(path)) {
        return Invalid("The URL's path has characters that must be encoded.");
    }
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    url.path_prefix = path;
    return url;
}

std::optional<std::string> PercentDecode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 1 < text.size() ? HexValue(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
        if (high < 0 || low < 0 || (high == 0 && low == 0)) {
            return std::nullopt;
        }
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

std::optional<QueryValue> FindQuery(std::string_view query,
                                    std::string_view name) {
    std::size_t begin = 0;
    while (begin <= query.size()) {
        const std::size_t end = std::min(query.find('&', begin), query.size());
        std::string_view pair = query.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!pair.empty() && pair.substr(0, equals) == name) {
            return QueryValue{begin, end,
                              pair.substr(std::min(equals + 1, pair.size()))};
        }
        begin = end + 1;
    }
    return std::nullopt;
}

std::string WithoutQuery(std::string_view query, std::string_view name) {
    std::string out;
    while (auto found = FindQuery(query, name)) {
        out += query.substr(0, found->begin);
        query.remove_prefix(std::min(found->end + 1, query.size()));
    }
    out += query;
    // The last parameter was cut, but not the "&" before it.
    if (query.empty() && out.ends_with('&')) {
        out.pop_back();
    }
    return out;
}

bool ClimbsOut(std::string_view path) {
    if (path.find("..") == path.npos &&
        std::none_of(path.begin(), path.end(),
                     [](char c) { return c == '%' || c == '#'; })) {
        return false;
    }
    int depth = 0;
    while (!path.empty()) {
        std::string segment;
        bool ended = false;
        while (!path.empty() && !ended) {
            const std::size_t escape = path.starts_with('%') ? 3 : 1;
            const auto decoded = PercentDecode(path.substr(0, escape));
            const char c = decoded ? decoded->front() : '%';
            if (c == '#' && escape == 1) {
                return true;
            }
            path.remove_prefix(decoded ? escape : 1);
            ended = c == '/' || c == '\\';
            if (!ended) {
                segment += c;
            }
        }
        segment.resize(std::min(segment.find(';'), segment.size()));
        if (segment == "..") {
            --depth;
        } else if (!segment.empty() && segment != ".") {
            ++depth;
        }
        if (depth < 0) {
            return true;
        }
    }
    return false;
}

}  // namespace aiproxy::http
