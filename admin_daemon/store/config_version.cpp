// SPDX-License-Identifier: MIT

#include "admin_daemon/store/config_version.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

constexpr char kConfigVersionFind[] =
    "SELECT version FROM config_version WHERE id = 1";

constexpr char kConfigVersionUpdate[] = R"(
UPDATE config_version SET version = version + 1 WHERE id = 1
RETURNING version)";

}  // namespace

std::int64_t FindConfigVersion(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kConfigVersionFind).at(0);
}

std::int64_t UpdateConfigVersion(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kConfigVersionUpdate).at(0);
}

}  // namespace aiproxy::admin::store
