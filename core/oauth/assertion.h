// SPDX-License-Identifier: MIT
//
// The assertion by which a service account asks for a token (RFC 7523), signed
// by RS256. Called by the daemon, which wipes the key.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::oauth {

struct ServiceAccount {
    std::string email;        // iss
    std::string key_id;       // kid; empty: none
    std::string private_key;  // PEM of an RSA key
};

// now_s: Unix time; the assertion is good for an hour. Errors: kValidation
// when the key is no RSA key.
Result<std::string> MakeAssertion(const ServiceAccount& account,
                                  std::string_view audience,
                                  std::string_view scope, std::int64_t now_s);

}  // namespace aiproxy::oauth
