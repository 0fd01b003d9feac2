// SPDX-License-Identifier: MIT

#include "admin_daemon/service/provider_keys.h"

#include <algorithm>

#include "admin_daemon/service/bounds.h"
#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/health.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/provider_key_oauth.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/providers.h"
#include "admin_daemon/store/users.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kLeastHintedSecret = 12;

// It is sent in a header or a query: printable, without blanks.
Status CheckSecret(const std::string& secret) {
    const bool printable =
        std::all_of(secret.begin(), secret.end(),
                    [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (secret.empty() || secret.size() > 8192 || !printable) {
        return InvalidField("secret",
                            "A secret is 1 to 8192 printable ASCII "
                            "characters without blanks.");
    }
    return {};
}

// What the change may say depends on it.
Status CheckKind(const ProviderKeyChange& change, const ProviderKey& before) {
    if (change.kind && *change.kind != before.kind) {
        return InvalidField("kind", "A key stays of its kind.");
    }
    if (before.kind == "oauth") {
        if (change.provider_id.value_or(before.provider_id) !=
            before.provider_id) {
            return InvalidField("provider_id",
                                "An OAuth key stays with its provider.");
        }
        return {};
    }
    if (change.oauth_client_id && *change.oauth_client_id) {
        return InvalidField("oauth_client_id", "Only OAuth keys have one.");
    }
    return change.secret ? CheckSecret(*change.secret) : Status();
}

constexpr Bounds<ProviderKey> kBounds[] = {
    {"priority", &ProviderKey::priority, 0, 1'000'000},
    {"requests_per_minute", &ProviderKey::requests_per_minute, 0,
     1'000'000'000},
    {"tokens_per_minute", &ProviderKey::tokens_per_minute, 0,
     1'000'000'000'000},
    {"requests_per_day", &ProviderKey::requests_per_day, 0, 4'000'000'000},
    {"max_in_flight", &ProviderKey::max_in_flight, 0, 1'000'000},
};

// Another credential, or one of which somebody says that it is good.
bool IsOther(const ProviderKeyChange& change) {
    return change.credential_state || change.secret ||
           (change.secret_reference && *change.secret_reference) ||
           change.provider_id;
}

void Merge(const ProviderKeyChange& change, ProviderKey& key) {
    if (change.name) key.name = *change.name;
    if (change.provider_id) key.provider_id = *change.provider_id;
    if (change.oauth_client_id) key.oauth_client_id = *change.oauth_client_id;
    if (change.weight) key.weight = *change.weight;
    if (change.priority) key.priority = *change.priority;
    if (change.requests_per_minute) {
        key.requests_per_minute = *change.requests_per_minute;
    }
    if (change.tokens_per_minute) {
        key.tokens_per_minute = *change.tokens_per_minute;
    }
    if (change.requests_per_day) {
        key.requests_per_day = *change.requests_per_day;
    }
    if (change.max_in_flight) key.max_in_flight = *change.max_in_flight;
    Merge(change.limits, key.limits);
    if (change.owner_user_id) key.owner_user_id = *change.owner_user_id;
    if (change.secret) key.secret_reference.reset();
    if (change.secret_reference && *change.secret_reference) {
        key.secret_reference = *change.secret_reference;
        key.secret.clear();
        key.secret_hint.reset();
    }
    // Another secret or another provider is another credential.
    if (key.kind == "secret" && IsOther(change)) {
        key.credential_state = "good";
        key.credential_reason.reset();
    }
    if (change.is_enabled) key.is_enabled = *change.is_enabled;
    if (change.expires_at) key.expires_at = *change.expires_at;
}

}  // namespace

Result<std::vector<ProviderKey>> ProviderKeys::List(
    const ProviderKeyFilter& filter, const Page& page) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<ProviderKey>> {
            return store::ListProviderKeys(c, filter, page);
        });
}

Result<ProviderKey> ProviderKeys::Get(std::int64_t id,
                                      const AccessScope& scope) {
    return database_.Read([&](Connection& c) -> Result<ProviderKey> {
        auto key = store::FindProviderKey(c, id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        return std::move(*key);
    });
}

// What is kept elsewhere belongs to no user: an operator names it.
Status ProviderKeys::CheckReference(const ProviderKeyChange& change,
                                    const AccessScope& scope,
                                    const ProviderKey& before) const {
    if (!change.secret_reference) return {};
    if (!*change.secret_reference) {
        if (!before.secret_reference || change.secret) return {};
        return InvalidField("secret", "A secret is needed in its place.");
    }
    if (before.kind == "oauth") {
        return InvalidField("secret_reference",
                            "An OAuth key gets its token by itself.");
    }
    if (change.secret) {
        return InvalidField("secret_reference",
                            "A key has a secret or a reference to one.");
    }
    if (scope.owner) {
        return InvalidField("secret_reference",
                            "An operator names what is kept elsewhere.");
    }
    return references_.Check(**change.secret_reference);
}

Status ProviderKeys::Apply(Connection& c, const ProviderKeyChange& change,
                           const AccessScope& scope, ProviderKey& key) const {
    Status status = CheckReference(change, scope, key);
    if (!status.ok()) return status;
    Merge(change, key);
    status = CheckObjectName(key.name);
    if (!status.ok()) return status;
    if (key.weight < 1 || key.weight > 1000) {
        return InvalidField("weight", "A weight is from 1 to 1000.");
    }
    status = CheckBounds<ProviderKey>(key, kBounds);
    if (!status.ok()) return status;
    status = CheckLimits(key.limits);
    if (!status.ok()) return status;
    if (change.credential_state && *change.credential_state != "good") {
        return InvalidField("credential_state",
                            "Only good can be said of a credential.");
    }
    if (change.provider_id && !store::FindProvider(c, key.provider_id)) {
        return InvalidField("provider_id", "There is no such provider.");
    }
    if (!scope.Covers(key.owner_user_id)) {
        return InvalidField("owner_user_id", "This is your own id.");
    }
    if (change.owner_user_id && key.owner_user_id &&
        !store::FindUser(c, *key.owner_user_id)) {
        return InvalidField("owner_user_id", "There is no such user.");
    }
    const auto other = store::FindProviderKeyIdByName(c, key.name);
    if (other && *other != key.id) {
        return TakenField("name", "Another provider key has this name.");
    }
    return key.kind == "oauth" ? CheckOAuthKey(c, change, key) : Status();
}

Status ProviderKeys::WriteSecret(Connection& c, const ProviderKeyChange& change,
                                 ProviderKey& key) const {
    if (key.kind == "oauth") {
        return WriteOAuthKey(c, master_, change, clock_(), key);
    }
    return change.secret ? SealInto(key, *change.secret) : Status();
}

Status ProviderKeys::SealInto(ProviderKey& key,
                              const std::string& secret) const {
    const auto blob = master_.Seal(ProviderKeyContext(key.id), secret);
    if (!blob.ok()) return blob.error();
    key.secret = Base64Url(*blob);
    key.secret_hint.reset();
    if (secret.size() >= kLeastHintedSecret) {
        key.secret_hint = "…" + secret.substr(secret.size() - 4);
    }
    return {};
}

Result<Written<ProviderKey>> ProviderKeys::Create(
    const ProviderKeyChange& change, const AccessScope& scope) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.provider_id) {
        return InvalidField("provider_id", "A provider is needed.");
    }
    const std::string kind = change.kind.value_or("secret");
    if (kind != "secret" && kind != "oauth") {
        return InvalidField("kind", "This must be secret or oauth.");
    }
    const bool has_secret =
        change.secret || (change.secret_reference && *change.secret_reference);
    if (kind == "secret" && !has_secret && !change.waits_for_secret) {
        return InvalidField("secret", "A secret is needed.");
    }
    ProviderKey row;
    row.kind = kind;
    row.provider_id = *change.provider_id;
    const Status good = CheckKind(change, row);
    if (!good.ok()) return good.error();
    auto created = database_.Write([&](Connection& c) -> Result<ProviderKey> {
        ProviderKey key = row;
        key.version = store::UpdateConfigVersion(c);
        key.created_at = key.updated_at = clock_();
        key.owner_user_id = scope.owner;
        const Status applied = Apply(c, change, scope, key);
        if (!applied.ok()) return applied.error();
        if (kind == "secret" && !has_secret) {
            key.credential_state = "refused";
            key.credential_reason = "No secret was given yet.";
        }
        // Sealed for its row, whose number is known only now.
        store::InsertProviderKey(c, key);
        const Status sealed = WriteSecret(c, change, key);
        if (!sealed.ok()) return sealed.error();
        store::UpdateProviderKey(c, key);
        return key;
    });
    if (!created.ok()) return created.error();
    const std::int64_t version = created->version;
    return Written<ProviderKey>{
        std::move(*created),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<ProviderKey>> ProviderKeys::Update(
    std::int64_t id, const ProviderKeyChange& change,
    const AccessScope& scope) {
    auto updated = database_.Write([&](Connection& c) -> Result<ProviderKey> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto key = store::FindProviderKey(c, id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        const Status fresh = scope.CheckVersion(key->version);
        if (!fresh.ok()) return fresh.error();
        const Status good = CheckKind(change, *key);
        if (!good.ok()) return good.error();
        const Status applied = Apply(c, change, scope, *key);
        if (!applied.ok()) return applied.error();
        const Status sealed = WriteSecret(c, change, *key);
        if (!sealed.ok()) return sealed.error();
        key->version = version;
        key->updated_at = clock_();
        store::UpdateProviderKey(c, *key);
        if (IsOther(change)) {
            ForgetHealth(c, key->id, key->updated_at);
        }
        return std::move(*key);
    });
    if (!updated.ok()) return updated.error();
    const std::int64_t version = updated->version;
    return Written<ProviderKey>{
        std::move(*updated),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<ProviderKey> ProviderKeys::AskForToken(std::int64_t id,
                                              const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Result<ProviderKey> {
        auto key = store::FindProviderKey(c, id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        auto tokens = store::FindKeyTokens(c, id);
        if (!tokens || !tokens->refresh_at) {
            Error error(ErrorCode::kConflict);
            error.public_text = "The key has no token that could be renewed.";
            return error;
        }
        tokens->refresh_at = clock_();
        tokens->failures = 0;
        store::UpdateKeyTokens(c, *tokens);
        key->refresh_at = tokens->refresh_at;
        return std::move(*key);
    });
}

Result<Written<bool>> ProviderKeys::Delete(std::int64_t id,
                                           const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto key = store::FindProviderKey(c, id);
            if (!key || !scope.Covers(key->owner_user_id)) {
                return ErrorCode::kNotFound;
            }
            const Status fresh = scope.CheckVersion(key->version);
            if (!fresh.ok()) return fresh.error();
            store::DeleteProviderKey(c, id, next, clock_());
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
