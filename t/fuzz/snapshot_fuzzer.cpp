// SPDX-License-Identifier: MIT

#include "t/fuzz/snapshot.h"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes,
                                      std::size_t size) {
    const char* wrong = aiproxy::fuzz::CheckSnapshot(
        {reinterpret_cast<const char*>(bytes), size});
    if (wrong != nullptr) {
        std::fprintf(stderr, "snapshot: %s\n", wrong);
        std::abort();
    }
    return 0;
}
