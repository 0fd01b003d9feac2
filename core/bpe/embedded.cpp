// SPDX-License-Identifier: MIT

#include "core/bpe/embedded.h"

#if defined(AIPROXY_BPE_TABLES)
// NOLINTBEGIN: the assembler's one way to take a file in.
__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    "aiproxy_bpe_cl100k:\n"
    ".incbin \"" AIPROXY_BPE_TABLES
    "/cl100k_base.bin\"\n"
    ".balign 64\n"
    "aiproxy_bpe_o200k:\n"
    ".incbin \"" AIPROXY_BPE_TABLES
    "/o200k_base.bin\"\n"
    ".text\n");
// NOLINTEND

extern "C" {
[[gnu::visibility("hidden")]] extern const char aiproxy_bpe_cl100k[];
[[gnu::visibility("hidden")]] extern const char aiproxy_bpe_o200k[];
}
#endif

namespace aiproxy::bpe {

const char* EmbeddedTables(Encoding encoding) {
#if defined(AIPROXY_BPE_TABLES)
    return encoding == Encoding::kCl100k ? aiproxy_bpe_cl100k
                                         : aiproxy_bpe_o200k;
#else
    static_cast<void>(encoding);
    return nullptr;
#endif
}

}  // namespace aiproxy::bpe
