// SPDX-License-Identifier: MIT
//
// Records as the API shows them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

std::optional<double> MsOf(std::optional<std::int64_t> us);
std::optional<std::string> UsdOf(std::optional<std::int64_t> pico);
// A record that is kept, or what is known of one that still runs, whose id is
// 0 and whose outcome is "running".
Json TraceJson(const service::Record& record);

// The filters that lists and exports of records have. Errors are told by the
// query.
void ReadRecordFilter(Query& query, service::RecordFilter& filter);

}  // namespace aiproxy::admin::api
