// SPDX-License-Identifier: MIT
//
// What is hidden in texts, whatever their form and wherever they are cut.

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>

#include "core/payload/redact.h"

namespace aiproxy::payload {
namespace {

class PayloadRedact : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PayloadRedact);
    CPPUNIT_TEST(OrdinaryTextsStay);
    CPPUNIT_TEST(CredentialsAreHidden);
    CPPUNIT_TEST(ImagesAreHidden);
    CPPUNIT_TEST(PathsAreHidden);
    CPPUNIT_TEST(PatternsAreHidden);
    CPPUNIT_TEST(EventsAndLinesAreRead);
    CPPUNIT_TEST(ArgumentsOfToolsAreRead);
    CPPUNIT_TEST(WhatIsCutAnywhereShowsNoMore);
    CPPUNIT_TEST(WhatIsTooDeepIsHidden);
    CPPUNIT_TEST(WithoutDefaultsAllStays);
    CPPUNIT_TEST(WrongRulesAreRefused);
    CPPUNIT_TEST(TimeIsLinear);
    CPPUNIT_TEST_SUITE_END();

    static Redacted Run(std::string_view text, const Rules& rules = {}) {
        auto redactor = Redactor::Make(rules);
        CPPUNIT_ASSERT(redactor.ok());
        return redactor->Redact(text);
    }
    static void Stays(std::string_view text, const Rules& rules = {}) {
        const Redacted out = Run(text, rules);
        CPPUNIT_ASSERT_EQUAL(std::string(text), out.text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, out.hidden);
    }
    static void Becomes(std::string_view text, const std::string& wanted,
                        const Rules& rules = {}) {
        CPPUNIT_ASSERT_EQUAL(wanted, Run(text, rules).text);
    }

