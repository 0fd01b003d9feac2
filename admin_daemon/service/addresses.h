// SPDX-License-Identifier: MIT
//
// What the hosts of providers resolve to, as this node knows it. A numeric
// host is its own address; names are resolved by the task. The daemon's own
// listen address is never given out: the data plane must not reach it. Nor
// are addresses that the guard keeps closed.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {

struct Resolution {
    std::string base_url;
    std::vector<std::string> addresses;  // "127.0.0.1:80", "[::1]:80"
    std::optional<std::string> error;
};

inline constexpr char kClosedNetwork[] =
    "The host is in a private or special network that the setting "
    "allowed_networks does not open.";

class Addresses {
 public:
    Addresses(std::string own_host, std::uint16_t own_port,
              const client::NetworkGuard& guard)
        : own_host_(std::move(own_host)), own_port_(own_port), guard_(guard) {}

    Resolution Find(const store::Provider& provider) const;
    // True when the addresses are others than before. After an error the last
    // good ones stay.
    bool Set(std::int64_t provider_id, Resolution resolution);
    // host: numeric, without brackets.
    bool IsOwn(const std::string& host, std::uint16_t port) const;
    const client::NetworkGuard& guard() const { return guard_; }

 private:
    const std::string own_host_;
    const std::uint16_t own_port_;
    const client::NetworkGuard& guard_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, Resolution> known_;
};

// "[::1]:80" for "::1".
std::string FormatAddress(const std::string& host, std::uint16_t port);
bool IsNumericHost(const std::string& host);

}  // namespace aiproxy::admin::service
