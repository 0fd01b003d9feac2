// SPDX-License-Identifier: MIT

#include "admin_daemon/http/audit_trail.h"

#include <algorithm>

#include "admin_daemon/http/routes.h"
#include "admin_daemon/json.h"

namespace aiproxy::admin::http {
namespace {

using service::AuditEntry;

// The path of the object: the whole of what can be read there, or up to its
// {id}.
std::string_view ObjectPath(const Route& route) {
    const std::size_t brace = route.path.find('}');
    if (brace == route.path.npos) {
        return route.method == "POST" ? std::string_view() : route.path;
    }
    return FindReader(route.path) != nullptr ? route.path
                                             : route.path.substr(0, brace + 1);
}

// The path of what a write changes: of "/api/client-keys/{id}/limits/reset"
// that is "/api/client-keys/{id}/limits".
std::string_view ChangedPath(const Route& route) {
    const std::string_view object = ObjectPath(route);
    std::string_view path = object.empty() ? object : route.path;
    while (path.size() > object.size() && FindReader(path) == nullptr) {
        path = path.substr(0, path.rfind('/'));
    }
    return path;
}

std::optional<Reply> ReadAt(service::Services& services, std::string_view path,
                            const Call& call) {
    const Route* reader = path.empty() ? nullptr : FindReader(path);
    if (reader == nullptr) return std::nullopt;
    Call asked = call;
    asked.query.clear();
    asked.scope.version.reset();
    auto reply = reader->handler(services, asked);
    if (!reply.ok()) return std::nullopt;
    return std::move(*reply);
}

// "client-keys" and "rotate" of "/api/client-keys/{id}/rotate".
void NameWrite(const Route& route, AuditEntry& entry) {
    constexpr std::string_view root = "/api/";
    std::string_view path = route.path;
    if (path.starts_with(root)) path.remove_prefix(root.size());
    const std::size_t brace = path.find("/{");
    std::string_view action;
    if (brace != path.npos) {
        action = path.substr(path.find('}') + 1);
        path = path.substr(0, brace);
    } else if (route.method == "POST" && FindReader(route.path) == nullptr) {
        const std::size_t slash = path.rfind('/');
        action = slash == path.npos ? path : path.substr(slash);
        path = path.substr(0, slash);
    }
    if (action.starts_with('/')) action.remove_prefix(1);
    if (action.empty()) {
        action = route.method == "POST"     ? "create"
                 : route.method == "DELETE" ? "delete"
                                            : "update";
    }
    entry.object_type = path;
    entry.action = action;
}

std::optional<std::string> MaskedBody(const std::optional<Reply>& reply) {
    if (!reply || reply->body.empty()) return std::nullopt;
    const auto json = Json::Parse(reply->body);
    if (!json) return std::nullopt;
    return service::Masked(*json).Dump();
}

// A create tells where the object is.
std::optional<std::string> LocationId(const Reply& reply) {
    for (const auto& [name, value] : reply.headers) {
        if (name == "Location") return value.substr(value.rfind('/') + 1);
    }
    return std::nullopt;
}

AuditEntry EntryOf(const Route& route, const Call& call) {
    AuditEntry entry;
    NameWrite(route, entry);
    entry.request_id = call.request.request_id;
    entry.username = call.who.user.username;
    if (call.who.user.id != 0) entry.user_id = call.who.user.id;
    if (call.who.token) entry.api_token_id = call.who.token->id;
    if (!call.request.forwarded_for.empty()) {
        entry.address = ValidUtf8(call.request.forwarded_for.substr(0, 64));
    }
    if (!call.id.empty()) entry.object_id = ValidUtf8(call.id);
    return entry;
}

// Who signs in. What is no user's name may be a password in the wrong field.
std::string NameIn(service::Services& services, const std::string& body) {
    const auto asked = Json::Parse(body);
    const char* name =
        asked ? json_string_value(json_object_get(asked->raw(), "username"))
              : nullptr;
    if (name == nullptr || *name == 0) return {};
    service::Page page;
    page.limit = 200;
    page.search = name;
    const auto users = services.users.List({}, page);
    if (!users.ok()) return {};
    const bool known =
        std::any_of(users->begin(), users->end(),
                    [&](const auto& user) { return user.username == name; });
    return known ? name : std::string();
}

// The write is done, whatever becomes of its entry.
void Note(const Log& log, const AuditEntry& entry, const Status& status) {
    if (status.ok()) return;
    log.Error("audit_entry_not_finished", {{"request_id", entry.request_id},
                                           {"reason", status.error().detail}});
}

}  // namespace

std::optional<Reply> ReadObject(service::Services& services, const Route& route,
                                const Call& call) {
    return ReadAt(services, ObjectPath(route), call);
}

Result<Reply> RunAudited(service::Services& services, const Log& log,
                         const Route& route, const Call& call) {
    AuditEntry entry = EntryOf(route, call);
    entry.before = MaskedBody(ReadAt(services, ChangedPath(route), call));
    const Status begun = services.audit.Begin(entry);
    if (!begun.ok()) return begun.error();
    auto reply = route.handler(services, call);
    if (!reply.ok() && Describe(reply.code()).status < 500) {
        Note(log, entry, services.audit.Drop(entry));
        return reply;
    }
    entry.status = reply.ok() ? reply->status : Describe(reply.code()).status;
    if (reply.ok()) {
        if (const auto id = LocationId(*reply)) entry.object_id = id;
        entry.after = MaskedBody(*reply);
        if (!entry.after && route.method != "DELETE") {
            entry.after =
                MaskedBody(ReadAt(services, ChangedPath(route), call));
        }
    }
    Note(log, entry, services.audit.Finish(entry));
    return reply;
}

Result<Reply> RunWatched(service::Services& services, const Log& log,
                         const Route& route, const Call& call) {
    AuditEntry entry = EntryOf(route, call);
    entry.action = "read_" + entry.action;
    const Status begun = services.audit.Begin(entry);
    if (!begun.ok()) return begun.error();
    auto reply = route.handler(services, call);
    if (!reply.ok() && Describe(reply.code()).status < 500) {
        Note(log, entry, services.audit.Drop(entry));
        return reply;
    }
    entry.status = reply.ok() ? reply->status : Describe(reply.code()).status;
    Note(log, entry, services.audit.Finish(entry));
    return reply;
}

Result<Reply> RunLogin(service::Services& services, const Log& log,
                       const Route& route, const Call& call) {
    auto reply = route.handler(services, call);
    const bool known = reply.ok() || reply.code() == ErrorCode::kLoginFailed ||
                       reply.code() == ErrorCode::kLoginLocked ||
                       reply.code() == ErrorCode::kForbidden;
    // 202: what it comes to is asked for again.
    if (!known || (reply.ok() && reply->status == 202)) return reply;
    AuditEntry entry = EntryOf(route, call);
    entry.username = NameIn(services, call.request.body);
    entry.status = reply.ok() ? reply->status : Describe(reply.code()).status;
    if (reply.ok()) {
        const auto session = Json::Parse(reply->body);
        if (session) {
            json_t* user = json_object_get(session->raw(), "user");
            entry.user_id = json_integer_value(json_object_get(user, "id"));
            const char* name =
                json_string_value(json_object_get(user, "username"));
            if (name != nullptr) entry.username = name;
        }
    }
    Status status = services.audit.Begin(entry);
    if (status.ok()) status = services.audit.Finish(entry);
    Note(log, entry, status);
    return reply;
}

}  // namespace aiproxy::admin::http
