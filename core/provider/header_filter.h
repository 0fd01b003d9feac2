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

// name: lower case. Never passes a credential, hop-by-hop, forwarding,
// cookie, origin or fingerprint header. content-length, host, accept-encoding
// and the credential are written by the gateway itself. demo: the provider
// asks for x-demo-* headers (its required_headers name x-demo-allow).
bool ForwardRequestHeader(std::string_view name, bool demo);

// The same by the family of the path, whose headers mean something to the
// provider, and with what the provider's row allows beyond them: names, or
// beginnings of names with a "*" behind ("x-stainless-*").
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
