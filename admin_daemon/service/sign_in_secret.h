// SPDX-License-Identifier: MIT
//
// What the database has sealed of a sign-in. For the two halves of
// service/sign_ins.

#pragma once

#include <string>

#include "admin_daemon/service/random.h"
#include "admin_daemon/service/sign_ins.h"

namespace aiproxy::admin::service {

// Wiped at its end.
struct SignIns::Secret {
    std::string state;     // must come back
    std::string verifier;  // of PKCE
    std::string code;      // of the browser or the device

    Secret() = default;
    Secret(Secret&&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret() {
        for (std::string* text : {&state, &verifier, &code}) Wipe(*text);
    }
};

// Nothing comes of it; the reason is for people.
void FailSignIn(store::SignIn& row, std::string reason);

}  // namespace aiproxy::admin::service
