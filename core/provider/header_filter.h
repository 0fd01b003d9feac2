// SPDX-License-Identifier: MIT
//
// Which headers cross the gateway. Towards the provider only what is on the
// list passes, so that nothing tells who the caller is; towards the caller
// all but what names the provider's account or is hop-by-hop.

#pragma once

#include <span>
#include <string_view>

#include "core/dialect/dialect.h"

namespace aiproxy::provider {

// name: lower case. What means something to the family of the path, and what
// the provider's row allows beyond that: names, or beginnings of names with a
// "*" behind ("x-stainless-*"). Never passes a credential or hop-by-hop header;
// content-length, host and accept-encoding are written by the gateway itself.
bool ForwardRequestHeader(dialect::Family family, std::string_view name,
                          std::span<const std::string_view> allowed);

// Whether a provider's row may allow it. Credentials, hop-by-hop headers and
// what the gateway writes itself pass in no case.
bool MayAllowHeader(std::string_view name);

// name: lower case. content-length, transfer-encoding and connection are
// nginx's own business and are not asked here. The provider's x-request-id
// and request-id go out as x-provider-request-id (see RenamedResponseHeader).
bool ForwardResponseHeader(std::string_view name);

// "x-request-id" and "request-id" -> "x-provider-request-id"; else empty.
std::string_view RenamedResponseHeader(std::string_view name);

}  // namespace aiproxy::provider
