// SPDX-License-Identifier: MIT

#include "core/frame/json_array.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace aiproxy::frame {
namespace {

constexpr json::PathTree::Path kPaths[] = {{"a"}};

const json::PathTree& Tree() {
    static const json::PathTree tree(kPaths);
    return tree;
}

// Writes down each element's "a".
class Recorder : public ElementSink {
 public:
    explicit Recorder(const json::PathScanner& scanner) : scanner_(scanner) {}

    void End() override {
        const auto count = scanner_.count(0);
        told += count ? std::to_string(*count) : "-";
        told += ";";
    }

    std::string told;

 private:
    const json::PathScanner& scanner_;
};

std::string Read(const std::vector<std::string_view>& pieces) {
    json::PathScanner scanner(Tree());
    Recorder recorder(scanner);
    JsonArray array;
    for (std::string_view piece : pieces) {
        array.Feed(piece, scanner, recorder);
    }
    return recorder.told + (array.closed() ? "]" : "");
}

void Check(std::string_view text, const std::string& expected) {
    CPPUNIT_ASSERT_EQUAL(expected, Read({text}));
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < text.size(); ++i) {
        single.push_back(text.substr(i, 1));
        CPPUNIT_ASSERT_EQUAL(expected,
                             Read({text.substr(0, i), text.substr(i)}));
    }
    CPPUNIT_ASSERT_EQUAL(expected, Read(single));
}

class FrameJsonArray : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FrameJsonArray);
    CPPUNIT_TEST(ReadsEachElement);
    CPPUNIT_TEST(ReadsAnEmptyArray);
    CPPUNIT_TEST(ReadsAnObjectThatStandsAlone);
    CPPUNIT_TEST(TellsThatItWasCut);
    CPPUNIT_TEST(IgnoresWhatFollowsABrokenElement);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsEachElement() {
        Check("[{\"a\":1}\n,\r\n{\"a\":2}\n]\n", "1;2;]");
        Check(R"([{"a":1},{"b":"]},{"},{"c":[{"a":5},"]"],"a":3}])", "1;-;3;]");
    }

    void ReadsAnEmptyArray() {
        Check("[]", "]");
        Check(" [ \n ] ", "]");
        Check("", "");
    }

    void ReadsAnObjectThatStandsAlone() {
        Check("{\"a\":1}", "1;");
        Check("\n{\"a\":1}\n", "1;");
    }

    void TellsThatItWasCut() {
        Check("[{\"a\":1}", "1;");
        Check("[{\"a\":1},", "1;");
        Check("[{\"a\":1},{\"a\":2", "1;");
    }

    void IgnoresWhatFollowsABrokenElement() {
        Check("[{\"a\":1},{x},{\"a\":2}]", "1;");
        Check("<html>]</html>", "");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FrameJsonArray);

}  // namespace
}  // namespace aiproxy::frame
