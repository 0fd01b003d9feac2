// SPDX-License-Identifier: MIT
//
// What a browser gets and shows when somebody signs in to the console: in
// api/auth and api/oidc, its address also in api/sign_ins.

#pragma once

#include <cstdint>
#include <string>

#include "admin_daemon/api/handlers.h"
#include "admin_daemon/service/auth.h"

namespace aiproxy::admin::api {

// The cookie sid: a refresh token, or what a browser holds until it comes back
// from an identity provider. max_age: seconds.
std::string SessionCookie(const Call& call, const std::string& token,
                          std::int64_t max_age);

// A browser names the page's origin; one from elsewhere may not use the
// cookie. Ports are compared only if nginx passes the port on.
Status CheckOrigin(const Call& call);

// The access token, with the refresh token as the cookie.
Reply SignInReply(const Call& call, const service::SignIn& sign_in);

// Where the page that asks came from, as its browser tells; it is no secret,
// and the provider sends nobody to an address that was not registered there.
std::string ConsoleOf(const Call& call);

}  // namespace aiproxy::admin::api
