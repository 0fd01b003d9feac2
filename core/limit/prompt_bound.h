// SPDX-License-Identifier: MIT
//
// How many tokens a request's body may come to at the most, told without a
// tokenizer: what is reserved for a prompt before the provider has counted it.

#pragma once

#include <cstdint>
#include <string_view>

namespace aiproxy::limit {

// A token has three bytes of ASCII text on average at the least, one and a
// half of others. A long run without blanks, punctuation and quotes is an
// image or a file in base64, whose tokens have nothing to do with its bytes.
std::uint64_t PromptBound(std::string_view body);

}  // namespace aiproxy::limit
