// SPDX-License-Identifier: MIT
//
// The tokens of OAuth keys: kept sealed, renewed before they end, by one node
// at a time. A lease on the key says which; the serial of its token is the
// fence: whoever comes with an older one changes nothing. Called by
// task/refresh and service/sign_ins.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/leases.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/token_journal.h"
#include "admin_daemon/service/token_request.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/key_tokens.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {

// Contexts of what is sealed in the database.
std::string KeyClientSecretContext(std::int64_t provider_key_id);
std::string RefreshTokenContext(std::int64_t provider_key_id);

// Opens a sealed column; empty when there is none. Whoever gets the secret
// wipes it. Errors: kInternal.
Result<std::string> OpenColumn(const SealingKey& master,
                               const std::string& context,
                               const std::optional<std::string>& sealed);
// The base64url of the sealed secret. Errors: kInternal.
Result<std::string> SealColumn(const SealingKey& master,
                               const std::string& context,
                               const std::string& secret);

class OAuthTokens {
 public:
    OAuthTokens(store::Database& database, Publication& publication,
                Leases& leases, const SealingKey& master,
                const client::HttpClient& http, std::string node_id,
                std::string journal_folder, Clock clock, const Log& log)
        : database_(database),
          publication_(publication),
          leases_(leases),
          master_(master),
          http_(http),
          node_id_(std::move(node_id)),
          journal_(std::move(journal_folder), master),
          clock_(std::move(clock)),
          log_(log) {}

    // Those whose refresh is due.
    Result<std::vector<std::int64_t>> ListDue(std::int64_t limit);
    // nginx saw those tokens refused: their refresh is due now. A token that
    // was refused as soon as it was got is not asked for again at once.
    Status Hasten(const std::vector<RefusedToken>& refused);
    // Asks for a new token, if that is still due and no other node does so.
    // The answer is kept, on disk too, until the database has it: what was
    // rotated cannot be asked for twice. may_wait: asked before each further
    // try.
    Status Refresh(std::int64_t provider_key_id,
                   const std::function<bool()>& may_wait);
    // Brings to the database what a daemon that died had got. Before Refresh.
    Status Recover(const std::function<bool()>& may_wait);

    // What a sign-in came to; replaces whatever the key had. Errors: kNotFound
    // when the key is gone, or with another provider.
    Status StoreSignIn(std::int64_t provider_key_id, std::int64_t provider_id,
                       const oauth::Answer& answer,
                       const std::function<bool()>& may_wait);
    // Our client at the provider, for a key. Errors: kInternal.
    Result<OAuthClientIdentity> IdentityOf(
        const store::Provider& provider, const OAuthDefinition& definition,
        const std::optional<store::KeyTokens>& tokens) const;

 private:
    struct Held {
        store::ProviderKey key;
        store::KeyTokens tokens;
        store::Provider provider;
    };
    Result<std::optional<Held>> FindDue(std::int64_t provider_key_id);
    Status RefreshHeld(const Held& held, const std::function<bool()>& may_wait);
    Status Store(const TokenJournal::Entry& entry,
                 const std::function<bool()>& may_wait);
    Result<ProviderAnswer> AskAnew(const Held& held,
                                   const OAuthDefinition& definition) const;
    Status Put(store::Connection& connection, store::ProviderKey& key,
               store::KeyTokens tokens, const oauth::Answer& answer,
               UnixMs received_at) const;
    Status GiveUp(const Held& held, const std::string& state,
                  const std::string& reason);
    Status PutOff(const Held& held, const std::string& reason);
    Status WriteUntilDone(const std::function<Status(store::Connection&)>& work,
                          const std::function<bool()>& may_wait);
    void Tell(store::Connection& connection, const Held& held,
              const std::string& kind, const std::string& detail) const;

    store::Database& database_;
    Publication& publication_;
    Leases& leases_;
    const SealingKey& master_;
    const client::HttpClient& http_;
    const std::string node_id_;
    const TokenJournal journal_;
    const Clock clock_;
    const Log& log_;
};

}  // namespace aiproxy::admin::service
