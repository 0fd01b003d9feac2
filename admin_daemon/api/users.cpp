// SPDX-License-Identifier: MIT

#include "admin_daemon/api/users.h"

#include "admin_daemon/api/objects.h"

namespace aiproxy::admin::api {

using service::User;
using service::UserChange;

Json UserJson(const User& user) {
    Json json = Json::Object();
    json.Set("id", user.id);
    json.Set("username", user.username);
    json.Set("role", user.role);
    json.Set("display_name", user.display_name);
    json.Set("email", user.email);
    json.Set("is_enabled", user.is_enabled);
    json.Set("must_change_password", user.must_change_password);
    json.Set("last_login_at", TimeText(user.last_login_at));
    json.Set("created_at", FormatTime(user.created_at));
    json.Set("updated_at", FormatTime(user.updated_at));
    return json;
}

Result<UserChange> ReadUser(const std::string& body) {
    Fields fields(body);
    UserChange change;
    fields.Read("username", change.username);
    fields.Read("password", change.password);
    fields.Read("role", change.role);
    fields.Read("display_name", change.display_name);
    fields.Read("email", change.email);
    fields.Read("must_change_password", change.must_change_password);
    fields.Read("is_enabled", change.is_enabled);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

Result<Reply> ListUsers(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"username"}, {"created_at"});
    service::UserFilter filter;
    filter.role = query.Text("role", 16);
    if (filter.role && !service::ParseRole(*filter.role)) query.Fail("role");
    filter.is_enabled = query.Flag("is_enabled");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.users.List(filter, page);
    if (!rows.ok()) return rows.error();
    return PageReply(std::move(*rows), page, UserJson, [&](const User& row) {
        return page.by_text ? PageCursor(row.username, row.id)
                            : PageCursor(row.created_at, row.id);
    });
}

Result<Reply> GetUser(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto user = services.users.Get(*id);
    if (!user.ok()) return user.error();
    return VersionedReply(200, UserJson(*user), user->version);
}

Result<Reply> CreateUser(Services& services, const Call& call) {
    const auto change = ReadUser(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.users.Create(*change);
    if (!made.ok()) return made.error();
    return WithGeneration(
        WithLocation(
            VersionedReply(201, UserJson(made->value), made->value.version),
            "/api/users/", made->value.id),
        made->generation);
}

Result<Reply> UpdateUser(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadUser(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated = services.users.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(
        VersionedReply(200, UserJson(updated->value), updated->value.version),
        updated->generation);
}

Result<Reply> DeleteUser(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.users.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

Result<Reply> GetMe(Services&, const Call& call) {
    return VersionedReply(200, UserJson(call.who.user), call.who.user.version);
}

// Of oneself: what says nothing about what one may do.
Result<Reply> UpdateMe(Services& services, const Call& call) {
    Fields fields(call.request.body);
    UserChange change;
    fields.Read("display_name", change.display_name);
    fields.Read("email", change.email);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto updated =
        services.users.Update(call.who.user.id, change, call.scope);
    if (!updated.ok()) return updated.error();
    return VersionedReply(200, UserJson(updated->value),
                          updated->value.version);
}

}  // namespace aiproxy::admin::api
