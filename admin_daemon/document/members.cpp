// SPDX-License-Identifier: MIT

#include "admin_daemon/document/members.h"

#include <algorithm>
#include <array>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::document {
namespace {

constexpr std::array kPassing = {
    "id",
    "created_at",
    "updated_at",
    "last_login_at",
    "health",
    "in_flight",
    "secret_hint",
    "credential_state",
    "credential_reason",
    "previous_until",
    "has_client_secret",
};

struct Reference {
    std::string_view section;
    const char* list;  // of objects in which it is; none: the object itself
    const char* by_id;
    const char* by_name;
    Of of;
    const char* noun;
};

constexpr std::array kReferences = {
    Reference{"provider_keys", nullptr, "provider_id", "provider",
              Of::kProvider, "provider"},
    Reference{"provider_keys", nullptr, "owner_user_id", "owner", Of::kUser,
              "user"},
    Reference{"client_keys", nullptr, "user_id", "user", Of::kUser, "user"},
    Reference{"client_keys", nullptr, "provider_key_ids", "provider_keys",
              Of::kProviderKey, "provider key"},
    Reference{"client_keys", nullptr, "allowed_provider_ids",
              "allowed_providers", Of::kProvider, "provider"},
    Reference{"oauth_clients", nullptr, "client_key_id", "client_key",
              Of::kClientKey, "client key"},
    Reference{"issuers", "clients", "client_key_id", "client_key",
              Of::kClientKey, "client key"},
};

bool IsMember(json_t* object, const char* name) {
    return json_object_get(object, name) != nullptr;
}

// The object with one member under another name, in the same place.
Json Renamed(const Json& object, const char* from, const char* to,
             const Json& value) {
    Json out = Json::Object();
    const char* name;
    json_t* member;
    json_object_foreach(object.raw(), name, member) {
        if (std::string_view(name) == from) {
            out.Set(to, value);
        } else {
            out.Set(name, Json(json_incref(member)));
        }
    }
    return out;
}

Json NameOf(json_t* id, const Reference& reference, const Names& names) {
    const auto name = names.Name(reference.of, json_integer_value(id));
    Json json;
    if (name) json = Json(json_string(name->c_str()));
    return json;
}

Json NamesOf(json_t* ids, const Reference& reference, const Names& names) {
    if (!json_is_array(ids)) return NameOf(ids, reference, names);
    Json list = Json::Array();
    std::size_t i;
    json_t* id;
    json_array_foreach(ids, i, id) {
        const Json name = NameOf(id, reference, names);
        if (json_is_string(name.raw())) list.Append(name);
    }
    return list;
}

Result<Json> IdOf(json_t* name, const Reference& reference,
                  const std::string& field, const Names& names) {
    if (json_is_null(name)) return Json();
    if (!json_is_string(name)) {
        return service::InvalidField(field, "This must be a name.");
    }
    const auto id = names.Id(reference.of, json_string_value(name));
    if (!id) {
        return service::InvalidField(
            field, std::string("There is no ") + reference.noun +
                       " with the name " + json_string_value(name) + ".");
    }
    return Json(json_integer(*id));
}

Result<Json> IdsOf(json_t* value, const Reference& reference,
                   const Names& names) {
    if (!json_is_array(value)) {
        return IdOf(value, reference, reference.by_name, names);
    }
    Json list = Json::Array();
    std::size_t i;
    json_t* name;
    json_array_foreach(value, i, name) {
        const auto id =
            IdOf(name, reference,
                 std::string(reference.by_name) + "[" + std::to_string(i) + "]",
                 names);
        if (!id.ok()) return id.error();
        list.Append(*id);
    }
    return list;
}

// In each object of a list within the object.
template <class F>
Result<Json> InList(const Json& object, const char* list_name, F&& work) {
    json_t* list = json_object_get(object.raw(), list_name);
    if (!json_is_array(list)) return object;
    Json out = Json::Array();
    std::size_t i;
    json_t* item;
    json_array_foreach(list, i, item) {
        auto done = work(Json(json_incref(item)));
        if (!done.ok()) {
            Error error = done.error();
            error.field = std::string(list_name) + "[" + std::to_string(i) +
                          "]." + error.field;
            return error;
        }
        out.Append(*done);
    }
    return Renamed(object, list_name, list_name, out);
}

constexpr std::string_view kSealed = "sealed_";

bool IsSecret(std::string_view name) {
    return name == "secret" || name == "client_secret" ||
           name == "password_hash";
}

std::string ContextOf(const std::string& object_name, std::string_view path) {
    return "document:" + object_name + ":" + std::string(path);
}

// Each text under a name that tests true goes through work, which says what
// stands there then; path names it.
template <class Test, class F>
Result<Json> Walk(json_t* value, const std::string& path, Test&& test,
                  F&& work) {
    if (json_is_array(value)) {
        Json list = Json::Array();
        std::size_t i;
        json_t* item;
        json_array_foreach(value, i, item) {
            auto done =
                Walk(item, path + "[" + std::to_string(i) + "]", test, work);
            if (!done.ok()) return done.error();
            list.Append(*done);
        }
        return list;
    }
    if (!json_is_object(value)) return Json(json_incref(value));
    Json out = Json::Object();
    const char* name;
    json_t* member;
    json_object_foreach(value, name, member) {
        const std::string inner = path.empty() ? name : path + "." + name;
        if (json_is_string(member) && test(std::string_view(name))) {
            const Status done = work(out, std::string(name), inner, member);
            if (!done.ok()) return done.error();
            continue;
        }
        auto done = Walk(member, inner, test, work);
        if (!done.ok()) return done.error();
        out.Set(name, *done);
    }
    return out;
}

json_t* AtPath(json_t* value, std::string_view path) {
    while (value != nullptr && !path.empty()) {
        if (path.front() == '[') {
            const std::size_t end = path.find(']');
            value = json_array_get(
                value, static_cast<std::size_t>(std::atol(
                           std::string(path.substr(1, end - 1)).c_str())));
            path.remove_prefix(end + 1);
        } else {
            if (path.front() == '.') path.remove_prefix(1);
            const std::string_view name =
                path.substr(0, path.find_first_of(".["));
            value = json_object_get(value, std::string(name).c_str());
            path.remove_prefix(name.size());
        }
    }
    return value;
}

}  // namespace

