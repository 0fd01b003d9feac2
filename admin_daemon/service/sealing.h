// SPDX-License-Identifier: MIT
//
// A key that seals secrets: the master key for what is in the database, the
// node key for what is in the snapshot. Loaded once at start; wiped at the
// end.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/key/seal.h"

namespace aiproxy::admin::service {

class SealingKey {
 public:
    explicit SealingKey(const key::SealKey& key);
    ~SealingKey();
    SealingKey(const SealingKey&) = delete;
    SealingKey& operator=(const SealingKey&) = delete;
    SealingKey(SealingKey&&) = default;

    Result<std::string> Seal(std::string_view context,
                             std::string_view secret) const;
    // Whoever gets the secret wipes it.
    Result<std::string> Open(std::string_view context,
                             std::string_view blob) const;

    // A key for another purpose, such as signing: HMAC-SHA256 of its name.
    std::string Derive(std::string_view purpose) const;

 private:
    key::SealKey key_;
    std::uint32_t id_;  // from the key's digest, never 0
};

// The master key: 32 bytes in base64url (0600), made if there is none.
Result<SealingKey> LoadMasterKey(const std::string& path);

// The node key: 32 bytes as they are (0640: nginx's master reads it).
Result<SealingKey> LoadNodeKey(const std::string& path);

// This node's id: 32 hex characters, made if there is none.
Result<std::string> LoadNodeId(const std::string& path);

}  // namespace aiproxy::admin::service
