// SPDX-License-Identifier: MIT
//
// The usage hider gives the same bytes for any split, and what has no usage
// passes untouched. The first byte chooses the split, the second how often the
// rest is repeated, so that events become longer than may be held.

#pragma once

#include <string>
#include <string_view>

#include "core/dialect/usage_hider.h"
#include "t/fuzz/pieces.h"

namespace aiproxy::fuzz {

inline std::string Hide(const Pieces& pieces) {
    dialect::UsageHider hider;
    std::string out;
    for (std::string_view piece : pieces) {
        hider.Feed(piece, out);
    }
    hider.Finish(out);
    return out;
}

inline const char* CheckUsageHider(std::string_view input) {
    if (input.size() < 2) {
        return nullptr;
    }
    const auto seed = static_cast<unsigned char>(input[0]);
    // Few inputs: a long one costs a thousand short ones.
    const bool large = static_cast<unsigned char>(input[1]) > 250;
    std::string text(input.substr(2));
    while (large && !text.empty() &&
           text.size() < dialect::UsageHider::kMaxEventBytes + 100) {
        text += text;
    }
    const std::string whole = Hide({text});
    if (whole != Hide(Cut(text, seed)) || whole != Hide(Bytes(text))) {
        return "a split gives other bytes";
    }
    if (text.find("usage") == std::string::npos && whole != text) {
        return "bytes without usage were changed";
    }
    return whole.size() <= text.size() ? nullptr : "bytes were added";
}

}  // namespace aiproxy::fuzz
