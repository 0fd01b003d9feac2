// SPDX-License-Identifier: MIT
//
// The signature algorithms that are taken (RFC 7518, RFC 8037). The numbers
// stand in snapshots.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aiproxy::jwt {

enum class Algorithm : std::uint8_t {
    kHs256 = 1,
    kRs256 = 2,
    kEs256 = 3,
    kEdDsa = 4,  // Ed25519
};

constexpr std::string_view Name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::kHs256:
            return "HS256";
        case Algorithm::kRs256:
            return "RS256";
        case Algorithm::kEs256:
            return "ES256";
        case Algorithm::kEdDsa:
            return "EdDSA";
    }
    return "";
}

constexpr std::optional<Algorithm> AlgorithmFromName(std::string_view name) {
    for (Algorithm algorithm : {Algorithm::kHs256, Algorithm::kRs256,
                                Algorithm::kEs256, Algorithm::kEdDsa}) {
        if (Name(algorithm) == name) {
            return algorithm;
        }
    }
    return std::nullopt;
}

}  // namespace aiproxy::jwt
