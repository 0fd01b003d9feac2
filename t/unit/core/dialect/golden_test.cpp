// SPDX-License-Identifier: MIT
//
// Walks t/golden/<dialect>/: each case is a request, the provider's answer and
// what must be read from it. An answer is fed whole, one byte at a time, and
// at every split point; where the caller did not ask for usage, the stream he
// sees is compared too. <case>.cuts.json has what is read from a stream that
// breaks before its first event, after it, after the second, and so on.

#include <cppunit/extensions/HelperMacros.h>
#include <jansson.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/dialect/meter.h"
#include "core/dialect/request.h"
#include "core/dialect/usage_hider.h"
#include "core/pricing/cost.h"
#include "core/pricing/price_table.h"
#include "t/unit/core/dialect/event_ends.h"
#include "t/unit/tree.h"

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
    auto add = [&out](std::string_view name, usage::Count count) {
        if (count) {
            out.append(name) += "=" + std::to_string(*count) + " ";
        }
    };
    for (const usage::UsageField& field : usage::kUsageFields) {
        add(field.name, usage.*field.member);
    }
    for (const usage::DetailField& field : usage::kDetailFields) {
        add(field.name, usage.*field.member);
    }
    for (std::string_view word : {Name(usage.tier), Name(usage.geo)}) {
        out.append(word) += word.empty() ? "" : " ";
    }
    return out;
}

std::string Describe(const std::vector<usage::ModelUsage>& others) {
    std::string out;
    for (const usage::ModelUsage& other : others) {
        out += "[" + other.model + ": " + Describe(other.usage) + "] ";
    }
    return out;
}

std::string Describe(const Reading& reading, std::uint64_t events) {
    return Describe(reading.usage) + "| " + Describe(reading.others) +
           std::string(Name(reading.source)) + " model=" + reading.model +
           " id=" + reading.response_id +
           (reading.complete ? " complete" : " cut") +
           (reading.error ? " error" : "") +
           (reading.uncertain ? " uncertain" : "") +
           (reading.output_tokens
                ? " counted=" + std::to_string(*reading.output_tokens)
                : std::string()) +
           " text=" + std::to_string(reading.output_text.ascii_bytes) + "+" +
           std::to_string(reading.output_text.wide_characters) +
           " events=" + std::to_string(events);
}

usage::Usage ExpectedUsage(const json_t* object) {
    usage::Usage usage;
    std::size_t known = 0;
    for (const usage::UsageField& field : usage::kUsageFields) {
        usage.*field.member = Count(object, std::string(field.name).c_str());
        known += usage.*field.member ? 1 : 0;
    }
    for (const usage::DetailField& field : usage::kDetailFields) {
        usage.*field.member = Count(object, std::string(field.name).c_str());
        known += usage.*field.member ? 1 : 0;
    }
    const std::string tier = Text(object, "tier");
    const std::string geo = Text(object, "geo");
    usage.tier = usage::TierFromName(tier).value_or(usage::Tier::kUnknown);
    usage.geo = usage::ReadGeo(geo);
    known += (tier.empty() ? 0 : 1) + (geo.empty() ? 0 : 1);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a name that nobody knows",
                                 json_object_size(object), known);
    return usage;
}

std::vector<usage::ModelUsage> ExpectedOthers(const json_t* list) {
    std::vector<usage::ModelUsage> others;
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const json_t* entry = json_array_get(list, i);
        others.push_back({Text(entry, "model"),
                          ExpectedUsage(json_object_get(entry, "usage"))});
    }
    return others;
}

// The prices of a case: those of the model, "more" as in a price table, and
// under "others" those of other models.
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
    CPPUNIT_ASSERT(pricing::ParseMore(Text(prices, "more"), price).ok());
    return price;
}

// Of all models that were used, or "unpriced".
std::string CostOf(const json_t* prices, const Reading& reading) {
    auto cost = pricing::Cost(ReadPrice(prices), reading.usage);
    for (const usage::ModelUsage& other : reading.others) {
        const json_t* row = json_object_get(json_object_get(prices, "others"),
                                            other.model.c_str());
        const auto more = row == nullptr
                              ? std::nullopt
                              : pricing::Cost(ReadPrice(row), other.usage);
        cost = cost && more ? std::optional(*cost + *more) : std::nullopt;
    }
    return cost ? pricing::FormatUsd(*cost) : "unpriced";
}

// What an answer's file is called, and its type unless the case says another.
constexpr std::pair<const char*, const char*> kAnswers[] = {
    {".upstream.json", "application/json"},
    {".upstream.sse", "text/event-stream; charset=utf-8"},
    {".upstream.ndjson", "application/x-ndjson"},
    {".upstream.bin", "application/vnd.amazon.eventstream"},
};

