// SPDX-License-Identifier: MIT
//
// What a person copied from a provider's page. Called by service/sign_ins.

#pragma once

#include <optional>
#include <string>

namespace aiproxy::admin::service {

struct KeySignInReturn;

// A code, "code#state", a query, or the whole address that the browser went
// to. nullopt: none of these, or neither a code nor an error in it.
std::optional<KeySignInReturn> ReadReturnedCode(const std::string& text);

// An error that a provider's page told, as it may be shown.
std::string ShownError(const std::string& error);

}  // namespace aiproxy::admin::service
