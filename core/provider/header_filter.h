// SPDX-License-Identifier: MIT
//
// Which headers cross the gateway. Towards the provider only what is on the
// list passes, so that nothing tells who the caller is; towards the caller
// all but what names the provider's account or is hop-by-hop.

#pragma once

#include <string_view>

namespace aiproxy::provider {

// name: lower case. Never passes a credential, hop-by-hop, forwarding,
// cookie, origin or fingerprint header. content-length, host, accept-encoding
// and the credential are written by the gateway itself. demo: the provider
// asks for x-demo-* headers (its required_headers name x-demo-allow).
bool ForwardRequestHeader(std::string_view name, bool demo);

// name: lower case. content-length, transfer-encoding and connection are
// nginx's own business and are not asked here. The provider's x-request-id
// and request-id go out as x-provider-request-id (see RenamedResponseHeader).
bool ForwardResponseHeader(std::string_view name);

// "x-request-id" and "request-id" -> "x-provider-request-id"; else empty.
std::string_view RenamedResponseHeader(std::string_view name);

}  // namespace aiproxy::provider
