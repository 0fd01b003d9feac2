// SPDX-License-Identifier: MIT
//
// Signing in to the console at an OpenID provider, and the link by which a user
// is known there.

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/session.h"

namespace aiproxy::admin::api {
namespace {

constexpr std::int64_t kWayMs = 10 * 60'000;

Status ReadNothing(const Call& call) {
    if (call.request.body.empty()) return {};
    Fields fields(call.request.body);
    return fields.Finish();
}

Json BegunJson(const service::OidcBegun& begun) {
    Json json = Json::Object();
    json.Set("authorize_url", begun.authorize_url);
    return json;
}

Result<service::OidcReturn> ReadReturn(const Call& call) {
    Fields fields(call.request.body);
    service::OidcReturn given;
    std::optional<std::string> state;
    fields.Read("state", state);
    fields.Read("code", given.code);
    fields.Read("error", given.error);
    if (!state || state->empty() || state->size() > 128) {
        fields.Fail("state", "A state has 1 to 128 characters.");
    }
    if (given.code && (given.code->empty() || given.code->size() > 4096 ||
                       given.code->find_first_of("\r\n") != given.code->npos)) {
        fields.Fail("code", "A code has 1 to 4096 characters.");
    }
    if (given.error && given.error->size() > 256) {
        fields.Fail("error", "An error has up to 256 characters.");
    }
    if (given.code.has_value() == given.error.has_value()) {
        fields.Fail("code", "Either a code or an error comes back.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    given.state = *state;
    return given;
}

Json IdentityJson(const store::Identity& identity) {
    Json json = Json::Object();
    json.Set("issuer", identity.issuer);
    json.Set("subject", identity.subject);
    json.Set("created_at", FormatTime(identity.created_at));
    return json;
}

Result<Reply> IdentitiesOf(Services& services, const Call& call,
                           std::int64_t user_id) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto list = services.users.ListIdentities(user_id);
    if (!list.ok()) return list.error();
    return ListReply(*list, INT64_MAX, IdentityJson,
                     [](const store::Identity&) { return std::string(); });
}

Reply Exchanging() {
    Json json = Json::Object();
    json.Set("state", "exchanging");
    return JsonReply(202, json);
}

}  // namespace

Result<Reply> GetOidc(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto row = services.oidc_settings.Get();
    if (!row.ok()) return row.error();
    Json json = Json::Object();
    json.Set("is_enabled", row->is_enabled);
    if (row->is_enabled) {
        json.Set("name", row->name);
    } else {
        json.Set("name", nullptr);
    }
    return JsonReply(200, json);
}

Result<Reply> StartOidc(Services& services, const Call& call) {
    Status status = CheckOrigin(call);
    if (status.ok()) status = ReadNothing(call);
    if (!status.ok()) return status.error();
    const auto begun =
        services.oidc_sign_ins.Start(ConsoleOf(call), std::nullopt);
    if (!begun.ok()) return begun.error();
    Reply reply = JsonReply(201, BegunJson(*begun));
    reply.headers.emplace_back(
        "Set-Cookie", SessionCookie(call, begun->browser, kWayMs / 1000));
    return reply;
}

Result<Reply> ReturnOidc(Services& services, const Call& call) {
    const Status origin = CheckOrigin(call);
    if (!origin.ok()) return origin.error();
    const auto given = ReadReturn(call);
    if (!given.ok()) return given.error();
    const auto user = services.oidc_sign_ins.Return(
        *given, call.request.cookie_sid, std::nullopt);
    if (!user.ok()) return user.error();
    if (!*user) return Exchanging();
    const auto sign_in = services.auth.StartSession(**user);
    if (!sign_in.ok()) return sign_in.error();
    return SignInReply(call, *sign_in);
}

Result<Reply> StartOidcLink(Services& services, const Call& call) {
    const Status status = ReadNothing(call);
    if (!status.ok()) return status.error();
    const auto begun =
        services.oidc_sign_ins.Start(ConsoleOf(call), call.who.user.id);
    if (!begun.ok()) return begun.error();
    return JsonReply(201, BegunJson(*begun));
}

Result<Reply> ReturnOidcLink(Services& services, const Call& call) {
    const auto given = ReadReturn(call);
    if (!given.ok()) return given.error();
    const auto user =
        services.oidc_sign_ins.Return(*given, "", call.who.user.id);
    if (!user.ok()) return user.error();
    if (!*user) return Exchanging();
    return Reply{204, "", {}};
}

Result<Reply> ListUserIdentities(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    return IdentitiesOf(services, call, *id);
}

Result<Reply> DeleteUserIdentities(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const bool own = *id == call.who.user.id;
    const Status unlinked =
        services.users.Unlink(*id, own ? call.who.session_id : "");
    if (!unlinked.ok()) return unlinked.error();
    return Reply{204, "", {}};
}

Result<Reply> GetOidcLink(Services& services, const Call& call) {
    return IdentitiesOf(services, call, call.who.user.id);
}

Result<Reply> DeleteOidcLink(Services& services, const Call& call) {
    const Status unlinked =
        services.users.Unlink(call.who.user.id, call.who.session_id);
    if (!unlinked.ok()) return unlinked.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
