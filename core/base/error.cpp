// SPDX-License-Identifier: MIT

#include "core/base/error.h"

#include <array>
#include <cstddef>

namespace aiproxy {
namespace {

constexpr std::array kRows = {
#define AIPROXY_ERROR_ROW(code, name, status, text) \
    ErrorRow{name, status, text},
    AIPROXY_ERROR_CODES(AIPROXY_ERROR_ROW)
#undef AIPROXY_ERROR_ROW
};

}  // namespace

const ErrorRow& Describe(ErrorCode code) {
    auto index = static_cast<std::size_t>(code);
    if (index >= kRows.size()) {
        index = static_cast<std::size_t>(ErrorCode::kInternal);
    }
    return kRows[index];
}

}  // namespace aiproxy