struct Case {
    std::string name;
    Json expected;
    std::string request;
    std::string upstream;
    std::string upstream_end;  // of its file's name
    Json cuts;
    std::optional<std::string> caller;
    std::string content_type;
    Route route;
    RequestFields fields;
    std::string path;
    std::string query;
};

// What feeding pieces to a meter reads.
using Pieces = std::vector<std::string_view>;

Reading Measure(const Case& golden, const Pieces& pieces, bool complete,
                std::uint64_t& events) {
    const json_t* expected = golden.expected.get();
    Meter meter(Meter::Settings{
        golden.route.dialect, golden.route.family,
        Flag(expected, "socket", false)
            ? Framing::kWebSocket
            : FramingOf(golden.route, golden.fields.streaming,
                        golden.content_type),
        frame::CodingOf(Text(expected, "content_encoding")).value(),
        bpe::Tokenizer::Get(bpe::Encoding::kO200k)});
    const char* name;
    json_t* value;
    json_object_foreach(json_object_get(expected, "headers"), name, value) {
        meter.Header(name, json_string_value(value));
    }
    for (std::string_view piece : pieces) {
        meter.Feed(piece);
    }
    Reading reading = meter.Finish(complete);
    events = meter.events();
    return reading;
}

std::vector<std::size_t> EventEnds(const Case& golden) {
    if (Flag(golden.expected.get(), "socket", false)) {
        return EndsOfFrames(golden.upstream);
    }
    if (golden.upstream_end == ".upstream.bin") {
        return EndsOfMessages(golden.upstream);
    }
    if (golden.upstream_end == ".upstream.json") {
        return EndsOfElements(golden.upstream);
    }
    const std::string line =
        golden.upstream.find("\r\n") == std::string::npos ? "\n" : "\r\n";
    return EndsOfText(golden.upstream, golden.upstream_end == ".upstream.sse"
                                           ? line + line
                                           : line);
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
    CPPUNIT_TEST(Folders);
    CPPUNIT_TEST_SUITE_END();

 public:
    // A folder for each dialect, and how many cases it must have.
    void Folders() {
        const std::map<Dialect, int> kAtLeast = {
            {Dialect::kOpenAiChat, 65},
            {Dialect::kAnthropicMessages, 35},
            {Dialect::kGeminiContent, 35},
        };
        int all = 0;
        std::string wrong;  // all of it, not the first alone
        for (int i = 0; i <= static_cast<int>(kLastDialect); ++i) {
            const auto dialect = static_cast<Dialect>(i);
            const auto least = kAtLeast.find(dialect);
            all += Walk(std::string(Name(dialect)),
                        least == kAtLeast.end() ? 2 : least->second, wrong);
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), wrong);
        CPPUNIT_ASSERT(all >= 240);
    }

 private:
    static int Walk(const std::string& folder, int at_least,
                    std::string& wrong) {
        int cases = 0;
        bool stream = false;
        bool cut = false;
        const fs::path root = fs::path(TreeFolder()) / "t/golden" / folder;
        for (const auto& entry : fs::directory_iterator(root)) {
            const std::string file = entry.path().filename();
            constexpr std::string_view kEnd = ".expected.json";
            if (!file.ends_with(kEnd)) {
                continue;
            }
            ++cases;
            Case golden = Load(entry.path().parent_path(),
                               file.substr(0, file.size() - kEnd.size()));
            try {
                stream = stream || golden.fields.streaming;
                cut = cut || golden.cuts != nullptr;
                CheckRequest(golden);
                CheckReading(golden);
                CheckCuts(golden);
                CheckCaller(golden);
            } catch (const CppUnit::Exception& failure) {
                wrong += "\n" + folder + "/" + failure.what();
            }
        }
        CPPUNIT_ASSERT_MESSAGE(folder, cases >= at_least);
        CPPUNIT_ASSERT_MESSAGE(folder + ": no stream cut at every event",
                               cut || !stream);
        return cases;
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
        for (const auto& [end, type] : kAnswers) {
            if (fs::exists(file(end))) {
                golden.upstream = Slurp(file(end));
                golden.upstream_end = end;
                golden.content_type =
                    Text(golden.expected.get(), "content_type", type);
            }
        }
        if (fs::exists(file(".cuts.json"))) {
            golden.cuts.reset(
                json_load_file(file(".cuts.json").c_str(), 0, &error));
            CPPUNIT_ASSERT_MESSAGE(name, json_is_array(golden.cuts.get()));
        }
        if (fs::exists(file(".caller.sse"))) {
            golden.caller = Slurp(file(".caller.sse"));
        }
        golden.path = Text(golden.expected.get(), "path");
        golden.query = Text(golden.expected.get(), "query");
        golden.route = Classify(Text(golden.expected.get(), "method", "POST"),
                                golden.path, golden.query, false);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, folder.filename().string(),
                                     std::string(Name(golden.route.dialect)));
        auto fields = ReadRequest(golden.route, golden.request);
        CPPUNIT_ASSERT_MESSAGE(name, fields.ok());
        golden.fields = *fields;
        return golden;
    }

    static void CheckRequest(const Case& golden) {
        json_error_t error;
        // A form, or nothing at all, is no JSON.
        Json request(json_loads(golden.request.c_str(), 0, &error));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name,
                                     Text(golden.expected.get(), "asked_model",
                                          Text(request.get(), "model").c_str()),
                                     golden.fields.model);
        const bool streaming = Flag(golden.expected.get(), "streaming",
                                    Flag(request.get(), "stream", false) ||
                                        golden.route.streaming_by_path);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name, streaming,
                                     golden.fields.streaming);
    }

    static void CheckReading(const Case& golden) {
        const json_t* expected = golden.expected.get();
        const bool complete = Flag(expected, "upstream_complete", true);
        std::uint64_t events = 0;
        const Reading whole =
            Measure(golden, {golden.upstream}, complete, events);
        Compare(golden.name, golden, expected, true, whole);
        if (auto wanted = Count(expected, "events")) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name + ": events",
                                         std::uint64_t(*wanted), events);
        }
        CheckSplits(golden.name, golden, golden.upstream, complete);
    }

    // The stream cut before its first event and after each.
    static void CheckCuts(const Case& golden) {
        if (golden.cuts == nullptr) {
            return;
        }
        const std::vector<std::size_t> ends = EventEnds(golden);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(golden.name + ": cuts", ends.size() + 1,
                                     json_array_size(golden.cuts.get()));
        for (std::size_t i = 0; i <= ends.size(); ++i) {
            const json_t* expected = json_array_get(golden.cuts.get(), i);
            const std::string name = golden.name + ": cut " +
                                     std::to_string(i) + " after " +
                                     Text(expected, "after");
            const auto begun = std::string_view(golden.upstream)
                                   .substr(0, i ? ends[i - 1] : 0);
            std::uint64_t events = 0;
            const Reading reading = Measure(golden, {begun}, false, events);
            Compare(name, golden, expected, false, reading);
            bpe::TextMeasure text;
            text.Add(Text(expected, "text"));
            CPPUNIT_ASSERT_MESSAGE(name + ": text",
                                   text == reading.output_text);
            CheckSplits(name, golden, begun, false);
        }
    }

    // A cut case says what is not as in the whole one.
    static void Compare(const std::string& name, const Case& golden,
                        const json_t* expected, bool complete,
                        const Reading& found) {
        const json_t* all = golden.expected.get();
        auto same = [&](const char* what, const std::string& wanted,
                        const std::string& is) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name + ": " + what, wanted, is);
        };
        auto flag = [](bool value) { return value ? "yes" : "no"; };
        const json_t* others = json_object_get(expected, "others");
        same("usage",
             Describe(ExpectedUsage(json_object_get(expected, "usage"))),
             Describe(found.usage));
        same("model", Text(expected, "model", Text(all, "model").c_str()),
             found.model);
        same("others", Describe(ExpectedOthers(others)),
             Describe(found.others));
        same("source", Text(expected, "source"),
             std::string(Name(found.source)));
        same("uncertain", flag(Flag(expected, "uncertain", false)),
             flag(found.uncertain));
        same("complete", flag(Flag(expected, "complete", complete)),
             flag(found.complete));
        same("error", flag(Flag(expected, "error", false)), flag(found.error));
        same("cost", Text(expected, "cost_usd", "unpriced"),
             CostOf(json_object_get(all, "prices"), found));
    }

    static void CheckSplits(const std::string& name, const Case& golden,
                            std::string_view upstream, bool complete) {
        std::uint64_t events = 0;
        const Reading whole = Measure(golden, {upstream}, complete, events);
        const std::string result = Describe(whole, events);
        EverySplit(upstream, [&](const Pieces& pieces) {
            std::uint64_t count = 0;
            const Reading reading = Measure(golden, pieces, complete, count);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name + ": split", result,
                                         Describe(reading, count));
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
