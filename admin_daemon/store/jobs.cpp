// SPDX-License-Identifier: MIT

#include "admin_daemon/store/jobs.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kJobInsert[] = R"(
INSERT INTO jobs (id, kind, state, node_id, user_id, parameters, done,
                  created_at, updated_at, expires_at)
VALUES (:id, :kind, :state, :node_id, :user_id, :parameters, :done,
        :created_at, :updated_at, :expires_at))";

constexpr char kJobSelect[] = R"(
SELECT id, kind, state, node_id, user_id, parameters, done, total, result, error,
       created_at, updated_at, expires_at FROM jobs )";

constexpr char kJobUpdate[] = R"(
UPDATE jobs SET state = :state, done = :done, total = :total, result = :result,
    error = :error, updated_at = :updated_at WHERE id = :id)";

constexpr char kJobRestart[] = R"(
UPDATE jobs SET state = 'waiting', done = 0, updated_at = :now
WHERE state = 'running' AND kind = :kind AND node_id = :node_id)";

constexpr char kJobDeleteExpired[] =
    "DELETE FROM jobs WHERE expires_at <= :now AND node_id = :node_id";

constexpr char kJobCountUnfinished[] = R"(
SELECT count(*) FROM jobs
WHERE user_id = :user_id AND kind = :kind
  AND state IN ('waiting', 'running'))";

struct JobRow {
    Job value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.kind));
        st.exchange(into(value.state));
        st.exchange(into(value.node_id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.parameters));
        st.exchange(into(value.done));
        st.exchange(into(value.total));
        st.exchange(into(value.result));
        st.exchange(into(value.error));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.expires_at));
    }
    Job Take() { return value; }
};

}  // namespace

void InsertJob(Connection& connection, const Job& job) {
    Execute(connection, kJobInsert, use(job.id, "id"), use(job.kind, "kind"),
            use(job.state, "state"), use(job.node_id, "node_id"),
            use(job.user_id, "user_id"), use(job.parameters, "parameters"),
            use(job.done, "done"), use(job.created_at, "created_at"),
            use(job.updated_at, "updated_at"),
            use(job.expires_at, "expires_at"));
}

std::optional<Job> FindJob(Connection& connection, const std::string& id) {
    return First(Fetch<JobRow>(
        connection, std::string(kJobSelect) + "WHERE id = :id", use(id, "id")));
}

std::vector<Job> ListJobs(Connection& connection,
                          std::optional<std::int64_t> user_id,
                          std::int64_t limit) {
    const std::string end = "ORDER BY created_at DESC, id DESC LIMIT :limit";
    if (!user_id) {
        return Fetch<JobRow>(connection, kJobSelect + end, use(limit, "limit"));
    }
    return Fetch<JobRow>(connection,
                         kJobSelect + ("WHERE user_id = :user_id " + end),
                         use(*user_id, "user_id"), use(limit, "limit"));
}

std::int64_t CountUnfinishedJobs(Connection& connection,
                                 const std::string& kind,
                                 std::int64_t user_id) {
    return Fetch<Single<std::int64_t>>(connection, kJobCountUnfinished,
                                       use(user_id, "user_id"),
                                       use(kind, "kind"))
        .at(0);
}

std::optional<Job> FindWaitingJob(Connection& connection,
                                  const std::string& kind,
                                  const std::string& node_id) {
    return First(Fetch<JobRow>(connection,
                               std::string(kJobSelect) +
                                   "WHERE state = 'waiting' AND kind = :kind "
                                   "AND node_id = :node_id "
                                   "ORDER BY created_at, id LIMIT 1",
                               use(kind, "kind"), use(node_id, "node_id")));
}

void UpdateJob(Connection& connection, const Job& job) {
    Execute(connection, kJobUpdate, use(job.state, "state"),
            use(job.done, "done"), use(job.total, "total"),
            use(job.result, "result"), use(job.error, "error"),
            use(job.updated_at, "updated_at"), use(job.id, "id"));
}

void RestartJobs(Connection& connection, const std::string& kind,
                 const std::string& node_id, UnixMs now) {
    Execute(connection, kJobRestart, use(now, "now"), use(kind, "kind"),
            use(node_id, "node_id"));
}

std::vector<Job> DeleteExpiredJobs(Connection& connection,
                                   const std::string& node_id, UnixMs now) {
    auto jobs =
        Fetch<JobRow>(connection,
                      std::string(kJobSelect) +
                          "WHERE expires_at <= :now AND node_id = :node_id",
                      use(now, "now"), use(node_id, "node_id"));
    Execute(connection, kJobDeleteExpired, use(now, "now"),
            use(node_id, "node_id"));
    return jobs;
}

}  // namespace aiproxy::admin::store
