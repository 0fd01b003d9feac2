// SPDX-License-Identifier: MIT
//
// Sockets of libcurl that lead only where the guard allows: asked for every
// address that a name has, just before connecting, so that a name that resolves
// to another address later is caught as well. Called by the clients of this
// folder.

#pragma once

#include <curl/curl.h>

#include "admin_daemon/client/network_guard.h"

namespace aiproxy::admin::client {

struct GuardedSocket {
    const NetworkGuard& guard;
    bool closed = false;  // the guard refused an address
};

// What is said then.
inline constexpr char kClosedAddress[] =
    "the host has an address that allowed_networks does not open";

// REQUIRES: socket lives as long as the transfer.
void SetGuardedSocket(CURL* curl, GuardedSocket& socket);

}  // namespace aiproxy::admin::client