Json Take(Json& object, const char* name) {
    json_t* value = json_object_get(object.raw(), name);
    if (value == nullptr) return Json();
    Json taken(json_incref(value));
    json_object_del(object.raw(), name);
    return taken;
}

std::optional<std::string> TakeText(Json& object, const char* name) {
    const Json value = Take(object, name);
    if (!json_is_string(value.raw())) return std::nullopt;
    return std::string(json_string_value(value.raw()));
}

std::optional<std::string> TextOf(const Json& object, const char* name) {
    const char* text = json_string_value(json_object_get(object.raw(), name));
    if (text == nullptr) return std::nullopt;
    return std::string(text);
}

Json Persistent(const Json& object) {
    Json out(json_copy(object.raw()));
    for (const char* name : kPassing) json_object_del(out.raw(), name);
    json_object_del(json_object_get(out.raw(), "oauth"), "has_client_secret");
    return out;
}

Json Overlaid(const Json& under, const Json& over) {
    Json out(json_copy(under.raw()));
    const char* name;
    json_t* value;
    json_object_foreach(over.raw(), name, value) {
        out.Set(name, Json(json_incref(value)));
    }
    return out;
}

Json Shortened(const Json& object, const Json& defaults, const char* identity) {
    Json out = Json::Object();
    const char* name;
    json_t* value;
    json_object_foreach(object.raw(), name, value) {
        json_t* usual = json_object_get(defaults.raw(), name);
        const bool stays = std::string_view(name) == identity ||
                           (usual == nullptr ? !json_is_null(value)
                                             : json_equal(usual, value) == 0);
        if (stays) out.Set(name, Json(json_incref(value)));
    }
    return out;
}

