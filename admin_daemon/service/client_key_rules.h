// SPDX-License-Identifier: MIT
//
// What a client key may look like, without asking the database. Called by
// service/client_keys.

#pragma once

#include "admin_daemon/service/client_keys.h"

namespace aiproxy::admin::service {

// What the change says goes into the row; the pool is left to the caller.
void Merge(const ClientKeyChange& change, ClientKey& key);

// Errors: kValidation with the field.
Status CheckClientKey(const ClientKey& key);

}  // namespace aiproxy::admin::service
