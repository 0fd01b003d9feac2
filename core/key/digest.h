// SPDX-License-Identifier: MIT
//
// Client keys are kept as SHA-256 digests. They hold 256 random bits, so a
// plain digest needs no salt and no stretching.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aiproxy::key {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(std::string_view bytes);

// The same with a context that is kept between calls, which costs more than a
// short text's digest itself. For one thread.
class Hasher {
 public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    Digest Sha256(std::string_view bytes);

 private:
    struct Context;
    std::unique_ptr<Context> context_;
};

// In constant time.
bool Equal(const Digest& a, const Digest& b);

// First 8 bytes, big endian: the snapshot's sort key.
std::uint64_t Head(const Digest& digest);

// "aip_" + 8 characters that name the key + "_" + 43 characters (base64url of
// secret, no padding). REQUIRES: random bytes from a secure source.
std::string MakeClientKey(std::span<const std::uint8_t, 6> name,
                          std::span<const std::uint8_t, 32> secret);

// "aip_ab12cd34" of a key as above: what may be shown and logged.
std::string_view ClientKeyPrefix(std::string_view client_key);

}  // namespace aiproxy::key
