// SPDX-License-Identifier: MIT
//
// Who an ID token's claims are about, and what that person may do here. Called
// by service/oidc_sign_ins.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace aiproxy::admin::service {

struct OidcPerson {
    std::string subject;
    std::string username;  // as users here are called; never empty
    std::optional<std::string> display_name;
    std::optional<std::string> email;
    bool email_verified = false;
    std::vector<std::string> groups;  // the values of the role claim
};

// payload: JSON. role_claim: a name, or names with dots between them where one
// object is inside another.
OidcPerson ReadPerson(const std::string& subject, const std::string& payload,
                      const std::string& role_claim);

// Of the first pair whose value is one of the groups, or "*". nullopt: none.
std::optional<std::string> RoleOf(
    const std::vector<std::pair<std::string, std::string>>& roles,
    const std::vector<std::string>& groups);

// Whether a verified address is of one of the domains; no domains: any.
bool IsOfDomain(const OidcPerson& person,
                const std::vector<std::string>& domains);

}  // namespace aiproxy::admin::service
