// SPDX-License-Identifier: MIT
//
// A signed token, read (RFC 7515 compact form, RFC 7519 claims). Nothing in
// it is to be believed before its signature was verified with the key that
// its issuer and kid name (core/jwt/key.h).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/jwt/algorithm.h"

namespace aiproxy::jwt {

inline constexpr std::size_t kMaxTokenBytes = 8192;

// Whether a credential is to be read as a token; no client key looks like one.
bool LooksLikeToken(std::string_view credential);

struct Token {
    Algorithm algorithm = Algorithm::kHs256;
    std::string kid;               // empty: none
    std::string_view signed_part;  // in the text that was parsed
    std::string signature;
    std::string payload;  // JSON, well-formed, no claim twice

    std::string issuer;
    std::string id;  // jti; empty: none
    std::vector<std::string> audiences;
    std::optional<std::int64_t> expires_s;  // Unix time
    std::optional<std::int64_t> not_before_s;
    std::optional<std::int64_t> issued_s;

    // The value of a claim that is a string or an integer; empty: none.
    std::string Claim(std::string_view name) const;
};

// nullopt: too long, not three parts of strict base64url, an algorithm that
// is not taken, JSON that is not strict UTF-8 JSON, a name twice, a header
// that says "crit", a claim of the wrong type. text must outlive the token.
std::optional<Token> Parse(std::string_view text);

enum class Refusal : std::uint8_t {
    kNone = 0,
    kExpired = 1,  // or no exp
    kNotYet = 2,   // nbf or iat are ahead
    kAudience = 3,
};

// audiences: one of them must be the token's; empty: not asked.
Refusal Check(const Token& token, std::span<const std::string_view> audiences,
              std::int64_t skew_s, UnixMs now);

}  // namespace aiproxy::jwt
