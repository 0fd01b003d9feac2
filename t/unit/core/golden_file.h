// SPDX-License-Identifier: MIT
//
// Golden files of the formats that programs of different versions share. With
// AIPROXY_WRITE_GOLDEN=1 the tests write them anew: only for a new file, for
// what a released program wrote must stay readable.

#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "t/unit/tree.h"

namespace aiproxy {

// path: below t/golden. written: what is written today.
inline std::string GoldenFile(const std::string& path,
                              std::string_view written) {
    std::string place = TreeFolder() + "/t/golden/" + path;
    if (std::getenv("AIPROXY_WRITE_GOLDEN") != nullptr) {
        std::ofstream(place, std::ios::binary) << written;
    }
    std::ifstream file(place, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace aiproxy
