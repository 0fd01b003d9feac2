// SPDX-License-Identifier: MIT
//
// Which dialect, vendor and kind of answer a path means. Paths are known by
// their ends, whatever prefix they have; a vendor by a segment of the prefix.

#pragma once

#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

// Sets dialect, vendor, kind and what else the path says.
void Route(Plan& plan, const HttpRequest& request);

}  // namespace aiproxy::demo
