// SPDX-License-Identifier: MIT

#include "admin_daemon/service/provider_key_oauth.h"

#include <algorithm>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/oauth_definition.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/service_account.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Grant;
using store::Connection;

std::optional<OAuthDefinition> DefinitionOf(Connection& c,
                                            std::int64_t provider_id) {
    const auto provider = store::FindProvider(c, provider_id);
    return provider ? ParseOAuth(provider->oauth) : std::nullopt;
}

bool HasClientSecret(Connection& c, const ProviderKey& key) {
    const auto tokens = store::FindKeyTokens(c, key.id);
    const auto provider = store::FindProvider(c, key.provider_id);
    return (tokens && tokens->client_secret) ||
           (provider && provider->oauth_client_secret);
}

Status CheckClientSecret(const std::string& secret) {
    const bool text =
        std::all_of(secret.begin(), secret.end(),
                    [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (text && !secret.empty() && secret.size() <= 8192) return {};
    return InvalidField("secret",
                        "A client's secret has 1 to 8192 bytes, without "
                        "control characters.");
}

Status CheckSecretOf(Connection& c, const OAuthDefinition& definition,
                     const ProviderKeyChange& change, const ProviderKey& key) {
    if (oauth::NeedsSignIn(definition.grant)) {
        if (!change.secret) return {};
        return InvalidField("secret", "This key gets its token by a sign-in.");
    }
    if (definition.grant == Grant::kServiceAccount) {
        if (change.secret) return CheckServiceAccount(*change.secret);
        if (key.id != 0 || change.waits_for_secret) return {};
        return InvalidField("secret",
                            "The JSON of a service account is needed.");
    }
    if (change.secret) return CheckClientSecret(*change.secret);
    if (definition.authentication == oauth::Authentication::kNone ||
        change.waits_for_secret || HasClientSecret(c, key)) {
        return {};
    }
    return InvalidField("secret", "A client's secret is needed.");
}

}  // namespace

Status CheckOAuthKey(Connection& c, const ProviderKeyChange& change,
                     const ProviderKey& key) {
    const auto definition = DefinitionOf(c, key.provider_id);
    if (!definition) {
        // What is there may still be renamed, disabled and removed.
        if (key.id != 0 && !change.secret && !change.credential_state) {
            return {};
        }
        return InvalidField("provider_id", "The provider has no OAuth data.");
    }
    const bool credentials = definition->grant == Grant::kClientCredentials;
    if (change.oauth_client_id && *change.oauth_client_id && !credentials) {
        return InvalidField("oauth_client_id",
                            "The provider's grant takes none of a key.");
    }
    const std::string id = key.oauth_client_id.value_or("x");
    const bool text = std::all_of(id.begin(), id.end(), [](unsigned char ch) {
        return ch >= 0x20 && ch != 0x7f;
    });
    if (id.empty() || id.size() > 512 || !text) {
        return InvalidField("oauth_client_id",
                            "An id has 1 to 512 bytes, without control "
                            "characters.");
    }
    if (credentials && !key.oauth_client_id && !definition->client_id) {
        return InvalidField("oauth_client_id", "An id is needed.");
    }
    return CheckSecretOf(c, *definition, change, key);
}

Status WriteOAuthKey(Connection& c, const SealingKey& master,
                     const ProviderKeyChange& change, UnixMs now,
                     ProviderKey& key) {
    auto tokens = store::FindKeyTokens(c, key.id).value_or(store::KeyTokens());
    const bool fresh = tokens.provider_key_id == 0;
    tokens.provider_key_id = key.id;
    tokens.oauth_client_id = key.oauth_client_id;
    if (change.secret) {
        auto sealed =
            SealColumn(master, KeyClientSecretContext(key.id), *change.secret);
        if (!sealed.ok()) return sealed.error();
        tokens.client_secret = std::move(*sealed);
    }
    const auto definition = DefinitionOf(c, key.provider_id);
    const bool renews = tokens.refresh_token ||
                        (definition && !oauth::NeedsSignIn(definition->grant));
    const bool anew = fresh || change.secret || change.credential_state ||
                      (change.oauth_client_id && *change.oauth_client_id);
    if (anew && !renews) {
        if (change.credential_state) {
            return InvalidField("credential_state", "A sign-in is needed.");
        }
        key.credential_state = "sign_in_needed";
        key.credential_reason = "Nobody has signed in yet.";
    } else if (anew) {
        // A token that is good serves until the one of the new client comes.
        if (key.credential_state != "good") key.secret.clear();
        key.credential_state = key.secret.empty() ? "pending" : "good";
        key.credential_reason.reset();
        tokens.refresh_at = now;
        tokens.failures = 0;
        tokens.error.reset();
    }
    store::UpdateKeyTokens(c, tokens);
    key.refresh_at = tokens.refresh_at;
    key.refresh_error = tokens.error;
    return {};
}

}  // namespace aiproxy::admin::service
