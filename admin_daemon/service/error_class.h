// SPDX-License-Identifier: MIT
//
// Why a request did not succeed, in one word. Records name the class, roll-ups
// count by its number; both are documented in sql/README.md.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ledger/record.h"

namespace aiproxy::admin::service {

// nullopt: it succeeded.
std::optional<std::string> ErrorClassOf(const ledger::Record& record);

// 0, "other", for a name that has no number.
std::int64_t ErrorClassNumber(std::string_view name);
std::string_view ErrorClassName(std::int64_t number);

}  // namespace aiproxy::admin::service
