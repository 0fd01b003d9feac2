// SPDX-License-Identifier: MIT

#include <array>

#include "admin_daemon/api/objects.h"
#include "admin_daemon/document/kind_rows.h"
#include "admin_daemon/document/members.h"

namespace aiproxy::admin::document {
namespace {

using store::Connection;

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

Json ProviderKeyDefaults(Work&, const Json&) {
    Json json = Persistent(api::ProviderKeyRowJson(store::ProviderKey()));
    json_object_del(json.raw(), "oauth");
    json.Set("oauth_client_id", nullptr);
    return json;
}

constexpr std::array kKeptOfProviderKey = {"secret"};

}  // namespace

const Kind kProviderKind = {"providers",
                            "name",
                            "providers",
                            Of::kProvider,
                            {},
                            ListProviders,
                            FindProvider,
                            ProviderDefaults,
                            WriteProvider,
                            RemoveProvider};

const Kind kProviderKeyKind = {"provider_keys",      "name",
                               "provider-keys/keys", Of::kProviderKey,
                               kKeptOfProviderKey,   ListProviderKeys,
                               FindProviderKey,      ProviderKeyDefaults,
                               WriteProviderKey,     RemoveProviderKey};

}  // namespace aiproxy::admin::document
