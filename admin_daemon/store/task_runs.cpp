// SPDX-License-Identifier: MIT

#include "admin_daemon/store/task_runs.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kTaskRunUpsert[] = R"(
INSERT INTO task_runs (
    node_id, name, runs, failures, started_at, ended_at, succeeded_at,
    failing_since, duration_us, error, next_at, updated_at)
VALUES (
    :node_id, :name, :runs, :failures, :started_at, :ended_at, :succeeded_at,
    :failing_since, :duration_us, :error, :next_at, :updated_at)
ON CONFLICT (node_id, name) DO UPDATE SET
    runs = excluded.runs, failures = excluded.failures,
    started_at = excluded.started_at, ended_at = excluded.ended_at,
    succeeded_at = excluded.succeeded_at,
    failing_since = excluded.failing_since, duration_us = excluded.duration_us,
    error = excluded.error, next_at = excluded.next_at,
    updated_at = excluded.updated_at)";

constexpr char kTaskRunList[] = R"(
SELECT node_id, name, runs, failures, started_at, ended_at, succeeded_at,
       failing_since, duration_us, error, next_at, updated_at
FROM task_runs ORDER BY name, node_id)";

struct TaskRunRow {
    TaskRun value;
    void Into(soci::statement& st) {
        st.exchange(into(value.node_id));
        st.exchange(into(value.name));
        st.exchange(into(value.runs));
        st.exchange(into(value.failures));
        st.exchange(into(value.started_at));
        st.exchange(into(value.ended_at));
        st.exchange(into(value.succeeded_at));
        st.exchange(into(value.failing_since));
        st.exchange(into(value.duration_us));
        st.exchange(into(value.error));
        st.exchange(into(value.next_at));
        st.exchange(into(value.updated_at));
    }
    TaskRun Take() { return value; }
};

}  // namespace

void UpsertTaskRuns(Connection& connection, std::span<const TaskRun> runs) {
    for (const TaskRun& run : runs) {
        Execute(connection, kTaskRunUpsert, use(run.node_id, "node_id"),
                use(run.name, "name"), use(run.runs, "runs"),
                use(run.failures, "failures"),
                use(run.started_at, "started_at"),
                use(run.ended_at, "ended_at"),
                use(run.succeeded_at, "succeeded_at"),
                use(run.failing_since, "failing_since"),
                use(run.duration_us, "duration_us"), use(run.error, "error"),
                use(run.next_at, "next_at"), use(run.updated_at, "updated_at"));
    }
}

std::vector<TaskRun> ListTaskRuns(Connection& connection) {
    return Fetch<TaskRunRow>(connection, kTaskRunList);
}

void DeleteOldTaskRuns(Connection& connection, UnixMs before) {
    Execute(connection, "DELETE FROM task_runs WHERE updated_at < :before",
            use(before, "before"));
}

}  // namespace aiproxy::admin::store
