// SPDX-License-Identifier: MIT
//
// A provider's rules, read from a call and written into a reply.
// Called by api/providers.

#pragma once

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

Json VerdictRulesJson(const std::vector<store::VerdictRule>& rules);
Json ModelRulesJson(const std::vector<store::ModelRule>& rules);

void ReadVerdictRules(Fields& fields,
                      std::optional<std::vector<store::VerdictRule>>& out);
void ReadModelRules(Fields& fields,
                    std::optional<std::vector<store::ModelRule>>& out);
// Kept as it is written.
void ReadUsageMapping(Fields& fields,
                      std::optional<std::optional<std::string>>& out);

Json ProbeRulesJson(const store::ProbeRules& rules);
// As a whole: what is absent in it takes its default.
void ReadProbeRules(Fields& fields, std::optional<store::ProbeRules>& out);

}  // namespace aiproxy::admin::api
