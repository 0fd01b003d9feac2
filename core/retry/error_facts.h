// SPDX-License-Identifier: MIT
//
// What a provider's error says of itself: the few texts by which the verdict
// table tells one from another. Read from the first bytes of an error body,
// of whichever shape, or from a stream's error event.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiproxy::retry {

// So much of an error body is read; what comes behind it is not looked at.
inline constexpr std::size_t kMaxErrorBytes = 8192;

struct ErrorFacts {
    // Types, codes, statuses and reasons, as they came; empty ones are none.
    // Of Google's RESOURCE_EXHAUSTED one more says which quota it was:
    // "quota_zero" (there is none for the model), "quota_day_model",
    // "quota_day", "quota_model" or "quota_unstated".
    static constexpr std::size_t kMaxNames = 8;
    std::array<std::string, kMaxNames> names;
    std::string message;  // at most 256 bytes
    bool is_json = false;
    // Gemini: RetryInfo.
    std::optional<std::int64_t> retry_delay_ms;
    // A code that is an HTTP status: what an error inside a 200 stream has.
    std::optional<int> code;

    // In any case; ASCII.
    bool Named(std::string_view name) const;
    // For the record: the most telling name, at most 64 bytes.
    std::string_view name() const;
};

// body: the first kMaxErrorBytes or fewer, decoded of any Content-Encoding.
// error_type: the header x-amzn-errortype, else empty.
ErrorFacts ReadErrorFacts(std::string_view body,
                          std::string_view error_type = {});

}  // namespace aiproxy::retry
