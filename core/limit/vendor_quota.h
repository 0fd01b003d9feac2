// SPDX-License-Identifier: MIT
//
// What a provider says in its headers of a key's quota there: how much is
// left, and when it is filled again. Lets a key be asked less before it is
// refused.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace aiproxy::limit {

class VendorQuota {
 public:
    struct Left {
        std::uint16_t share = 10'000;  // ten-thousandths of the limit
        std::int64_t limit = 0;
        std::int64_t remaining = 0;
        // When it is filled again, from now; absent: not said.
        std::optional<std::int64_t> reset_ms;
    };

    enum class Kind : std::uint8_t { kNone, kLimit, kRemaining, kReset };
    // What a header tells, and of what: by its name alone.
    struct Fact {
        Kind kind = Kind::kNone;
        bool requests = false;
        std::uint64_t family = 0;
    };
    // name: lower case. Knows x-ratelimit-* and anthropic-ratelimit-* with
    // what is limited in any order of words; of all others it is kNone.
    static Fact FactOf(std::string_view name);

    // now: used for kReset alone.
    void Read(const Fact& fact, std::string_view value, UnixMs now);

    // The scarcest of each kind; nullopt: nothing was said.
    std::optional<Left> requests() const { return Scarcest(true); }
    std::optional<Left> tokens() const { return Scarcest(false); }

 private:
    // One limited thing: "requests", "input-tokens", "tokens-day" …
    struct Family {
        std::uint64_t name = 0;  // hash; 0: free
        bool requests = false;
        std::optional<std::int64_t> limit;
        std::optional<std::int64_t> remaining;
        std::optional<std::int64_t> reset_ms;
    };
    static constexpr std::size_t kFamilies = 8;

    Family* Find(const Fact& fact);
    std::optional<Left> Scarcest(bool requests) const;

    std::array<Family, kFamilies> families_;
};

// How long until a reset, however it is written: "1s", "6m0s", "12ms", "1h2m",
// seconds ("30", "0.5"), a date (RFC 3339), Unix seconds or milliseconds.
// nullopt: not readable. At most a day, at least 0.
std::optional<std::int64_t> ResetMs(std::string_view value, UnixMs now);

}  // namespace aiproxy::limit
