// SPDX-License-Identifier: MIT

#include "admin_daemon/task/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>

#include "admin_daemon/rfc3339.h"
#include "core/http/url.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::seconds kBetweenRounds{30};
constexpr std::size_t kMaxAddresses = 16;

// Waits for the resolver, which may take many seconds.
service::Resolution Resolve(const store::Provider& provider,
                            const http::BaseUrl& url,
                            const service::Addresses& addresses) {
    service::Resolution resolution;
    resolution.base_url = provider.base_url;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(url.host.c_str(), nullptr, &hints, &list);
    if (code != 0) {
        resolution.error = ::gai_strerror(code);
        return resolution;
    }
    bool closed = false;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        char host[NI_MAXHOST];
        if (::getnameinfo(at->ai_addr, at->ai_addrlen, host, sizeof(host),
                          nullptr, 0, NI_NUMERICHOST) != 0) {
            continue;
        }
        if (addresses.IsOwn(host, url.port)) continue;
        if (!addresses.guard().AllowsHost(host)) {
            closed = true;
            continue;
        }
        if (resolution.addresses.size() < kMaxAddresses) {
            resolution.addresses.push_back(
                service::FormatAddress(host, url.port));
        }
    }
    ::freeaddrinfo(list);
    // The order is the resolver's whim; a change of it is none of the host.
    std::sort(resolution.addresses.begin(), resolution.addresses.end());
    if (resolution.addresses.empty()) {
        resolution.error = closed ? service::kClosedNetwork
                                  : "The host has no address that may be used.";
    }
    return resolution;
}

}  // namespace

void Address::Watch(std::vector<store::Provider> providers) {
    const std::lock_guard lock(mutex_);
    providers_ = std::move(providers);
    fresh_ = true;
    changed_.notify_all();
}

void Address::ResolveAll(const std::stop_token& stop) {
    std::vector<store::Provider> providers;
    {
        const std::lock_guard lock(mutex_);
        providers = providers_;
        fresh_ = false;
    }
    bool changed = false;
    for (const store::Provider& provider : providers) {
        // The resolver may take many seconds for each.
        if (stop.stop_requested()) return;
        changed = ResolveOne(provider) || changed;
    }
    if (changed) publication_.Request(true);
}

bool Address::ResolveOne(const store::Provider& provider) {
    const auto url = http::ParseBaseUrl(provider.base_url);
    if (!url.ok() || service::IsNumericHost(url->host)) {
        unresolved_.End(provider.name);
        return false;
    }
    const auto resolution = Resolve(provider, *url, addresses_);
    if (resolution.error) {
        unresolved_.Begin(*resolution.error, provider.name);
    } else {
        unresolved_.End(provider.name);
    }
    if (!addresses_.Set(provider.id, resolution)) return false;
    const Status stored = book_.Store(
        {provider.id, provider.base_url, resolution.addresses, NowMs()});
    if (stored.ok()) {
        unstored_.End();
    } else {
        unstored_.Begin(stored.error().detail);
    }
    return true;
}

void Address::Run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        ResolveAll(stop);
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, kBetweenRounds, [&] { return fresh_; });
    }
}

}  // namespace aiproxy::admin::task
