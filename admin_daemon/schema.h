// SPDX-License-Identifier: MIT
//
// The schema that this program was built with, sql/, brought into a database.
// Called where it starts: by the daemon, and by the import of a document.

#pragma once

#include "admin_daemon/store/database.h"

namespace aiproxy::admin {

// Errors: kInternal when the database is newer, or a file has changed since.
Status Migrate(store::Database& database);

}  // namespace aiproxy::admin
