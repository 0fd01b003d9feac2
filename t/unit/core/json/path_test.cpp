// SPDX-License-Identifier: MIT

#include "core/json/path.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace aiproxy::json {
namespace {

enum Slot : std::size_t { kIn, kOut, kUsage, kModel, kReason, kChoices, kDeep };
constexpr PathTree::Path kPaths[] = {
    {"usage.in"},
    {"usage.out"},
    {"usage"},
    {"model", true},
    {"choices[].reason", true},
    {"choices"},
    {"a.b.c", true},
};
constexpr std::size_t kSlots = std::size(kPaths);

const PathTree& Tree() {
    static const PathTree tree(kPaths);
    return tree;
}

// All that a scanner tells, as one text.
std::string Told(const PathScanner& scanner, std::size_t taken) {
    std::string told = std::to_string(taken);
    told += scanner.done() ? " done" : scanner.broken() ? " broken" : " open";
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        told += " " + std::to_string(static_cast<int>(scanner.kind(slot)));
        if (auto count = scanner.count(slot)) {
            told += "=" + std::to_string(*count);
        }
        told.append(scanner.empty_array(slot) ? "[]" : "")
            .append(":")
            .append(scanner.text(slot));
    }
    return told;
}

std::string Scan(const std::vector<std::string_view>& pieces) {
    PathScanner scanner(Tree());
    std::size_t taken = 0;
    for (std::string_view piece : pieces) {
        // On the heap, so that a read behind its end is found.
        const std::vector<char> copy(piece.begin(), piece.end());
        taken += scanner.Feed({copy.data(), copy.size()});
    }
    return Told(scanner, scanner.broken() ? 0 : taken);
}

// What the whole text gives; cuts at every place must give the same.
std::string ScanAll(std::string_view text) {
    const std::string whole = Scan({text});
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < text.size(); ++i) {
        single.push_back(text.substr(i, 1));
        CPPUNIT_ASSERT_EQUAL(whole, Scan({text.substr(0, i), text.substr(i)}));
    }
    CPPUNIT_ASSERT_EQUAL(whole, Scan(single));
    return whole;
}

// Feeds the text to a scanner that the caller keeps.
PathScanner Fed(std::string_view text) {
    ScanAll(text);
    PathScanner scanner(Tree());
    scanner.Feed(text);
    return scanner;
}

