// SPDX-License-Identifier: MIT

#include "core/dialect/request.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kChat = "/v1/chat/completions";
constexpr std::string_view kMessages = "/v1/messages";
constexpr std::string_view kGemini = "/v1beta/models/g%2Dx:generateContent";
constexpr std::string_view kOther = "/v1/files";

Result<RequestFields> Read(std::string_view path, std::string_view body) {
    return ReadRequest(Classify("POST", path, "", false), body);
}

RequestFields Good(std::string_view path, std::string_view body) {
    auto fields = Read(path, body);
    CPPUNIT_ASSERT_MESSAGE(std::string(body), fields.ok());
    return *fields;
}

// The body after the edit that asks for usage; "" for none.
std::string Asked(std::string_view body) {
    const RequestFields fields = Good(kChat, body);
    const auto edit = AskForUsage(body, fields);
    if (!edit) {
        return "";
    }
    CPPUNIT_ASSERT(edit->offset + edit->removed <= body.size());
    std::string out(body.substr(0, edit->offset));
    out += edit->inserted;
    out += body.substr(edit->offset + edit->removed);
    // It asks now, it is still the same request, and it is asked once.
    const RequestFields after = Good(kChat, out);
    CPPUNIT_ASSERT(after.usage_asked && after.streaming);
    CPPUNIT_ASSERT_EQUAL(fields.model, after.model);
    CPPUNIT_ASSERT(!AskForUsage(out, after));
    return out;
}

struct Row {
    ErrorCode code;
    std::string_view body;
};

