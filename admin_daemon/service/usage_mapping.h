// SPDX-License-Identifier: MIT
//
// How usage is read out of a provider's answers that no dialect knows: in the
// API and the database a JSON object of rules by the name of the count, in the
// snapshot a line for each (core/dialect/mapping.h). Called by
// service/providers and service/snapshot_rows.

#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::admin::service {

// Errors: kValidation, with a public text that names the rule.
Result<std::string> MappingLines(std::string_view json);

}  // namespace aiproxy::admin::service
