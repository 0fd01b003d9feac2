// SPDX-License-Identifier: MIT

#include "admin_daemon/service/access.h"

#include <utility>

namespace aiproxy::admin::service {
namespace {

constexpr std::pair<Role, std::string_view> kRoles[] = {
    {Role::kUser, "user"},
    {Role::kViewer, "viewer"},
    {Role::kOperator, "operator"},
    {Role::kAdmin, "admin"},
};

struct AccessRow {
    Access access;
    std::string_view name;
    Role least;  // from this role on, for all objects
    bool own;    // the roles below, for their own
};

constexpr AccessRow kAccess[] = {
    {Access::kPublic, "public", Role::kUser, false},
    {Access::kSignedIn, "signed_in", Role::kUser, false},
    {Access::kViewerOrOwn, "viewer_or_own", Role::kViewer, true},
    {Access::kViewer, "viewer", Role::kViewer, false},
    {Access::kOperatorOrOwn, "operator_or_own", Role::kOperator, true},
    {Access::kOperator, "operator", Role::kOperator, false},
    {Access::kAdminOrOwn, "admin_or_own", Role::kAdmin, true},
    {Access::kAdmin, "admin", Role::kAdmin, false},
};

}  // namespace

std::optional<Role> ParseRole(std::string_view name) {
    for (const auto& [role, text] : kRoles) {
        if (text == name) return role;
    }
    return std::nullopt;
}

std::string_view Name(Role role) {
    return kRoles[static_cast<std::size_t>(role)].second;
}

std::string_view Name(Access access) {
    return kAccess[static_cast<std::size_t>(access)].name;
}

std::optional<AccessScope> ScopeOf(Access access, Role role,
                                   std::int64_t user_id) {
    const AccessRow& row = kAccess[static_cast<std::size_t>(access)];
    if (role >= row.least) return AccessScope{};
    if (row.own) return AccessScope{user_id, {}};
    return std::nullopt;
}

}  // namespace aiproxy::admin::service
