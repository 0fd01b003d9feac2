// SPDX-License-Identifier: MIT
//
// The data files inside the binary (admin_daemon/embed.cmake puts them there):
// migrations, first providers and prices, the API's description. Names are
// paths from the root of the tree, such as "sql/0001_foundation.sql".

#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace aiproxy::admin {

struct EmbeddedFile {
    std::string_view name;
    std::string_view content;
};

// Migrations first, in their order.
std::span<const EmbeddedFile> EmbeddedFiles();

inline std::optional<std::string_view> FindEmbedded(std::string_view name) {
    for (const EmbeddedFile& file : EmbeddedFiles()) {
        if (file.name == name) return file.content;
    }
    return std::nullopt;
}

}  // namespace aiproxy::admin
