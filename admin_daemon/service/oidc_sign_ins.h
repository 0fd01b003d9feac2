// SPDX-License-Identifier: MIT
//
// Signing in to the console at an OpenID provider: authorization code with PKCE
// S256, state, nonce. Begun in a browser, which brings back state and code; a
// task sends the code, and the same browser then gets its session. Who is
// signed in already can be known by it from then on (a link). Called by
// api/oidc and task/refresh.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/oidc_person.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/console_sign_ins.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/identity_provider.h"
#include "admin_daemon/store/users.h"

namespace aiproxy::admin::service {

struct OidcBegun {
    std::string authorize_url;
    std::string browser;  // what its browser holds until it comes back
};

struct OidcReturn {
    std::string state;
    std::optional<std::string> code;
    std::optional<std::string> error;  // the provider's, in place of a code
};

class OidcSignIns {
 public:
    OidcSignIns(store::Database& database, Publication& publication,
                const SealingKey& master, const client::HttpClient& http,
                std::string node_id, Clock clock, const Log& log)
        : database_(database),
          publication_(publication),
          master_(master),
          http_(http),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)),
          log_(log) {}

    // console: scheme and host of the page that asks. link_user_id: who wants
    // to be known by it. Errors: kConflict when nobody signs in that way now,
    // kBusy.
    Result<OidcBegun> Start(const std::string& console,
                            std::optional<std::int64_t> link_user_id);
    // What came back: whom it came to, or nullopt while that is being found
    // out; asked again with the same. Then it is over. browser: of Start; of a
    // link its user. Errors: kLoginFailed for what nobody began here,
    // kForbidden with the reason when it came to nothing.
    Result<std::optional<store::User>> Return(
        const OidcReturn& given, const std::string& browser,
        std::optional<std::int64_t> link_user_id);

    // The task's side: those whose code this node has to send.
    Result<std::vector<std::string>> ListDue();
    Status Advance(const std::string& state_digest);
    Status RemoveExpired();

 private:
    struct Secret;
    Status Seal(const Secret& secret, store::ConsoleSignIn& row) const;
    Result<Secret> Open(const store::ConsoleSignIn& row) const;
    Result<std::optional<store::User>> Accept(store::Connection& connection,
                                              store::ConsoleSignIn row,
                                              const OidcReturn& given) const;
    Result<std::int64_t> Ask(const store::IdentityProvider& provider,
                             const store::ConsoleSignIn& row);
    Result<std::int64_t> Resolve(store::Connection& connection,
                                 const store::IdentityProvider& provider,
                                 const OidcPerson& person,
                                 const std::string& role,
                                 std::optional<std::int64_t> link_user_id);
    Result<std::int64_t> Create(store::Connection& connection,
                                const store::IdentityProvider& provider,
                                const OidcPerson& person,
                                const std::string& role);
    void Follow(store::Connection& connection, store::User user,
                const OidcPerson& person, const std::string& role);
    // In the audit log. by: who did it; nullopt: what the provider said.
    void Note(store::Connection& connection, const char* action,
              const std::optional<store::User>& by,
              const std::optional<store::User>& before,
              const store::User& after) const;

    store::Database& database_;
    Publication& publication_;
    const SealingKey& master_;
    const client::HttpClient& http_;
    const std::string node_id_;
    const Clock clock_;
    const Log& log_;
};

}  // namespace aiproxy::admin::service
