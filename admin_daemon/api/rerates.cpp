// SPDX-License-Identifier: MIT
//
// Re-rating: a preview is asked for, looked at, and applied. Each is a job.

#include "admin_daemon/api/jobs.h"
#include "admin_daemon/api/record_json.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/rerating.h"

namespace aiproxy::admin::api {
namespace {

using service::Job;
using service::Rerated;
using service::RerateOrder;

constexpr std::size_t kMaxModel = 256;

Result<RerateOrder> ReadOrder(const Call& call) {
    Fields fields(call.request.body);
    RerateOrder order;
    std::optional<std::optional<UnixMs>> from;
    std::optional<std::optional<UnixMs>> to;
    fields.ReadTime("from", from);
    fields.ReadTime("to", to);
    fields.Read("client_key_id", order.client_key_id);
    fields.Read("provider_id", order.provider_id);
    fields.Read("model", order.model);
    auto check_id = [&](const char* name, std::optional<std::int64_t> id) {
        if (id && *id < 1) fields.Fail(name, "This must be an id.");
    };
    check_id("client_key_id", order.client_key_id);
    check_id("provider_id", order.provider_id);
    if (order.model &&
        (order.model->empty() || order.model->size() > kMaxModel)) {
        fields.Fail("model", "This must have 1 to 256 bytes.");
    }
    if (!from.value_or(std::nullopt)) {
        fields.Fail("from", "When the period begins.");
    }
    if (!to.value_or(std::nullopt)) fields.Fail("to", "When it ends.");
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    order.from = **from;
    order.to = **to;
    if (order.to <= order.from) {
        return service::InvalidField("to", "This must be after from.");
    }
    // Else what is yet to come would be in the result and not in the preview.
    if (order.to > NowMs()) {
        return service::InvalidField("to", "This must not be in the future.");
    }
    return order;
}

struct Found {
    Job job;
    RerateOrder order;
};

Result<Found> FindRerate(Services& services, const Call& call) {
    auto job = services.jobs.Get(call.id, JobsOf(call));
    if (!job.ok()) return job.error();
    const auto order = RerateOrder::Parse(job->parameters);
    if (job->kind != "rerate" || !order) return ErrorCode::kNotFound;
    return Found{std::move(*job), *order};
}

Json RowJson(const Rerated::Row& row, const service::Records::Names& names) {
    Json json = Json::Object();
    json.Set("client_key",
             row.client_key_id
                 ? RefJson(*row.client_key_id,
                           names.client_keys.at(*row.client_key_id))
                 : Json());
    json.Set("model", row.model);
    json.Set("changed", row.changed);
    json.Set("old_cost", pricing::FormatUsd(row.old_cost));
    json.Set("new_cost", pricing::FormatUsd(row.new_cost));
    return json;
}

Result<Json> FiguresJson(Services& services, const Rerated& rerated) {
    service::Records::Names names;
    for (const auto& row : rerated.rows) {
        if (row.client_key_id) names.client_keys[*row.client_key_id];
    }
    const Status status = services.records.FindNames(names);
    if (!status.ok()) return status.error();
    Json items = Json::Array();
    for (const auto& row : rerated.rows) items.Append(RowJson(row, names));
    Json json = Json::Object();
    json.Set("records", rerated.records);
    json.Set("changed", rerated.changed);
    json.Set("by_provider", rerated.by_provider);
    json.Set("unpriced_before", rerated.unpriced_before);
    json.Set("unpriced_after", rerated.unpriced_after);
    json.Set("old_cost", pricing::FormatUsd(rerated.old_cost));
    json.Set("new_cost", pricing::FormatUsd(rerated.new_cost));
    json.Set("items", items);
    json.Set("left_out", rerated.rows_left_out);
    return json;
}

}  // namespace

Result<Reply> CreateRerate(Services& services, const Call& call) {
    const auto order = ReadOrder(call);
    if (!order.ok()) return order.error();
    const auto job = services.jobs.Create(call.who.user.id, service::kRerateJob,
                                          order->Format());
    if (!job.ok()) return job.error();
    return JobReply(services, *job);
}

Result<Reply> GetRerate(Services& services, const Call& call) {
    const auto found = FindRerate(services, call);
    if (!found.ok()) return found.error();
    const auto& [job, order] = *found;
    Json json = Json::Object();
    json.Set("job", JobJson(services, job));
    json.Set("from", FormatTime(order.from));
    json.Set("to", FormatTime(order.to));
    json.Set("client_key_id", order.client_key_id);
    json.Set("provider_id", order.provider_id);
    json.Set("model", order.model);
    json.Set("preview_id", order.preview_id);
    const auto rerated =
        job.result ? Rerated::Parse(*job.result) : std::nullopt;
    if (!rerated) {
        json.Set("figures", nullptr);
        return JsonReply(200, json);
    }
    const auto figures = FiguresJson(services, *rerated);
    if (!figures.ok()) return figures.error();
    json.Set("figures", *figures);
    return JsonReply(200, json);
}

Result<Reply> ApplyRerate(Services& services, const Call& call) {
    const auto found = FindRerate(services, call);
    if (!found.ok()) return found.error();
    const auto shown =
        found->job.result ? Rerated::Parse(*found->job.result) : std::nullopt;
    Error error(ErrorCode::kConflict);
    if (found->order.preview_id || !shown) {
        error.public_text = found->order.preview_id
                                ? "This is no preview."
                                : "The preview is not done.";
        return error;
    }
    const auto table = services.rerating.FindPriceTable();
    if (!table.ok()) return table.error();
    if (*table != shown->price_table) {
        error.code = ErrorCode::kStale;
        error.public_text = "Prices changed since the preview: make another.";
        return error;
    }
    RerateOrder order = found->order;
    order.preview_id = found->job.id;
    order.price_table = shown->price_table;
    const auto job = services.jobs.Create(call.who.user.id, service::kRerateJob,
                                          order.Format());
    if (!job.ok()) return job.error();
    return JobReply(services, *job);
}

}  // namespace aiproxy::admin::api
