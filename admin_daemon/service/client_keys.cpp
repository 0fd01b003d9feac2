// SPDX-License-Identifier: MIT

#include "admin_daemon/service/client_keys.h"

#include <set>

#include "admin_daemon/service/client_key_rules.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/oauth_clients.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/providers.h"
#include "admin_daemon/store/users.h"
#include "core/key/digest.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMostPool = 256;

Status CheckPool(Connection& c, const std::vector<std::int64_t>& pool,
                 const AccessScope& scope) {
    if (pool.size() > kMostPool) {
        return InvalidField("provider_key_ids", "At most 256 provider keys.");
    }
    std::set<std::int64_t> seen;
    for (std::int64_t id : pool) {
        if (!seen.insert(id).second) {
            return InvalidField("provider_key_ids",
                                "A provider key is there twice.");
        }
        const auto key = store::FindProviderKey(c, id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return InvalidField("provider_key_ids",
                                "There is no such provider key.");
        }
    }
    return {};
}

// Whose pool holds keys of others was given by an operator.
Status CheckMayChange(Connection& c, const ClientKey& key,
                      const AccessScope& scope) {
    if (!scope.owner) return {};
    for (const std::int64_t id : key.pool) {
        const auto provider_key = store::FindProviderKey(c, id);
        if (!provider_key || scope.Covers(provider_key->owner_user_id)) {
            continue;
        }
        Error error(ErrorCode::kForbidden, "pool of others");
        error.public_text =
            "The client key uses provider keys that are not yours: an "
            "operator can change it.";
        return error;
    }
    return {};
}

}  // namespace

Result<std::vector<ClientKey>> ClientKeys::List(const ClientKeyFilter& filter,
                                                const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<ClientKey>> {
        return store::ListClientKeys(c, filter, page);
    });
}

Result<ClientKey> ClientKeys::Get(std::int64_t id, const AccessScope& scope) {
    return database_.Read([&](Connection& c) -> Result<ClientKey> {
        auto key = store::FindClientKey(c, id);
        if (!key || !scope.Covers(key->user_id)) return ErrorCode::kNotFound;
        return std::move(*key);
    });
}

Status ClientKeys::Apply(Connection& c, const ClientKeyChange& change,
                         const AccessScope& scope, ClientKey& key) const {
    if (scope.owner && change.payload_log &&
        *change.payload_log != key.payload_log) {
        Error error(ErrorCode::kForbidden, "payload log of a user");
        error.public_text = "An operator decides whether texts are kept.";
        return error;
    }
    Merge(change, key);
    if (change.prefix) key.prefix = *change.prefix;
    if (change.digest) key.digest = *change.digest;
    Status status = CheckClientKey(key);
    if (!status.ok()) return status;
    if (change.pool) {
        key.pool = *change.pool;
        status = CheckPool(c, key.pool, scope);
        if (!status.ok()) return status;
    }
    if (!scope.Covers(key.user_id)) {
        return InvalidField("user_id", "This is your own id.");
    }
    if (change.user_id && key.user_id && !store::FindUser(c, *key.user_id)) {
        return InvalidField("user_id", "There is no such user.");
    }
    if (change.allowed_providers && key.allowed_providers) {
        for (std::int64_t id : *key.allowed_providers) {
            if (store::FindProvider(c, id)) continue;
            return InvalidField("allowed_provider_ids",
                                "There is no such provider.");
        }
    }
    const auto other = store::FindClientKeyIdByName(c, key.name);
    if (other && *other != key.id) {
        return TakenField("name", "Another client key has this name.");
    }
    return {};
}

Result<Written<NewClientKey>> ClientKeys::Create(const ClientKeyChange& change,
                                                 const AccessScope& scope) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.pool) {
        return InvalidField("provider_key_ids", "A pool is needed.");
    }
    NewClientKey made;
    if (!change.digest) {
        made.key = key::MakeClientKey(RandomBytes<6>(), RandomBytes<32>());
    }
    auto created = database_.Write([&](Connection& c) -> Result<ClientKey> {
        ClientKey row;
        if (!change.digest) {
            row.prefix = key::ClientKeyPrefix(made.key);
            row.digest = HexSha256(made.key);
        }
        row.version = store::UpdateConfigVersion(c);
        row.created_at = row.updated_at = clock_();
        row.user_id = scope.owner;
        const Status applied = Apply(c, change, scope, row);
        if (!applied.ok()) return applied.error();
        store::InsertClientKey(c, row);
        return row;
    });
    if (!created.ok()) return created.error();
    made.row = std::move(*created);
    const std::int64_t version = made.row.version;
    return Written<NewClientKey>{
        std::move(made), publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<ClientKey>> ClientKeys::Update(std::int64_t id,
                                              const ClientKeyChange& change,
                                              const AccessScope& scope) {
    auto updated = database_.Write([&](Connection& c) -> Result<ClientKey> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto row = store::FindClientKey(c, id);
        if (!row || !scope.Covers(row->user_id)) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(row->version);
        if (!fresh.ok()) return fresh.error();
        const Status may = CheckMayChange(c, *row, scope);
        if (!may.ok()) return may.error();
        const Status applied = Apply(c, change, scope, *row);
        if (!applied.ok()) return applied.error();
        row->version = version;
        row->updated_at = clock_();
        store::UpdateClientKey(c, *row);
        return std::move(*row);
    });
    if (!updated.ok()) return updated.error();
    const std::int64_t version = updated->version;
    return Written<ClientKey>{
        std::move(*updated),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<NewClientKey>> ClientKeys::Rotate(std::int64_t id,
                                                 std::int64_t grace_ms,
                                                 const AccessScope& scope) {
    if (grace_ms < 0 || grace_ms > kMostGraceMs) {
        return InvalidField("grace_ms", "A grace is from 0 to 90 days.");
    }
    NewClientKey made;
    made.key = key::MakeClientKey(RandomBytes<6>(), RandomBytes<32>());
    auto rotated = database_.Write([&](Connection& c) -> Result<ClientKey> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto row = store::FindClientKey(c, id);
        if (!row || !scope.Covers(row->user_id)) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(row->version);
        if (!fresh.ok()) return fresh.error();
        const UnixMs now = clock_();
        row->previous_digest.reset();
        row->previous_until.reset();
        if (grace_ms > 0) {
            row->previous_digest = row->digest;
            row->previous_until = now + grace_ms;
        }
        row->prefix = key::ClientKeyPrefix(made.key);
        row->digest = HexSha256(made.key);
        row->version = version;
        row->updated_at = now;
        store::UpdateClientKey(c, *row);
        return std::move(*row);
    });
    if (!rotated.ok()) return rotated.error();
    made.row = std::move(*rotated);
    const std::int64_t version = made.row.version;
    return Written<NewClientKey>{
        std::move(made), publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<bool>> ClientKeys::Delete(std::int64_t id,
                                         const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto row = store::FindClientKey(c, id);
            if (!row || !scope.Covers(row->user_id)) {
                return ErrorCode::kNotFound;
            }
            const Status fresh = scope.CheckVersion(row->version);
            if (!fresh.ok()) return fresh.error();
            const Status may = CheckMayChange(c, *row, scope);
            if (!may.ok()) return may.error();
            if (store::CountOAuthClientsOf(c, id) > 0) {
                Error error(ErrorCode::kConflict);
                error.public_text = "OAuth clients use this client key.";
                return error;
            }
            store::DeleteClientKey(c, id, next, clock_());
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
