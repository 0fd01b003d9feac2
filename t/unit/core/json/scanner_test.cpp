// SPDX-License-Identifier: MIT

#include "core/json/scanner.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace aiproxy::json {
namespace {

bool IsValid(std::string_view text) {
    // Of its own size on the heap, so that a read behind its end is found.
    const std::vector<char> copy(text.begin(), text.end());
    Scanner scanner({copy.data(), copy.size()});
    const bool valid = scanner.Skip() && scanner.AtEnd();
    CPPUNIT_ASSERT(!valid || !scanner.failed());
    CPPUNIT_ASSERT(scanner.offset() <= text.size());
    return valid;
}

std::string Unescaped(std::string_view raw) {
    std::string out;
    AppendUnescaped(out, raw);
    return out;
}

std::string Quoted(std::string_view text) {
    std::string out;
    AppendQuoted(out, text);
    return out;
}

class JsonScanner : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonScanner);
    CPPUNIT_TEST(AcceptsTheGrammar);
    CPPUNIT_TEST(RefusesAllElse);
    CPPUNIT_TEST(TakesOnlyValidUtf8);
    CPPUNIT_TEST(RefusesEveryPrefix);
    CPPUNIT_TEST(LimitsTheDepth);
    CPPUNIT_TEST(WalksAnObject);
    CPPUNIT_TEST(StopsAtABrokenMember);
    CPPUNIT_TEST(TakesEscapesOff);
    CPPUNIT_TEST(WritesStrings);
    CPPUNIT_TEST_SUITE_END();

 public:
    void AcceptsTheGrammar() {
        for (std::string_view text :
             {"{}",
              "[]",
              "null",
              "true",
              "false",
              "0",
              "-0",
              "1.5",
              "-1.5e+10",
              "1E5",
              "12345678901234567890123456789012345678901234567890",
              "1e400",
              "\"\"",
              " \t\r\n{ } \t\r\n",
              "[1,2,[3,{\"a\":[]}]]",
              "{\"a\":1,\"a\":2,\"\":null}",
              "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
              "\"\\u0000\\uD83D\\uDE00\\ud800\"",
              "\"/\x7f\"",
              "{\"a\" : [ 1 , true , \"x\" ] }",
              "\"a text that is longer than sixteen bytes, and than 32\""}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), IsValid(text));
        }
    }

    void RefusesAllElse() {
        for (std::string_view text :
             {"",
              " ",
              "{",
              "}",
              "[",
              "]",
              "[1,]",
              "[,1]",
              "[1 2]",
              "[1}",
              "{]",
              "{1:2}",
              "{a:1}",
              "{'a':1}",
              "{\"a\"}",
              "{\"a\":}",
              "{\"a\":1,}",
              "{,\"a\":1}",
              "{\"a\":1 \"b\":2}",
              "{\"a\" 1}",
              "{\"a\"::1}",
              "nul",
              "nulll",
              "True",
              "tru",
              "NaN",
              "Infinity",
              "-",
              "+1",
              "01",
              "-01",
              "1.",
              ".5",
              "1.e5",
              "1e",
              "1e+",
              "0x1",
              "1_000",
              "\"",
              "\"\\\"",
              "\"\\x\"",
              "\"\\u12\"",
              "\"\\u12g4\"",
              "\"a\nb\"",
              "\"a\tb\"",
              "\"\x1f\"",
              "{} {}",
              "{},",
              "[1]]",
              "/**/{}",
              "{}//",
              "\"\\u\"",
              "1 1",
              "\xef\xbb\xbf{}",
              "\"long enough to be looked at in a block \x01 of bytes\""}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), !IsValid(text));
        }
        CPPUNIT_ASSERT(!IsValid(std::string("{}\0", 3)));
        CPPUNIT_ASSERT(!IsValid(std::string("\"\0\"", 3)));
    }

    void TakesOnlyValidUtf8() {
        for (std::string_view good :
             {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
              "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
            CPPUNIT_ASSERT_EQUAL(good.size(), Utf8SequenceBytes(good));
            CPPUNIT_ASSERT(IsValid("\"" + std::string(good) + "\""));
            CPPUNIT_ASSERT(!IsValid("\"" + std::string(good, 0, 1) + "\""));
        }
        for (std::string_view bad :
             {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2\x41",
              "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
              "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
              "\xff", "\xe2\x82", "\xf0\x9f\x98"}) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, Utf8SequenceBytes(bad));
            for (std::size_t before : {0u, 15u, 16u, 40u}) {
                CPPUNIT_ASSERT(!IsValid("\"" + std::string(before, 'x') +
                                        std::string(bad) + "\""));
            }
        }
    }

    void RefusesEveryPrefix() {
        const std::string text =
            "{\"a\":[1.5e3,true,null,{\"b\":\"x\\u00e4\xf0\x9f\x98\x80\"}],"
            "\"c\":-7}";
        CPPUNIT_ASSERT(IsValid(text));
        for (std::size_t size = 0; size < text.size(); ++size) {
            CPPUNIT_ASSERT(!IsValid(text.substr(0, size)));
        }
    }

    void LimitsTheDepth() {
        const auto nested = [](int depth, std::string_view open,
                               std::string_view close) {
            std::string text;
            for (int i = 0; i < depth; ++i) {
                text += open;
            }
            text += "1";
            for (int i = 0; i < depth; ++i) {
                text += close;
            }
            return text;
        };
        CPPUNIT_ASSERT(IsValid(nested(Scanner::kMaxDepth, "[", "]")));
        CPPUNIT_ASSERT(IsValid(nested(Scanner::kMaxDepth, "{\"a\":", "}")));
        for (int depth : {Scanner::kMaxDepth + 1, 100'000}) {
            const std::string arrays = nested(depth, "[", "]");
            const std::string objects = nested(depth, "{\"a\":", "}");
            for (std::string_view text : {arrays, objects}) {
                Scanner scanner(text);
                CPPUNIT_ASSERT(!scanner.Skip());
                CPPUNIT_ASSERT(scanner.too_deep());
            }
        }
    }

    void WalksAnObject() {
        const std::string_view text =
            R"( {"a" : {"x":[1]} , "b\"" : "v" , "c":{}, "d":12} )";
        Scanner scanner(text);
        CPPUNIT_ASSERT(scanner.Peek() == Kind::kObject);
        CPPUNIT_ASSERT(scanner.EnterObject());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scanner.offset());
        std::string_view name;
        CPPUNIT_ASSERT(scanner.NextMember(name) && name == "a");
        CPPUNIT_ASSERT(scanner.Peek() == Kind::kObject && scanner.Skip());
        CPPUNIT_ASSERT(text.substr(0, scanner.offset()).ends_with("[1]}"));
        CPPUNIT_ASSERT(scanner.NextMember(name) && name == "b\\\"");
        std::string_view value;
        CPPUNIT_ASSERT(scanner.Peek() == Kind::kString);
        CPPUNIT_ASSERT(scanner.String(value) && value == "v");
        CPPUNIT_ASSERT(scanner.NextMember(name) && name == "c");
        CPPUNIT_ASSERT(scanner.EnterObject());
        CPPUNIT_ASSERT(!scanner.NextMember(name) && !scanner.failed());
        CPPUNIT_ASSERT(scanner.NextMember(name) && name == "d");
        CPPUNIT_ASSERT(scanner.Peek() == Kind::kNumber && scanner.Skip());
        CPPUNIT_ASSERT(!scanner.NextMember(name));
        CPPUNIT_ASSERT(!scanner.failed() && scanner.AtEnd());
    }

    void StopsAtABrokenMember() {
        for (std::string_view text : {"{\"a\":1,}", "{\"a\":1;\"b\":2}", "{a}",
                                      "{\"a\":1]", "{\"a\":1", "{\"a\""}) {
            Scanner scanner(text);
            std::string_view name;
            CPPUNIT_ASSERT(scanner.EnterObject());
            while (scanner.NextMember(name)) {
                scanner.Skip();
            }
            CPPUNIT_ASSERT_MESSAGE(std::string(text), scanner.failed());
        }
        Scanner scanner("7");
        std::string_view raw;
        CPPUNIT_ASSERT(!scanner.String(raw) && scanner.failed());
    }

    void TakesEscapesOff() {
        CPPUNIT_ASSERT_EQUAL(std::string("plain"), Unescaped("plain"));
        CPPUNIT_ASSERT_EQUAL(std::string("\"\\/\b\f\n\r\t"),
                             Unescaped("\\\"\\\\\\/\\b\\f\\n\\r\\t"));
        CPPUNIT_ASSERT_EQUAL(std::string("\xc3\xa4\xe2\x82\xac"),
                             Unescaped("\\u00e4\\u20AC"));
        CPPUNIT_ASSERT_EQUAL(std::string("\xf0\x9f\x98\x80!"),
                             Unescaped("\\uD83D\\uDE00!"));
        const std::string replaced = "\xef\xbf\xbd";
        CPPUNIT_ASSERT_EQUAL(replaced + "x", Unescaped("\\ud800x"));
        CPPUNIT_ASSERT_EQUAL(replaced + "\n", Unescaped("\\ud800\\n"));
        CPPUNIT_ASSERT_EQUAL(replaced + "A", Unescaped("\\ud800\\u0041"));
        CPPUNIT_ASSERT_EQUAL(replaced, Unescaped("\\udc00"));
        for (std::string_view cut : {"a\\", "a\\u", "a\\u0", "a\\u004"}) {
            CPPUNIT_ASSERT_EQUAL(std::string("a"), Unescaped(cut));
        }
    }

    void WritesStrings() {
        CPPUNIT_ASSERT_EQUAL(std::string("\"\""), Quoted(""));
        CPPUNIT_ASSERT_EQUAL(std::string("\"a/\xc3\xa4\""),
                             Quoted("a/\xc3\xa4"));
        CPPUNIT_ASSERT_EQUAL(std::string("\"\xef\xbf\xbd\""), Quoted("\xff"));
        // All bytes below 0x80 come back.
        std::string all;
        for (int c = 0; c < 0x80; ++c) {
            all += static_cast<char>(c);
        }
        const std::string quoted = Quoted(all);
        CPPUNIT_ASSERT(IsValid(quoted));
        CPPUNIT_ASSERT_EQUAL(all, Unescaped(std::string_view(quoted).substr(
                                      1, quoted.size() - 2)));
        CPPUNIT_ASSERT(IsValid(Quoted("\xed\xa0\x80\xf0\x9f\x98 \xc0\x80")));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonScanner);

}  // namespace
}  // namespace aiproxy::json
