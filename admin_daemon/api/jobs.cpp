// SPDX-License-Identifier: MIT
//
// Jobs: an export of records is asked for, looked at, and downloaded; a check
// of a provider key is asked for in health.cpp. Everybody sees their own,
// admins all.

#include "admin_daemon/api/jobs.h"

#include <array>

#include "admin_daemon/api/record_json.h"
#include "admin_daemon/service/connection_tests.h"

namespace aiproxy::admin::api {

using service::Job;

namespace {

Json ConnectionOf(const Job& job) {
    if (job.kind != service::kConnectionTestJob || !job.result) return Json();
    return Json::Parse(*job.result).value_or(Json());
}

}  // namespace

std::optional<std::int64_t> JobsOf(const Call& call) {
    if (call.who.user.role == "admin") return std::nullopt;
    return call.who.user.id;
}

Json JobJson(Services& services, const Job& job) {
    const auto order = service::ExportOrder::Parse(job.parameters);
    Json json = Json::Object();
    json.Set("id", job.id);
    json.Set("kind", job.kind);
    json.Set("state", job.state);
    json.Set("format", order ? std::optional(order->format) : std::nullopt);
    json.Set("records", job.done);
    json.Set("total", job.total);
    json.Set("bytes", services.jobs.SizeOf(job));
    json.Set("error", job.error);
    json.Set("created_at", FormatTime(job.created_at));
    json.Set("updated_at", FormatTime(job.updated_at));
    json.Set("provider_key_id", service::CheckedKey(job));
    json.Set("connection", ConnectionOf(job));
    json.Set("expires_at", FormatTime(job.expires_at));
    return json;
}

Reply JobReply(Services& services, const Job& job) {
    Reply reply = JsonReply(202, JobJson(services, job));
    reply.headers.emplace_back("Location", "/api/jobs/" + job.id);
    return reply;
}

Result<Reply> CreateExport(Services& services, const Call& call) {
    Query query(call);
    service::ExportOrder order;
    ReadRecordFilter(query, order.filter);
    if (order.filter.outcome == "running") query.Fail("outcome");
    Status status = query.Finish();
    if (!status.ok()) return status.error();
    Fields fields(call.request.body);
    std::optional<std::string> format;
    fields.Read("format", format);
    if (format != "csv" && format != "jsonl.zst") {
        fields.Fail("format", "This must be csv or jsonl.zst.");
    }
    status = fields.Finish();
    if (!status.ok()) return status.error();
    order.format = *format;
    if (call.scope.owner) order.filter.user_id = call.scope.owner;
    const auto job = services.jobs.Create(call.who.user.id, service::kExportJob,
                                          order.Format());
    if (!job.ok()) return job.error();
    return JobReply(services, *job);
}

Result<Reply> ListJobs(Services& services, const Call& call) {
    constexpr std::int64_t most = 200;
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto jobs = services.jobs.List(JobsOf(call), most);
    if (!jobs.ok()) return jobs.error();
    return ListReply(
        *jobs, most, [&](const Job& job) { return JobJson(services, job); },
        [](const Job&) { return std::string(); });
}

Result<Reply> GetJob(Services& services, const Call& call) {
    const auto job = services.jobs.Get(call.id, JobsOf(call));
    if (!job.ok()) return job.error();
    return JsonReply(200, JobJson(services, *job));
}

// nginx sends the file itself, however large it is.
Result<Reply> DownloadJob(Services& services, const Call& call) {
    const auto job = services.jobs.Get(call.id, JobsOf(call));
    if (!job.ok()) return job.error();
    if (!services.jobs.SizeOf(*job)) {
        Error error(ErrorCode::kConflict);
        error.public_text = job->kind != "export" ? "The job makes no file."
                            : services.jobs.IsHere(*job)
                                ? "The job is not done."
                                : "The file is on another node.";
        return error;
    }
    const std::string path = services.jobs.PathOf(*job);
    Reply reply;
    reply.type =
        job->result->ends_with(".csv") ? "text/csv" : "application/zstd";
    reply.body = "nginx sends the file in place of this\n";
    reply.headers.emplace_back("Content-Disposition",
                               "attachment; filename=\"" + *job->result + "\"");
    reply.headers.emplace_back(
        "X-Accel-Redirect", "/aiproxy-exports" + path.substr(path.rfind('/')));
    return reply;
}

}  // namespace aiproxy::admin::api
