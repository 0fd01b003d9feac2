// SPDX-License-Identifier: MIT
//
// Sign-ins by which OAuth keys get their first tokens: a person opens an
// address, and a code comes back through the browser or by hand; or a person
// enters a code that the provider gave us. What comes back must be what was
// sent out, in the session of the user who began. Called by api/sign_ins and,
// for what is sent to the provider, by task/refresh.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/sign_ins.h"

namespace aiproxy::admin::service {

struct KeySignIn {
    store::SignIn row;
    // What the person opens, while the sign-in waits for a code.
    std::optional<std::string> authorize_url;
};

// What a provider's page sent the browser back with.
struct KeySignInReturn {
    std::string state;
    std::optional<std::string> code;
    std::optional<std::string> error;
};

class SignIns {
 public:
    SignIns(store::Database& database, OAuthTokens& tokens,
            const SealingKey& master, const client::HttpClient& http,
            std::string node_id, Clock clock, const Log& log)
        : database_(database),
          tokens_(tokens),
          master_(master),
          http_(http),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)),
          log_(log) {}

    // console: scheme and host of the page that asks. Takes the place of the
    // user's earlier one for this key. Errors: kValidation, kConflict when the
    // key is none that somebody signs in for.
    Result<KeySignIn> Start(std::int64_t user_id, std::int64_t provider_key_id,
                            const std::string& console,
                            const AccessScope& scope);
    Result<std::vector<KeySignIn>> List(std::int64_t user_id);
    // Errors of these: kNotFound also for somebody else's.
    Result<KeySignIn> Get(const std::string& id, std::int64_t user_id);
    // A code, "code#state", or the whole address that the browser went to.
    // Errors: kConflict when it waits for none, kValidation.
    Result<KeySignIn> GiveCode(const std::string& id, std::int64_t user_id,
                               const AccessScope& scope,
                               const std::string& text);
    Result<KeySignIn> Return(std::int64_t user_id, const AccessScope& scope,
                             const KeySignInReturn& given);
    Status Cancel(const std::string& id, std::int64_t user_id);

    // The task's side.
    Status Restart();
    Result<std::vector<std::string>> ListDue();
    // The next message of one, if there is one to send.
    Status Advance(const std::string& id,
                   const std::function<bool()>& may_wait);
    // Those whose time is over. Returns how many.
    Result<std::int64_t> RemoveExpired();

 private:
    struct Secret;
    Result<KeySignIn> Show(store::Connection& connection,
                           store::SignIn row) const;
    Result<store::SignIn> Find(store::Connection& connection,
                               const std::string& id,
                               std::int64_t user_id) const;
    Result<KeySignIn> Accept(store::Connection& connection, store::SignIn row,
                             const AccessScope& scope,
                             const KeySignInReturn& given, bool needs_state);
    Status Seal(const Secret& secret, store::SignIn& row) const;
    Result<Secret> Open(const store::SignIn& row) const;
    Result<std::optional<store::SignIn>> Take(const std::string& id);
    Status Ask(store::SignIn row, const std::function<bool()>& may_wait);
    void HandleDevice(const ProviderAnswer& outcome, store::SignIn& row,
                      Secret& secret) const;
    Status HandleToken(const ProviderAnswer& outcome, store::SignIn& row,
                       const std::function<bool()>& may_wait);
    Status Keep(store::SignIn& row);

    store::Database& database_;
    OAuthTokens& tokens_;
    const SealingKey& master_;
    const client::HttpClient& http_;
    const std::string node_id_;
    const Clock clock_;
    const Log& log_;
};

}  // namespace aiproxy::admin::service
