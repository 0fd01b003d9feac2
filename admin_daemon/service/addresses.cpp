// SPDX-License-Identifier: MIT

#include "admin_daemon/service/addresses.h"

#include <arpa/inet.h>

#include "core/http/url.h"

namespace aiproxy::admin::service {

std::string FormatAddress(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != host.npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool IsNumericHost(const std::string& host) {
    unsigned char out[16];
    return ::inet_pton(AF_INET, host.c_str(), out) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), out) == 1;
}

bool Addresses::IsOwn(const std::string& host, std::uint16_t port) const {
    if (port != own_port_) return false;
    return host == own_host_ || host == "localhost" ||
           host.starts_with("127.") || host == "0.0.0.0" || host == "::" ||
           host == "::1" || host.starts_with("::ffff:127.");
}

Resolution Addresses::Find(const store::Provider& provider) const {
    Resolution none;
    none.base_url = provider.base_url;
    const auto url = http::ParseBaseUrl(provider.base_url);
    if (!url.ok()) {
        none.error = "The base URL is not valid.";
        return none;
    }
    if (IsNumericHost(url->host)) {
        if (!guard_.AllowsHost(url->host)) {
            none.error = kClosedNetwork;
        } else if (!IsOwn(url->host, url->port)) {
            none.addresses.push_back(FormatAddress(url->host, url->port));
        }
        return none;
    }
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(provider.id);
    // Those of an earlier base URL are another host's.
    if (known == known_.end() || known->second.base_url != provider.base_url) {
        return none;
    }
    return known->second;
}

bool Addresses::Set(std::int64_t provider_id, Resolution resolution) {
    const std::lock_guard lock(mutex_);
    Resolution& known = known_[provider_id];
    if (resolution.error && known.base_url == resolution.base_url) {
        known.error = resolution.error;
        return false;
    }
    const bool changed = known.base_url != resolution.base_url ||
                         known.addresses != resolution.addresses;
    known = std::move(resolution);
    return changed;
}

}  // namespace aiproxy::admin::service
