// SPDX-License-Identifier: MIT
//
// Jobs as the API shows them, for every route that makes one.

#pragma once

#include <cstdint>
#include <optional>

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

// Whose jobs one sees: one's own; nullopt, of an admin: all.
std::optional<std::int64_t> JobsOf(const Call& call);

Json JobJson(Services& services, const service::Job& job);
// 202, and where to look at it.
Reply JobReply(Services& services, const service::Job& job);

}  // namespace aiproxy::admin::api
