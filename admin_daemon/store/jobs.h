// SPDX-License-Identifier: MIT
//
// Work that takes longer than a request (table jobs). Called by service/jobs.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Job {
    std::string id;
    std::string kind;   // "export", "rerate", "health_check", "connection_test"
    std::string state;  // "waiting", "running", "done", "failed"
    std::string node_id;
    std::int64_t user_id = 0;
    std::string parameters;             // JSON
    std::int64_t done = 0;              // records so far
    std::optional<std::int64_t> total;  // of so many, if that is known
    // Of an export the name of its file, of a re-rating its figures as JSON, of
    // a connection test its steps as JSON.
    std::optional<std::string> result;
    std::optional<std::string> error;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    UnixMs expires_at = 0;
};

void InsertJob(Connection& connection, const Job& job);
std::optional<Job> FindJob(Connection& connection, const std::string& id);
// Of one user or of all, newest first.
std::vector<Job> ListJobs(Connection& connection,
                          std::optional<std::int64_t> user_id,
                          std::int64_t limit);
std::int64_t CountUnfinishedJobs(Connection& connection,
                                 const std::string& kind, std::int64_t user_id);
// The node's oldest one of the kind that waits.
std::optional<Job> FindWaitingJob(Connection& connection,
                                  const std::string& kind,
                                  const std::string& node_id);
// state, done, total, result, error and updated_at.
void UpdateJob(Connection& connection, const Job& job);
// What ran when the node's daemon ended begins again.
void RestartJobs(Connection& connection, const std::string& kind,
                 const std::string& node_id, UnixMs now);
// The node's own that are over. Deletes and returns them.
std::vector<Job> DeleteExpiredJobs(Connection& connection,
                                   const std::string& node_id, UnixMs now);

}  // namespace aiproxy::admin::store
