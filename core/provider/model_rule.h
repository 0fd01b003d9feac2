// SPDX-License-Identifier: MIT
//
// Where a provider's requests name their model, when it is not where the
// dialect has it.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aiproxy::provider {

// The numbers are those of the snapshot.
enum class ModelSource : std::uint8_t {
    kBody = 0,   // name: path of a string in the JSON body, "model"
    kPath = 1,   // name: the segment before it, "deployments"; ends at ":"
    kQuery = 2,  // name: of a parameter
};

struct ModelRule {
    ModelSource source = ModelSource::kBody;
    std::string_view name;
};

// The model by the first rule that finds one, unescaped; empty: none does.
// path: as the caller sent it, without query. body: whole, or empty.
std::string FindModel(std::span<const ModelRule> rules, std::string_view path,
                      std::string_view query, std::string_view body);

}  // namespace aiproxy::provider
