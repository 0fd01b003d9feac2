// SPDX-License-Identifier: MIT

#include "admin_daemon/api/limits.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

using service::LimitReport;
using service::LimitUse;

constexpr int kUsdDecimals = 12;

bool IsCost(limit::Kind kind) {
    return kind == limit::Kind::kCostPerDay ||
           kind == limit::Kind::kCostPerMonth;
}

// Costs are USD as everywhere; counts are numbers.
void SetAmount(Json& json, const char* name, limit::Kind kind,
               std::uint64_t amount) {
    const auto value =
        static_cast<std::int64_t>(std::min<std::uint64_t>(amount, INT64_MAX));
    if (IsCost(kind)) {
        json.Set(name, pricing::FormatUsd(value));
    } else {
        json.Set(name, value);
    }
}

Json UseJson(const LimitUse& use) {
    Json json = Json::Object();
    json.Set("limit_name", std::string(limit::Name(use.standing.kind)));
    SetAmount(json, "limit", use.standing.kind, use.standing.limit);
    SetAmount(json, "used", use.standing.kind, use.standing.used);
    const double share = use.standing.limit == 0
                             ? 100
                             : static_cast<double>(use.standing.used) * 100 /
                                   static_cast<double>(use.standing.limit);
    json.Set("used_percent", static_cast<std::int64_t>(share));
    json.Set("resets_at", FormatTime(use.resets_at));
    return json;
}

Json ReportJson(const LimitReport& report) {
    Json json = Json::Object();
    json.Set("client_key", RefJson(report.client_key_id, report.name));
    json.Set("limits", UsesJson(report.own));
    json.Set("user_limits", UsesJson(report.of_user));
    return json;
}

Json UserLimitsJson(const store::Limits& limits) {
    Json json = Json::Object();
    SetLimits(json, LimitsOf::kUser, limits);
    return json;
}

}  // namespace

Json UsesJson(const std::vector<LimitUse>& uses) {
    Json list = Json::Array();
    for (const LimitUse& use : uses) list.Append(UseJson(use));
    return list;
}

Result<Reply> GetUserLimits(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto limits = services.limits.GetUser(*id);
    if (!limits.ok()) return limits.error();
    return VersionedReply(200, UserLimitsJson(limits->limits), limits->version);
}

Result<Reply> UpdateUserLimits(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Fields fields(call.request.body);
    service::LimitsChange change;
    ReadLimits(fields, LimitsOf::kUser, change);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto updated = services.limits.UpdateUser(*id, change, call.scope);
    if (!updated.ok()) return updated.error();
    const store::UserLimits& row = updated->value;
    return WithGeneration(
        VersionedReply(200, UserLimitsJson(row.limits), row.version),
        updated->generation);
}

Result<Reply> GetClientKeyLimits(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto report = services.limits.Report(*id, call.scope);
    if (!report.ok()) return report.error();
    return JsonReply(200, ReportJson(*report));
}

Result<Reply> ResetClientKeyLimits(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const Status status = services.limits.Reset(*id);
    if (!status.ok()) return status.error();
    return Reply{204, "", {}};
}

Result<Reply> RaiseClientKeyLimit(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Fields fields(call.request.body);
    std::optional<std::string> name;
    std::optional<std::string> text;
    fields.Read("limit_name", name);
    fields.Read("amount", text);
    std::optional<std::int64_t> amount;
    const bool usd = name && name->starts_with("cost_");
    if (text) amount = pricing::ParseDecimal(*text, usd ? kUsdDecimals : 0);
    if (!name) fields.Fail("limit_name", "This is required.");
    if (!amount) {
        fields.Fail("amount",
                    "This is a number of requests or tokens, or USD, "
                    "as text.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto raised = services.limits.Raise(*id, *name, *amount);
    if (!raised.ok()) return raised.error();
    return WithGeneration(JsonReply(200, ReportJson(raised->value)),
                          raised->generation);
}

Result<Reply> ListUsedLimits(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t above = query.Number("above", 1, 100).value_or(80);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto reports = services.limits.Above(above);
    if (!reports.ok()) return reports.error();
    return ListReply(*reports, INT64_MAX, ReportJson,
                     [](const LimitReport&) { return std::string(); });
}

}  // namespace aiproxy::admin::api
