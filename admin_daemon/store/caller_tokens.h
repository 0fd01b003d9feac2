// SPDX-License-Identifier: MIT
//
// What our own tokens are signed with, and which of them were revoked. Called
// by service/token_endpoint and service/configuration.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct TokenSigningKey {
    std::int64_t id = 0;
    std::string kid;
    std::string public_key;  // SubjectPublicKeyInfo in base64url
    std::string secret;      // sealed
    UnixMs created_at = 0;
};

// The newest first.
std::vector<TokenSigningKey> ListTokenSigningKeys(Connection& connection);
void InsertTokenSigningKey(Connection& connection, TokenSigningKey& key);
// Seals it for its row, whose number is known only then.
void UpdateTokenSigningKey(Connection& connection, const TokenSigningKey& key);
// True when one was deleted.
bool DeleteTokenSigningKeys(Connection& connection, UnixMs made_before,
                            std::int64_t kept_id);

struct RevokedToken {
    std::string token_id;
    UnixMs expires_at = 0;
};

void InsertRevokedToken(Connection& connection, const RevokedToken& token,
                        std::int64_t version);
std::vector<RevokedToken> ListRevokedTokensSince(Connection& connection,
                                                 std::int64_t version);
void DeleteOldRevokedTokens(Connection& connection, UnixMs expired_before);

}  // namespace aiproxy::admin::store
