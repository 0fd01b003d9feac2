// SPDX-License-Identifier: MIT

#include "t/fuzz/verdict.h"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes,
                                      std::size_t size) {
    const char* wrong = aiproxy::fuzz::CheckVerdict(
        {reinterpret_cast<const char*>(bytes), size});
    if (wrong != nullptr) {
        std::fprintf(stderr, "verdict: %s\n", wrong);
        std::abort();
    }
    return 0;
}
