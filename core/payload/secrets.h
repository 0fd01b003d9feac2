// SPDX-License-Identifier: MIT
//
// What is hidden where no rule says otherwise: what looks like a credential,
// and bytes in base64. For redact.cpp.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/payload/pattern.h"

namespace aiproxy::payload {

// Whether a member of that name holds a credential: "api_key", "X-Api-Key".
bool NamesSecret(std::string_view name);

// Adds what looks like a credential.
void FindSecrets(std::string_view text, std::vector<Span>& spans);

// Adds runs of base64 that are too long for words.
void FindBase64(std::string_view text, std::vector<Span>& spans);

}  // namespace aiproxy::payload
