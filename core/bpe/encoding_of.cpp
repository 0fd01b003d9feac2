// SPDX-License-Identifier: MIT

#include <algorithm>

#include "core/bpe/tokenizer.h"

namespace aiproxy::bpe {
namespace {

struct Prefix {
    std::string_view begins;
    Encoding encoding;
};

// The first that fits counts.
constexpr Prefix kPrefixes[] = {
    {"gpt-4o", Encoding::kO200k},
    {"gpt-4.1", Encoding::kO200k},
    {"gpt-4.5", Encoding::kO200k},
    {"gpt-4-", Encoding::kCl100k},
    {"gpt-3.5", Encoding::kCl100k},
    {"gpt-35", Encoding::kCl100k},  // Azure
    {"gpt-5", Encoding::kO200k},
    {"gpt-oss", Encoding::kO200k},
    {"chatgpt-4o", Encoding::kO200k},
    {"o1", Encoding::kO200k},
    {"o3", Encoding::kO200k},
    {"o4", Encoding::kO200k},
    {"text-embedding-3", Encoding::kCl100k},
    {"text-embedding-ada-002", Encoding::kCl100k},
};

}  // namespace

std::optional<Encoding> EncodingOf(std::string_view model) {
    model = model.substr(model.rfind('/') + 1);
    if (model == "gpt-4") {
        return Encoding::kCl100k;
    }
    const auto found = std::find_if(
        std::begin(kPrefixes), std::end(kPrefixes),
        [&](const Prefix& row) { return model.starts_with(row.begins); });
    return found == std::end(kPrefixes) ? std::nullopt
                                        : std::optional(found->encoding);
}

}  // namespace aiproxy::bpe
