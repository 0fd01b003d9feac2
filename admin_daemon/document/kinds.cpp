// SPDX-License-Identifier: MIT

#include "admin_daemon/document/kinds.h"

#include <algorithm>
#include <array>

#include "admin_daemon/api/objects.h"
#include "admin_daemon/api/users.h"
#include "admin_daemon/document/members.h"
#include "admin_daemon/document/rows.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::document {
namespace {

using service::InvalidField;
using store::Connection;

// All rows of a list that comes in pages.
template <class List, class ToRow>
Result<std::vector<Row>> ListAll(Work& work, List&& list, ToRow&& to_row) {
    return work.database.Read([&](Connection& c) -> Result<std::vector<Row>> {
        std::vector<Row> rows;
        service::Page page;
        for (page.limit = 1000;;) {
            const auto part = list(c, page);
            for (const auto& row : part) {
                auto object = to_row(c, row);
                if (!object.ok()) return object.error();
                rows.push_back({row.id, std::move(*object)});
            }
            if (part.size() < 1000) return rows;
            page.after_id = part.back().id;
        }
    });
}

template <class Find, class ToRow>
Result<Row> FindOne(Work& work, std::int64_t id, Find&& find, ToRow&& to_row) {
    return work.database.Read([&](Connection& c) -> Result<Row> {
        const auto row = find(c, id);
        if (!row) return ErrorCode::kNotFound;
        auto object = to_row(c, *row);
        if (!object.ok()) return object.error();
        return Row{id, std::move(*object)};
    });
}

std::optional<std::string> NoneIfEmpty(std::optional<std::string> text) {
    return text && text->empty() ? std::nullopt : text;
}

// A digest that stands in a document, with what belongs to it.
Status CheckDigest(const std::optional<std::string>& digest, const char* field,
                   const std::optional<std::string>& with,
                   const char* with_field) {
    if (!digest && !with) return {};
    const bool hex =
        digest && digest->size() == 64 &&
        digest->find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex) return InvalidField(field, "A digest is SHA-256 in hex.");
    if (!with || with->empty() || with->size() > 128) {
        return InvalidField(with_field, "With a digest this is needed too.");
    }
    return {};
}

Status DoneBy(const Result<service::Written<bool>>& removed) {
    return removed.ok() ? Status() : removed.error();
}

// --- users

Result<std::vector<Row>> ListUsers(Work& work, bool with_secrets) {
    return ListAll(
        work,
        [](Connection& c, const service::Page& page) {
            return store::ListUsers(c, {}, page);
        },
        [&](Connection& c, const store::User& user) {
            return UserObject(c, user, with_secrets);
        });
}

Result<Row> FindUser(Work& work, std::int64_t id) {
    return FindOne(work, id, store::FindUser,
                   [](Connection& c, const store::User& user) {
                       return UserObject(c, user, true);
                   });
}

Result<std::int64_t> WriteUser(Work& work, std::optional<std::int64_t> id,
                               const Json& before, const Json& object,
                               std::vector<NewSecret>&) {
    Json body(json_copy(object.raw()));
    const auto hash = TakeText(body, "password_hash");
    const Json limits = Take(body, "limits");
    auto change = api::ReadUser(body.Dump());
    if (!change.ok()) return change.error();
    if (change->password) {
        return InvalidField("password",
                            "Give it by aiproxy-admin user reset-password.");
    }
    const auto had = TextOf(before, "password_hash");
    if (!id || (hash && hash != had)) {
        change->password_hash = hash.value_or("");
    }
    const auto written =
        id ? work.users.Update(*id, *change) : work.users.Create(*change);
    if (!written.ok()) return written.error();
    const Status limited = WriteUserLimits(work, written->value.id, limits);
    if (!limited.ok()) return limited.error();
    return written->value.id;
}

Status RemoveUser(Work& work, std::int64_t id) {
    return DoneBy(work.users.Delete(id));
}

// --- providers

Result<std::vector<Row>> ListProviders(Work& work, bool with_secrets) {
    return ListAll(work, store::ListProviders,
                   [&](Connection&, const store::Provider& row) {
                       return ProviderObject(work.master, row, with_secrets);
                   });
}

Result<Row> FindProvider(Work& work, std::int64_t id) {
    return FindOne(work, id, store::FindProvider,
                   [&](Connection&, const store::Provider& row) {
                       return ProviderObject(work.master, row, true);
                   });
}

Json ProviderDefaults(Work& work, const Json& object) {
    store::Provider provider;
    std::vector<std::string> dialects;
    json_t* list = json_object_get(object.raw(), "dialects");
    const char* first = json_string_value(json_array_get(list, 0));
    if (first != nullptr) dialects.push_back(first);
    work.providers.SetDefaultCredential(dialects, provider);
    return Persistent(api::ProviderRowJson(provider));
}

