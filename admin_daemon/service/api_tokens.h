// SPDX-License-Identifier: MIT
//
// Tokens of the management API, for automation. One stands for its user, within
// its scopes and until its end; it comes out once, when it is made, and what is
// kept is its digest. Called by api/api_tokens, and by http to tell who calls.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/auth.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/api_tokens.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::ApiToken;
using store::Page;

struct NewApiToken {
    ApiToken row;
    std::string token;  // shown once
};

struct ApiTokenChange {
    std::optional<std::string> name;
    std::optional<std::vector<std::string>> scopes;
    std::optional<UnixMs> expires_at;
};

inline constexpr std::string_view kApiTokenPrefix = "aipt_";

// "area:read" or "area:write", where an area is the first part of a path below
// /api, or * for all of them. To write includes to read.
bool CoversScope(const std::vector<std::string>& scopes, std::string_view area,
                 bool write);

class ApiTokens {
 public:
    ApiTokens(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    Result<std::vector<ApiToken>> List(const AccessScope& scope,
                                       const Page& page);
    Result<ApiToken> Get(std::int64_t id, const AccessScope& scope);
    // Scopes of no area are the caller's to refuse.
    Result<NewApiToken> Create(std::int64_t user_id,
                               const ApiTokenChange& change);
    Status Delete(std::int64_t id, const AccessScope& scope);

    // Errors: kTokenInvalid.
    Result<Identity> Authenticate(const std::string& token);

 private:
    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
