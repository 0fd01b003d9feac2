// SPDX-License-Identifier: MIT
//
// What a token or device endpoint answered (RFC 6749 section 5, RFC 8628
// section 3.2). Read by the daemon; hostile answers are bounded by their size,
// which the caller bounds.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiproxy::oauth {

// Empty texts were not there.
struct Answer {
    std::string access_token;
    std::string refresh_token;
    std::optional<std::int64_t> expires_in_s;
    // A name of the standard, such as "invalid_grant", at most 64 of a-z, 0-9,
    // "_", "-" and "."; what is no such name is "unknown_error".
    std::string error;
    std::string device_code;
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete;
    std::optional<std::int64_t> interval_s;
};

// nullopt: no JSON object. An error may be a text, or an object with a type.
std::optional<Answer> ReadAnswer(std::string_view body);

}  // namespace aiproxy::oauth
