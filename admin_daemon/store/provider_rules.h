// SPDX-License-Identifier: MIT
//
// A provider's rules as JSON text. Called by store/providers.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::store {

std::string EncodeVerdictRules(const std::vector<VerdictRule>& rules);
std::vector<VerdictRule> DecodeVerdictRules(
    const std::optional<std::string>& json);

std::string EncodeModelRules(const std::vector<ModelRule>& rules);
std::vector<ModelRule> DecodeModelRules(const std::optional<std::string>& json);

// is_enabled has a column of its own.
std::string EncodeProbeRules(const ProbeRules& rules);
ProbeRules DecodeProbeRules(const std::optional<std::string>& json);

}  // namespace aiproxy::admin::store
