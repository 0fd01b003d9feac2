// SPDX-License-Identifier: MIT
//
// Tokens of the management API, and creates that may come twice. Called by
// service/api_tokens and service/idempotency.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct ApiToken {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string username;  // read only
    std::string name;
    std::string prefix;
    std::string digest;  // SHA-256 in hex
    std::vector<std::string> scopes;
    UnixMs expires_at = 0;
    std::optional<UnixMs> last_used_at;
    UnixMs created_at = 0;
};

std::optional<ApiToken> FindApiToken(Connection& connection, std::int64_t id);
std::optional<ApiToken> FindApiTokenByDigest(Connection& connection,
                                             const std::string& digest);
std::optional<std::int64_t> FindApiTokenIdByName(Connection& connection,
                                                 std::int64_t user_id,
                                                 const std::string& name);
std::vector<ApiToken> ListApiTokens(Connection& connection,
                                    std::optional<std::int64_t> user_id,
                                    const Page& page);
void InsertApiToken(Connection& connection, ApiToken& token);  // sets id
void UpdateApiTokenUsed(Connection& connection, std::int64_t id, UnixMs now);
void DeleteApiToken(Connection& connection, std::int64_t id);
void DeleteApiTokensOfUser(Connection& connection, std::int64_t user_id);

struct IdempotentCreate {
    std::int64_t user_id = 0;
    std::string key_digest;
    std::string request_digest;
    UnixMs created_at = 0;
    std::optional<std::int64_t> status;  // none: the first one runs
    std::optional<std::string> reply;    // sealed
};

// False: there is one with this key already.
bool InsertIdempotentCreate(Connection& connection,
                            const IdempotentCreate& create);
std::optional<IdempotentCreate> FindIdempotentCreate(
    Connection& connection, std::int64_t user_id,
    const std::string& key_digest);
void UpdateIdempotentCreate(Connection& connection,
                            const IdempotentCreate& create);
void DeleteIdempotentCreate(Connection& connection, std::int64_t user_id,
                            const std::string& key_digest);
void DeleteOldIdempotentCreates(Connection& connection, UnixMs before);

}  // namespace aiproxy::admin::store
