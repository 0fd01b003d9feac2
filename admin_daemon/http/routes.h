// SPDX-License-Identifier: MIT
//
// The table of routes: which URL leads to which handler, and for whom. What
// happens to a request around its handler is in dispatch.cpp.

#pragma once

#include <span>

#include "admin_daemon/http/request.h"

namespace aiproxy::admin::http {

std::span<const Route> Routes();

// The path's {id}, "" when the route has none; nullopt: another path.
std::optional<std::string_view> Match(std::string_view pattern,
                                      std::string_view path);

// The route that reads this path; nullptr: there is none.
const Route* FindReader(std::string_view path);

// The first part below /api, by which scopes of tokens are named.
std::string_view AreaOf(std::string_view path);

}  // namespace aiproxy::admin::http
