// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oauth_clients.h"

#include "admin_daemon/service/client_keys.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/token_signer.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

}  // namespace

std::string ClaimOf(const OAuthClient& client) {
    return client.client_id + "." + std::to_string(client.epoch);
}

Result<std::vector<OAuthClient>> OAuthClients::List(const Page& page) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<OAuthClient>> {
            return store::ListOAuthClients(c, page);
        });
}

Result<OAuthClient> OAuthClients::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<OAuthClient> {
        auto client = store::FindOAuthClient(c, id);
        if (!client) return ErrorCode::kNotFound;
        return std::move(*client);
    });
}

Status OAuthClients::Apply(Connection& c, const OAuthClientChange& change,
                           OAuthClient& client) const {
    if (change.name) client.name = *change.name;
    if (change.client_key_id) client.client_key_id = *change.client_key_id;
    if (change.token_lifetime_s) {
        client.token_lifetime_s = *change.token_lifetime_s;
    }
    if (change.is_enabled) client.is_enabled = *change.is_enabled;
    if (change.expires_at) client.expires_at = *change.expires_at;
    if (change.client_id) client.client_id = *change.client_id;
    if (change.secret_digest) client.secret_digest = *change.secret_digest;
    const Status named = CheckObjectName(client.name);
    if (!named.ok()) return named;
    if (client.token_lifetime_s < 60 ||
        client.token_lifetime_s > kMostTokenLifetimeS) {
        return InvalidField("token_lifetime_s",
                            "A token lives from 60 to 86400 seconds.");
    }
    if (change.client_key_id &&
        !store::FindClientKey(c, client.client_key_id)) {
        return InvalidField("client_key_id", "There is no such client key.");
    }
    const auto other = store::FindOAuthClientIdByName(c, client.name);
    if (other && *other != client.id) {
        return TakenField("name", "Another OAuth client has this name.");
    }
    return {};
}

Result<Written<NewOAuthClient>> OAuthClients::Create(
    const OAuthClientChange& change) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.client_key_id) {
        return InvalidField("client_key_id", "A client key is needed.");
    }
    NewOAuthClient made;
    if (!change.secret_digest) made.secret = "aos_" + RandomToken();
    const auto created =
        database_.Write([&](Connection& c) -> Result<OAuthClient> {
            OAuthClient row;
            row.client_id = "aoc_" + RandomToken().substr(0, 22);
            row.secret_digest = HexSha256(made.secret);
            row.version = store::UpdateConfigVersion(c);
            row.created_at = row.updated_at = clock_();
            const Status applied = Apply(c, change, row);
            if (!applied.ok()) return applied.error();
            store::InsertOAuthClient(c, row);
            return row;
        });
    if (!created.ok()) return created.error();
    made.row = *created;
    return Written<NewOAuthClient>{
        std::move(made),
        publication_.WaitFor(created->version, kPublicationPatience)};
}

Result<Written<OAuthClient>> OAuthClients::Change(std::int64_t id,
                                                  const AccessScope& scope,
                                                  const Edit& edit) {
    const auto changed =
        database_.Write([&](Connection& c) -> Result<OAuthClient> {
            const std::int64_t version = store::UpdateConfigVersion(c);
            auto row = store::FindOAuthClient(c, id);
            if (!row) return ErrorCode::kNotFound;
            const Status fresh = scope.CheckVersion(row->version);
            if (!fresh.ok()) return fresh.error();
            const Status edited = edit(c, *row);
            if (!edited.ok()) return edited.error();
            row->version = version;
            row->updated_at = clock_();
            store::UpdateOAuthClient(c, *row);
            return *row;
        });
    if (!changed.ok()) return changed.error();
    return Written<OAuthClient>{
        *changed, publication_.WaitFor(changed->version, kPublicationPatience)};
}

Result<Written<OAuthClient>> OAuthClients::Update(
    std::int64_t id, const OAuthClientChange& change,
    const AccessScope& scope) {
    return Change(id, scope, [&](Connection& c, OAuthClient& row) {
        return Apply(c, change, row);
    });
}

Result<Written<NewOAuthClient>> OAuthClients::Rotate(std::int64_t id,
                                                     std::int64_t grace_ms,
                                                     const AccessScope& scope) {
    if (grace_ms < 0 || grace_ms > kMostGraceMs) {
        return InvalidField("grace_ms", "A grace is from 0 to 90 days.");
    }
    const std::string secret = "aos_" + RandomToken();
    auto rotated =
        Change(id, scope, [&](Connection&, OAuthClient& row) -> Status {
            row.previous_digest.reset();
            row.previous_until.reset();
            if (grace_ms > 0) {
                row.previous_digest = row.secret_digest;
                row.previous_until = clock_() + grace_ms;
            }
            row.secret_digest = HexSha256(secret);
            return {};
        });
    if (!rotated.ok()) return rotated.error();
    return Written<NewOAuthClient>{{rotated->value, secret},
                                   rotated->generation};
}

Result<Written<OAuthClient>> OAuthClients::RevokeTokens(
    std::int64_t id, const AccessScope& scope) {
    return Change(id, scope, [](Connection&, OAuthClient& row) -> Status {
        row.epoch += 1;
        return {};
    });
}

Result<Written<bool>> OAuthClients::Delete(std::int64_t id,
                                           const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto row = store::FindOAuthClient(c, id);
            if (!row) return ErrorCode::kNotFound;
            const Status fresh = scope.CheckVersion(row->version);
            if (!fresh.ok()) return fresh.error();
            store::DeleteOAuthClient(c, id, next, clock_());
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
