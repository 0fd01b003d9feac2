// SPDX-License-Identifier: MIT

#include "admin_daemon/store/schema.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

constexpr char kSchemaVersionFind[] =
    "SELECT CAST(MAX(version) AS BIGINT) FROM schema_version";

constexpr char kPostgresTime[] =
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

constexpr char kSqliteTime[] =
    "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS BIGINT)";

}  // namespace

std::int64_t FindSchemaVersion(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kSchemaVersionFind).at(0);
}

std::int64_t FindDatabaseTime(Connection& connection) {
    const bool sqlite = connection.backend == Backend::kSqlite;
    return Fetch<Single<std::int64_t>>(connection,
                                       sqlite ? kSqliteTime : kPostgresTime)
        .at(0);
}

}  // namespace aiproxy::admin::store
