// SPDX-License-Identifier: MIT

#include "core/limit/prompt_bound.h"

#include <array>
#include <cstring>

namespace aiproxy::limit {
namespace {

constexpr std::size_t kLeastRun = 512;
constexpr std::uint64_t kTokensOfRun = 4096;

constexpr std::array<bool, 256> Base64() {
    std::array<bool, 256> of{};
    for (unsigned char c : std::string_view(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
             "+/-_=")) {
        of[c] = true;
    }
    return of;
}

constexpr std::array<bool, 256> kBase64 = Base64();

bool IsBase64(char c) {
    return kBase64[static_cast<unsigned char>(c)];
}

// Bytes from 0x80 on: their high bits are counted, eight at a time.
std::uint64_t CountBeyondAscii(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    std::uint64_t count = 0;
    std::uint64_t word = 0;
    for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
        std::memcpy(&word, text.data(), sizeof(word));
        count += ((word >> 7 & kOnes) * kOnes) >> 56;
    }
    word = 0;
    std::memcpy(&word, text.data(), text.size());
    return count + (((word >> 7 & kOnes) * kOnes) >> 56);
}

}  // namespace

std::uint64_t PromptBound(std::string_view body) {
    const std::uint64_t other = CountBeyondAscii(body);
    std::uint64_t runs = 0;
    std::uint64_t in_runs = 0;
    // Of so many bytes in a row a run of that length has one.
    for (std::size_t at = kLeastRun - 1; at < body.size(); at += kLeastRun) {
        std::size_t begin = at;
        std::size_t end = at;
        while (end < body.size() && IsBase64(body[end])) {
            ++end;
        }
        while (end > at && begin > 0 && IsBase64(body[begin - 1])) {
            --begin;
        }
        if (end - begin >= kLeastRun) {
            ++runs;
            in_runs += end - begin;
            at += (end - 1 - at) / kLeastRun * kLeastRun;
        }
    }
    const std::uint64_t ascii = body.size() - other - in_runs;
    return ascii / 3 + other * 2 / 3 + runs * kTokensOfRun + 1;
}

}  // namespace aiproxy::limit
