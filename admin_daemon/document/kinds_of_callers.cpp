// SPDX-License-Identifier: MIT

#include <array>

#include "admin_daemon/api/objects.h"
#include "admin_daemon/api/users.h"
#include "admin_daemon/document/kind_rows.h"
#include "admin_daemon/document/members.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::document {
namespace {

using service::InvalidField;
using store::Connection;

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

Json IssuerDefaults(Work&, const Json&) {
    return IssuerTerms(store::Issuer());
}

constexpr std::array kKeptOfUser = {"password_hash"};
constexpr std::array kKeptOfClientKey = {"prefix", "digest"};
constexpr std::array kKeptOfOAuthClient = {"client_id", "secret_digest"};

}  // namespace

const Kind kUserKind = {"users",     "username", "users",  Of::kUser,
                        kKeptOfUser, ListUsers,  FindUser, UserDefaults,
                        WriteUser,   RemoveUser};

const Kind kClientKeyKind = {
    "client_keys",    "name",
    "client-keys",    Of::kClientKey,
    kKeptOfClientKey, ListClientKeys,
    FindClientKey,    DefaultsOf<store::ClientKey, api::ClientKeyJson>,
    WriteClientKey,   RemoveClientKey};

const Kind kOAuthClientKind = {
    "oauth_clients",    "name",
    "oauth-clients",    std::nullopt,
    kKeptOfOAuthClient, ListOAuthClients,
    FindOAuthClient,    DefaultsOf<store::OAuthClient, api::OAuthClientJson>,
    WriteOAuthClient,   RemoveOAuthClient};

const Kind kIssuerKind = {
    "issuers",   "name",     "settings/issuers", std::nullopt, {},
    ListIssuers, FindIssuer, IssuerDefaults,     WriteIssuer,  RemoveIssuer};

}  // namespace aiproxy::admin::document
