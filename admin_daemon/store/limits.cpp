// SPDX-License-Identifier: MIT

#include "admin_daemon/store/limits.h"

#include <soci/soci.h>

#include "admin_daemon/json.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kUserLimitsFind[] = R"(
SELECT user_id, limits, version, updated_at FROM user_limits
WHERE user_id = :user_id)";

constexpr char kUserLimitsListSince[] = R"(
SELECT user_id, limits, version, updated_at FROM user_limits
WHERE version > :version)";

constexpr char kUserLimitsUpsert[] = R"(
INSERT INTO user_limits (user_id, limits, version, updated_at)
VALUES (:user_id, :limits, :version, :updated_at)
ON CONFLICT (user_id) DO UPDATE
SET limits = excluded.limits, version = excluded.version,
    updated_at = excluded.updated_at)";

constexpr char kRaisedUntilUpdate[] =
    "UPDATE client_keys SET raised_until = :until WHERE id = :id";

constexpr char kRaisedUntilList[] =
    "SELECT id FROM client_keys WHERE raised_until <= :now";

void AppendRaises(Json& json, const std::vector<LimitRaise>& raises) {
    if (raises.empty()) return;
    Json list = Json::Array();
    for (const LimitRaise& raise : raises) {
        Json one = Json::Object();
        one.Set("limit_name", raise.limit_name);
        one.Set("amount", raise.amount);
        one.Set("ends_at", raise.ends_at);
        list.Append(std::move(one));
    }
    json.Set("raises", std::move(list));
}

std::vector<LimitRaise> ReadRaises(json_t* list) {
    std::vector<LimitRaise> raises;
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        json_t* at = json_array_get(list, i);
        const char* name = json_string_value(json_object_get(at, "limit_name"));
        raises.push_back({name == nullptr ? "" : name,
                          json_integer_value(json_object_get(at, "amount")),
                          json_integer_value(json_object_get(at, "ends_at"))});
    }
    return raises;
}

struct UserLimitsRow {
    UserLimits value;
    std::optional<std::string> limits;
    void Into(soci::statement& st) {
        st.exchange(into(value.user_id));
        st.exchange(into(limits));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
    }
    UserLimits Take() {
        value.limits = DecodeLimits(limits);
        return value;
    }
};

}  // namespace

std::optional<std::string> EncodeLimits(const Limits& limits) {
    Json json = Json::Object();
    for (const LimitNumber& number : kLimitNumbers) {
        const auto& value = limits.*number.value;
        if (value) json.Set(number.name, *value);
    }
    if (limits.time_zone) json.Set("time_zone", *limits.time_zone);
    if (limits.when_unknown != Limits().when_unknown) {
        json.Set("when_unknown", limits.when_unknown);
    }
    if (limits.ends_at_limit) json.Set("ends_at_limit", true);
    AppendRaises(json, limits.raises);
    if (json_object_size(json.raw()) == 0) return std::nullopt;
    return json.Dump();
}

Limits DecodeLimits(const std::optional<std::string>& text) {
    Limits limits;
    if (!text) return limits;
    const Json json = Json::Parse(*text).value_or(Json::Object());
    for (const LimitNumber& number : kLimitNumbers) {
        json_t* value = json_object_get(json.raw(), number.name);
        if (json_is_integer(value)) {
            limits.*number.value = json_integer_value(value);
        }
    }
    if (json_t* zone = json_object_get(json.raw(), "time_zone")) {
        limits.time_zone = json_string_value(zone);
    }
    if (json_t* when = json_object_get(json.raw(), "when_unknown")) {
        limits.when_unknown = json_string_value(when);
    }
    limits.ends_at_limit =
        json_is_true(json_object_get(json.raw(), "ends_at_limit"));
    limits.raises = ReadRaises(json_object_get(json.raw(), "raises"));
    return limits;
}

void UpdateRaisedUntil(Connection& connection, std::int64_t client_key_id,
                       std::optional<UnixMs> until) {
    Execute(connection, kRaisedUntilUpdate, use(until, "until"),
            use(client_key_id, "id"));
}

std::vector<std::int64_t> ListClientKeysRaisedUntil(Connection& connection,
                                                    UnixMs now) {
    return Fetch<Single<std::int64_t>>(connection, kRaisedUntilList,
                                       use(now, "now"));
}

std::optional<UserLimits> FindUserLimits(Connection& connection,
                                         std::int64_t user_id) {
    return First(Fetch<UserLimitsRow>(connection, kUserLimitsFind,
                                      use(user_id, "user_id")));
}

std::vector<UserLimits> ListUserLimitsSince(Connection& connection,
                                            std::int64_t version) {
    return Fetch<UserLimitsRow>(connection, kUserLimitsListSince,
                                use(version, "version"));
}

void UpsertUserLimits(Connection& connection, const UserLimits& row) {
    const std::string limits = EncodeLimits(row.limits).value_or("{}");
    Execute(connection, kUserLimitsUpsert, use(row.user_id, "user_id"),
            use(limits, "limits"), use(row.version, "version"),
            use(row.updated_at, "updated_at"));
}

}  // namespace aiproxy::admin::store