Json WithNames(const char* section, const Json& object, const Names& names) {
    Json out = object;
    for (const Reference& reference : kReferences) {
        if (reference.section != section) continue;
        auto named = [&](const Json& inner) -> Result<Json> {
            json_t* ids = json_object_get(inner.raw(), reference.by_id);
            if (ids == nullptr) return inner;
            return Renamed(inner, reference.by_id, reference.by_name,
                           NamesOf(ids, reference, names));
        };
        auto done = reference.list == nullptr
                        ? named(out)
                        : InList(out, reference.list, named);
        if (done.ok()) out = std::move(*done);
    }
    return out;
}

Result<Json> WithIds(const char* section, const Json& object,
                     const Names& names) {
    Json out = object;
    for (const Reference& reference : kReferences) {
        if (reference.section != section) continue;
        auto identified = [&](const Json& inner) -> Result<Json> {
            if (IsMember(inner.raw(), reference.by_id)) {
                return service::InvalidField(
                    reference.by_id, std::string("A document has names: ") +
                                         reference.by_name + ".");
            }
            json_t* value = json_object_get(inner.raw(), reference.by_name);
            if (value == nullptr) return inner;
            auto ids = IdsOf(value, reference, names);
            if (!ids.ok()) return ids.error();
            return Renamed(inner, reference.by_name, reference.by_id, *ids);
        };
        auto done = reference.list == nullptr
                        ? identified(out)
                        : InList(out, reference.list, identified);
        if (!done.ok()) return done.error();
        out = std::move(*done);
    }
    return out;
}

std::string FieldInDocument(const char* section, const std::string& field) {
    for (const Reference& reference : kReferences) {
        if (reference.section != section) continue;
        const std::string by_id = reference.by_id;
        if (field == by_id) return reference.by_name;
        if (field.ends_with("." + by_id)) {
            return field.substr(0, field.size() - by_id.size()) +
                   reference.by_name;
        }
    }
    return field;
}

Result<Json> WithoutClear(const service::SealingKey& master,
                          const std::string& object_name, const Json& object,
                          Secrets secrets) {
    return Walk(
        object.raw(), "", IsSecret,
        [&](Json& out, const std::string& name, const std::string& path,
            json_t* secret) -> Status {
            if (secrets == Secrets::kNone) return {};
            const auto blob = master.SealAlike(ContextOf(object_name, path),
                                               json_string_value(secret));
            if (!blob.ok()) return blob.error();
            out.Set(std::string(kSealed) + name, service::Base64Url(*blob));
            return {};
        });
}

Result<Json> WithClear(const service::SealingKey& master,
                       const std::string& object_name, const Json& object) {
    return Walk(
        object.raw(), "",
        [](std::string_view name) {
            return name.starts_with(kSealed) &&
                   IsSecret(name.substr(kSealed.size()));
        },
        [&](Json& out, const std::string& name, const std::string& path,
            json_t* sealed) -> Status {
            const std::string clear = name.substr(kSealed.size());
            const std::string where =
                path.substr(0, path.size() - name.size()) + clear;
            const auto blob = service::FromBase64Url(json_string_value(sealed));
            auto secret =
                blob ? master.Open(ContextOf(object_name, where), *blob)
                     : Result<std::string>(ErrorCode::kValidation);
            if (!secret.ok()) {
                return service::InvalidField(
                    path,
                    "This was sealed for another object or under another "
                    "master key, or was changed. Add that key as a line to "
                    "the master key's file.");
            }
            out.Set(clear, *secret);
            service::Wipe(*secret);
            return {};
        });
}

Json MaskedAfter(const Json& before, const Json& after) {
    auto masked =
        Walk(after.raw(), "", IsSecret,
             [&](Json& out, const std::string& name, const std::string& path,
                 json_t* secret) -> Status {
                 const bool same =
                     json_equal(AtPath(before.raw(), path), secret) != 0;
                 out.Set(name, same ? "***" : "*** (changed)");
                 return {};
             });
    return masked.ok() ? std::move(*masked) : Json();
}

}  // namespace aiproxy::admin::document
