// SPDX-License-Identifier: MIT
//
// Who signs tokens of callers beside ourselves, and what verifies them. Called
// by service/issuers and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct VerificationKey {
    std::int64_t id = 0;
    bool is_fetched = false;  // from the JWKS URL, else given
    std::optional<std::string> kid;
    std::string algorithm;                  // "RS256"
    std::optional<std::string> public_key;  // DER in base64url
    std::optional<std::string> secret;      // sealed
    UnixMs created_at = 0;
};

struct Issuer {
    std::int64_t id = 0;
    std::string name;
    std::string issuer;
    std::vector<std::string> audiences;
    std::int64_t skew_s = 30;
    std::string claim = "sub";
    // Value of the claim, id of the client key.
    std::vector<std::pair<std::string, std::int64_t>> clients;
    std::optional<std::string> jwks_url;
    std::vector<VerificationKey> keys;  // given ones first
    bool is_enabled = true;
    std::optional<UnixMs> jwks_fetched_at;
    std::optional<UnixMs> jwks_fresh_until;
    std::optional<UnixMs> jwks_next_at;  // absent: as soon as it can be
    std::optional<std::string> jwks_error;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
};

// Not deleted.
std::optional<Issuer> FindIssuer(Connection& connection, std::int64_t id);
std::optional<std::int64_t> FindIssuerIdByName(Connection& connection,
                                               const std::string& name);
std::optional<std::int64_t> FindIssuerIdByIssuer(Connection& connection,
                                                 const std::string& issuer);
// Not deleted.
std::vector<Issuer> ListIssuers(Connection& connection, const Page& page);
// Deleted ones too, of a later version.
std::vector<Issuer> ListIssuersSince(Connection& connection,
                                     std::int64_t version);
// Those whose key set is to be fetched now; without their keys.
std::vector<Issuer> ListIssuersDue(Connection& connection, UnixMs now);
// The issuer alone, without its keys.
void InsertIssuer(Connection& connection, Issuer& issuer);  // sets id
void UpdateIssuer(Connection& connection, const Issuer& issuer);
void DeleteIssuer(Connection& connection, std::int64_t id, std::int64_t version,
                  UnixMs now);

void InsertVerificationKey(Connection& connection, std::int64_t issuer_id,
                           VerificationKey& key);  // sets id
// Seals it for its row, whose number is known only then.
void UpdateVerificationKey(Connection& connection, const VerificationKey& key);
void DeleteVerificationKey(Connection& connection, std::int64_t id);

}  // namespace aiproxy::admin::store
