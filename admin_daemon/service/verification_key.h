// SPDX-License-Identifier: MIT
//
// Public keys as people give them (PEM) and as servers publish them (JWKS,
// RFC 7517), turned into what the snapshot carries: a SubjectPublicKeyInfo and
// the one algorithm that it is for. Called by service/issuers.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/jwt/algorithm.h"

namespace aiproxy::admin::service {

struct PublicKey {
    std::string kid;  // empty: none
    jwt::Algorithm algorithm = jwt::Algorithm::kRs256;
    std::string der;
};

// A public key or a certificate. Errors: kValidation with a public text, for
// anything else, a private key above all.
Result<PublicKey> ParsePem(const std::string& pem);

// The keys that we can use; others are passed over. Errors: kValidation with
// a public text when it is no key set, or has none that we can use.
Result<std::vector<PublicKey>> ParseJwks(std::string_view json);

}  // namespace aiproxy::admin::service