class JsonPath : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonPath);
    CPPUNIT_TEST(FindsScalarsInAnyOrder);
    CPPUNIT_TEST(IgnoresTheNamesElsewhere);
    CPPUNIT_TEST(LetsTheLastOfANameCount);
    CPPUNIT_TEST(KeepsTheLastElementThatIsNotNull);
    CPPUNIT_TEST(TellsAnEmptyArray);
    CPPUNIT_TEST(ReadsEscapes);
    CPPUNIT_TEST(ReadsCountsFromStrings);
    CPPUNIT_TEST(CutsLongTexts);
    CPPUNIT_TEST(StopsBehindTheText);
    CPPUNIT_TEST(KnowsWhatIsNoJson);
    CPPUNIT_TEST(PassesDeepAndLongContent);
    CPPUNIT_TEST(ForgetsAllOnReset);
    CPPUNIT_TEST_SUITE_END();

 public:
    void FindsScalarsInAnyOrder() {
        for (std::string_view text :
             {R"({"model":"m","usage":{"in":3,"out":4}})",
              R"( { "usage" : { "x" : [ 1 ] , "out" : 4 , "in" : 3 } , )"
              R"("z" : { } , "model" : "m" } )",
              "\xef\xbb\xbf{\"usage\":{\"in\":3,\"out\":4},\"model\":\"m\"}"}) {
            const PathScanner scanner = Fed(text);
            CPPUNIT_ASSERT(scanner.done());
            CPPUNIT_ASSERT(scanner.count(kIn) == 3);
            CPPUNIT_ASSERT(scanner.count(kOut) == 4);
            CPPUNIT_ASSERT(scanner.kind(kUsage) == Kind::kObject);
            CPPUNIT_ASSERT(scanner.text(kModel) == "m");
            CPPUNIT_ASSERT(scanner.kind(kChoices) == Kind::kAbsent);
        }
    }

    void IgnoresTheNamesElsewhere() {
        const PathScanner scanner = Fed(
            R"({"x":"\"usage\":{\"in\":9}","y":{"usage":{"in":9},"model":"n"},)"
            R"("z":[{"usage":{"in":9}}],"Usage":{"in":9},"usage2":{"in":9},)"
            R"("usag":{"in":9},"in":9,"model":{"model":"n"}})");
        CPPUNIT_ASSERT(!scanner.present(kIn) && !scanner.present(kUsage));
        CPPUNIT_ASSERT(scanner.text(kModel).empty());
        CPPUNIT_ASSERT(scanner.kind(kModel) == Kind::kObject);
        // An array is no object: its elements have no names.
        const PathScanner array = Fed(R"({"usage":[{"in":9}],"a":[{"b":1}]})");
        CPPUNIT_ASSERT(array.kind(kUsage) == Kind::kArray);
        CPPUNIT_ASSERT(!array.present(kIn) && !array.present(kDeep));
    }

    void LetsTheLastOfANameCount() {
        PathScanner scanner =
            Fed(R"({"usage":{"in":1,"out":2},"model":"a","usage":{"in":5}})");
        CPPUNIT_ASSERT(scanner.count(kIn) == 5);
        CPPUNIT_ASSERT(!scanner.present(kOut));
        scanner = Fed(R"({"usage":{"in":1},"usage":null,"model":"a",)"
                      R"("model":7})");
        CPPUNIT_ASSERT(!scanner.present(kUsage) && !scanner.present(kIn));
        CPPUNIT_ASSERT(scanner.kind(kUsage) == Kind::kNull);
        CPPUNIT_ASSERT(scanner.text(kModel).empty());
    }

    void KeepsTheLastElementThatIsNotNull() {
        const PathScanner scanner = Fed(
            R"({"choices":[{"reason":"stop"},{"reason":null},{}, 7, "x"]})");
        CPPUNIT_ASSERT(scanner.text(kReason) == "stop");
        CPPUNIT_ASSERT(!scanner.empty_array(kChoices));
    }

    void TellsAnEmptyArray() {
        CPPUNIT_ASSERT(Fed(R"({"choices":[ ]})").empty_array(kChoices));
        for (std::string_view text :
             {R"({"choices":[[]]})", R"({"choices":[0]})",
              R"({"choices":[null]})", R"({"choices":{}})", R"({"choices":""})",
              R"({})", R"({"choices":[{}],"x":[]})"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text),
                                   !Fed(text).empty_array(kChoices));
        }
    }

    void ReadsEscapes() {
        const PathScanner scanner = Fed(
            R"({"\u006dodel":"a\"\\\u00e4\ud83d\ude00","us\u0061ge":{"in":1},)"
            R"("x\"":"\\","mode\\l":"b"})");
        CPPUNIT_ASSERT(scanner.text(kModel) == "a\"\\\xc3\xa4\xf0\x9f\x98\x80");
        CPPUNIT_ASSERT(scanner.count(kIn) == 1);
    }

    void ReadsCountsFromStrings() {
        const PathScanner scanner =
            Fed(R"({"usage":{"in":"12","out":"12 tokens"}})");
        CPPUNIT_ASSERT(scanner.count(kIn) == 12);
        CPPUNIT_ASSERT(!scanner.count(kOut));
        CPPUNIT_ASSERT(scanner.present(kOut));
        const PathScanner odd = Fed(R"({"usage":{"in":true,"out":[3]}})");
        CPPUNIT_ASSERT(!odd.count(kIn) && !odd.count(kOut));
    }

    void CutsLongTexts() {
        const std::string text = "{\"model\":\"" + std::string(255, 'm') +
                                 "\xe2\x82\xac" + std::string(3000, 'n') +
                                 "\",\"usage\":{\"in\":1}}";
        const PathScanner scanner = Fed(text);
        // Not in the middle of a character.
        CPPUNIT_ASSERT_EQUAL(std::string(255, 'm'),
                             std::string(scanner.text(kModel)));
        CPPUNIT_ASSERT(scanner.count(kIn) == 1);
    }

    void StopsBehindTheText() {
        PathScanner scanner(Tree());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scanner.Feed("{} {\"model\":1}"));
        CPPUNIT_ASSERT(scanner.done());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, scanner.Feed("{}"));
        CPPUNIT_ASSERT(Fed("[{\"usage\":{\"in\":1}}]").done());
        CPPUNIT_ASSERT(!PathScanner(Tree()).begun());
    }

    void KnowsWhatIsNoJson() {
        for (std::string_view text :
             {"<html>{}</html>", "7", "\"x\"", "[DONE]x", "{x", "{\"a\" 1}",
              "{\"a\":}", "{\"a\":1 ;", "{,", "{\"usage\":{\"in\":1]",
              "{\"usage\":{\"in\":1,]"}) {
            ScanAll(text);
            PathScanner scanner(Tree());
            scanner.Feed(text);
            CPPUNIT_ASSERT_MESSAGE(std::string(text), scanner.broken());
        }
        // What was seen before an end that is missing stands.
        const PathScanner cut = Fed(R"({"model":"m","usage":{"in":3,"out":4)");
        CPPUNIT_ASSERT(!cut.done() && !cut.broken());
        CPPUNIT_ASSERT(cut.count(kIn) == 3 && !cut.count(kOut));
    }

    void PassesDeepAndLongContent() {
        std::string text =
            "{\"x\":\"" + std::string(100'000, 'x') + "\",\"y\":";
        text.append(50'000, '[').append(50'000, ']');
        text += ",\"usage\":{\"in\":3,\"y\":{\"in\":{}}},\"model\":\"m\"}";
        PathScanner scanner(Tree());
        for (std::size_t at = 0; at < text.size(); at += 4093) {
            scanner.Feed(std::string_view(text).substr(at, 4093));
        }
        CPPUNIT_ASSERT(scanner.done());
        CPPUNIT_ASSERT(scanner.count(kIn) == 3);
        CPPUNIT_ASSERT(scanner.text(kModel) == "m");
    }

    void ForgetsAllOnReset() {
        PathScanner scanner(Tree());
        const std::string fresh = Told(scanner, 0);
        for (std::string_view text :
             {R"({"model":"m","usage":{"in":1,"out":2},"choices":[]})",
              R"({"model":"m\)", R"({"a":{"b":{"c":"x)", "{x", "\xef\xbb",
              R"({"z":[[["\)"}) {
            scanner.Feed(text);
            scanner.Reset();
            CPPUNIT_ASSERT_EQUAL(fresh, Told(scanner, 0));
            scanner.Feed(R"({"a":{"b":{"c":"x"}}})");
            CPPUNIT_ASSERT(scanner.done() && scanner.text(kDeep) == "x");
            CPPUNIT_ASSERT(!scanner.present(kModel));
            scanner.Reset();
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonPath);

}  // namespace
}  // namespace aiproxy::json
