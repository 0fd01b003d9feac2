// SPDX-License-Identifier: MIT
//
// A field of the API that is not valid (422), and one that is taken (409).

#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"

namespace aiproxy::admin::service {

inline Error InvalidField(std::string field, std::string sentence) {
    Error error(ErrorCode::kValidation);
    error.field = std::move(field);
    error.public_text = std::move(sentence);
    return error;
}

inline Error TakenField(std::string field, std::string sentence) {
    Error error(ErrorCode::kConflict);
    error.field = std::move(field);
    error.public_text = std::move(sentence);
    return error;
}

}  // namespace aiproxy::admin::service
