// SPDX-License-Identifier: MIT

#include "admin_daemon/document/kinds.h"

#include <array>

namespace aiproxy::admin::document {

std::span<const Kind> Kinds() {
    static const std::array kinds = {kUserKind,        kProviderKind,
                                     kProviderKeyKind, kClientKeyKind,
                                     kOAuthClientKind, kIssuerKind};
    return kinds;
}

}  // namespace aiproxy::admin::document
