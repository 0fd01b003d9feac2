// SPDX-License-Identifier: MIT
//
// What was used without a price, summed up by provider and model from an index
// of such records alone. Called by service/prices.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct UnpricedModel {
    std::optional<std::int64_t> provider_id;
    std::optional<std::string> model;  // that answered, or was asked for
    std::int64_t requests = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    UnixMs first_seen = 0;
    UnixMs last_seen = 0;
};

// Of [from, to), by when requests started; the most requests first.
std::vector<UnpricedModel> ListUnpriced(Connection& connection, UnixMs from,
                                        UnixMs to, std::int64_t limit);

}  // namespace aiproxy::admin::store
