// SPDX-License-Identifier: MIT
//
// The list of records, with what runs on this node among them; what is new, for
// a live tail; and what runs alone.

#include <algorithm>

#include "admin_daemon/api/record_json.h"
#include "core/base/id.h"
#include "core/dialect/dialect.h"

namespace aiproxy::admin::api {
namespace {

using service::Record;
using service::RecordFilter;
using service::RecordPage;
using Names = service::Records::Names;
using Running = state::State::Running;

std::optional<std::int64_t> IdOrNone(std::int64_t id) {
    return id == 0 ? std::nullopt : std::optional(id);
}

// What is known of a request that runs.
Record RecordOf(const Running& running) {
    Record r;
    r.request_id = FormatRequestId(running.request_id);
    r.started_at = running.started_at_ms;
    r.method = ValidUtf8(running.method);
    r.path = ValidUtf8(running.path);
    r.dialect = dialect::Name(static_cast<dialect::Dialect>(running.dialect));
    if (running.model[0] != 0) r.model = ValidUtf8(running.model);
    r.streaming = running.streaming;
    r.outcome = "running";
    r.client_key_id = IdOrNone(running.client_key_id);
    r.provider_id = IdOrNone(running.provider_id);
    r.provider_key_id = IdOrNone(running.provider_key_id);
    r.usage_source = "none";
    r.attempts = running.attempts;
    return r;
}

template <class T>
bool Asked(const std::optional<T>& wanted, const std::optional<T>& value) {
    return !wanted || wanted == value;
}

bool Contains(const Record& r, const std::string& part) {
    auto has = [&](const std::string& text) {
        auto same = [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) ==
                   std::tolower(static_cast<unsigned char>(b));
        };
        return std::search(text.begin(), text.end(), part.begin(), part.end(),
                           same) != text.end();
    };
    return has(r.path) || has(r.model.value_or(""));
}

bool Matches(const Record& r, const RecordFilter& f) {
    const std::string begins =
        f.prefix && f.prefix->starts_with("/") ? r.path : r.model.value_or("");
    return (!f.from || r.started_at >= *f.from) &&
           (!f.to || r.started_at < *f.to) &&
           Asked(f.client_key_id, r.client_key_id) &&
           Asked(f.provider_id, r.provider_id) &&
           Asked(f.provider_key_id, r.provider_key_id) &&
           Asked(f.model, r.model) && !f.error_class &&
           Asked(f.outcome, std::optional(r.outcome)) && !f.status &&
           !f.usage_source &&
           Asked(f.request_id, std::optional(r.request_id)) &&
           (!f.prefix || begins.starts_with(*f.prefix)) &&
           (!f.contains || Contains(r, *f.contains));
}

// Those of this part of the list, at most as many as a page has.
std::vector<Record> RunningOf(const std::vector<Running>& all,
                              const RecordFilter& filter,
                              const RecordPage& page, std::int64_t limit) {
    const bool upwards = filter.oldest_first;
    auto behind = [&](UnixMs a, UnixMs b) { return upwards ? a > b : a < b; };
    std::vector<Record> list;
    for (const Running& running : all) {
        Record record = RecordOf(running);
        const UnixMs at = record.started_at;
        // Where pages meet, the page before has what began at that moment.
        const bool before =
            filter.after && !behind(at, filter.after->started_at);
        const bool later = page.next && behind(at, page.next->started_at);
        if (before || later || !Matches(record, filter)) continue;
        list.push_back(std::move(record));
    }
    std::sort(list.begin(), list.end(), [&](const auto& a, const auto& b) {
        return behind(b.started_at, a.started_at);
    });
    if (static_cast<std::int64_t>(list.size()) > limit) {
        list.resize(static_cast<std::size_t>(limit));
    }
    return list;
}

Status NameRunning(Services& services, std::vector<Record>& list) {
    Names names;
    for (const Record& r : list) {
        if (r.client_key_id) names.client_keys[*r.client_key_id];
        if (r.provider_id) names.providers[*r.provider_id];
        if (r.provider_key_id) names.provider_keys[*r.provider_key_id];
    }
    const Status status = services.records.FindNames(names);
    if (!status.ok()) return status;
    for (Record& r : list) {
        if (r.client_key_id) {
            r.client_key_name = names.client_keys[*r.client_key_id];
        }
        if (r.provider_id) r.provider_name = names.providers[*r.provider_id];
        if (r.provider_key_id) {
            r.provider_key_name = names.provider_keys[*r.provider_key_id];
        }
    }
    return {};
}

// Whose client key it is decides for what runs, as it will for its record.
Status KeepOfUser(Services& services, std::int64_t user_id,
                  std::vector<Record>& list) {
    std::map<std::int64_t, bool> own;
    for (const Record& r : list) {
        if (!r.client_key_id || own.contains(*r.client_key_id)) continue;
        const auto user = services.records.FindUser(*r.client_key_id);
        if (!user.ok()) return user.error();
        own[*r.client_key_id] = *user == user_id;
    }
    std::erase_if(list, [&](const Record& r) {
        return !r.client_key_id || !own[*r.client_key_id];
    });
    return {};
}

Status KeepOfScope(Services& services, const service::AccessScope& scope,
                   std::vector<Running>& list) {
    if (!scope.owner) return {};
    std::map<std::int64_t, bool> own;
    for (const Running& running : list) {
        if (own.contains(running.client_key_id)) continue;
        const auto user = services.records.FindUser(running.client_key_id);
        if (!user.ok()) return user.error();
        own[running.client_key_id] = scope.owner == *user;
    }
    std::erase_if(list, [&](const Running& running) {
        return !own[running.client_key_id];
    });
    return {};
}

// A request that ends now may be in both; its record counts.
Status AddRunning(Services& services, const RecordFilter& filter,
                  std::vector<Record> running, RecordPage& page) {
    if (filter.user_id) {
        const Status status = KeepOfUser(services, *filter.user_id, running);
        if (!status.ok()) return status;
    }
    std::erase_if(running, [&](const Record& r) {
        return std::any_of(
            page.rows.begin(), page.rows.end(),
            [&](const Record& row) { return row.request_id == r.request_id; });
    });
    const Status status = NameRunning(services, running);
    if (!status.ok()) return status;
    std::move(running.begin(), running.end(), std::back_inserter(page.rows));
    std::stable_sort(
        page.rows.begin(), page.rows.end(), [&](const auto& a, const auto& b) {
            return filter.oldest_first ? a.started_at < b.started_at
                                       : a.started_at > b.started_at;
        });
    return {};
}

Reply TraceList(const std::vector<Record>& rows,
                const std::optional<std::string>& next) {
    Json items = Json::Array();
    for (const Record& row : rows) items.Append(TraceJson(row));
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", next);
    return JsonReply(200, body);
}

Result<Reply> Tail(Services& services, const RecordFilter& filter,
                   const std::string& tail, std::int64_t limit) {
    std::optional<std::int64_t> stored_after;
    if (tail != "now") stored_after = std::stoll(tail);
    const auto rows = services.records.Tail(filter, stored_after, limit);
    if (!rows.ok()) return rows.error();
    return TraceList(rows->rows, std::to_string(rows->last));
}

// "now", or where a tail went on before.
std::optional<std::string> ReadTail(Query& query) {
    const auto tail = query.Text("tail", 20);
    if (!tail) return tail;
    if (*tail != "now") query.Number("tail", 0, INT64_MAX);
    for (const char* other : {"cursor", "sort", "running"}) {
        if (query.Has(other)) query.Fail(other);
    }
    return tail;
}

}  // namespace

