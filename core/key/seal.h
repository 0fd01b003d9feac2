// SPDX-License-Identifier: MIT
//
// Secrets at rest: AES-256-GCM. A blob is
//
//     0  u8 version (1)   1  u32 key id, big endian   5  nonce, 12 bytes
//    17  ciphertext      -16  tag
//
// The first five bytes and a caller's context ("provider_keys.secret:17")
// are authenticated, so that a blob cannot be moved to another row.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::key {

using SealKey = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 12>;

// The context of a credential in the snapshot.
std::string SnapshotContext(std::int64_t provider_key_id);

// What a key is called in its blobs; never 0.
std::uint32_t IdOf(const SealKey& key);

// REQUIRES: the nonce is used once with this key.
Result<std::string> Seal(const SealKey& key, std::uint32_t key_id,
                         const Nonce& nonce, std::string_view context,
                         std::string_view secret);

// How many bytes the secret of a blob has; 0 when it is no blob.
std::size_t SecretBytes(std::string_view blob);

// Which key sealed it; 0 when it is no blob.
std::uint32_t SealKeyId(std::string_view blob);

// Opens into out, which has SecretBytes(blob) bytes and which the caller
// wipes. Errors: kInternal when anything was changed; out is then zeroed.
Status Open(const SealKey& key, std::string_view context, std::string_view blob,
            std::span<char> out);

// The same for many blobs of one key, whose schedule is made once. For one
// thread.
class Opener {
 public:
    explicit Opener(const SealKey& key);
    ~Opener();
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;

    Status Open(std::string_view context, std::string_view blob,
                std::span<char> out);

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aiproxy::key
