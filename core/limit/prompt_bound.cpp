// SPDX-License-Identifier: MIT

#include "core/limit/prompt_bound.h"

#include <array>

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

}  // namespace

std::uint64_t PromptBound(std::string_view body) {
    std::uint64_t ascii = 0;
    std::uint64_t other = 0;
    std::uint64_t runs = 0;
    for (std::size_t at = 0; at < body.size();) {
        std::size_t end = at;
        while (end < body.size() &&
               kBase64[static_cast<unsigned char>(body[end])]) {
            ++end;
        }
        if (end - at >= kLeastRun) {
            ++runs;
        } else {
            ascii += end - at;
        }
        at = end;
        if (at < body.size()) {
            (static_cast<unsigned char>(body[at]) < 0x80 ? ascii : other) += 1;
            ++at;
        }
    }
    return ascii / 3 + other * 2 / 3 + runs * kTokensOfRun + 1;
}

}  // namespace aiproxy::limit
