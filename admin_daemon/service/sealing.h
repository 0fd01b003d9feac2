// SPDX-License-Identifier: MIT
//
// Keys that seal secrets: the master key for what is in the database, the node
// key for what is in the snapshot. Wiped at the end.
//
// A master key's file may hold several, one a line: the first one seals, the
// others open what was sealed before. The file is looked at before each use, so
// that whoever puts a new key in front is followed without a restart.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/key/seal.h"

namespace aiproxy::admin::service {

class SealingKey {
 public:
    explicit SealingKey(const key::SealKey& key);
    // Errors: kInternal when the file is no key file.
    static Result<SealingKey> Follow(const std::string& path);
    ~SealingKey();
    SealingKey(const SealingKey&) = delete;
    SealingKey& operator=(const SealingKey&) = delete;
    SealingKey(SealingKey&&) noexcept;

    Result<std::string> Seal(std::string_view context,
                             std::string_view secret) const;
    // The same blob for the same: for what is compared. The nonce follows from
    // context and secret, so that no two secrets have one in common.
    Result<std::string> SealAlike(std::string_view context,
                                  std::string_view secret) const;
    // Whoever gets the secret wipes it.
    Result<std::string> Open(std::string_view context,
                             std::string_view blob) const;
    // Whether the key that seals now has sealed it.
    bool HasSealed(std::string_view blob) const;

    // A key for another purpose, such as signing: HMAC-SHA256 of its name.
    std::string Derive(std::string_view purpose) const;

 private:
    struct Ring;
    struct Source;
    SealingKey();
    std::shared_ptr<const Ring> Current() const;

    std::unique_ptr<Source> source_;
};

// The master key: 32 bytes in base64url (0600), made if there is none.
Result<SealingKey> LoadMasterKey(const std::string& path);

// Puts a new master key in front of those that are in the file.
Status AddMasterKey(const std::string& path);
// Leaves the first one alone.
Status DropOldMasterKeys(const std::string& path);

// The node key: 32 bytes as they are (0640: nginx's master reads it).
Result<SealingKey> LoadNodeKey(const std::string& path);

// This node's id: 32 hex characters, made if there is none.
Result<std::string> LoadNodeId(const std::string& path);

}  // namespace aiproxy::admin::service
