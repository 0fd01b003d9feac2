// SPDX-License-Identifier: MIT
//
// What a provider would see of a request: the head as the data plane would
// write it, by the same code, with a word in place of the credential.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/providers.h"
#include "core/base/result.h"

namespace aiproxy::admin::service {

struct PreviewRequest {
    std::string method = "POST";
    std::string path;  // with query
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::int64_t> body_bytes;
};

struct Preview {
    std::string address;  // scheme, host and port
    std::string dialect;
    std::string head;                  // to the empty line
    std::vector<std::string> removed;  // the caller's headers that stay here
};

// Errors: kValidation.
Result<Preview> PreviewOf(const store::Provider& provider,
                          const PreviewRequest& request);

}  // namespace aiproxy::admin::service