Result<Reply> ListTraces(Services& services, const Call& call) {
    static constexpr std::array<std::string_view, 2> sorts = {"-started_at",
                                                              "started_at"};
    Query query(call);
    const std::int64_t limit = query.Limit();
    RecordFilter filter;
    ReadRecordFilter(query, filter);
    filter.oldest_first = query.OneOf("sort", sorts) == "started_at";
    const bool with_running = query.Flag("running").value_or(true);
    std::optional<UnixMs> after_ms;
    std::optional<std::int64_t> after_id;
    query.TimeCursor(after_ms, after_id);
    if (after_ms) filter.after = {*after_ms, *after_id};
    const auto tail = ReadTail(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    if (call.scope.owner) filter.user_id = call.scope.owner;
    if (tail) return Tail(services, filter, *tail, limit);
    // Looked at first: what ends in between is a record by then, or will be.
    const auto running =
        with_running ? services.state.ListRunning() : std::vector<Running>();
    auto page = services.records.List(filter, limit);
    if (!page.ok()) return page.error();
    const Status added = AddRunning(
        services, filter, RunningOf(running, filter, *page, limit), *page);
    if (!added.ok()) return added.error();
    std::optional<std::string> next;
    if (page->next) {
        next = FormatTimeCursor(page->next->started_at, page->next->id);
    }
    return TraceList(page->rows, next);
}

Result<Reply> ListRunning(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    auto running = services.state.ListRunning();
    const Status kept = KeepOfScope(services, call.scope, running);
    if (!kept.ok()) return kept.error();
    if (running.size() > 1000) running.resize(1000);
    Names names;
    for (const auto& row : running) {
        if (row.client_key_id != 0) names.client_keys[row.client_key_id];
        if (row.provider_key_id != 0) names.provider_keys[row.provider_key_id];
    }
    const Status named = services.records.FindNames(names);
    if (!named.ok()) return named.error();
    auto ref = [](std::int64_t id,
                  const std::map<std::int64_t, std::string>& by_id) {
        return id == 0 ? Json() : RefJson(id, by_id.at(id));
    };
    return ListReply(
        std::move(running), 1000,
        [&](const state::State::Running& row) {
            const std::string model = row.model;
            Json json = Json::Object();
            json.Set("request_id", FormatRequestId(row.request_id));
            json.Set("started_at", FormatTime(row.started_at_ms));
            json.Set("model", model.empty() ? std::optional<std::string>()
                                            : ValidUtf8(model));
            json.Set("dialect",
                     dialect::Name(static_cast<dialect::Dialect>(row.dialect)));
            json.Set("client_key", ref(row.client_key_id, names.client_keys));
            json.Set("provider_key",
                     ref(row.provider_key_id, names.provider_keys));
            json.Set("attempts", row.attempts);
            return json;
        },
        [](const state::State::Running&) { return std::string(); });
}

}  // namespace aiproxy::admin::api
