// SPDX-License-Identifier: MIT

#include "admin_daemon/store/partitions.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <charconv>
#include <string>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::use;

constexpr std::string_view kPrefix = "proxy_tracing_day_";

// Held until the end of the transaction; any number that is ours alone.
constexpr char kLock[] = "SELECT pg_advisory_xact_lock(4706115203)";

constexpr char kPartitionCount[] =
    "SELECT count(*) FROM pg_class WHERE oid = to_regclass(:name)";

constexpr char kPartitionList[] = R"(
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'proxy_tracing'::regclass ORDER BY c.relname)";

// Attaching blocks no reader, as making it a partition at once would.
constexpr char kPartitionCreate[] = R"(
CREATE TABLE {0} (LIKE proxy_tracing INCLUDING DEFAULTS INCLUDING CONSTRAINTS
                  INCLUDING INDEXES);
LOCK TABLE proxy_tracing_default IN ACCESS EXCLUSIVE MODE;
WITH moved AS (
    DELETE FROM proxy_tracing_default WHERE day = {1} RETURNING *)
INSERT INTO {0} SELECT * FROM moved;
ALTER TABLE proxy_tracing ATTACH PARTITION {0}
    FOR VALUES FROM ({1}) TO ({1} + 1))";

constexpr char kRecordDeleteOldOnSqlite[] = R"(
DELETE FROM proxy_tracing WHERE id IN (
    SELECT id FROM proxy_tracing WHERE day < :before LIMIT :limit))";

constexpr char kRecordDeleteOldOnPostgres[] = R"(
DELETE FROM proxy_tracing_default WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM proxy_tracing_default WHERE day < :before LIMIT :limit)))";

std::string NameOf(std::int64_t day) {
    return fmt::format("{}{}", kPrefix, day);
}

std::optional<std::int64_t> DayOf(std::string_view name) {
    if (!name.starts_with(kPrefix)) return std::nullopt;
    name.remove_prefix(kPrefix.size());
    std::int64_t day = 0;
    const char* end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data(), end, day);
    if (error != std::errc() || at != end) return std::nullopt;
    return day;
}

}  // namespace

Status EnsurePartition(Database& database, std::int64_t day) {
    // A day before 1970 has no name; the default partition takes it.
    if (database.backend() == Backend::kSqlite || day < 0) return {};
    const std::string name = NameOf(day);
    return database.Write([&](Connection& c) -> Status {
        RunScript(c, kLock);
        const auto there =
            Fetch<Single<std::int64_t>>(c, kPartitionCount, use(name, "name"));
        if (there.at(0) != 0) return {};
        RunScript(c, fmt::format(kPartitionCreate, name, day));
        return {};
    });
}

Result<std::int64_t> DropPartitions(Database& database, std::int64_t before) {
    if (database.backend() == Backend::kSqlite) return std::int64_t{0};
    const auto names =
        database.Read([&](Connection& c) -> Result<std::vector<std::string>> {
            return Fetch<Single<std::string>>(c, kPartitionList);
        });
    if (!names.ok()) return names.error();
    std::int64_t dropped = 0;
    for (const std::string& name : *names) {
        const auto day = DayOf(name);
        if (!day || *day >= before) continue;
        // One transaction each: no lock is held for long.
        const Status status = database.Write([&](Connection& c) -> Status {
            RunScript(c, kLock);
            RunScript(c, "DROP TABLE IF EXISTS " + name);
            return {};
        });
        if (!status.ok()) return status.error();
        ++dropped;
    }
    return dropped;
}

Result<std::int64_t> DeleteOldRecords(Database& database, std::int64_t before,
                                      std::int64_t limit) {
    const char* query = database.backend() == Backend::kSqlite
                            ? kRecordDeleteOldOnSqlite
                            : kRecordDeleteOldOnPostgres;
    return database.Write([&](Connection& c) -> Result<std::int64_t> {
        return Execute(c, query, use(before, "before"), use(limit, "limit"));
    });
}

}  // namespace aiproxy::admin::store
