// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/embedded.h"

namespace aiproxy::admin::api {
namespace {

using service::Event;

Json EventJson(const Event& event) {
    Json json = Json::Object();
    json.Set("id", event.id);
    json.Set("occurred_at", FormatTime(event.occurred_at));
    json.Set("kind", event.kind);
    json.Set("node_id", event.node_id);
    json.Set("request_id", event.request_id);
    json.Set("client_key",
             RefOrNull(event.client_key_id, event.client_key_name));
    json.Set("provider", RefOrNull(event.provider_id, event.provider_name));
    json.Set("provider_key",
             RefOrNull(event.provider_key_id, event.provider_key_name));
    json.Set("detail", event.detail);
    return json;
}

Json NodeJson(const service::SeenNode& seen, const std::string& me) {
    Json json = Json::Object();
    json.Set("node_id", seen.node.node_id);
    json.Set("name", seen.node.name);
    json.Set("version", seen.node.version);
    json.Set("started_at", FormatTime(seen.node.started_at));
    json.Set("seen_at", FormatTime(seen.node.seen_at));
    json.Set("silent_ms", seen.silent_ms);
    json.Set("generation", seen.node.generation);
    json.Set("config_version", seen.node.config_version);
    json.Set("is_this", seen.node.node_id == me);
    return json;
}

void SetUse(Json& json, const std::optional<service::ProcessUse>& use) {
    json.Set("cpu_ms", use ? std::optional(use->cpu_ms) : std::nullopt);
    json.Set("memory_bytes",
             use ? std::optional(use->memory_bytes) : std::nullopt);
}

Json WorkerJson(const service::Monitor::Worker& worker) {
    Json json = Json::Object();
    json.Set("pid", worker.seen.pid);
    json.Set("generation", worker.seen.generation);
    json.Set("started_at", FormatTime(worker.seen.started_at));
    json.Set("requests_running", worker.seen.requests_running);
    json.Set("idle_connections", worker.seen.idle_connections);
    SetUse(json, worker.use);
    return json;
}

Json FolderJson(const std::optional<service::FolderUse>& folder) {
    if (!folder) return Json();
    Json json = Json::Object();
    json.Set("bytes", folder->bytes);
    json.Set("free_bytes", folder->free_bytes);
    return json;
}

std::optional<std::string> NameOf(service::Monitor::Redis redis) {
    switch (redis) {
        case service::Monitor::Redis::kNone:
            return std::nullopt;
        case service::Monitor::Redis::kAnswers:
            return "answers";
        case service::Monitor::Redis::kAway:
            return "away";
    }
    return std::nullopt;
}

// The machine and the processes of this node.
void SetMonitor(Services& services, Json& json) {
    const auto view = services.monitor.Read();
    Json machine = Json::Object();
    machine.Set("cpus", view.machine.cpus);
    machine.Set("load", view.machine.load);
    machine.Set("memory_bytes", view.machine.memory_bytes);
    machine.Set("memory_free_bytes", view.machine.memory_free_bytes);
    machine.Set("dir", FolderJson(view.dir));
    machine.Set("run_dir", FolderJson(view.run_dir));
    Json daemon = Json::Object();
    daemon.Set("pid", view.pid);
    SetUse(daemon, view.daemon);
    Json workers = Json::Array();
    for (const auto& worker : view.workers) workers.Append(WorkerJson(worker));
    json.Set("machine", machine);
    json.Set("daemon", daemon);
    json.Set("workers", workers);
    json.Set("redis", NameOf(view.redis));
}

}  // namespace

Result<Reply> GetStatus(Services& services, const Call&) {
    const auto view = services.publication.view();
    Json snapshot = Json::Object();
    snapshot.Set("generation", view.generation);
    snapshot.Set("bytes", view.bytes);
    snapshot.Set("published_at", TimeText(view.published_at));
    snapshot.Set("error", view.error);
    const auto totals = services.state.totals();
    Json state = Json::Object();
    state.Set("columns_in_use", totals.columns_in_use);
    state.Set("slots", totals.slots);
    state.Set("slots_in_use", totals.slots_in_use);
    state.Set("in_flight", totals.in_flight);
    Json ledger = Json::Object();
    ledger.Set("segments", services.ledger.segments.load());
    ledger.Set("bytes", services.ledger.bytes.load());
    ledger.Set("spool_bytes", services.ledger.spool_bytes.load());
    ledger.Set("waiting_bytes", services.ledger.waiting_bytes.load());
    ledger.Set("lag_ms", services.ledger.lag_ms.load());
    ledger.Set("records_ingested", services.ledger.records_ingested.load());
    ledger.Set("records_lost", totals.records_lost);
    ledger.Set("records_refused", services.ledger.records_refused.load());
    ledger.Set("payloads_dropped", totals.payloads_dropped);
    Json json = Json::Object();
    json.Set("version", AIPROXY_VERSION);
    const auto& me = services.nodes.me();
    json.Set("started_at", FormatTime(me.started_at));
    json.Set("node_id", me.node_id);
    json.Set("node_name", me.name);
    json.Set("database", services.database);
    json.Set("config_generation", view.generation);
    json.Set("config_version", view.version);
    json.Set("config_age_ms", services.state.ConfigAgeMs());
    json.Set("snapshot", snapshot);
    json.Set("state", state);
    ledger.Set("requests_refused", totals.requests_refused);
    json.Set("ledger", ledger);
    SetMonitor(services, json);
    return JsonReply(200, json);
}

Result<Reply> ListNodes(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto nodes = services.nodes.List();
    if (!nodes.ok()) return nodes.error();
    Json items = Json::Array();
    for (const service::SeenNode& seen : *nodes) {
        items.Append(NodeJson(seen, services.nodes.me().node_id));
    }
    Json json = Json::Object();
    json.Set("items", items);
    json.Set("next", nullptr);
    return JsonReply(200, json);
}

Result<Reply> ListEvents(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    service::EventFilter filter;
    filter.from = query.Time("from");
    filter.to = query.Time("to");
    filter.kind = query.Text("kind", 64);
    filter.provider_key_id = query.Number("provider_key_id", 1, INT64_MAX);
    query.TimeCursor(filter.before_occurred_at, filter.before_id);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.events.List(filter, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), limit, EventJson, [](const Event& row) {
        return FormatTimeCursor(row.occurred_at, row.id);
    });
}

Result<Reply> GetOpenapi(Services&, const Call&) {
    const auto content = FindEmbedded("admin_daemon/openapi.json");
    if (!content) return ErrorCode::kNotFound;
    return Reply{200, std::string(*content), {}};
}

}  // namespace aiproxy::admin::api
