// SPDX-License-Identifier: MIT
//
// Roles, and what they reach. Each route says in http/routes.cpp whom it is
// for, and openapi.json says the same as x-access; a service is told by the
// scope whether all objects count or those of one user alone. Somebody else's
// object is then "not found": whether there is one is not told.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::admin::service {

// In the order of what they may: the user manages what is its own, the viewer
// sees everything, the operator changes what nginx serves, the admin decides
// about users and settings too.
enum class Role { kUser, kViewer, kOperator, kAdmin };

std::optional<Role> ParseRole(std::string_view name);
std::string_view Name(Role role);

// Who may use a route: everybody, whoever is signed in, or a role and those
// above it. With OrOwn the roles below may use it for what is their own.
enum class Access {
    kPublic,
    kSignedIn,
    kViewerOrOwn,
    kViewer,
    kOperatorOrOwn,
    kOperator,
    kAdminOrOwn,
    kAdmin,
};

std::string_view Name(Access access);

// Which objects a call may see and change, and in which version.
struct AccessScope {
    std::optional<std::int64_t> owner;    // none: all of them
    std::optional<std::int64_t> version;  // none: whichever it is

    bool Covers(std::optional<std::int64_t> user_id) const {
        return !owner || owner == user_id;
    }
    // Errors: kStale.
    Status CheckVersion(std::int64_t present) const {
        if (version.value_or(present) == present) return {};
        return ErrorCode::kStale;
    }
};

// nullopt: the role may not use the route.
std::optional<AccessScope> ScopeOf(Access access, Role role,
                                   std::int64_t user_id);

}  // namespace aiproxy::admin::service
