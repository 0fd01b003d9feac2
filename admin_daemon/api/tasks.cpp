// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::TaskState;

Json LeaseJson(const TaskState& task) {
    if (!task.lease) return Json();
    Json json = Json::Object();
    json.Set("node_id", task.lease->node_id);
    json.Set("held_until",
             task.lease->held_until > NowMs()
                 ? std::optional(FormatTime(task.lease->held_until))
                 : std::nullopt);
    return json;
}

Json TaskJson(const TaskState& task) {
    const store::TaskRun& run = task.run;
    Json json = Json::Object();
    json.Set("name", run.name);
    json.Set("node_id", run.node_id);
    json.Set("lease", LeaseJson(task));
    json.Set("runs", run.runs);
    json.Set("failures", run.failures);
    json.Set("started_at", TimeText(run.started_at));
    json.Set("ended_at", TimeText(run.ended_at));
    json.Set("succeeded_at", TimeText(run.succeeded_at));
    json.Set("duration_us", run.duration_us);
    json.Set("error", run.error);
    json.Set("next_at", TimeText(run.next_at));
    return json;
}

}  // namespace

Result<Reply> ListTasks(Services& services, const Call& call) {
    Query query(call);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto tasks = services.tasks.List();
    if (!tasks.ok()) return tasks.error();
    Json items = Json::Array();
    for (const TaskState& task : *tasks) items.Append(TaskJson(task));
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", nullptr);
    return JsonReply(200, body);
}

}  // namespace aiproxy::admin::api
