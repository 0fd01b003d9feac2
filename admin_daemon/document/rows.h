// SPDX-License-Identifier: MIT
//
// Rows of the database as objects with all their members, for kinds.cpp.

#pragma once

#include "admin_daemon/document/work.h"
#include "admin_daemon/json.h"

namespace aiproxy::admin::document {

// Errors: kInternal when a secret cannot be opened.
Result<Json> UserObject(store::Connection& connection, const store::User& user,
                        bool with_secrets);
Result<Json> ProviderObject(const service::SealingKey& master,
                            const store::Provider& provider, bool with_secrets);
Result<Json> ProviderKeyObject(store::Connection& connection,
                               const service::SealingKey& master,
                               const store::ProviderKey& key,
                               bool with_secrets);
Json ClientKeyObject(const store::ClientKey& key);
Json OAuthClientObject(const store::OAuthClient& client);
Result<Json> IssuerObject(const service::SealingKey& master,
                          const store::Issuer& issuer, bool with_secrets);

// An issuer but for its keys.
Json IssuerTerms(const store::Issuer& issuer);
// The object as a body of the API: keys that were there by their ids. before:
// the issuer's object.
Json WithKeyIds(const store::Issuer& issuer, const Json& before,
                const Json& object);

// limits: null for none. Errors: kValidation, the field begins with "limits".
Status WriteUserLimits(Work& work, std::int64_t user_id, const Json& limits);

}  // namespace aiproxy::admin::document
