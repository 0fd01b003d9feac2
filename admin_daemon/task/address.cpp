// SPDX-License-Identifier: MIT

#include "admin_daemon/task/address.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>

#include "admin_daemon/rfc3339.h"
#include "core/http/url.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::seconds kBetweenRounds{30};
constexpr std::size_t kMaxAddresses = 16;
constexpr std::int64_t kMostAsked = 64;  // at once

// Nothing when the host needs no resolver.
std::optional<http::BaseUrl> UrlToResolve(const store::Provider& provider) {
    auto url = http::ParseBaseUrl(provider.base_url);
    if (!url.ok() || service::IsNumericHost(url->host)) return std::nullopt;
    return std::move(*url);
}

}  // namespace

Found LookUp(const std::string& host) {
    Found found;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code != 0) {
        found.error = ::gai_strerror(code);
        return found;
    }
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof(text),
                          nullptr, 0, NI_NUMERICHOST) == 0) {
            found.hosts.push_back(text);
        }
    }
    ::freeaddrinfo(list);
    return found;
}

Address::Address(service::Addresses& addresses,
                 service::ProviderAddressBook& book,
                 service::Publication& publication, service::TaskBoard& board,
                 const Log& log, Lookup lookup)
    : addresses_(addresses),
      book_(book),
      publication_(publication),
      board_(board),
      lookup_(std::move(lookup)),
      unresolved_(log, "provider_not_resolved"),
      unstored_(log, "addresses_not_stored") {}

void Address::Watch(std::vector<store::Provider> providers) {
    const std::lock_guard lock(desk_->mutex);
    desk_->fresh = std::move(providers);
    desk_->changed.notify_all();
}

void Address::TakeProviders(std::vector<store::Provider> providers) {
    std::map<std::int64_t, std::string> before;
    for (const store::Provider& p : providers_) before[p.id] = p.base_url;
    providers_.clear();
    std::set<std::string> named;
    for (store::Provider& p : providers) {
        const auto url = UrlToResolve(p);
        if (!url || !p.is_enabled) {
            unresolved_.End(p.name);
            continue;
        }
        named.insert(url->host);
        const auto old = before.find(p.id);
        if (old == before.end() || old->second != p.base_url) {
            hosts_[url->host].due = {};
        }
        providers_.push_back(std::move(p));
    }
    std::erase_if(hosts_, [&](const auto& row) {
        return !row.second.asked && !named.contains(row.first);
    });
}

Address::Time Address::Ask() {
    const Time now = std::chrono::steady_clock::now();
    std::vector<std::pair<Time, std::string>> waiting;
    std::int64_t asked = 0;
    for (const auto& [host, state] : hosts_) {
        asked += state.asked ? 1 : 0;
        if (!state.asked) waiting.emplace_back(state.due, host);
    }
    // New ones first.
    std::sort(waiting.begin(), waiting.end());
    Time next = now + kBetweenRounds;
    for (const auto& [due, host] : waiting) {
        if (due > now) {
            next = std::min(next, due);
        } else if (asked < kMostAsked) {
            AskOne(host);
            ++asked;
        }
    }
    return next;
}

void Address::AskOne(const std::string& host) {
    Host& state = hosts_[host];
    state.asked = true;
    state.due = std::chrono::steady_clock::now() + kBetweenRounds;
    try {
        std::thread([desk = desk_, lookup = lookup_, host] {
            Found found = lookup(host);
            const std::lock_guard lock(desk->mutex);
            desk->answers.emplace_back(host, std::move(found));
            desk->changed.notify_all();
        }).detach();
    } catch (const std::system_error&) {
        state.asked = false;  // no thread to be had: in the next round
    }
}

void Address::TakeAnswer(const std::string& host, const Found& found) {
    Host& state = hosts_[host];
    state.asked = false;
    bool changed = false;
    bool needed = false;
    for (const store::Provider& provider : providers_) {
        const auto url = UrlToResolve(provider);
        if (url->host != host) continue;
        needed = true;
        changed = Keep(provider, url->port, found) || changed;
    }
    if (!needed) hosts_.erase(host);
    if (changed) publication_.Request(true);
}

bool Address::Keep(const store::Provider& provider, std::uint16_t port,
                   const Found& found) {
    service::Resolution resolution{provider.base_url, {}, found.error};
    bool closed = false;
    for (const std::string& host : found.hosts) {
        if (addresses_.IsOwn(host, port)) continue;
        if (!addresses_.guard().AllowsHost(host)) {
            closed = true;
        } else if (resolution.addresses.size() < kMaxAddresses) {
            resolution.addresses.push_back(service::FormatAddress(host, port));
        }
    }
    // The order is the resolver's whim; a change of it is none of the host.
    std::sort(resolution.addresses.begin(), resolution.addresses.end());
    if (resolution.addresses.empty() && !resolution.error) {
        resolution.error = closed ? service::kClosedNetwork
                                  : "The host has no address that may be used.";
    }
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
    Time next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        std::optional<std::vector<store::Provider>> fresh;
        std::vector<std::pair<std::string, Found>> answers;
        {
            std::unique_lock lock(desk_->mutex);
            desk_->changed.wait_until(lock, stop, next, [&] {
                return desk_->fresh || !desk_->answers.empty();
            });
            fresh.swap(desk_->fresh);
            answers.swap(desk_->answers);
        }
        service::TaskBoard::Run run(board_, "address");
        if (fresh) TakeProviders(std::move(*fresh));
        for (const auto& [host, found] : answers) TakeAnswer(host, found);
        next = Ask();
        run.Next(std::chrono::duration_cast<std::chrono::milliseconds>(
                     next - std::chrono::steady_clock::now())
                     .count());
    }
}

}  // namespace aiproxy::admin::task
