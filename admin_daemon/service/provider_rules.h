// SPDX-License-Identifier: MIT
//
// What a provider may look like, without asking the database. Called by
// service/providers.

#pragma once

#include "admin_daemon/service/providers.h"

namespace aiproxy::admin::service {

// What the change says goes into the row; base_url is left to the caller.
void Merge(const ProviderChange& change, Provider& provider);

// Errors: kValidation with the field.
Status CheckProvider(const Provider& provider);

}  // namespace aiproxy::admin::service
