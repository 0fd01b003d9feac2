// SPDX-License-Identifier: MIT
//
// A token is read or refused, whatever its bytes. What is read says the same
// when it is put together again, has no claim twice and verifies with no key.
// Input that does not begin as a token is taken for a header and, behind the
// first line end, its claims.

#pragma once

#include <string>
#include <string_view>

#include "core/jwt/base64url.h"
#include "core/jwt/key.h"
#include "core/jwt/token.h"

namespace aiproxy::fuzz {

inline const char* CheckToken(const std::string& text) {
    auto token = jwt::Parse(text);
    if (!token) {
        return nullptr;
    }
    if (text.size() > jwt::kMaxTokenBytes) {
        return "too long";
    }
    const std::string again = std::string(token->signed_part) + "." +
                              jwt::EncodeBase64Url(token->signature);
    if (again != text) {
        return "another spelling";
    }
    // Of equal names the strict reader knows one at most.
    if (!token->issuer.empty() && token->Claim("iss") != token->issuer) {
        return "two issuers";
    }
    if (token->issuer.find('\0') != std::string::npos ||
        token->kid.find('\0') != std::string::npos) {
        return "NUL in a name";
    }
    (void)jwt::Check(*token, {}, 60, 0);
    static const jwt::Key kEd = *jwt::Key::FromSeed(std::string(32, '\1'));
    static const jwt::Key kSecret =
        *jwt::Key::FromSecret(std::string(32, '\2'));
    if (kEd.Verifies(*token) || kSecret.Verifies(*token)) {
        return "a signature of nobody";
    }
    return nullptr;
}

inline const char* CheckJwt(std::string_view input) {
    (void)jwt::ReadJwks(input);
    if (input.starts_with("eyJ")) {
        return CheckToken(std::string(input));
    }
    const std::size_t end = input.find('\n');
    std::string_view claims =
        end == std::string_view::npos ? "{}" : input.substr(end + 1);
    return CheckToken(jwt::EncodeBase64Url(input.substr(0, end)) + "." +
                      jwt::EncodeBase64Url(claims) + ".AAAA");
}

}  // namespace aiproxy::fuzz
