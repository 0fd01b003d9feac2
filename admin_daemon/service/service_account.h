// SPDX-License-Identifier: MIT
//
// The file of a service account as Google writes it: who it is, and its
// private key. Called when such a key is written and when its token is
// renewed.

#pragma once

#include <string>

#include "admin_daemon/service/oauth_definition.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

// Whether it can sign. Errors: kValidation for "secret".
Status CheckServiceAccount(const std::string& file);
// For the provider's token endpoint; where the file says to go is not heeded.
// Errors: kInternal.
Result<std::string> AssertionOf(const std::string& file,
                                const OAuthDefinition& definition, UnixMs now);

}  // namespace aiproxy::admin::service
