// SPDX-License-Identifier: MIT
//
// The rules of token issuers: whose JWTs are taken, which of their claims
// names a client key, and what verifies them. Called by api/issuers and, for
// the keys that are fetched, by task/jwks.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/issuers.h"
#include "core/jwt/key.h"

namespace aiproxy::admin::service {

using store::Issuer;
using store::Page;

// A key that stays (id), a public key (pem) or a secret of HS256.
struct GivenKey {
    std::optional<std::int64_t> id;
    std::optional<std::string> kid;
    std::optional<std::string> pem;
    std::optional<std::string> secret;
};

struct IssuerChange {
    std::optional<std::string> name;
    std::optional<std::string> issuer;
    std::optional<std::vector<std::string>> audiences;
    std::optional<std::int64_t> skew_s;
    std::optional<std::string> claim;
    std::optional<std::vector<std::pair<std::string, std::int64_t>>> clients;
    std::optional<std::optional<std::string>> jwks_url;
    std::optional<std::vector<GivenKey>> keys;
    std::optional<bool> is_enabled;
};

// What a fetch of an issuer's key set came to.
struct FetchedKeys {
    std::vector<jwt::PublicKey> keys;
    UnixMs fresh_until = 0;
    UnixMs next_at = 0;
    std::optional<std::string> error;  // then the keys stay
};

// Context of an HS256 secret in the database.
std::string VerificationKeyContext(std::int64_t id);

class Issuers {
 public:
    Issuers(store::Database& database, Publication& publication,
            const SealingKey& master, const client::NetworkGuard& guard,
            Clock clock)
        : database_(database),
          publication_(publication),
          master_(master),
          guard_(guard),
          clock_(std::move(clock)) {}

    Result<std::vector<Issuer>> List(const Page& page);
    Result<Issuer> Get(std::int64_t id);
    Result<Written<Issuer>> Create(const IssuerChange& change);
    Result<Written<Issuer>> Update(std::int64_t id, const IssuerChange& change,
                                   const AccessScope& scope = {});
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});

    // Has its key set fetched as soon as it can be. Errors: kConflict when it
    // has no URL.
    Result<Issuer> AskForKeys(std::int64_t id);
    // The same for nginx, which met a key id that it does not know. Strangers
    // can provoke it: heeded only when the last fetch was a while ago, and not
    // while fetches fail, which are tried again anyway.
    Status HastenKeys(std::int64_t id);

    // The task's side. Those whose key set is to be fetched now.
    Result<std::vector<Issuer>> ListDue();
    // Keeps what was fetched for that URL; nothing if it is another by now.
    Status SetFetched(std::int64_t id, const std::string& jwks_url,
                      const FetchedKeys& fetched);

 private:
    Status Apply(store::Connection& connection, const IssuerChange& change,
                 Issuer& issuer) const;
    Status ReplaceKeys(store::Connection& connection,
                       const std::vector<GivenKey>& keys, Issuer& issuer) const;
    void MergeFetched(store::Connection& connection,
                      const std::vector<jwt::PublicKey>& keys,
                      const Issuer& issuer) const;

    store::Database& database_;
    Publication& publication_;
    const SealingKey& master_;
    const client::NetworkGuard& guard_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
