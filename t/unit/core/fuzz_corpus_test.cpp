// SPDX-License-Identifier: MIT
//
// Replays the corpora of the fuzzers: what they found once stays found.

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "t/fuzz/generated.h"
#include "t/fuzz/jwt.h"
#include "t/fuzz/meter.h"
#include "t/fuzz/path.h"
#include "t/fuzz/request.h"
#include "t/fuzz/sse.h"
#include "t/fuzz/usage_hider.h"
#include "t/fuzz/verdict.h"
#include "t/unit/tree.h"

namespace aiproxy::fuzz {
namespace {

class FuzzCorpus : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FuzzCorpus);
    CPPUNIT_TEST(Generated);
    CPPUNIT_TEST(Jwt);
    CPPUNIT_TEST(Meter);
    CPPUNIT_TEST(Path);
    CPPUNIT_TEST(Request);
    CPPUNIT_TEST(Sse);
    CPPUNIT_TEST(UsageHider);
    CPPUNIT_TEST(Verdict);
    CPPUNIT_TEST_SUITE_END();

 public:
    // A small share of what t/fuzz/scanner_difference.cpp runs.
    void Generated() {
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            const std::string path = PathCase(seed);
            const std::string request = RequestCase(seed);
            const char* wrong = CheckPath(path);
            CPPUNIT_ASSERT_MESSAGE(path, wrong == nullptr);
            wrong = CheckRequest(request);
            CPPUNIT_ASSERT_MESSAGE(request, wrong == nullptr);
        }
    }

    void Jwt() { Replay("jwt", CheckJwt); }
    void Meter() { Replay("meter", CheckMeter); }
    void Path() { Replay("path", CheckPath); }
    void Request() { Replay("request", CheckRequest); }
    void Sse() { Replay("sse", CheckSse); }
    void UsageHider() { Replay("usage_hider", CheckUsageHider); }
    void Verdict() { Replay("verdict", CheckVerdict); }

 private:
    static void Replay(const char* target,
                       const char* (*check)(std::string_view)) {
        const std::string folder = TreeFolder() + "/t/fuzz/corpus/" + target;
        int inputs = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string input{std::istreambuf_iterator<char>(file), {}};
            const char* wrong = check(input);
            CPPUNIT_ASSERT_MESSAGE(
                entry.path().string() + ": " + (wrong ? wrong : ""),
                wrong == nullptr);
            ++inputs;
        }
        CPPUNIT_ASSERT_MESSAGE(folder, inputs > 10);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FuzzCorpus);

}  // namespace
}  // namespace aiproxy::fuzz
