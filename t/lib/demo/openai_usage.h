// SPDX-License-Identifier: MIT
//
// Usage as the vendors that speak OpenAI's chat tell it, each with members and
// habits of its own.

#pragma once

#include <string>

#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

// The object, once so much output is out.
std::string OpenAiUsage(const Plan& plan, int output);

// Their last chunk has usage whether it was asked for or not.
bool TellsUsageUnasked(Vendor vendor);

}  // namespace aiproxy::demo
