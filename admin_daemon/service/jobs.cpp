// SPDX-License-Identifier: MIT

#include "admin_daemon/service/jobs.h"

#include <sys/stat.h>
#include <unistd.h>

#include "admin_daemon/json.h"
#include "admin_daemon/json_member.h"
#include "admin_daemon/service/random.h"
#include "core/base/id.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::RecordFilter;

constexpr std::int64_t kMaxUnfinished = 3;
constexpr std::int64_t kMaxUnfinishedChecks = 100;
constexpr char kProviderKeyId[] = "provider_key_id";
constexpr UnixMs kKeptMs = 86'400'000;

// The members of a filter that are kept, by name.
template <class F, class V>
void VisitFilter(F& f, V&& visit) {
    visit("from", f.from);
    visit("to", f.to);
    visit("user_id", f.user_id);
    visit("client_key_id", f.client_key_id);
    visit("provider_id", f.provider_id);
    visit("provider_key_id", f.provider_key_id);
    visit("model", f.model);
    visit("status", f.status);
    visit("outcome", f.outcome);
    visit("class", f.error_class);
    visit("usage_source", f.usage_source);
    visit("request_id", f.request_id);
    visit("request_day", f.request_day);
    visit("prefix", f.prefix);
    visit("contains", f.contains);
}

}  // namespace

std::string ExportOrder::Format() const {
    Json members = Json::Object();
    VisitFilter(filter, [&](const char* name, const auto& value) {
        if (value) members.Set(name, *value);
    });
    Json json = Json::Object();
    json.Set("format", format);
    json.Set("filter", members);
    return json.Dump();
}

std::optional<ExportOrder> ExportOrder::Parse(const std::string& text) {
    const auto json = Json::Parse(text);
    if (!json || !json->is_object()) return std::nullopt;
    std::optional<std::string> format;
    ReadMember(json_object_get(json->raw(), "format"), format);
    json_t* members = json_object_get(json->raw(), "filter");
    if (!format || !json_is_object(members)) return std::nullopt;
    ExportOrder order;
    order.format = *format;
    VisitFilter(order.filter, [&](const char* name, auto& value) {
        ReadMember(json_object_get(members, name), value);
    });
    return order;
}

std::optional<std::int64_t> CheckedKey(const Job& job) {
    std::optional<std::int64_t> id;
    const auto json = Json::Parse(job.parameters);
    if (json) ReadMember(json_object_get(json->raw(), kProviderKeyId), id);
    return id;
}

std::string HealthCheckOrder(std::int64_t provider_key_id) {
    Json json = Json::Object();
    json.Set(kProviderKeyId, provider_key_id);
    return json.Dump();
}

Result<Job> Jobs::Create(std::int64_t user_id, const std::string& kind,
                         const std::string& parameters) {
    const bool check = kind == kHealthCheckJob;
    Job job;
    const UnixMs now = clock_();
    job.id = FormatRequestId(MakeRequestId(now, RandomBytes<10>()));
    job.kind = kind;
    job.state = "waiting";
    job.node_id = node_id_;
    job.user_id = user_id;
    job.parameters = parameters;
    job.created_at = job.updated_at = now;
    job.expires_at = now + kKeptMs;
    return database_.Write([&](Connection& c) -> Result<Job> {
        if (store::CountUnfinishedJobs(c, kind, user_id) >=
            (check ? kMaxUnfinishedChecks : kMaxUnfinished)) {
            Error error(ErrorCode::kConflict);
            error.public_text = check
                                    ? "A hundred checks of yours are not done "
                                      "yet."
                                    : "Three jobs of yours are not done yet.";
            return error;
        }
        store::InsertJob(c, job);
        return job;
    });
}

Result<Job> Jobs::Get(const std::string& id,
                      std::optional<std::int64_t> user_id) {
    if (!ParseRequestId(id)) return ErrorCode::kNotFound;
    return database_.Read([&](Connection& c) -> Result<Job> {
        auto job = store::FindJob(c, id);
        // Somebody else's is not told from none.
        if (!job || (user_id && job->user_id != *user_id)) {
            return ErrorCode::kNotFound;
        }
        return std::move(*job);
    });
}

Result<std::vector<Job>> Jobs::List(std::optional<std::int64_t> user_id,
                                    std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Job>> {
        return store::ListJobs(c, user_id, limit);
    });
}

std::string Jobs::PathOf(const Job& job) const {
    const auto order = ExportOrder::Parse(job.parameters);
    return folder_ + "/" + job.id + "." + (order ? order->format : "csv");
}

std::optional<std::int64_t> Jobs::SizeOf(const Job& job) const {
    struct stat at {};
    if (job.kind != "export" || !job.result || !IsHere(job) ||
        ::stat(PathOf(job).c_str(), &at) != 0) {
        return std::nullopt;
    }
    return at.st_size;
}

Status Jobs::Restart(const std::string& kind) {
    return database_.Write([&](Connection& c) -> Status {
        store::RestartJobs(c, kind, node_id_, clock_());
        return {};
    });
}

Result<std::optional<Job>> Jobs::Take(const std::string& kind) {
    const auto waiting =
        database_.Read([&](Connection& c) -> Result<std::optional<Job>> {
            return store::FindWaitingJob(c, kind, node_id_);
        });
    if (!waiting.ok() || !*waiting) return waiting;
    Job job = **waiting;
    job.state = "running";
    const Status status = Update(job);
    if (!status.ok()) return status.error();
    return std::optional<Job>(job);
}

Status Jobs::Update(Job& job) {
    job.updated_at = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateJob(c, job);
        return {};
    });
}

Status Jobs::RemoveExpired() {
    const auto jobs =
        database_.Write([&](Connection& c) -> Result<std::vector<Job>> {
            return store::DeleteExpiredJobs(c, node_id_, clock_());
        });
    if (!jobs.ok()) return jobs.error();
    for (const Job& job : *jobs) {
        if (job.kind == "export") ::unlink(PathOf(job).c_str());
    }
    return {};
}

}  // namespace aiproxy::admin::service
