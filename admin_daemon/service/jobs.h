// SPDX-License-Identifier: MIT
//
// Jobs: asked for by the API, done by a task of the same node, kept with their
// result for a day. Called by api/jobs, api/rerates, api/health, task/jobs and
// task/probes.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/jobs.h"
#include "admin_daemon/store/records.h"

namespace aiproxy::admin::service {

using store::Job;

// What an export is asked for. As text it is the job's parameters.
struct ExportOrder {
    std::string format;  // "csv" or "jsonl.zst"
    store::RecordFilter filter;

    std::string Format() const;
    static std::optional<ExportOrder> Parse(const std::string& text);
};

inline constexpr char kExportJob[] = "export";
inline constexpr char kRerateJob[] = "rerate";
inline constexpr char kHealthCheckJob[] = "health_check";

// The parameters of a health check, and which key those of a job name.
std::string HealthCheckOrder(std::int64_t provider_key_id);
std::optional<std::int64_t> CheckedKey(const Job& job);

class Jobs {
 public:
    // folder: where the files of exports are.
    Jobs(store::Database& database, std::string node_id, std::string folder,
         Clock clock)
        : database_(database),
          node_id_(std::move(node_id)),
          folder_(std::move(folder)),
          clock_(std::move(clock)) {}

    // parameters: the order as text. Errors: kConflict when three of the
    // user's of this kind, or a hundred checks, are not done yet.
    Result<Job> Create(std::int64_t user_id, const std::string& kind,
                       const std::string& parameters);
    // user_id: whose; absent: anybody's. Errors: kNotFound.
    Result<Job> Get(const std::string& id, std::optional<std::int64_t> user_id);
    Result<std::vector<Job>> List(std::optional<std::int64_t> user_id,
                                  std::int64_t limit);
    bool IsHere(const Job& job) const { return job.node_id == node_id_; }
    // Of an export's file.
    std::string PathOf(const Job& job) const;
    std::optional<std::int64_t> SizeOf(const Job& job) const;

    // For the tasks.
    Status Restart(const std::string& kind);
    Result<std::optional<Job>> Take(const std::string& kind);
    Status Update(Job& job);
    // Rows and files that are over.
    Status RemoveExpired();

 private:
    store::Database& database_;
    const std::string node_id_;
    const std::string folder_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
