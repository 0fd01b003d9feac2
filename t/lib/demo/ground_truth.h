// SPDX-License-Identifier: MIT
//
// How many tokens a request costs, by a rule simple enough for a test to
// compute again (t/lib/README.md states it).

#pragma once

#include "t/lib/demo/json.h"
#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

bool HasMessages(const Plan& plan, JsonValue root);

// Sets usage, events and whether max_tokens cut the answer.
void SetGroundTruth(Plan& plan, JsonValue root);

}  // namespace aiproxy::demo
