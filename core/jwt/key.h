// SPDX-License-Identifier: MIT
//
// Keys that verify and sign tokens. A key is for one algorithm, whatever a
// token says.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/jwt/algorithm.h"
#include "core/jwt/token.h"

struct evp_pkey_st;

namespace aiproxy::jwt {

class Key {
 public:
    // SubjectPublicKeyInfo in DER. RSA has 2048 to 8192 bits; ES256 is on
    // P-256; EdDSA is Ed25519. Errors: kValidation with a public text.
    static Result<Key> FromPublicDer(Algorithm algorithm, std::string_view der);
    // kHs256: at least 32 bytes.
    static Result<Key> FromSecret(std::string_view secret);
    // An Ed25519 private key, 32 random bytes: signs and verifies.
    static Result<Key> FromSeed(std::string_view seed);

    Key(Key&&) noexcept;
    Key& operator=(Key&&) noexcept;
    ~Key();

    Algorithm algorithm() const { return algorithm_; }

    // False also when the token is of another algorithm.
    bool Verifies(const Token& token) const;
    // kHs256 and keys from a seed; else empty.
    std::string Sign(std::string_view text) const;
    // What FromPublicDer takes; empty for a secret.
    std::string PublicDer() const;

 private:
    struct FreeKey {
        void operator()(evp_pkey_st* key) const;
    };
    using Handle = std::unique_ptr<evp_pkey_st, FreeKey>;

    Key(Algorithm algorithm, Handle handle, std::string secret);

    Algorithm algorithm_;
    Handle handle_;       // nullptr for a secret
    std::string secret_;  // wiped
    bool signs_ = false;
};

struct PublicKey {
    std::string kid;  // empty: none
    Algorithm algorithm = Algorithm::kRs256;
    std::string der;
};

// A public key or a certificate in PEM. The algorithm follows from the key.
// Errors: kValidation with a public text, for a private key above all.
Result<PublicKey> ReadPem(std::string_view pem);

// The keys of a JWK set (RFC 7517) that can verify what we take; others are
// left out, symmetric ones always. Errors: kValidation with a public text when
// it is no set, or none of its keys can be used.
Result<std::vector<PublicKey>> ReadJwks(std::string_view text);

// What a token says. It is an access token as RFC 9068 has it.
struct Issue {
    std::string issuer;
    std::string audience;
    std::string subject;
    std::string id;
    std::vector<std::pair<std::string, std::string>> more;  // name, text
    std::int64_t issued_s = 0;
    std::int64_t expires_s = 0;
};

// A token signed by the key. Empty: the key cannot sign.
std::string MakeToken(const Key& key, std::string_view kid, const Issue& issue);

}  // namespace aiproxy::jwt
