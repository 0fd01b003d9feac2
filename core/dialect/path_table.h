// SPDX-License-Identifier: MIT
//
// The paths that a dialect looks for: the same usage object at several roots,
// then others. A slot is root * (paths of the object) + path, others follow.
// Made once per dialect.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/path.h"

namespace aiproxy::dialect {

class PathTable {
 public:
    using Path = json::PathTree::Path;

    // A root is "" (the frame itself), "usage", "response.usage", …; the
    // object's paths are relative to it, "" is the object.
    PathTable(std::span<const std::string_view> roots,
              std::span<const Path> object, std::span<const Path> others)
        : names_(Names(roots, object)), tree_(All(names_, object, others)) {}

    const json::PathTree& tree() const { return tree_; }

 private:
    static std::vector<std::string> Names(
        std::span<const std::string_view> roots, std::span<const Path> object) {
        std::vector<std::string> names;
        for (std::string_view root : roots) {
            for (const Path& path : object) {
                const bool joined = !root.empty() && !path.path.empty();
                names.push_back(std::string(root)
                                    .append(joined ? "." : "")
                                    .append(path.path));
            }
        }
        return names;
    }
    static std::vector<Path> All(const std::vector<std::string>& names,
                                 std::span<const Path> object,
                                 std::span<const Path> others) {
        std::vector<Path> paths;
        for (std::size_t i = 0; i < names.size(); ++i) {
            Path path = object[i % object.size()];
            path.path = names[i];
            paths.push_back(path);
        }
        paths.insert(paths.end(), others.begin(), others.end());
        return paths;
    }

    std::vector<std::string> names_;  // the tree points into them
    json::PathTree tree_;
};

}  // namespace aiproxy::dialect
