// SPDX-License-Identifier: MIT
//
// Lists as JSON text, for columns that no query looks into.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aiproxy::admin::store {

std::string EncodeStrings(const std::vector<std::string>& values);
std::vector<std::string> DecodeStrings(const std::string& json);

// Null is absent.
std::optional<std::string> EncodeStrings(
    const std::optional<std::vector<std::string>>& values);
std::optional<std::vector<std::string>> DecodeStrings(
    const std::optional<std::string>& json);
std::optional<std::string> EncodeIds(
    const std::optional<std::vector<std::int64_t>>& values);
std::optional<std::vector<std::int64_t>> DecodeIds(
    const std::optional<std::string>& json);

std::string EncodePairs(
    const std::vector<std::pair<std::string, std::string>>& values);
std::vector<std::pair<std::string, std::string>> DecodePairs(
    const std::string& json);

}  // namespace aiproxy::admin::store
