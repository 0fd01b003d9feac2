// SPDX-License-Identifier: MIT
//
// Memory of objects that come and go with each request, and are too large for
// malloc's quick lists: each thread keeps that of the last few for the next
// ones. To be derived from: class Parts : public Spare<Parts>.

#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace aiproxy {

template <class T>
class Spare {
 public:
    static void* operator new(std::size_t size) {
        Kept& kept = OfThread();
        return kept.count > 0 && size == sizeof(T) ? kept.blocks[--kept.count]
                                                   : ::operator new(size);
    }
    static void operator delete(void* block, std::size_t size) {
        Kept& kept = OfThread();
        if (kept.count < kMost && size == sizeof(T)) {
            kept.blocks[kept.count++] = block;
        } else {
            ::operator delete(block);
        }
    }

 private:
    // None where a sanitizer looks for pointers to what is gone.
#ifdef __SANITIZE_ADDRESS__
    static constexpr std::size_t kMost = 0;
#else
    static constexpr std::size_t kMost = 16;
#endif

    struct Kept {
        ~Kept() {
            while (count > 0) {
                ::operator delete(blocks[--count]);
            }
        }
        std::array<void*, kMost + 1> blocks{};
        std::size_t count = 0;
    };

    static Kept& OfThread() {
        thread_local Kept kept;
        return kept;
    }
};

}  // namespace aiproxy
