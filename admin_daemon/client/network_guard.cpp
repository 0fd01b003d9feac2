// SPDX-License-Identifier: MIT

#include "admin_daemon/client/network_guard.h"

#include <algorithm>
#include <array>

namespace aiproxy::admin::client {
namespace {

// Of IPv6 what stands for IPv4 in another way is closed too: it would lead
// around the IPv4 ranges.
constexpr std::array<std::string_view, 22> kClosed = {
    "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",   "192.88.99.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4",    "240.0.0.0/4",
    "::/96",          "64:ff9b::/96",  "64:ff9b:1::/48", "100::/64",
    "2001::/32",      "2002::/16",     "fc00::/7",       "fe80::/10",
    "fec0::/10",      "ff00::/8",
};

std::vector<http::Cidr> ClosedRanges() {
    std::vector<http::Cidr> ranges;
    for (std::string_view text : kClosed) {
        ranges.push_back(http::ParseCidr(text).value());
    }
    return ranges;
}

bool IsIn(const std::vector<http::Cidr>& ranges, const http::Address& address) {
    return std::any_of(
        ranges.begin(), ranges.end(),
        [&](const http::Cidr& range) { return Contains(range, address); });
}

std::optional<http::Address> AddressOf(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost")) {
        host = "127.0.0.1";
    }
    return http::ParseAddress(host);
}

std::string_view Trim(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

bool NetworkGuard::Allows(const http::Address& address) const {
    static const std::vector<http::Cidr> closed = ClosedRanges();
    return IsIn(allowed_, address) || !IsIn(closed, address);
}

bool NetworkGuard::AllowsHost(std::string_view host) const {
    const auto address = AddressOf(host);
    return !address || Allows(*address);
}

bool NetworkGuard::Opens(std::string_view host) const {
    const auto address = AddressOf(host);
    return address && IsIn(allowed_, *address);
}

std::optional<std::vector<http::Cidr>> ParseNetworks(std::string_view text) {
    std::vector<http::Cidr> networks;
    while (!Trim(text).empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        const auto range = http::ParseCidr(Trim(part));
        if (!range) return std::nullopt;
        networks.push_back(*range);
    }
    return networks;
}

}  // namespace aiproxy::admin::client
