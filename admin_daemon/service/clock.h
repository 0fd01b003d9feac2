// SPDX-License-Identifier: MIT
//
// The wall clock, passed in so that tests can move it.

#pragma once

#include <functional>

#include "core/base/time.h"

namespace aiproxy::admin::service {

using Clock = std::function<UnixMs()>;

}  // namespace aiproxy::admin::service