Result<std::int64_t> WriteProvider(Work& work, std::optional<std::int64_t> id,
                                   const Json& before, const Json& object,
                                   std::vector<NewSecret>&) {
    Json body(json_deep_copy(object.raw()));
    // So that it is sealed again only when it is another one.
    json_t* oauth = json_object_get(body.raw(), "oauth");
    json_t* had = json_object_get(json_object_get(before.raw(), "oauth"),
                                  "client_secret");
    if (had != nullptr &&
        json_equal(had, json_object_get(oauth, "client_secret")) != 0) {
        json_object_del(oauth, "client_secret");
    }
    const auto change = api::ReadProvider(body.Dump());
    if (!change.ok()) return change.error();
    const auto written = id ? work.providers.Update(*id, *change)
                            : work.providers.Create(*change);
    if (!written.ok()) return written.error();
    return written->value.id;
}

Status RemoveProvider(Work& work, std::int64_t id) {
    return DoneBy(work.providers.Delete(id));
}

// --- provider keys

Result<std::vector<Row>> ListProviderKeys(Work& work, bool with_secrets) {
    return ListAll(
        work,
        [](Connection& c, const service::Page& page) {
            return store::ListProviderKeys(c, {}, page);
        },
        [&](Connection& c, const store::ProviderKey& key) {
            return ProviderKeyObject(c, work.master, key, with_secrets);
        });
}

Result<Row> FindProviderKey(Work& work, std::int64_t id) {
    return FindOne(work, id, store::FindProviderKey,
                   [&](Connection& c, const store::ProviderKey& key) {
                       return ProviderKeyObject(c, work.master, key, true);
                   });
}

Result<std::int64_t> WriteProviderKey(Work& work,
                                      std::optional<std::int64_t> id,
                                      const Json& before, const Json& object,
                                      std::vector<NewSecret>&) {
    Json body(json_copy(object.raw()));
    // What did not change is no new credential.
    for (const char* name :
         {"secret", "secret_reference", "provider_id", "oauth_client_id"}) {
        json_t* had = json_object_get(before.raw(), name);
        json_t* has = json_object_get(body.raw(), name);
        const bool same = id && had != nullptr && json_equal(had, has) != 0;
        if (same || (json_is_null(has) && !id)) {
            json_object_del(body.raw(), name);
        }
    }
    auto change = api::ReadProviderKey(body.Dump());
    if (!change.ok()) return change.error();
    change->waits_for_secret = true;
    const auto written = id ? work.provider_keys.Update(*id, *change)
                            : work.provider_keys.Create(*change);
    if (!written.ok()) return written.error();
    return written->value.id;
}

Status RemoveProviderKey(Work& work, std::int64_t id) {
    return DoneBy(work.provider_keys.Delete(id));
}

// --- client keys

Result<std::vector<Row>> ListClientKeys(Work& work, bool) {
    return ListAll(
        work,
        [](Connection& c, const service::Page& page) {
            return store::ListClientKeys(c, {}, page);
        },
        [](Connection&, const store::ClientKey& key) -> Result<Json> {
            return ClientKeyObject(key);
        });
}

Result<Row> FindClientKey(Work& work, std::int64_t id) {
    return FindOne(
        work, id, store::FindClientKey,
        [](Connection&, const store::ClientKey& key) -> Result<Json> {
            return ClientKeyObject(key);
        });
}

Result<std::int64_t> WriteClientKey(Work& work, std::optional<std::int64_t> id,
                                    const Json&, const Json& object,
                                    std::vector<NewSecret>& made) {
    Json body(json_copy(object.raw()));
    const auto digest = TakeText(body, "digest");
    const auto prefix = NoneIfEmpty(TakeText(body, "prefix"));
    const Status good = CheckDigest(digest, "digest", prefix, "prefix");
    if (!good.ok()) return good.error();
    auto change = api::ReadClientKey(body.Dump());
    if (!change.ok()) return change.error();
    change->digest = digest;
    change->prefix = prefix;
    if (id) {
        const auto updated = work.client_keys.Update(*id, *change);
        if (!updated.ok()) return updated.error();
        return *id;
    }
    const auto created = work.client_keys.Create(*change);
    if (!created.ok()) return created.error();
    if (!digest) {
        made.push_back(
            {"client_keys", created->value.row.name, created->value.key});
    }
    return created->value.row.id;
}

Status RemoveClientKey(Work& work, std::int64_t id) {
    return DoneBy(work.client_keys.Delete(id));
}

// --- OAuth clients

Result<std::vector<Row>> ListOAuthClients(Work& work, bool) {
    return ListAll(
        work, store::ListOAuthClients,
        [](Connection&, const store::OAuthClient& row) -> Result<Json> {
            return OAuthClientObject(row);
        });
}

Result<Row> FindOAuthClient(Work& work, std::int64_t id) {
    return FindOne(
        work, id, store::FindOAuthClient,
        [](Connection&, const store::OAuthClient& row) -> Result<Json> {
            return OAuthClientObject(row);
        });
}

