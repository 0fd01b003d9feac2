// SPDX-License-Identifier: MIT
//
// base64url without padding (RFC 4648 section 5), as tokens have it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiproxy::jwt {

std::string EncodeBase64Url(std::string_view bytes);

// Strict: no padding, no white space, no bits left over, so that a value has
// one spelling.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace aiproxy::jwt