 public:
    void OrdinaryTextsStay() {
        for (
            const char* text :
            {"", "hello", "{}", "[]", "[1,2.5,-3e9,true,null]",
             R"({"model":"m","messages":[{"role":"user","content":"Hi \"you\""}]})",
             " {\n  \"a\" : [ { } , [ ] ]\n}\n", "data: [DONE]\n\n",
             "event: x\ndata: {\"a\":1}\n\n", "{\"a\":1}\n{\"b\":2}\n",
             R"({"max_tokens":5,"usage":{"prompt_tokens":3}})", R"({"broken":)",
             R"({"a" 1})", "{]}", "[}", "{{{{", "\"",
             "risk-management of task-oriented bearer bonds"}) {
            Stays(text);
        }
    }

    void CredentialsAreHidden() {
        Becomes(R"({"api_key":"abc","X-Api-Key" : "def","n":1})",
                R"({"api_key":"[hidden]","X-Api-Key" : "[hidden]","n":1})");
        Becomes(R"({"Password":["a",{"b":"c"}],"n":1})",
                R"({"Password":"[hidden]","n":1})");
        Becomes("my key is sk-abcdefghijklmnop1234, keep it",
                "my key is [hidden], keep it");
        Becomes(R"(["sk-abcdefghijklmnop1234","a\nsk-abcdefghijklmnop1234"])",
                R"(["[hidden]","a\n[hidden]"])");
        Becomes("Authorization: Bearer abcdefghij.k",
                "Authorization: [hidden]");
        Becomes(
            "-----BEGIN RSA PRIVATE KEY-----\nAAA\nBBB\n"
            "-----END RSA PRIVATE KEY-----\nrest",
            "[hidden]\nrest");
        Becomes(
            R"({"t":"-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----x"})",
            R"({"t":"[hidden]x"})");
        Becomes("[sk-abcdefghijklmnop1234]", "[[hidden]]");
        Becomes(R"({"sk-abcdefghijklmnop1234":1})", R"({"[hidden]":1})");
    }

    void ImagesAreHidden() {
        const std::string image(5000, 'Q');
        Becomes(R"({"url":"data:image/png;base64,)" + image + R"("})",
                R"({"url":"data:image/png;base64,[hidden]"})");
        std::string escaped;
        for (int i = 0; i < 100; ++i) escaped += "QQQQQ\\/";
        Becomes(R"({"d":")" + escaped + R"("})", R"({"d":"[hidden]"})");
    }

    void PathsAreHidden() {
        Rules rules;
        rules.paths = {"messages[].content", "meta.*.email", "**.phone"};
        Becomes(
            R"({"messages":[{"content":"a"},{"content":[{"x":"]"}],"role":"r"}]})",
            R"({"messages":[{"content":"[hidden]"},{"content":"[hidden]","role":"r"}]})",
            rules);
        Becomes(R"({"meta":{"a":{"email":"x","e":1}},"email":"y"})",
                R"({"meta":{"a":{"email":"[hidden]","e":1}},"email":"y"})",
                rules);
        Becomes(R"([{"phone":1},{"a":{"pho\u006ee":2}}])",
                R"([{"phone":"[hidden]"},{"a":{"pho\u006ee":"[hidden]"}}])",
                rules);
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{2},
            Run(R"({"phone":1,"b":{"phone":2}})", rules).hidden);
    }

    void PatternsAreHidden() {
        Rules rules;
        rules.patterns = {"ACME-####-*", "#### ####", R"(a\*b)"};
        Becomes("no ACME-12-x, ACME-1234-xyz!, 1234 5678 a*b ab axb",
                "no ACME-12-x, [hidden] [hidden] [hidden] ab axb", rules);
        Becomes(R"({"t":"ACME-1234-","u":"ACME-1234-q"})",
                R"({"t":"[hidden]","u":"[hidden]"})", rules);
        Becomes("AACME-1234-ACME-1234-", "A[hidden]", rules);
    }

    void EventsAndLinesAreRead() {
        Rules rules;
        rules.paths = {"choices[].delta.content"};
        Becomes(
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
            "data:{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n"
            "data: [DONE]\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"[hidden]\"}}]}\n\n"
            "data:{\"choices\":[{\"delta\":{\"content\":\"[hidden]\"}}]}\n\n"
            "data: [DONE]\n\n",
            rules);
        Becomes("{\"secret\":1}\n{\"x\" oops}\n{\"secret\":2}",
                "{\"secret\":\"[hidden]\"}\n{\"x\" oops}\n"
                "{\"secret\":\"[hidden]\"}");
        // What is broken leaves no trace in what follows.
        rules.paths = {"a"};
        Becomes("{\"x\":{\"y\":oops\"\n{\"a\":1}",
                "{\"x\":{\"y\":oops\"\n{\"a\":\"[hidden]\"}", rules);
    }

    void ArgumentsOfToolsAreRead() {
        Becomes(R"({"arguments":"{\"password\":\"p\",\"x\":1}"})",
                R"({"arguments":"{\"password\":\"[hidden]\",\"x\":1}"})");
        Stays(R"({"arguments":"{\"x\":\"\u00e9\"}"})");
    }

    // At every length: what is hidden in the whole is never seen in a part.
    void WhatIsCutAnywhereShowsNoMore() {
        Rules rules;
        rules.paths = {"a[].b"};
        const std::string text =
            R"({"z":1,"a":[{"b":"planted one"},{"b":{"c":["planted two"]}}],)"
            R"("password":"planted three","arguments":"{\"token\":\"planted)"
            R"( four\",\"k\":1}"})";
        for (std::size_t size = 0; size <= text.size(); ++size) {
            // An argument that is cut is text: its names are not read.
            const bool cut_argument =
                size > text.find("planted four") && size < text.size() - 1;
            const std::string out =
                Run(std::string_view(text).substr(0, size), rules).text;
            if (cut_argument) continue;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(out, std::string::npos,
                                         out.find("planted"));
        }
    }

    void WhatIsTooDeepIsHidden() {
        std::string text;
        for (int i = 0; i < 5000; ++i) text += "[";
        const Redacted out = Run(text + "\"deep\"");
        CPPUNIT_ASSERT_EQUAL(std::string::npos, out.text.find("deep"));
    }

    void WithoutDefaultsAllStays() {
        Rules rules;
        rules.defaults = false;
        Stays(R"({"api_key":"sk-abcdefghijklmnop1234"})", rules);
        Stays(std::string(1000, 'Q'), rules);
    }

    void WrongRulesAreRefused() {
        for (const char* path : {"", "a[", "a[0]", "**", "a.**.b", "a..b"}) {
            Rules rules;
            rules.paths = {path};
            const auto made = Redactor::Make(rules);
            CPPUNIT_ASSERT_MESSAGE(path, !made.ok());
            CPPUNIT_ASSERT_EQUAL(std::string("paths"), made.error().field);
        }
        for (const std::string& pattern :
             {std::string(""), std::string("ab"), std::string("*abc"),
              std::string("?abc"), std::string("abc\\"), std::string("a**"),
              std::string(61, 'x')}) {
            Rules rules;
            rules.patterns = {pattern};
            const auto made = Redactor::Make(rules);
            CPPUNIT_ASSERT_MESSAGE(pattern, !made.ok());
            CPPUNIT_ASSERT_EQUAL(std::string("patterns"), made.error().field);
        }
    }

    // What makes a backtracking search take for ever.
    void TimeIsLinear() {
        Rules rules;
        for (int i = 0; i < 16; ++i) {
            rules.patterns.push_back(
                "a*a*a*a*a*a*a*a*a*a*b" +
                std::string(1, static_cast<char>('0' + i)));
        }
        const std::string text(100'000, 'a');
        const auto begun = std::chrono::steady_clock::now();
        Stays(R"({"t":")" + text.substr(0, 150) + "\"}", rules);
        rules.defaults = false;
        Stays(text, rules);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begun <
                       std::chrono::seconds(20));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PayloadRedact);

}  // namespace
}  // namespace aiproxy::payload
