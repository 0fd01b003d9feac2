// SPDX-License-Identifier: MIT
//
// A user as the API shows one: in api/users, and to whoever signs in.

#pragma once

#include "admin_daemon/json.h"
#include "admin_daemon/service/users.h"

namespace aiproxy::admin::api {

Json UserJson(const service::User& user);

}  // namespace aiproxy::admin::api
