// SPDX-License-Identifier: MIT
//
// The only source that is compiled with the folder's name: what others gave can
// be taken from a compiler's cache in every clone.

#include "t/unit/tree.h"

namespace aiproxy {

std::string TreeFolder() {
    return AIPROXY_TREE;
}

}  // namespace aiproxy
