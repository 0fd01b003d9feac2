// SPDX-License-Identifier: MIT
//
// Walks t/golden/<dialect>/: each case is a request, the provider's answer and
// what must be read from it. An answer is fed whole, one byte at a time, and
// at every split point; where the caller did not ask for usage, the stream he
// sees is compared too.

#include <cppunit/extensions/HelperMacros.h>
#include <jansson.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/dialect/meter.h"
#include "core/dialect/request.h"
#include "core/dialect/usage_hider.h"
#include "core/pricing/price.h"

namespace aiproxy::dialect {
namespace {

namespace fs = std::filesystem;

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, FreeJson>;

std::string Slurp(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    CPPUNIT_ASSERT_MESSAGE(path.string(), file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string Text(const json_t* object, const char* name,
                 const char* otherwise = "") {
    const char* text = json_string_value(json_object_get(object, name));
    return text == nullptr ? otherwise : text;
}

bool Flag(const json_t* object, const char* name, bool otherwise) {
    const json_t* value = json_object_get(object, name);
    return value == nullptr ? otherwise : json_is_true(value);
}

std::optional<std::int64_t> Count(const json_t* object, const char* name) {
    const json_t* value = json_object_get(object, name);
    return value == nullptr
               ? std::nullopt
               : std::optional<std::int64_t>(json_integer_value(value));
}

std::string Describe(const usage::Usage& usage) {
    std::string out;
    auto add = [&out](const char* name, std::optional<std::int64_t> count) {
        if (count) {
            out += std::string(name) + "=" + std::to_string(*count) + " ";
        }
    };
    add("input", usage.input);
    add("cache_read", usage.cache_read);
    add("cache_write_5m", usage.cache_write_5m);
    add("cache_write_1h", usage.cache_write_1h);
    add("cache_write_30m", usage.cache_write_30m);
    add("cache_write_12h", usage.cache_write_12h);
    add("output", usage.output);
    add("reasoning", usage.reasoning);
    return out;
}

std::string Describe(const Reading& reading, std::uint64_t events) {
    constexpr const char* kSources[] = {"none", "reported", "partial"};
    return Describe(reading.usage) + "| " +
           kSources[static_cast<int>(reading.source)] +
           " model=" + reading.model + " id=" + reading.response_id +
           (reading.complete ? " complete" : " cut") +
           (reading.error ? " error" : "") +
           " events=" + std::to_string(events);
}

usage::Usage ExpectedUsage(const json_t* object) {
    usage::Usage usage;
    usage.input = Count(object, "input");
    usage.cache_read = Count(object, "cache_read");
    usage.cache_write_5m = Count(object, "cache_write_5m");
    usage.cache_write_1h = Count(object, "cache_write_1h");
    usage.cache_write_30m = Count(object, "cache_write_30m");
    usage.cache_write_12h = Count(object, "cache_write_12h");
    usage.output = Count(object, "output");
    usage.reasoning = Count(object, "reasoning");
    return usage;
}

pricing::Price ReadPrice(const json_t* prices) {
    auto usd = [&](const char* name) -> std::optional<pricing::PicoUsd> {
        const char* text = json_string_value(json_object_get(prices, name));
        if (text == nullptr) {
            return std::nullopt;
        }
        auto price = pricing::ParsePerMillion(text);
        CPPUNIT_ASSERT_MESSAGE(name, price.has_value());
        return price;
    };
    pricing::Price price;
    price.input = usd("input");
    price.output = usd("output");
    price.cache_read = usd("cache_read");
    price.cache_write_short = usd("cache_write_short");
    price.cache_write_long = usd("cache_write_long");
    price.tier_at = Count(prices, "tier_at");
    price.tier_input = usd("tier_input");
    price.tier_output = usd("tier_output");
    price.tier_cache_read = usd("tier_cache_read");
    return price;
}

struct Case {
    std::string name;
    Json expected;
    std::string request;
    std::string upstream;
    std::optional<std::string> caller;
    std::string content_type;
    Route route;
    RequestFields fields;
    std::string path;
    std::string query;
};

// What feeding pieces to a meter reads.
using Pieces = std::vector<std::string_view>;

Reading Measure(const Case& golden, const Pieces& pieces,
                std::uint64_t& events) {
    Meter meter(
        golden.route.dialect, golden.route.family,
        FramingOf(golden.route, golden.fields.streaming, golden.content_type));
    for (std::string_view piece : pieces) {
        meter.Feed(piece);
    }
    Reading reading =
        meter.Finish(Flag(golden.expected.get(), "upstream_complete", true));
    events = meter.events();
    return reading;
}

std::string Hide(const Pieces& pieces) {
    UsageHider hider;
    std::string out;
    for (std::string_view piece : pieces) {
        hider.Feed(piece, out);
    }
    hider.Finish(out);
    return out;
}

// Calls check for the text whole, in single bytes, and split in two at every
// point.
void EverySplit(std::string_view text,
                const std::function<void(const Pieces&)>& check) {
    check({text});
    Pieces bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes.push_back(text.substr(i, 1));
    }
    check(bytes);
    for (std::size_t i = 1; i < text.size(); ++i) {
        check({text.substr(0, i), text.substr(i)});
    }
}

class GoldenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GoldenTest);
    CPPUNIT_TEST(OpenAiChat);
    CPPUNIT_TEST(AnthropicMessages);
    CPPUNIT_TEST(GeminiContent);
    CPPUNIT_TEST(Other);
    CPPUNIT_TEST_SUITE_END();

