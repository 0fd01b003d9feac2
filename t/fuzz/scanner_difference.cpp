// SPDX-License-Identifier: MIT
//
// The scanners beside jansson, over generated cases:
//
//     scanner_difference [COUNT [FIRST]]
//
// runs COUNT cases (1,000,000) from number FIRST (0) on, half of them through
// the path scanner and half through the scan of requests, on all CPUs. Says
// the first difference, with the number of its case, and ends with status 1.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "t/fuzz/generated.h"
#include "t/fuzz/path.h"
#include "t/fuzz/request.h"

namespace {

using namespace aiproxy::fuzz;

struct Run {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> valid{0};
    std::atomic<bool> differs{false};
};

// Whether the scanner and jansson agree. valid: it is JSON.
bool Agrees(std::uint64_t number, bool& valid) {
    const bool path = number % 2 == 0;
    const std::string text = path ? PathCase(number) : RequestCase(number);
    const char* wrong = path ? CheckPath(text) : CheckRequest(text);
    json_error_t error;
    valid =
        Load(std::string_view(text).substr(path ? 1 : 0), 0, error) != nullptr;
    if (wrong == nullptr) {
        return true;
    }
    std::printf("case %llu: %s\n%s\n", static_cast<unsigned long long>(number),
                wrong, text.c_str());
    return false;
}

void Work(Run& run) {
    constexpr std::uint64_t kPart = 10'000;
    while (!run.differs) {
        const std::uint64_t from = run.next.fetch_add(kPart);
        std::uint64_t valid = 0;
        for (std::uint64_t i = from; i < from + kPart && i < run.count; ++i) {
            bool is_valid = false;
            if (!Agrees(run.first + i, is_valid)) {
                run.differs = true;
                return;
            }
            valid += is_valid ? 1 : 0;
        }
        run.valid += valid;
        if (from + kPart >= run.count) {
            return;
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    Run run;
    run.count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    run.first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
    json_object_seed(0);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency());
         ++i) {
        threads.emplace_back(Work, std::ref(run));
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    if (run.differs) {
        return 1;
    }
    std::printf("%llu cases, %llu of them JSON: no difference\n",
                static_cast<unsigned long long>(run.count),
                static_cast<unsigned long long>(run.valid.load()));
    return 0;
}
