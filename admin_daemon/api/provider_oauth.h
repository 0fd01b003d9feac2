// SPDX-License-Identifier: MIT
//
// A provider's OAuth data, read from a call and written into a reply. Called
// by api/providers.

#pragma once

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

// Null when it has none; the client's secret is never in it.
Json OAuthJson(const service::Provider& provider);

// The member "oauth": null clears; the client's secret in it goes out of it.
void ReadOAuth(Fields& fields, service::ProviderChange& change);

}  // namespace aiproxy::admin::api