 public:
    void OpenAiChat() { Walk("openai_chat", 60); }
    void AnthropicMessages() { Walk("anthropic_messages", 20); }
    void GeminiContent() { Walk("gemini_content", 30); }
    void Other() { Walk("other", 10); }

 private:
    static void Walk(const std::string& folder, int at_least) {
        int cases = 0;
        const fs::path root = fs::path(AIPROXY_TREE) / "t/golden" / folder;
        for (const auto& entry : fs::directory_iterator(root)) {
            const std::string file = entry.path().filename();
            constexpr std::string_view kEnd = ".expected.json";
            if (!file.ends_with(kEnd)) {
                continue;
            }
            ++cases;
            Case golden = Load(entry.path().parent_path(),
                               file.substr(0, file.size() - kEnd.size()));
            CheckRequest(golden);
            CheckReading(golden);
            CheckCaller(golden);
        }
        CPPUNIT_ASSERT_MESSAGE(folder, cases >= at_least);
    }

    static Case Load(const fs::path& folder, const std::string& name) {
        Case golden;
        golden.name = name;
        auto file = [&](const char* end) { return folder / (name + end); };
        json_error_t error;
        golden.expected.reset(
            json_load_file(file(".expected.json").c_str(), 0, &error));
        CPPUNIT_ASSERT_MESSAGE(name, golden.expected != nullptr);
        golden.request = Slurp(file(".request.json"));
        const bool sse = fs::exists(file(".upstream.sse"));
        golden.upstream = Slurp(file(sse ? ".upstream.sse" : ".upstream.json"));
        golden.content_type =
            sse ? "text/event-stream; charset=utf-8" : "application/json";
        if (fs::exists(file(".caller.sse"))) {
            golden.caller = Slurp(file(".caller.sse"));
        }
        golden.path = Text(golden.expected.get(), "path");
        golden.query = Text(golden.expected.get(), "query");
        golden.route = Classify("POST", golden.path, golden.query, false);
        auto fields = ReadRequest(golden.route, golden.request);
        CPPUNIT_ASSERT_MESSAGE(name, fields.ok());
        golden.fields = *fields;
        return golden;
    }

    static void CheckRequest(const Case& golden) {
        json_error_t error;
        Json request(json_loads(golden.request.c_str(), 0, &error));
        CPPUNIT_ASSERT_MESSAGE(golden.name, request != nullptr);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name,
                                     Text(golden.expected.get(), "asked_model",
                                          Text(request.get(), "model").c_str()),
                                     golden.fields.model);
        const bool streaming = Flag(request.get(), "stream", false) ||
                               golden.route.streaming_by_path;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name, streaming,
                                     golden.fields.streaming);
    }

    static void CheckReading(const Case& golden) {
        const json_t* expected = golden.expected.get();
        std::uint64_t events = 0;
        const Reading whole = Measure(golden, {golden.upstream}, events);
        auto same = [&](const char* what, const std::string& wanted,
                        const std::string& found) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name + ": " + what, wanted,
                                         found);
        };
        same("usage",
             Describe(ExpectedUsage(json_object_get(expected, "usage"))),
             Describe(whole.usage));
        same("model", Text(expected, "model"), whole.model);
        constexpr const char* kSources[] = {"none", "reported", "partial"};
        same("source", Text(expected, "source"),
             kSources[static_cast<int>(whole.source)]);
        same("complete", Flag(expected, "complete", true) ? "yes" : "no",
             whole.complete ? "yes" : "no");
        same("error", Flag(expected, "error", false) ? "yes" : "no",
             whole.error ? "yes" : "no");
        if (auto wanted = Count(expected, "events")) {
            same("events", std::to_string(*wanted), std::to_string(events));
        }
        const auto cost = pricing::Cost(
            ReadPrice(json_object_get(expected, "prices")), whole.usage);
        same("cost", Text(expected, "cost_usd", "unpriced"),
             cost ? pricing::FormatUsd(*cost) : "unpriced");
        const std::string result = Describe(whole, events);
        EverySplit(golden.upstream, [&](const Pieces& pieces) {
            std::uint64_t count = 0;
            const Reading reading = Measure(golden, pieces, count);
            same("split", result, Describe(reading, count));
        });
    }

    // The stream as the caller sees it, who did not ask for its usage.
    static void CheckCaller(const Case& golden) {
        if (!golden.caller) {
            return;
        }
        auto edit = AskForUsage(golden.request, golden.fields);
        CPPUNIT_ASSERT_MESSAGE(golden.name, edit.has_value());
        std::string edited = golden.request;
        edited.replace(edit->offset, edit->removed, edit->inserted);
        auto again = ReadRequest(golden.route, edited);
        CPPUNIT_ASSERT_MESSAGE(golden.name, again.ok());
        CPPUNIT_ASSERT_MESSAGE(golden.name, again->usage_asked);
        EverySplit(golden.upstream, [&](const Pieces& pieces) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name, *golden.caller,
                                         Hide(pieces));
        });
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GoldenTest);

}  // namespace
}  // namespace aiproxy::dialect
