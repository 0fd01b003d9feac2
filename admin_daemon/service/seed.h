// SPDX-License-Identifier: MIT
//
// What an empty database begins with: providers and prices from the files in
// the binary. An operator's changes and deletions stay.

#pragma once

#include <string_view>

#include "admin_daemon/service/providers.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

// Errors: kInternal, naming the row, for a file that is not valid.
Status Seed(store::Database& database, const Providers& providers,
            std::string_view providers_json, std::string_view prices_csv,
            UnixMs now);

}  // namespace aiproxy::admin::service
