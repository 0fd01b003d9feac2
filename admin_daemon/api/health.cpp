// SPDX-License-Identifier: MIT
//
// The health of a provider key: why it rests, until when and what brings it
// back, its probes and its history; a probe on demand, and the end of a rest by
// hand.

#include "admin_daemon/api/health_json.h"
#include "admin_daemon/api/jobs.h"

namespace aiproxy::admin::api {
namespace {

using service::HistoryEntry;
using service::KeyHealth;

// What the state file says of a rest, which may be known there first.
struct RunningRest {
    retry::Scope scope = retry::Scope::kKey;
    std::optional<std::string> model;
    std::optional<std::string> rest_class;
    std::optional<std::int64_t> status;
    std::optional<UnixMs> since;
    UnixMs until = 0;
};

RunningRest FromState(retry::Scope scope, const state::Rest& rest, UnixMs now) {
    RunningRest running;
    running.scope = scope;
    const auto name =
        retry::Name(static_cast<retry::RestClass>(rest.rest_class));
    if (!name.empty()) running.rest_class = name;
    if (rest.status != 0) running.status = rest.status;
    running.until = now + (rest.until_ms - service::BootNow());
    return running;
}

// The row that all nodes know of it.
const store::Rest* FindRow(const KeyHealth& health, bool of_key) {
    for (const store::Rest& row : health.rests) {
        if (row.model.empty() && (row.provider_key_id != 0) == of_key) {
            return &row;
        }
    }
    return nullptr;
}

std::optional<state::Rest> RestIn(Services& services, state::Owner owner,
                                  std::int64_t id) {
    state::SlotRef ref{state::kNoSlot, owner, id};
    services.state.Find(ref);
    const auto view = services.state.View(ref);
    if (!view || view->rest.until_ms <= service::BootNow()) return {};
    return view->rest;
}

std::vector<RunningRest> ListRests(Services& services,
                                   const KeyHealth& health) {
    const UnixMs now = NowMs();
    std::vector<RunningRest> rests;
    if (const auto own =
            RestIn(services, state::Owner::kProviderKey, health.key.id)) {
        rests.push_back(FromState(retry::Scope::kKey, *own, now));
        const store::Rest* row = FindRow(health, true);
        if (row != nullptr) rests.back().since = row->began_at;
    }
    for (const store::Rest& row : health.rests) {
        if (row.model.empty()) continue;
        rests.push_back({retry::Scope::kKeyModel, row.model, row.rest_class,
                         row.status, row.began_at, row.until_at});
    }
    if (const auto around =
            RestIn(services, state::Owner::kProvider, health.provider.id)) {
        // What other nodes are not told of is seen from our address alone.
        const store::Rest* row = FindRow(health, false);
        rests.push_back(FromState(
            row != nullptr ? retry::Scope::kProvider : retry::Scope::kEgress,
            *around, now));
        if (row != nullptr) rests.back().since = row->began_at;
    }
    return rests;
}

// What ends it before its time.
Json EndsBy(const KeyHealth& health, const RunningRest& rest) {
    Json list = Json::Array();
    list.Append("time");
    const auto rest_class =
        retry::RestClassFromName(rest.rest_class.value_or(""));
    const std::uint32_t classes =
        retry::ClassesDisproved(health.provider.probe.proves_use);
    const bool disproved =
        rest_class && (classes & retry::BitOf(*rest_class)) != 0;
    if (disproved && health.interval_seconds != 0 &&
        rest.scope != retry::Scope::kKeyModel &&
        rest.scope != retry::Scope::kEgress) {
        list.Append("probe");
    }
    list.Append("person");
    return list;
}

Json RestJson(const KeyHealth& health, const RunningRest& rest) {
    Json json = Json::Object();
    json.Set("scope", std::string(retry::Name(rest.scope)));
    json.Set("model", rest.model);
    json.Set("class", rest.rest_class);
    json.Set("status", rest.status);
    json.Set("since", TimeText(rest.since));
    json.Set("until", FormatTime(rest.until));
    json.Set("remaining_ms", std::max<std::int64_t>(0, rest.until - NowMs()));
    json.Set("ends_by", EndsBy(health, rest));
    return json;
}

Json ProbeJson(const KeyHealth& health) {
    const auto probes = health.probes.value_or(store::KeyProbes());
    Json json = Json::Object();
    json.Set("path", service::ProbePath(health.provider));
    json.Set("interval_seconds", health.interval_seconds == 0
                                     ? std::nullopt
                                     : std::optional(health.interval_seconds));
    json.Set("proves_use", health.provider.probe.proves_use);
    json.Set("probed_at", TimeText(probes.probed_at));
    json.Set("next_at", TimeText(health.interval_seconds == 0 || !health.probes
                                     ? std::nullopt
                                     : std::optional(probes.next_at)));
    return json;
}

Json EntryJson(const HistoryEntry& entry) {
    Json json = Json::Object();
    json.Set("began_at", FormatTime(entry.began_at));
    json.Set("last_at", FormatTime(entry.last_at));
    json.Set("times", entry.times);
    json.Set("source", entry.source);
    json.Set("node_id", entry.node_id);
    json.Set("request_id", entry.request_id);
    json.Set("username", entry.username);
    json.Set("verdict", entry.verdict);
    json.Set("class", entry.rest_class);
    json.Set("scope", entry.scope);
    json.Set("model", entry.model);
    json.Set("status", entry.status);
    json.Set("error", entry.error);
    json.Set("took_ms", entry.took_ms);
    json.Set("rest_until", TimeText(entry.rest_until));
    return json;
}

Json HistoryJson(std::vector<HistoryEntry> rows, std::int64_t limit) {
    std::optional<std::string> next;
    if (static_cast<std::int64_t>(rows.size()) > limit) {
        rows.resize(static_cast<std::size_t>(limit));
        next = FormatTimeCursor(rows.back().last_at, rows.back().id);
    }
    Json items = Json::Array();
    for (const HistoryEntry& row : rows) items.Append(EntryJson(row));
    Json json = Json::Object();
    json.Set("items", items);
    json.Set("next", next);
    return json;
}

}  // namespace

Result<Reply> GetProviderKeyHealth(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Query query(call);
    const std::int64_t limit = query.Limit();
    service::HistoryFilter filter;
    filter.provider_key_id = *id;
    query.TimeCursor(filter.before_last_at, filter.before_id);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto health = services.health.Get(*id, call.scope);
    if (!health.ok()) return health.error();
    auto history = services.health.ListHistory(filter, limit + 1);
    if (!history.ok()) return history.error();
    Json rests = Json::Array();
    for (const RunningRest& rest : ListRests(services, *health)) {
        rests.Append(RestJson(*health, rest));
    }
    Json traffic = Json::Object();
    traffic.Set("attempts", health->traffic.attempts);
    traffic.Set("failed", health->traffic.failed);
    Json json = HealthJson(health->key, ViewOf(services, health->key.id));
    json.Set("rests", rests);
    json.Set("probe", ProbeJson(*health));
    json.Set("traffic", traffic);
    json.Set("history", HistoryJson(std::move(*history), limit));
    return JsonReply(200, json);
}

Result<Reply> CheckProviderKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto key = services.provider_keys.Get(*id, call.scope);
    if (!key.ok()) return key.error();
    const auto job =
        services.jobs.Create(call.who.user.id, service::kHealthCheckJob,
                             service::HealthCheckOrder(key->id));
    if (!job.ok()) return job.error();
    return JobReply(services, *job);
}

Result<Reply> EndProviderKeyRest(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const Status ended =
        services.health.EndRest(*id, call.scope, call.who.user.username);
    if (!ended.ok()) return ended.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
