// SPDX-License-Identifier: MIT

#include "t/fuzz/meter.h"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes,
                                      std::size_t size) {
    const char* wrong =
        aiproxy::fuzz::CheckMeter({reinterpret_cast<const char*>(bytes), size});
    if (wrong != nullptr) {
        std::fprintf(stderr, "meter: %s\n", wrong);
        std::abort();
    }
    return 0;
}
