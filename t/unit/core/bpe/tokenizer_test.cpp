// SPDX-License-Identifier: MIT

#include "core/bpe/tokenizer.h"
#include "t/unit/tree.h"

#include <cppunit/extensions/HelperMacros.h>
#include <jansson.h>
#include <zlib.h>

#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace aiproxy::bpe {
namespace {

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, FreeJson>;

std::string Golden(const char* name) {
    return TreeFolder() + "/t/golden/bpe/" + name;
}

const Tokenizer& Of(Encoding encoding) {
    const Tokenizer* tokenizer = Tokenizer::Get(encoding);
    CPPUNIT_ASSERT_MESSAGE("built without the ranks", tokenizer != nullptr);
    return *tokenizer;
}

std::string Text(const json_t* text) {
    return {json_string_value(text), json_string_length(text)};
}

// Ids and their number, of the text whole and in pieces.
void Check(Encoding encoding, const std::string& text, const json_t* ids) {
    const Tokenizer& tokenizer = Of(encoding);
    std::vector<std::uint32_t> wanted;
    for (std::size_t i = 0; i < json_array_size(ids); ++i) {
        wanted.push_back(static_cast<std::uint32_t>(
            json_integer_value(json_array_get(ids, i))));
    }
    CPPUNIT_ASSERT_MESSAGE(text, tokenizer.Encode(text) == wanted);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, wanted.size(), tokenizer.Count(text));
    TokenCounter bytes(tokenizer);
    for (char c : text) {
        bytes.Feed({&c, 1});
    }
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, wanted.size(), bytes.Count());
    TokenCounter halves(tokenizer);
    halves.Feed(std::string_view(text).substr(0, text.size() / 2));
    halves.Feed(std::string_view(text).substr(text.size() / 2));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, wanted.size(), halves.Count());
}

class BpeTokenizer : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BpeTokenizer);
    CPPUNIT_TEST(CountsTheNamedCases);
    CPPUNIT_TEST(CountsTheRandomCases);
    CPPUNIT_TEST(CountsAsItGoes);
    CPPUNIT_TEST(StaysLinear);
    CPPUNIT_TEST(SameForAnySplit);
    CPPUNIT_TEST(KnowsEncodings);
    CPPUNIT_TEST_SUITE_END();

 public:
    void CountsTheNamedCases() {
        json_error_t error;
        const Json root(json_load_file(Golden("vectors.json").c_str(),
                                       JSON_ALLOW_NUL, &error));
        CPPUNIT_ASSERT(root != nullptr);
        const json_t* encodings = json_object_get(root.get(), "encodings");
        int cases = 0;
        for (Encoding encoding : {Encoding::kCl100k, Encoding::kO200k}) {
            json_t* rows = json_object_get(
                encodings,
                encoding == Encoding::kCl100k ? "cl100k_base" : "o200k_base");
            const char* name;
            json_t* row;
            json_object_foreach(rows, name, row) {
                const json_t* ids = json_object_get(row, "ids");
                const std::string text = Text(json_object_get(row, "text"));
                if (ids != nullptr) {
                    Check(encoding, text, ids);
                } else {
                    // A long case has its number alone.
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        name,
                        static_cast<std::size_t>(
                            json_integer_value(json_object_get(row, "n"))),
                        Of(encoding).Count(text));
                }
                ++cases;
            }
        }
        CPPUNIT_ASSERT(cases >= 2 * 55);
    }

    void CountsTheRandomCases() {
        const gzFile file = gzopen(Golden("fuzz.jsonl.gz").c_str(), "rb");
        CPPUNIT_ASSERT(file != nullptr);
        std::vector<char> line(1 << 16);
        int cases = 0;
        while (gzgets(file, line.data(), static_cast<int>(line.size())) !=
               nullptr) {
            json_error_t error;
            const Json row(json_loads(line.data(), 0, &error));
            CPPUNIT_ASSERT(row != nullptr);
            const std::string text = Text(json_object_get(row.get(), "t"));
            Check(Encoding::kCl100k, text,
                  json_object_get(row.get(), "cl100k"));
            Check(Encoding::kO200k, text, json_object_get(row.get(), "o200k"));
            ++cases;
        }
        gzclose(file);
        CPPUNIT_ASSERT_EQUAL(3000, cases);
    }

    void CountsAsItGoes() {
        const Tokenizer& tokenizer = Of(Encoding::kO200k);
        TokenCounter counter(tokenizer);
        std::string so_far;
        for (std::string_view piece : {"Hello", ",", " wor", "ld!", " I", "'",
                                       "ll", " be", "  ", " back\n", "\n"}) {
            counter.Feed(piece);
            so_far += piece;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(so_far, tokenizer.Count(so_far),
                                         counter.Count());
        }
    }

    // A megabyte without a place to split takes as long per byte as a tenth
    // of it; squared it would take ten times as long.
    void StaysLinear() {
        for (Encoding encoding : {Encoding::kCl100k, Encoding::kO200k}) {
            for (const char* unit : {"a", " ", "\xf0\x9f\x98\x80", "\xcc\x81",
                                     "aB", "\n", "'s", "\xff"}) {
                const double tenth = Seconds(encoding, unit, 100'000);
                const double whole = Seconds(encoding, unit, 1'000'000);
                CPPUNIT_ASSERT_MESSAGE(unit, whole < 40 * tenth + 0.05);
                CPPUNIT_ASSERT_MESSAGE(unit, whole < 2);
            }
        }
    }

    void SameForAnySplit() {
        const Tokenizer& tokenizer = Of(Encoding::kO200k);
        std::string text;
        std::uint32_t seed = 1;
        while (text.size() < 20'000) {
            seed = seed * 1664525u + 1013904223u;
            text.append(seed >> 20, "a ,\n'7\xc3"[seed >> 17 & 7]);
        }
        for (std::size_t size : {1, 3, 64, 1000, 5000}) {
            TokenCounter counter(tokenizer);
            for (std::size_t at = 0; at < text.size(); at += size) {
                counter.Feed(std::string_view(text).substr(at, size));
            }
            CPPUNIT_ASSERT_EQUAL(tokenizer.Count(text), counter.Count());
        }
    }

    void KnowsEncodings() {
        CPPUNIT_ASSERT(EncodingOf("gpt-4o-mini") == Encoding::kO200k);
        CPPUNIT_ASSERT(EncodingOf("gpt-4") == Encoding::kCl100k);
        CPPUNIT_ASSERT(EncodingOf("gpt-4-turbo") == Encoding::kCl100k);
        CPPUNIT_ASSERT(EncodingOf("openai/gpt-5.2") == Encoding::kO200k);
        for (std::string_view model :
             {"", "gpt-6-sol", "claude-opus-5-5", "gemini-2.5-pro", "llama"}) {
            CPPUNIT_ASSERT(!EncodingOf(model));
        }
    }

 private:
    static double Seconds(Encoding encoding, std::string_view unit,
                          std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) {
            text += unit;
        }
        // Of this process: others may have the machine meanwhile.
        const std::clock_t begin = std::clock();
        CPPUNIT_ASSERT(Of(encoding).Count(text) > 0);
        return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BpeTokenizer);

}  // namespace
}  // namespace aiproxy::bpe
