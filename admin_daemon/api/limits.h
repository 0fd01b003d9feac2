// SPDX-License-Identifier: MIT
//
// Limits in bodies and replies. Called by the routes of client keys, provider
// keys and users.

#pragma once

#include "admin_daemon/api/fields.h"
#include "admin_daemon/service/limit_rules.h"

namespace aiproxy::admin::api {

// Whose limits: what stands in columns of a row is not asked here.
enum class LimitsOf { kClientKey, kProviderKey, kUser };

void ReadLimits(Fields& fields, LimitsOf whose, service::LimitsChange& change);
// Limits against what is used of them.
Json UsesJson(const std::vector<service::LimitUse>& uses);
void SetLimits(Json& json, LimitsOf whose, const store::Limits& limits);

}  // namespace aiproxy::admin::api
