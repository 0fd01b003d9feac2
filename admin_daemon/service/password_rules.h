// SPDX-License-Identifier: MIT
//
// What a password must be. Length is what counts (NIST SP 800-63B 5.1.1.2);
// the rest keeps out what everybody tries first.

#pragma once

#include <set>
#include <string>

#include "admin_daemon/service/invalid_field.h"

namespace aiproxy::admin::service {

inline constexpr std::size_t kLeastPassword = 12;
inline constexpr std::size_t kMostPassword = 1024;

// field: under which name the API took it.
inline Status CheckNewPassword(const std::string& password,
                               const std::string& username, const char* field) {
    if (password.size() < kLeastPassword || password.size() > kMostPassword) {
        return InvalidField(field, "A password has 12 to 1024 bytes.");
    }
    if (std::set<char>(password.begin(), password.end()).size() < 5) {
        return InvalidField(field,
                            "A password has at least 5 different characters.");
    }
    if (username.size() >= 4 && password.find(username) != password.npos) {
        return InvalidField(field,
                            "A password does not contain the user name.");
    }
    return {};
}

}  // namespace aiproxy::admin::service
