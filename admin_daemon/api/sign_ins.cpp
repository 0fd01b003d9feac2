// SPDX-License-Identifier: MIT
//
// Sign-ins for OAuth keys: begun, finished by what comes back, and watched by
// whoever began them. Nobody sees another user's.

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/session.h"
#include "admin_daemon/service/returned_code.h"

namespace aiproxy::admin::api {
namespace {

using service::KeySignIn;

constexpr std::int64_t kMostListed = 200;

Json SignInJson(const KeySignIn& sign_in) {
    const auto& row = sign_in.row;
    Json json = Json::Object();
    json.Set("id", row.id);
    json.Set("provider_key_id", row.provider_key_id);
    json.Set("flow", row.flow);
    json.Set("state", row.state);
    json.Set("authorize_url", sign_in.authorize_url);
    json.Set("redirect_uri", row.redirect_uri);
    json.Set("user_code", row.user_code);
    json.Set("verification_url", row.verification_url);
    json.Set("error", row.error);
    json.Set("created_at", FormatTime(row.created_at));
    json.Set("expires_at", FormatTime(row.expires_at));
    return json;
}

// A sign-in is its user's own, whoever that is; the key must be one that this
// user may change.
service::AccessScope KeysOf(const Call& call) {
    const auto role = service::ParseRole(call.who.user.role);
    const auto scope = role ? service::ScopeOf(service::Access::kOperatorOrOwn,
                                               *role, call.who.user.id)
                            : std::nullopt;
    return scope.value_or(service::AccessScope{call.who.user.id, {}});
}

}  // namespace

Result<Reply> StartSignIn(Services& services, const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::int64_t> key;
    fields.Read("provider_key_id", key);
    if (!key) fields.Fail("provider_key_id", "A provider key is needed.");
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto begun = services.sign_ins.Start(call.who.user.id, *key,
                                               ConsoleOf(call), KeysOf(call));
    if (!begun.ok()) return begun.error();
    Reply reply = JsonReply(201, SignInJson(*begun));
    reply.headers.emplace_back("Location",
                               "/api/oauth/sign-ins/" + begun->row.id);
    return reply;
}

Result<Reply> ListSignIns(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    auto rows = services.sign_ins.List(call.who.user.id);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), kMostListed, SignInJson,
                     [](const KeySignIn&) { return std::string(); });
}

Result<Reply> GetSignIn(Services& services, const Call& call) {
    const auto row = services.sign_ins.Get(call.id, call.who.user.id);
    if (!row.ok()) return row.error();
    return JsonReply(200, SignInJson(*row));
}

Result<Reply> GiveSignInCode(Services& services, const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::string> code;
    fields.Read("code", code);
    if (!code) fields.Fail("code", "A code is needed.");
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto row = services.sign_ins.GiveCode(call.id, call.who.user.id,
                                                KeysOf(call), *code);
    if (!row.ok()) return row.error();
    return JsonReply(202, SignInJson(*row));
}

Result<Reply> ReturnSignIn(Services& services, const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::string> state;
    service::KeySignInReturn given;
    fields.Read("state", state);
    fields.Read("code", given.code);
    fields.Read("error", given.error);
    if (!state || state->empty() || state->size() > 256) {
        fields.Fail("state", "What was sent out must come back.");
    }
    if (given.code && (given.code->empty() || given.code->size() > 4096)) {
        fields.Fail("code", "A code has 1 to 4096 bytes.");
    }
    if (given.error && given.error->empty()) {
        fields.Fail("error", "An error has a name.");
    }
    if (!given.code && !given.error) {
        fields.Fail("code", "A code, or an error, is needed.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    given.state = *state;
    if (given.error) given.error = service::ShownError(*given.error);
    const auto row =
        services.sign_ins.Return(call.who.user.id, KeysOf(call), given);
    if (!row.ok()) return row.error();
    return JsonReply(202, SignInJson(*row));
}

Result<Reply> CancelSignIn(Services& services, const Call& call) {
    const Status status = services.sign_ins.Cancel(call.id, call.who.user.id);
    if (!status.ok()) return status.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