Result<std::int64_t> WriteOAuthClient(Work& work,
                                      std::optional<std::int64_t> id,
                                      const Json&, const Json& object,
                                      std::vector<NewSecret>& made) {
    Json body(json_copy(object.raw()));
    const auto digest = TakeText(body, "secret_digest");
    const auto client_id = NoneIfEmpty(TakeText(body, "client_id"));
    const Status good =
        CheckDigest(digest, "secret_digest", client_id, "client_id");
    if (!good.ok()) return good.error();
    auto change = api::ReadOAuthClient(body.Dump());
    if (!change.ok()) return change.error();
    change->secret_digest = digest;
    change->client_id = client_id;
    if (id) {
        const auto updated = work.oauth_clients.Update(*id, *change);
        if (!updated.ok()) return updated.error();
        return *id;
    }
    const auto created = work.oauth_clients.Create(*change);
    if (!created.ok()) return created.error();
    if (!digest) {
        made.push_back(
            {"oauth_clients", created->value.row.name,
             created->value.row.client_id + " " + created->value.secret});
    }
    return created->value.row.id;
}

Status RemoveOAuthClient(Work& work, std::int64_t id) {
    return DoneBy(work.oauth_clients.Delete(id));
}

// --- issuers

Result<std::vector<Row>> ListIssuers(Work& work, bool with_secrets) {
    return ListAll(work, store::ListIssuers,
                   [&](Connection&, const store::Issuer& row) {
                       return IssuerObject(work.master, row, with_secrets);
                   });
}

Result<Row> FindIssuer(Work& work, std::int64_t id) {
    return FindOne(work, id, store::FindIssuer,
                   [&](Connection&, const store::Issuer& row) {
                       return IssuerObject(work.master, row, true);
                   });
}

Result<std::int64_t> WriteIssuer(Work& work, std::optional<std::int64_t> id,
                                 const Json& before, const Json& object,
                                 std::vector<NewSecret>&) {
    store::Issuer issuer;
    if (id) {
        auto row = work.issuers.Get(*id);
        if (!row.ok()) return row.error();
        issuer = std::move(*row);
    }
    const Json body = WithKeyIds(issuer, before, object);
    const auto change = api::ReadIssuer(body.Dump());
    if (!change.ok()) return change.error();
    const auto written =
        id ? work.issuers.Update(*id, *change) : work.issuers.Create(*change);
    if (!written.ok()) return written.error();
    return written->value.id;
}

Status RemoveIssuer(Work& work, std::int64_t id) {
    return DoneBy(work.issuers.Delete(id));
}

template <class T, Json (*ToJson)(const T&)>
Json DefaultsOf(Work&, const Json&) {
    return Persistent(ToJson(T()));
}

Json UserDefaults(Work&, const Json&) {
    Json json = Persistent(api::UserJson(store::User()));
    json.Set("limits", nullptr);
    return json;
}

Json ProviderKeyDefaults(Work&, const Json&) {
    Json json = Persistent(api::ProviderKeyRowJson(store::ProviderKey()));
    json_object_del(json.raw(), "oauth");
    json.Set("oauth_client_id", nullptr);
    return json;
}

Json IssuerDefaults(Work&, const Json&) {
    return IssuerTerms(store::Issuer());
}

constexpr std::array kKeptOfUser = {"password_hash"};
constexpr std::array kKeptOfProviderKey = {"secret"};
constexpr std::array kKeptOfClientKey = {"prefix", "digest"};
constexpr std::array kKeptOfOAuthClient = {"client_id", "secret_digest"};

const std::array kKinds = {
    Kind{"users", "username", "users", Of::kUser, kKeptOfUser, ListUsers,
         FindUser, UserDefaults, WriteUser, RemoveUser},
    Kind{"providers",
         "name",
         "providers",
         Of::kProvider,
         {},
         ListProviders,
         FindProvider,
         ProviderDefaults,
         WriteProvider,
         RemoveProvider},
    Kind{"provider_keys", "name", "provider-keys/keys", Of::kProviderKey,
         kKeptOfProviderKey, ListProviderKeys, FindProviderKey,
         ProviderKeyDefaults, WriteProviderKey, RemoveProviderKey},
    Kind{"client_keys", "name", "client-keys", Of::kClientKey, kKeptOfClientKey,
         ListClientKeys, FindClientKey,
         DefaultsOf<store::ClientKey, api::ClientKeyJson>, WriteClientKey,
         RemoveClientKey},
    Kind{"oauth_clients", "name", "oauth-clients", std::nullopt,
         kKeptOfOAuthClient, ListOAuthClients, FindOAuthClient,
         DefaultsOf<store::OAuthClient, api::OAuthClientJson>, WriteOAuthClient,
         RemoveOAuthClient},
    Kind{"issuers",
         "name",
         "settings/issuers",
         std::nullopt,
         {},
         ListIssuers,
         FindIssuer,
         IssuerDefaults,
         WriteIssuer,
         RemoveIssuer},
};

}  // namespace

std::span<const Kind> Kinds() {
    return kKinds;
}

}  // namespace aiproxy::admin::document
