// SPDX-License-Identifier: MIT
//
// What is special about an OAuth key when it is written: its secret is what
// its client, or its service account, proves itself by; its access token comes
// by itself or from a sign-in. Called by service/provider_keys.

#pragma once

#include "admin_daemon/service/provider_keys.h"
#include "admin_daemon/store/key_tokens.h"

namespace aiproxy::admin::service {

// Checks what the change says of an OAuth key, new or not. REQUIRES: key holds
// the change already, and its provider is there.
Status CheckOAuthKey(store::Connection& connection,
                     const ProviderKeyChange& change, const ProviderKey& key);
// Writes what the change says beside the key's own row, and the state that
// follows into it. REQUIRES: checked, and the row is there.
Status WriteOAuthKey(store::Connection& connection, const SealingKey& master,
                     const ProviderKeyChange& change, UnixMs now,
                     ProviderKey& key);

}  // namespace aiproxy::admin::service
