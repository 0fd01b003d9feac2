// SPDX-License-Identifier: MIT
//
// Keys that sign tokens as others' identity providers do, with OpenSSL and
// nothing of ours: what they sign our code has to verify.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/jwt/algorithm.h"

struct evp_pkey_st;

namespace aiproxy::jwt {

class TestKey {
 public:
    static TestKey Hmac(const std::string& secret);
    static TestKey Rsa(unsigned bits);
    static TestKey Ec(const char* curve);
    static TestKey Ed();

    Algorithm algorithm() const { return algorithm_; }
    const std::string& secret() const { return secret_; }
    std::string public_der() const;
    std::string Pem() const;
    std::string PrivatePem() const;
    // With kid "k"; more: members to add.
    std::string Jwk(const std::string& more = {}) const;

    std::string Sign(const std::string& payload, const std::string& kid) const;
    // As it is told to, whatever it is: how an attacker makes one.
    std::string SignWith(const std::string& header,
                         const std::string& payload) const;

 private:
    std::string Signature(const std::string& text) const;

    Algorithm algorithm_ = Algorithm::kHs256;
    std::string secret_;
    std::shared_ptr<evp_pkey_st> key_;
};

// HS256, RS256, ES256, EdDSA; made once, as RSA keys are slow to make.
const std::vector<const TestKey*>& AllKeys();

}  // namespace aiproxy::jwt
