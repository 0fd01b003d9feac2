// SPDX-License-Identifier: MIT
//
// Which addresses a URL that somebody entered may lead to. Loopback, private,
// link-local and other special ranges (RFC 6890; cloud metadata is among them)
// are closed unless the setting allowed_networks opens them. Called when a URL
// is entered, when a host is resolved and when a connection is made.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/http/address.h"

namespace aiproxy::admin::client {

class NetworkGuard {
 public:
    NetworkGuard() = default;
    explicit NetworkGuard(std::vector<http::Cidr> allowed)
        : allowed_(std::move(allowed)) {}

    bool Allows(const http::Address& address) const;
    // A numeric host, or localhost; any other name is judged by what it
    // resolves to.
    bool AllowsHost(std::string_view host) const;
    // It is numeric or localhost, and the setting opens it by name.
    bool Opens(std::string_view host) const;

 private:
    std::vector<http::Cidr> allowed_;
};

// "127.0.0.0/8, ::1". nullopt: not readable.
std::optional<std::vector<http::Cidr>> ParseNetworks(std::string_view text);

}  // namespace aiproxy::admin::client