class DialectRequest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectRequest);
    CPPUNIT_TEST(ReadsTheFields);
    CPPUNIT_TEST(ReadsWhatItSticksTo);
    CPPUNIT_TEST(AcceptsOrRefuses);
    CPPUNIT_TEST(RefusesOnlyWhatChatCallsAmbiguous);
    CPPUNIT_TEST(TakesAnyBodyWhereThePathHasTheModel);
    CPPUNIT_TEST(ReadsOtherBodiesForTheRecord);
    CPPUNIT_TEST(ReadsForms);
    CPPUNIT_TEST(IsStrictWhereTheModelRoutes);
    CPPUNIT_TEST(StreamsByDefaultOrByThePath);
    CPPUNIT_TEST(CutsALongModel);
    CPPUNIT_TEST(GivesTheModelAsCleanText);
    CPPUNIT_TEST(AsksForUsage);
    CPPUNIT_TEST(DoesNotAsk);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsWhatItSticksTo() {
        RequestFields fields =
            Good(kChat,
                 "{\"model\":\"a\",\"metadata\":{\"user_id\":\"m\"},"
                 "\"prompt_cache_key\":\"p\",\"messages\":[{\"user\":1}]}");
        CPPUNIT_ASSERT_EQUAL(std::string("m"), fields.user);
        CPPUNIT_ASSERT_EQUAL(std::string("p"), fields.prompt_cache_key);
        fields = Good(kChat,
                      "{\"model\":\"a\",\"user\":\"u\","
                      "\"metadata\":{\"user_id\":\"m\"},"
                      "\"prompt_cache_key\":7}");
        CPPUNIT_ASSERT_EQUAL(std::string("u"), fields.user);
        CPPUNIT_ASSERT(fields.prompt_cache_key.empty());
    }

    void ReadsTheFields() {
        const RequestFields fields =
            Good(kChat,
                 " {\"messages\":[{\"model\":\"x\",\"stream\":true}],"
                 "\"model\" : \"a\\u002db\\\"\", \"stream\" : false ,"
                 "\"max_completion_tokens\": 1.2e3} ");
        CPPUNIT_ASSERT_EQUAL(std::string("a-b\""), fields.model);
        CPPUNIT_ASSERT(!fields.streaming && !fields.usage_asked);
        CPPUNIT_ASSERT(fields.max_tokens == 1200);
        CPPUNIT_ASSERT(!fields.choices);
        CPPUNIT_ASSERT(
            Good(kChat, R"({"model":"m","messages":[],"n":4,"best_of":2})")
                .choices == 4);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, fields.object_begin);
        CPPUNIT_ASSERT(
            Good(kMessages, R"({"stream":true,"model":"m"})").streaming);
        CPPUNIT_ASSERT(Good(kChat,
                            R"({"model":"m","stream":true,)"
                            R"("stream_options":{"include_usage":true}})")
                           .usage_asked);
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             Good(kChat, R"({"model":""})").model);
        CPPUNIT_ASSERT_EQUAL(
            std::string("dep"),
            Good("/openai/deployments/dep/chat/completions", "{}").model);
    }

    void AcceptsOrRefuses() {
        constexpr auto kOk = ErrorCode::kNone;
        constexpr auto kMalformed = ErrorCode::kRequestMalformed;
        constexpr auto kMissing = ErrorCode::kRequestMissingModel;
        constexpr auto kTwice = ErrorCode::kRequestDuplicateField;
        constexpr auto kBad = ErrorCode::kRequestBad;
        const Row rows[] = {
            {kOk, R"({"model":"m"})"},
            {kOk, " \r\n\t{ \"model\" : \"m\" } \n"},
            {kOk, R"({"model":"m","stream":null})"},
            {kOk, R"({"x":{"model":"a","model":"b"},"model":"m"})"},
            {kOk, R"({"x":1,"x":2,"model":"m","models":"n","mode":"o"})"},
            {kMalformed, ""},
            {kMalformed, " "},
            {kMalformed, "{"},
            {kMalformed, "null"},
            {kMalformed, R"(["model","m"])"},
            {kMalformed, R"("model")"},
            {kMalformed, R"({"model":})"},
            {kMalformed, R"({"model":"m")"},
            {kMalformed, R"({"model":"m)"},
            {kMalformed, R"({"model":"m",})"},
            {kMalformed, R"({"model":"m" "stream":true})"},
            {kMalformed, R"({"model":"m"} {})"},
            {kMalformed, R"({"model":"m"}x)"},
            {kMalformed, R"({"model":"m","stream":tru})"},
            {kMalformed, R"({'model':'m'})"},
            {kMalformed, "\xef\xbb\xbf{\"model\":\"m\"}"},
            {kMalformed, "{\"model\":\"m\",\"x\":\"\xff\"}"},
            {kMalformed, "{\"model\":\"m\n\"}"},
            {kMalformed, R"({"model":"m","x":01})"},
            {kMissing, "{}"},
            {kMissing, R"({"stream":true})"},
            {kMissing, R"({"model":null})"},
            {kMissing, R"({"model":4})"},
            {kMissing, R"({"model":{"model":"m"}})"},
            {kTwice, R"({"model":"a","model":"a"})"},
            {kTwice, R"({"model":"a","m\u006fdel":"b"})"},
            {kTwice, R"({"m\u006fdel":"b"})"},
            {kTwice, R"({"model":"a","MODEL":"b"})"},
            {kTwice, R"({"Model":"b"})"},
            {kTwice, R"({"model":"m","stream":true,"stream":false})"},
            {kTwice, R"({"model":"m","stream":true,"\u0053tream":false})"},
            {kTwice, "{\"model\":\"m\",\"\xc5\xbftream\":true}"},
            {kBad, R"({"model":"m","stream":1})"},
            {kBad, R"({"model":"m","stream":"true"})"},
        };
        for (std::string_view path : {kChat, kMessages}) {
            for (const Row& row : rows) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    std::string(row.body), std::string(Describe(row.code).name),
                    std::string(Describe(Read(path, row.body).code()).name));
            }
            std::string deep = R"({"model":"m","x":)";
            deep.append(20'000, '[').append(20'000, ']').append("}");
            CPPUNIT_ASSERT(Read(path, deep).code() == kMalformed);
        }
    }

    void RefusesOnlyWhatChatCallsAmbiguous() {
        const Row rows[] = {
            {ErrorCode::kRequestDuplicateField,
             R"({"model":"m","stream_options":{},"stream_options":{}})"},
            {ErrorCode::kRequestDuplicateField,
             R"({"model":"m","Stream_Options":{}})"},
            {ErrorCode::kRequestDuplicateField,
             R"({"model":"m","stream_options":{"include_usage":true,)"
             R"("include_usage":false}})"},
            {ErrorCode::kRequestBad, R"({"model":"m","stream_options":7})"},
            {ErrorCode::kNone, R"({"model":"m","stream_options":null})"},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_MESSAGE(std::string(row.body),
                                   Read(kChat, row.body).code() == row.code);
            CPPUNIT_ASSERT(Read(kMessages, row.body).ok());
        }
    }

    void TakesAnyBodyWhereThePathHasTheModel() {
        for (std::string_view body :
             {"", "{", "[\"x\"]", "{\"contents\":}", "\xff",
              R"({"model":"n","model":"o","stream":7})"}) {
            const RequestFields fields = Good(kGemini, body);
            CPPUNIT_ASSERT_EQUAL(std::string("g-x"), fields.model);
            CPPUNIT_ASSERT(!fields.streaming);
        }
        CPPUNIT_ASSERT(
            Good("/v1beta/models/m:streamGenerateContent", "{}").streaming);
        CPPUNIT_ASSERT(Good(kGemini, R"({"x":1,"generationConfig":)"
                                     R"({"y":[],"maxOutputTokens":77}})")
                           .max_tokens == 77);
        CPPUNIT_ASSERT(Good(kGemini, R"({"generationConfig":)"
                                     R"({"candidateCount":3}})")
                           .choices == 3);
    }

    void ReadsOtherBodiesForTheRecord() {
        const RequestFields fields = Good(
            kOther, R"({"model":"m","stream":true,"max_output_tokens":5})");
        CPPUNIT_ASSERT_EQUAL(std::string("m"), fields.model);
        CPPUNIT_ASSERT(fields.streaming && fields.max_tokens == 5);
        for (std::string_view body :
             {"", "--boundary\r\nx", "{", "{\"a\":1}"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(), Good(kOther, body).model);
        }
    }

    void ReadsForms() {
        const std::string form =
            "--b1\r\nContent-Disposition: form-data; name=\"file\"; "
            "filename=\"model\"\r\n\r\nname=\"model\"\r\n\r\nno\r\n"
            "--b1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
            "whisper-1\r\n--b1\r\nContent-Disposition: form-data; "
            "name=\"stream\"\r\n\r\ntrue\r\n--b1--\r\n";
        const RequestFields fields = Good("/v1/audio/transcriptions", form);
        CPPUNIT_ASSERT_EQUAL(std::string("whisper-1"), fields.model);
        CPPUNIT_ASSERT(fields.streaming);
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             Good("/v1/images/edits", "--b").model);
        std::string twice = form;
        twice.insert(twice.size() - 8,
                     "--b1\r\nContent-Disposition: form-data; "
                     "name=\"model\"\r\n\r\nother\r\n");
        CPPUNIT_ASSERT(Read("/v1/audio/transcriptions", twice).code() ==
                       ErrorCode::kRequestDuplicateField);
    }

    void IsStrictWhereTheModelRoutes() {
        for (std::string_view path :
             {"/v1/responses", "/v1/completions", "/v1/embeddings", "/v2/chat",
              "/api/chat"}) {
            CPPUNIT_ASSERT(Read(path, R"({"model":"a","model":"b"})").code() ==
                           ErrorCode::kRequestDuplicateField);
            CPPUNIT_ASSERT(Read(path, R"({"model":"a")").code() ==
                           ErrorCode::kRequestMalformed);
            // A stored prompt may name the model.
            CPPUNIT_ASSERT(Read(path, R"({"prompt":{"id":"p"}})").ok());
        }
    }

    void StreamsByDefaultOrByThePath() {
        CPPUNIT_ASSERT(Good("/api/chat", R"({"model":"m"})").streaming);
        CPPUNIT_ASSERT(
            !Good("/api/chat", R"({"model":"m","stream":false})").streaming);
        CPPUNIT_ASSERT(!Good("/api/embed", R"({"model":"m"})").streaming);
        const RequestFields fields =
            Good("/model/a%3A0/converse-stream", R"({"messages":[]})");
        CPPUNIT_ASSERT(fields.streaming);
        CPPUNIT_ASSERT_EQUAL(std::string("a:0"), fields.model);
    }

    void CutsALongModel() {
        const std::string body = "{\"model\":\"" + std::string(255, 'm') +
                                 "\xe2\x82\xac" + std::string(5000, 'n') +
                                 "\"}";
        CPPUNIT_ASSERT_EQUAL(std::string(255, 'm'), Good(kChat, body).model);
        std::string escaped = "{\"model\":\"";
        for (int i = 0; i < 300; ++i) {
            escaped += "\\u0041";
        }
        CPPUNIT_ASSERT_EQUAL(std::string(256, 'A'),
                             Good(kChat, escaped + "\"}").model);
        std::string path = "/v1beta/models/" + std::string(255, 'm') +
                           "%E2%82%AC:generateContent";
        CPPUNIT_ASSERT_EQUAL(std::string(255, 'm'), Good(path, "").model);
    }

    void GivesTheModelAsCleanText() {
        const std::string replaced = "\xef\xbf\xbd";
        CPPUNIT_ASSERT_EQUAL(
            "a" + replaced + "b" + replaced,
            Good(kChat, R"({"model":"a\u0000b\ud800"})").model);
        CPPUNIT_ASSERT_EQUAL(
            replaced + "b" + replaced + "\xc3\xa4",
            Good("/v1beta/models/%FFb%C3%C3%A4:generateContent", "").model);
        CPPUNIT_ASSERT_EQUAL(
            std::string("a%00b"),
            Good("/v1beta/models/a%00b:generateContent", "").model);
    }

    void AsksForUsage() {
        const std::string_view rows[][2] = {
            {R"({"model":"m","stream":true})",
             R"({"stream_options":{"include_usage":true},)"
             R"("model":"m","stream":true})"},
            {R"({"model":"m","stream_options":null,"stream":true})",
             R"({"model":"m","stream_options":{"include_usage":true},)"
             R"("stream":true})"},
            {R"({"model":"m","stream_options" : { } ,"stream":true})",
             R"({"model":"m","stream_options" : {"include_usage":true } ,)"
             R"("stream":true})"},
            {R"({"stream_options":{"x":[1]},"model":"m","stream":true})",
             R"({"stream_options":{"include_usage":true,"x":[1]},)"
             R"("model":"m","stream":true})"},
            {R"({"stream_options":{"include_usage": false ,"x":1},)"
             R"("model":"m","stream":true})",
             R"({"stream_options":{"include_usage": true ,"x":1},)"
             R"("model":"m","stream":true})"},
            {R"({"stream_options":{"x":1,"include_usage":null},)"
             R"("model":"m","stream":true})",
             R"({"stream_options":{"x":1,"include_usage":true},)"
             R"("model":"m","stream":true})"},
        };
        for (const auto& row : rows) {
            CPPUNIT_ASSERT_EQUAL(std::string(row[1]), Asked(row[0]));
        }
    }

    void DoesNotAsk() {
        for (std::string_view body :
             {R"({"model":"m"})", R"({"model":"m","stream":false})",
              R"({"model":"m","stream":null,"stream_options":{}})",
              R"({"model":"m","stream":true,)"
              R"("stream_options":{"include_usage":true}})"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(), Asked(body));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectRequest);

}  // namespace
}  // namespace aiproxy::dialect
