// SPDX-License-Identifier: MIT

#include "admin_daemon/document/yaml.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::admin::document {
namespace {

std::string Read(const std::string& text) {
    const auto yaml = ParseYaml(text);
    return yaml.ok() ? yaml->root.Dump() : yaml.error().detail;
}

class YamlTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(YamlTest);
    CPPUNIT_TEST(WordsHaveTypes);
    CPPUNIT_TEST(MoneyIsText);
    CPPUNIT_TEST(LinesAreKnown);
    CPPUNIT_TEST(WhatIsWrongIsSaid);
    CPPUNIT_TEST(WhatIsWrittenIsRead);
    CPPUNIT_TEST(AliasesDoNotGrow);
    CPPUNIT_TEST_SUITE_END();

 public:
    void WordsHaveTypes() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"a":1,"b":-2,"c":true,"d":null,"e":null,)"
                        R"("f":"1","g":"true","h":"yes","i":"007",)"
                        R"("j":"1.2.3","k":0.5,"l":[],"m":"x y"})"),
            Read("a: 1\nb: -2\nc: true\nd: null\ne: ~\nf: '1'\n"
                 "g: \"true\"\nh: yes\ni: 007\nj: 1.2.3\nk: 0.5\nl: []\n"
                 "m: x y\n"));
    }

    void MoneyIsText() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"a":[{"cost_per_day":"0.10","weight":2}],)"
                        R"("prices":[{"input":"2.50","tier_at":5}]})"),
            Read("a:\n  - cost_per_day: 0.10\n    weight: 2\nprices:\n"
                 "  - input: 2.50\n    tier_at: 5\n"));
    }

    void LinesAreKnown() {
        const auto yaml = ParseYaml(
            "version: 1\nkeys:\n  - name: a\n    pool:\n      - x\n"
            "      - y\n");
        CPPUNIT_ASSERT(yaml.ok());
        for (const auto& [path, line] :
             {std::pair("version", 1), std::pair("keys", 2),
              std::pair("keys[0]", 3), std::pair("keys[0].name", 3),
              std::pair("keys[0].pool", 4), std::pair("keys[0].pool[1]", 6),
              std::pair("keys[0].pool[7]", 4),
              std::pair("keys[0].absent.more", 3), std::pair("other", 1)}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, line, yaml->lines.Find(path));
        }
    }

    void WhatIsWrongIsSaid() {
        for (const auto& [text, why] :
             {std::pair("a: 1\nb: 2\na: 3\n", "line 3: a is there twice"),
              std::pair("a:\n  b: [1\nc: 2\n", "line "),
              std::pair("- 1\n", "line 1: not one map of sections"),
              std::pair("", "line 1: not one map of sections"),
              std::pair("a: 1\n---\nb: 1\n", "line 1: not one map"),
              std::pair("a: \"\\0\"\n", "line 1: a text with U+0000"),
              std::pair("a: \xff\n", "line 1: not UTF-8"),
              std::pair("? [1, 2]\n: 3\n", "line 1: a name that is no text")}) {
            const std::string said = Read(text);
            CPPUNIT_ASSERT_MESSAGE(said, said.starts_with(why));
        }
        std::string deep = "a: ";
        for (int i = 0; i < 40; ++i) deep += '[';
        for (int i = 0; i < 40; ++i) deep += ']';
        CPPUNIT_ASSERT(Read(deep).starts_with("line 1: too deep"));
    }

    void WhatIsWrittenIsRead() {
        Json list = Json::Array();
        for (const char* text : {"",
                                 " ",
                                 "null",
                                 "true",
                                 "no",
                                 "On",
                                 "1",
                                 "0x1f",
                                 "1e3",
                                 "-",
                                 "- a",
                                 "a: b",
                                 "#x",
                                 "a #b",
                                 "'",
                                 "\"",
                                 "a\nb",
                                 "a\nb\n",
                                 "\n",
                                 "\ta",
                                 "a ",
                                 "2026-01-02T03:04:05Z",
                                 "*",
                                 "&a",
                                 "!x",
                                 "@x",
                                 "%x",
                                 "[x]",
                                 "{x}",
                                 "ü 中文 \xf0\x9f\x98\x80",
                                 "~",
                                 "=",
                                 "a:b",
                                 "\x01\x7f",
                                 "\xc2\x85",
                                 "\xe2\x80\xa8",
                                 "\xef\xbb\xbf",
                                 "  a\nb\n",
                                 "a\n\n",
                                 "a\r\n",
                                 "---",
                                 "...",
                                 "?",
                                 ": x",
                                 "x:",
                                 ","}) {
            list.Append(text);
        }
        Json inner = Json::Object();
        inner.Set("none", nullptr);
        inner.Set("empty", Json::Object());
        inner.Set("list", Json::Array());
        inner.Set("real", 0.25);
        inner.Set("large", INT64_MIN);
        inner.Set("a key: #", "x");
        list.Append(inner);
        Json root = Json::Object();
        root.Set("texts", list);
        const std::string text = FormatYaml(root);
        CPPUNIT_ASSERT_EQUAL(root.Dump(), Read(text));
        CPPUNIT_ASSERT_EQUAL(text, FormatYaml(ParseYaml(text)->root));
    }

    void AliasesDoNotGrow() {
        std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
        for (int i = 1; i < 6; ++i) {
            const std::string was = "*a" + std::to_string(i - 1);
            bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
            for (int k = 0; k < 10; ++k) bomb += (k > 0 ? "," : "") + was;
            bomb += "]\n";
        }
        // A million nodes of a few hundred bytes.
        CPPUNIT_ASSERT(Read(bomb).find("too large") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(YamlTest);

}  // namespace
}  // namespace aiproxy::admin::document
