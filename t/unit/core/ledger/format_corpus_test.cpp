// SPDX-License-Identifier: MIT
//
// Replays the corpora of the fuzzers of the shared files: what they found once
// stays found.

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "t/fuzz/record.h"
#include "t/fuzz/segment.h"
#include "t/fuzz/snapshot.h"
#include "t/unit/tree.h"

namespace aiproxy::fuzz {
namespace {

class FormatCorpus : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormatCorpus);
    CPPUNIT_TEST(Record);
    CPPUNIT_TEST(Segment);
    CPPUNIT_TEST(Snapshot);
    CPPUNIT_TEST_SUITE_END();

 public:
    void Record() { Replay("record", CheckRecord); }
    void Segment() { Replay("segment", CheckSegment); }
    void Snapshot() { Replay("snapshot", CheckSnapshot); }

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
        CPPUNIT_ASSERT_MESSAGE(folder, inputs > 0);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormatCorpus);

}  // namespace
}  // namespace aiproxy::fuzz
