// SPDX-License-Identifier: MIT
//
// Lists as JSON text, for columns that no query looks into.

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace aiproxy::admin::store {

std::string EncodeStrings(const std::vector<std::string>& values);
std::vector<std::string> DecodeStrings(const std::string& json);

std::string EncodePairs(
    const std::vector<std::pair<std::string, std::string>>& values);
std::vector<std::pair<std::string, std::string>> DecodePairs(
    const std::string& json);

}  // namespace aiproxy::admin::store
