// SPDX-License-Identifier: MIT
//
// Any bytes as the payload of a snapshot whose header and checksum are good:
// what Open lets pass can be walked wholly without leaving the bytes.

#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "core/base/crc32c.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::fuzz {

inline std::string Sealed(std::string_view input) {
    std::string file(input);
    if (file.size() < snapshot::kHeaderBytes) {
        return file;
    }
    std::string_view payload =
        std::string_view(file).substr(snapshot::kHeaderBytes);
    std::uint64_t size = payload.size();
    std::uint32_t checksum = Crc32c(payload);
    std::memcpy(file.data() + 32, &size, sizeof(size));
    std::memcpy(file.data() + 40, &checksum, sizeof(checksum));
    return file;
}

inline const char* CheckSnapshot(std::string_view input) {
    std::string file = Sealed(input);
    auto opened = snapshot::Snapshot::Open(std::as_bytes(std::span(file)));
    if (!opened.ok()) {
        return opened.error().detail.empty() ? "no detail" : nullptr;
    }
    std::size_t bytes = 0;
    for (const auto* client : *opened->root().client_keys()) {
        key::Digest digest;
        std::memcpy(digest.data(), client->digest()->data(), digest.size());
        const auto* found = opened->FindClientKey(digest);
        bytes += found == nullptr ? 0 : found->name()->size();
        for (std::size_t i = 0;
             client->pool() != nullptr && i < client->pool()->size(); ++i) {
            const auto& key = opened->provider_key(client->pool()->Get(i));
            bytes += key.sealed()->size() +
                     opened->provider(key.provider()).host()->size();
        }
    }
    for (const auto* price : *opened->root().prices()) {
        (void)opened->FindPrice(price->price_list()->string_view(),
                                price->model()->string_view(), 0);
    }
    return bytes > 64 * file.size() * file.size() ? "too many bytes" : nullptr;
}

}  // namespace aiproxy::fuzz
