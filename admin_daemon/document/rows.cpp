// SPDX-License-Identifier: MIT

#include "admin_daemon/document/rows.h"

#include <openssl/evp.h>

#include "admin_daemon/api/limits.h"
#include "admin_daemon/api/objects.h"
#include "admin_daemon/api/users.h"
#include "admin_daemon/document/members.h"
#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::document {
namespace {

using store::Connection;

// Opens a sealed column into a member, which stays away when there is none.
Status SetOpened(const service::SealingKey& master, const std::string& context,
                 const std::optional<std::string>& sealed, json_t* object,
                 const char* name) {
    if (!sealed || sealed->empty()) return {};
    auto secret = service::OpenColumn(master, context, sealed);
    if (!secret.ok()) return secret.error();
    json_object_set_new(object, name, json_string(secret->c_str()));
    service::Wipe(*secret);
    return {};
}

Json LimitsObject(const store::Limits& limits) {
    Json all = Json::Object();
    api::SetLimits(all, api::LimitsOf::kUser, limits);
    Json some = Json::Object();
    const char* name;
    json_t* value;
    json_object_foreach(all.raw(), name, value) {
        if (!json_is_null(value)) some.Set(name, Json(json_incref(value)));
    }
    return json_object_size(some.raw()) == 0 ? Json() : some;
}

// RFC 7468 section 13.
std::string Pem(const std::string& der) {
    std::string text((der.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                          reinterpret_cast<const unsigned char*>(der.data()),
                          static_cast<int>(der.size()));
    text.resize(static_cast<std::size_t>(size));
    std::string pem = "-----BEGIN PUBLIC KEY-----\n";
    for (std::size_t i = 0; i < text.size(); i += 64) {
        pem += text.substr(i, 64) + "\n";
    }
    return pem + "-----END PUBLIC KEY-----\n";
}

}  // namespace

Result<Json> UserObject(Connection& c, const store::User& user,
                        bool with_secrets) {
    Json json = Persistent(api::UserJson(user));
    const auto limits = store::FindUserLimits(c, user.id);
    json.Set("limits", limits ? LimitsObject(limits->limits) : Json());
    if (with_secrets && !user.password_hash.empty()) {
        json.Set("password_hash", user.password_hash);
    }
    return json;
}

Result<Json> ProviderObject(const service::SealingKey& master,
                            const store::Provider& row, bool with_secrets) {
    Json json = Persistent(api::ProviderRowJson(row));
    json_t* oauth = json_object_get(json.raw(), "oauth");
    if (!with_secrets || !json_is_object(oauth)) return json;
    const Status opened =
        SetOpened(master, service::OAuthClientSecretContext(row.id),
                  row.oauth_client_secret, oauth, "client_secret");
    if (!opened.ok()) return opened.error();
    return json;
}

Result<Json> ProviderKeyObject(Connection& c, const service::SealingKey& master,
                               const store::ProviderKey& key,
                               bool with_secrets) {
    Json json = Persistent(api::ProviderKeyRowJson(key));
    json_object_del(json.raw(), "oauth");
    json.Set("oauth_client_id", key.oauth_client_id);
    if (!with_secrets) return json;
    Status opened;
    if (key.kind == "oauth") {
        // Tokens are not configuration: two that renew one would end it.
        const auto tokens = store::FindKeyTokens(c, key.id);
        opened = SetOpened(
            master, service::KeyClientSecretContext(key.id),
            tokens ? tokens->client_secret : std::optional<std::string>(),
            json.raw(), "secret");
    } else {
        opened = SetOpened(master, service::ProviderKeyContext(key.id),
                           key.secret, json.raw(), "secret");
    }
    if (!opened.ok()) return opened.error();
    return json;
}

Json ClientKeyObject(const store::ClientKey& key) {
    Json json = Persistent(api::ClientKeyJson(key));
    json.Set("digest", key.digest);
    return json;
}

Json OAuthClientObject(const store::OAuthClient& client) {
    Json json = Persistent(api::OAuthClientJson(client));
    json.Set("secret_digest", client.secret_digest);
    return json;
}

Json IssuerTerms(const store::Issuer& issuer) {
    Json json = Persistent(api::IssuerJson(issuer));
    for (const char* name :
         {"jwks_fetched_at", "jwks_fresh_until", "jwks_error"}) {
        json_object_del(json.raw(), name);
    }
    json.Set("keys", Json::Array());
    return json;
}

Result<Json> IssuerObject(const service::SealingKey& master,
                          const store::Issuer& issuer, bool with_secrets) {
    Json json = IssuerTerms(issuer);
    Json keys = Json::Array();
    for (const store::VerificationKey& key : issuer.keys) {
        if (key.is_fetched) continue;
        Json row = Json::Object();
        row.Set("kid", key.kid);
        if (key.public_key) {
            row.Set("pem",
                    Pem(service::FromBase64Url(*key.public_key).value_or("")));
        } else if (with_secrets) {
            const Status opened =
                SetOpened(master, service::VerificationKeyContext(key.id),
                          key.secret, row.raw(), "secret");
            if (!opened.ok()) return opened.error();
        }
        keys.Append(row);
    }
    json.Set("keys", keys);
    return json;
}

Json WithKeyIds(const store::Issuer& issuer, const Json& before,
                const Json& object) {
    Json out(json_deep_copy(object.raw()));
    json_t* had = json_object_get(before.raw(), "keys");
    std::vector<std::int64_t> ids;  // of those that it had
    for (const store::VerificationKey& key : issuer.keys) {
        if (!key.is_fetched) ids.push_back(key.id);
    }
    std::size_t i;
    json_t* key;
    json_array_foreach(json_object_get(out.raw(), "keys"), i, key) {
        if (!json_is_object(key)) continue;
        const bool named = json_object_get(key, "secret") == nullptr &&
                           json_object_get(key, "pem") == nullptr;
        if (json_object_get(key, "kid") == nullptr) {
            json_object_set_new(key, "kid", json_null());
        }
        for (std::size_t k = 0; k < ids.size(); ++k) {
            Json known(json_copy(json_array_get(had, k)));
            // A document without secrets has nothing but the key's id.
            if (named) json_object_del(known.raw(), "secret");
            if (json_equal(known.raw(), key) == 0) continue;
            json_object_clear(key);
            json_object_set_new(key, "id", json_integer(ids[k]));
            break;
        }
    }
    return out;
}

Status WriteUserLimits(Work& work, std::int64_t user_id, const Json& limits) {
    if (!limits.is_object() && !json_is_null(limits.raw())) {
        Error error(ErrorCode::kValidation);
        error.field = "limits";
        error.public_text = "This must be an object.";
        return error;
    }
    store::UserLimits row;
    row.user_id = user_id;
    if (limits.is_object()) {
        api::Fields fields(limits.raw(), "limits");
        service::LimitsChange change;
        api::ReadLimits(fields, api::LimitsOf::kUser, change);
        Status status = fields.Finish();
        if (!status.ok()) return status;
        service::Merge(change, row.limits);
        status = service::CheckLimits(row.limits);
        if (!status.ok()) {
            Error error = status.error();
            error.field = "limits." + error.field;
            return error;
        }
    }
    return work.database.Write([&](Connection& c) -> Status {
        const auto had = store::FindUserLimits(c, user_id);
        if (!had && !limits.is_object()) return {};
        row.version = store::UpdateConfigVersion(c);
        row.updated_at = NowMs();
        store::UpsertUserLimits(c, row);
        return {};
    });
}

}  // namespace aiproxy::admin::document
