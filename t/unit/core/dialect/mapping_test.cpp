// SPDX-License-Identifier: MIT

#include "core/dialect/mapping.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/dialect/meter.h"

namespace aiproxy::dialect {
namespace {

Reading Read(std::string_view rules, std::string_view answer,
             Framing framing = Framing::kJson) {
    const auto mapping = Mapping::Parse(rules);
    CPPUNIT_ASSERT_MESSAGE(mapping.ok() ? "" : mapping.error().public_text,
                           mapping.ok());
    Meter::Settings settings;
    settings.framing = framing;
    settings.mapping = &*mapping;
    Meter whole(settings);
    whole.Feed(answer);
    const Reading reading = whole.Finish(true);
    Meter bytes(settings);
    for (char c : answer) {
        bytes.Feed({&c, 1});
    }
    const Reading again = bytes.Finish(true);
    CPPUNIT_ASSERT(reading.usage == again.usage);
    CPPUNIT_ASSERT(reading.output_text == again.output_text);
    return reading;
}

class DialectMapping : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectMapping);
    CPPUNIT_TEST(ReadsByRules);
    CPPUNIT_TEST(ChoosesByConditions);
    CPPUNIT_TEST(KeepsAbsentApartFromZero);
    CPPUNIT_TEST(MergesEvents);
    CPPUNIT_TEST(RefusesWhatIsNoRule);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsByRules() {
        const Reading reading = Read(
            "# of a vendor\n"
            "input = u.in\n"
            "output = sum(u.out, u.think)   # both\n"
            "reasoning = u.think\n"
            "cache_read = first(u.hit, u.old[].hit)\n"
            "web_searches = default(u.search, 0)\n"
            "audio_input_ms = seconds(u.s)\n"
            "provider_cost = usd(u.cost)\n"
            "model = meta.model\nid=meta.id\ntext = out[].t\n",
            R"({"u":{"in":100,"out":20,"think":7,"old":[{"hit":3},{"hit":30}],)"
            R"("s":1.5,"cost":"0.0012"},"meta":{"model":"m","id":"i"},)"
            R"("out":[{"t":"hello"}]})");
        CPPUNIT_ASSERT(reading.usage.input == 100);
        CPPUNIT_ASSERT(reading.usage.output == 27);
        CPPUNIT_ASSERT(reading.usage.reasoning == 7);
        CPPUNIT_ASSERT(reading.usage.cache_read == 30);
        CPPUNIT_ASSERT(reading.usage.web_searches == 0);
        CPPUNIT_ASSERT(reading.usage.audio_input_ms == 1500);
        CPPUNIT_ASSERT(reading.usage.provider_cost == 1'200'000'000);
        CPPUNIT_ASSERT(reading.model == "m" && reading.response_id == "i");
        CPPUNIT_ASSERT(reading.output_text.ascii_bytes == 5);
        CPPUNIT_ASSERT(reading.source == usage::UsageSource::kReported);
    }

    void ChoosesByConditions() {
        constexpr std::string_view kRules =
            "input = when(type, \"new\", first(a, b), default(c, 5))\n"
            "output = 0\n";
        CPPUNIT_ASSERT(
            Read(kRules, R"({"b":2,"c":3,"type":"new"})").usage.input == 2);
        CPPUNIT_ASSERT(
            Read(kRules, R"({"b":2,"c":3,"type":"old"})").usage.input == 3);
        CPPUNIT_ASSERT(Read(kRules, R"({"b":2})").usage.input == 5);
    }

    void KeepsAbsentApartFromZero() {
        const Reading reading =
            Read("input=a\noutput=sum(b,c)\ncache_is=beside\ncache_read=d\n",
                 R"({"a":10,"d":4})");
        CPPUNIT_ASSERT(reading.usage.input == 14);
        CPPUNIT_ASSERT(!reading.usage.output);
        CPPUNIT_ASSERT(Read("input=a", "{}").source ==
                       usage::UsageSource::kNone);
    }

    void MergesEvents() {
        constexpr std::string_view kEvents =
            "data: {\"i\":5,\"o\":1}\n\ndata: {\"o\":3}\n\ndata: [DONE]\n\n";
        Reading reading =
            Read("input = i\noutput = o\n", kEvents, Framing::kSse);
        CPPUNIT_ASSERT(reading.usage.input == 5 && reading.usage.output == 3);
        reading = Read("input = i\noutput = o\nmerge = sum\n", kEvents,
                       Framing::kSse);
        CPPUNIT_ASSERT(reading.usage.input == 5 && reading.usage.output == 4);
    }

    void RefusesWhatIsNoRule() {
        for (std::string_view rules :
             {"input", "x = a", "input =", "input = a b", "input = a..b",
              "input = .a", "input = a[", "input = a[]b", "input = f(a)",
              "input = sum(a", "input = sum()", "input = default(a)",
              "input = when(a, b, c, d)", "input = when(a, \"b\", c)",
              "input = a\ninput = b", "cache_is = outside", "merge = max",
              "input = "
              "sum(sum(sum(sum(sum(sum(sum(sum(sum(sum(a))))))))))"}) {
            const auto mapping = Mapping::Parse(rules);
            CPPUNIT_ASSERT_MESSAGE(std::string(rules), !mapping.ok());
            CPPUNIT_ASSERT(mapping.error().public_text.starts_with("Line "));
        }
        CPPUNIT_ASSERT(
            !Mapping::Parse(std::string(Mapping::kMaxBytes + 1, '#')).ok());
        CPPUNIT_ASSERT(Mapping::Parse("").ok());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectMapping);

}  // namespace
}  // namespace aiproxy::dialect
