// SPDX-License-Identifier: MIT
//
// Access tokens: JWTs, HS256 and nothing else. libjwt alone takes expired
// tokens, tokens of any algorithm that the key could mean, and tokens of any
// length (which overflow its stack); all of that is checked here.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

struct Claims {
    std::string subject;  // the user's id
    std::string session_id;
    UnixMs expires_at = 0;
};

// key: 32 bytes.
Result<std::string> IssueToken(const std::string& key, const Claims& claims,
                               UnixMs now);

// Errors: kTokenInvalid.
Result<Claims> VerifyToken(const std::string& key, const std::string& token,
                           UnixMs now);

}  // namespace aiproxy::admin::service
