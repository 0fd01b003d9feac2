// SPDX-License-Identifier: MIT

#include "core/dialect/dialect.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::dialect {
namespace {

struct Row {
    std::string_view path;  // with its query
    Family family;
    Dialect dialect;
    std::string_view model;
};

Route Of(std::string_view target, std::string_view method = "POST",
         bool has_anthropic_version = false) {
    const std::size_t mark = target.find('?');
    return Classify(method, target.substr(0, mark),
                    mark == std::string_view::npos ? std::string_view()
                                                   : target.substr(mark + 1),
                    has_anthropic_version);
}

class DialectDialect : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectDialect);
    CPPUNIT_TEST(ClassifiesPaths);
    CPPUNIT_TEST(MetersOnlyPosts);
    CPPUNIT_TEST(KnowsWhatIsRead);
    CPPUNIT_TEST(TellsWhoServes);
    CPPUNIT_TEST(SeesThroughDisguises);
    CPPUNIT_TEST(TellsStreamsByThePath);
    CPPUNIT_TEST(TellsFamiliesByTheHeader);
    CPPUNIT_TEST(TakesAnyPath);
    CPPUNIT_TEST(TellsTheFraming);
    CPPUNIT_TEST(NamesThem);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ClassifiesPaths() {
        constexpr auto kOther = Dialect::kOther;
        const Row rows[] = {
            {"/v1/chat/completions", Family::kOpenAi, Dialect::kOpenAiChat, ""},
            {"/openai/v1/chat/completions", Family::kOpenAi,
             Dialect::kOpenAiChat, ""},
            {"/openai/deployments/my-dep/chat/completions?api-version=1",
             Family::kOpenAi, Dialect::kOpenAiChat, "my-dep"},
            {"/v1beta/openai/chat/completions", Family::kOpenAi,
             Dialect::kOpenAiChat, ""},
            {"/v1/messages", Family::kAnthropic, Dialect::kAnthropicMessages,
             ""},
            {"/v1/messages?beta=true", Family::kAnthropic,
             Dialect::kAnthropicMessages, ""},
            {"/v1beta/models/gemini-x:generateContent", Family::kGemini,
             Dialect::kGeminiContent, "gemini-x"},
            {"/v1beta/models/a%2Fb:streamGenerateContent?alt=sse",
             Family::kGemini, Dialect::kGeminiContent, "a%2Fb"},
            {"/v1/projects/p/locations/l/publishers/google/models/"
             "gemini-x:generateContent",
             Family::kGemini, Dialect::kGeminiContent, "gemini-x"},
            {"/v1/messages/count_tokens", Family::kAnthropic,
             Dialect::kAnthropicCountTokens, ""},
            {"/v1/messages/batches", Family::kAnthropic, kOther, ""},
            {"/v1/complete", Family::kAnthropic, kOther, ""},
            {"/v1beta/models/gemini-x:countTokens", Family::kGemini,
             Dialect::kGeminiCountTokens, "gemini-x"},
            {"/v1beta/models/e:batchEmbedContents", Family::kGemini,
             Dialect::kGeminiEmbeddings, "e"},
            {"/v1beta/models/imagen:predict", Family::kGemini, kOther, ""},
            {"/v1internal:streamGenerateContent?alt=sse", Family::kGemini,
             Dialect::kGeminiContent, ""},
            {"/v1beta/interactions", Family::kGemini,
             Dialect::kGeminiInteractions, ""},
            {"/v1/projects/p/locations/l/publishers/anthropic/models/"
             "claude-x@20260101:streamRawPredict",
             Family::kAnthropic, Dialect::kAnthropicMessages,
             "claude-x@20260101"},
            {"/v1/projects/p/locations/l/publishers/anthropic/models/"
             "count-tokens:rawPredict",
             Family::kAnthropic, Dialect::kAnthropicCountTokens, ""},
            {"/v1/projects/p/locations/l/publishers/mistralai/models/"
             "codestral:rawPredict",
             Family::kOpenAi, Dialect::kOpenAiChat, "codestral"},
            {"/model/anthropic.claude-x-v1%3A0/converse", Family::kBedrock,
             Dialect::kBedrockConverse, "anthropic.claude-x-v1%3A0"},
            {"/model/m/converse-stream", Family::kBedrock,
             Dialect::kBedrockConverse, "m"},
            {"/model/m/invoke", Family::kBedrock, Dialect::kBedrockInvoke, "m"},
            {"/model/m/invoke-with-response-stream", Family::kBedrock,
             Dialect::kBedrockInvoke, "m"},
            {"/converse", Family::kOpenAi, kOther, ""},
            {"/v2/chat", Family::kCohere, Dialect::kCohere, ""},
            {"/v2/rerank", Family::kCohere, Dialect::kCohere, ""},
            {"/api/chat", Family::kOllama, Dialect::kOllama, ""},
            {"/api/tags", Family::kOllama, kOther, ""},
            {"/v1/completions", Family::kOpenAi, Dialect::kOpenAiCompletions,
             ""},
            {"/openai/deployments/d/embeddings", Family::kOpenAi,
             Dialect::kOpenAiEmbeddings, "d"},
            {"/v1/images/edits", Family::kOpenAi, Dialect::kOpenAiImages, ""},
            {"/v1/audio/transcriptions", Family::kOpenAi, Dialect::kOpenAiAudio,
             ""},
            {"/v1/moderations", Family::kOpenAi, Dialect::kOpenAiModerations,
             ""},
            {"/v1/responses/compact", Family::kOpenAi,
             Dialect::kOpenAiResponses, ""},
            {"/v1/responses/resp_1/cancel", Family::kOpenAi, kOther, ""},
            {"/v1/responses/input_tokens", Family::kOpenAi, kOther, ""},
            {"/v1beta/models", Family::kGemini, kOther, ""},
            {"/v1/models?key=k", Family::kGemini, kOther, ""},
            {"/v1/responses", Family::kOpenAi, Dialect::kOpenAiResponses, ""},
            {"/v1/embeddings", Family::kOpenAi, Dialect::kOpenAiEmbeddings, ""},
            {"/v1/models", Family::kOpenAi, kOther, ""},
            {"/", Family::kOpenAi, kOther, ""},
            {"", Family::kOpenAi, kOther, ""},
            {"/v1/chat/completionsx", Family::kOpenAi, kOther, ""},
            {"/v1/xmessages", Family::kOpenAi, kOther, ""},
        };
        for (const Row& row : rows) {
            const std::string label(row.path);
            const Route route = Of(row.path);
            CPPUNIT_ASSERT_MESSAGE(label, row.family == route.family);
            CPPUNIT_ASSERT_MESSAGE(label, row.dialect == route.dialect);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, std::string(row.model),
                                         std::string(route.path_model));
        }
    }

    void MetersOnlyPosts() {
        for (std::string_view path : {"/v1/chat/completions", "/v1/messages",
                                      "/v1beta/models/m:generateContent"}) {
            for (std::string_view method : {"GET", "DELETE", "OPTIONS", ""}) {
                const Route route = Of(path, method);
                CPPUNIT_ASSERT(route.dialect == Dialect::kOther);
                CPPUNIT_ASSERT(route.family == Of(path).family);
            }
        }
    }

    // Sockets, and results that are fetched.
    void KnowsWhatIsRead() {
        CPPUNIT_ASSERT(Of("/v1/realtime?model=m", "GET").dialect ==
                       Dialect::kOpenAiRealtime);
        CPPUNIT_ASSERT(Of("/v1/responses", "GET").dialect ==
                       Dialect::kOpenAiResponses);
        CPPUNIT_ASSERT(Of("/ws/google.ai.generativelanguage.v1beta."
                          "GenerativeService.BidiGenerateContent",
                          "GET")
                           .dialect == Dialect::kGeminiLive);
        const Route results = Of("/v1/messages/batches/b/results", "GET");
        CPPUNIT_ASSERT(results.dialect == Dialect::kAnthropicBatches);
        CPPUNIT_ASSERT(FramingOf(results, false, "binary/octet-stream") ==
                       Framing::kNdjson);
        CPPUNIT_ASSERT(Of("/v1/batches/b", "GET").dialect ==
                       Dialect::kOpenAiBatches);
        CPPUNIT_ASSERT(results.stored_id == "b");
        const Route response = Of("/v1/responses/resp_1", "GET");
        CPPUNIT_ASSERT(response.dialect == Dialect::kOpenAiResponses);
        CPPUNIT_ASSERT(response.stored_id == "resp_1");
        CPPUNIT_ASSERT(Of("/v1beta/interactions/i", "GET").dialect ==
                       Dialect::kGeminiInteractions);
        for (std::string_view path :
             {"/v1/responses/r/input_items", "/v1/responses/", "/v1/batches",
              "/v1/messages/batches/b", "/xresponses/r"}) {
            CPPUNIT_ASSERT(Of(path, "GET").stored_id.empty());
        }
    }

    void TellsWhoServes() {
        const Route chat = Of("/v1/chat/completions");
        CPPUNIT_ASSERT(Serves(Dialect::kOpenAiChat, chat));
        CPPUNIT_ASSERT(!Serves(Dialect::kOpenAiResponses, chat));
        CPPUNIT_ASSERT(!Serves(Dialect::kAnthropicMessages, chat));
        CPPUNIT_ASSERT(Serves(Dialect::kOpenAiChat, Of("/v1/embeddings")));
        CPPUNIT_ASSERT(Serves(Dialect::kOpenAiChat, Of("/v1/models", "GET")));
        CPPUNIT_ASSERT(!Serves(Dialect::kGeminiContent, Of("/v1/embeddings")));
        CPPUNIT_ASSERT(
            Serves(Dialect::kBedrockConverse, Of("/model/m/invoke")));
        for (std::string_view model :
             {"anthropic/models/m", "anthropic/models/count-tokens",
              "mistralai/models/m"}) {
            const std::string path = "/v1/projects/p/locations/l/publishers/" +
                                     std::string(model) + ":rawPredict";
            const Route vertex = Of(path);
            CPPUNIT_ASSERT_MESSAGE(path,
                                   Serves(Dialect::kGeminiContent, vertex));
            CPPUNIT_ASSERT_MESSAGE(
                path, Serves(Dialect::kAnthropicMessages, vertex) ==
                          model.starts_with("anthropic"));
        }
        CPPUNIT_ASSERT(!Serves(Dialect::kGeminiContent, Of("/v1/messages")));
    }

    void SeesThroughDisguises() {
        for (std::string_view path :
             {"/v1//chat/completions", "/v1/chat//completions",
              "/v1/ch%61t/completions", "/v1/chat/completions/",
              "/v1/./chat/completions", "/v1/x/../chat/completions",
              "/v1%2Fchat%2fcompletions", "/v1/chat/completions%2f",
              "/v1/chat/%63ompletions//."}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(path),
                                   Of(path).dialect == Dialect::kOpenAiChat);
        }
        CPPUNIT_ASSERT(Of("/v1/%6dessages").dialect ==
                       Dialect::kAnthropicMessages);
        for (std::string_view path : {"/v1beta/models/m%3AgenerateContent",
                                      "/v1beta/models/m%3agenerateContent",
                                      "/v1beta/models/m:generate%43ontent",
                                      "/v1beta//models/m:generateContent/"}) {
            const Route route = Of(path);
            CPPUNIT_ASSERT_MESSAGE(std::string(path),
                                   route.dialect == Dialect::kGeminiContent);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(path), std::string("m"),
                                         std::string(route.path_model));
        }
    }

    void TellsStreamsByThePath() {
        CPPUNIT_ASSERT(
            Of("/v1beta/models/m:streamGenerateContent").streaming_by_path);
        CPPUNIT_ASSERT(
            !Of("/v1beta/models/m:generateContent").streaming_by_path);
        CPPUNIT_ASSERT(!Of("/v1/chat/completions").streaming_by_path);
    }

    void TellsFamiliesByTheHeader() {
        CPPUNIT_ASSERT(Of("/v1/models", "GET", true).family ==
                       Family::kAnthropic);
        CPPUNIT_ASSERT(Of("/v1/files", "POST", true).family ==
                       Family::kAnthropic);
        // A path that is clear needs no header.
        CPPUNIT_ASSERT(Of("/v1/chat/completions", "POST", true).family ==
                       Family::kOpenAi);
    }

    void TakesAnyPath() {
        for (std::string_view path :
             {"%", "%zz", "/%", "/%00", "//", "/..", "/../..", ":", "/:", "%3A",
              "generateContent", ":generateContent", "/:generateContent",
              "/deployments//chat/completions", "/deployments",
              "/deployments/chat/completions", "?", "/a:b/c", "/%3A/x:y"}) {
            const Route route = Of(path);
            // What it gives out lies in what it was given.
            CPPUNIT_ASSERT(route.path_model.size() <= path.size());
        }
    }

    void TellsTheFraming() {
        const Route chat = Of("/v1/chat/completions");
        const Route gemini = Of("/v1beta/models/m:streamGenerateContent");
        CPPUNIT_ASSERT(FramingOf(chat, true, "text/event-stream") ==
                       Framing::kSse);
        CPPUNIT_ASSERT(
            FramingOf(chat, false, "Text/Event-Stream ; charset=utf-8") ==
            Framing::kSse);
        CPPUNIT_ASSERT(FramingOf(chat, true, "application/json") ==
                       Framing::kJson);
        CPPUNIT_ASSERT(FramingOf(chat, true, "") == Framing::kSse);
        CPPUNIT_ASSERT(FramingOf(chat, false, "") == Framing::kJson);
        CPPUNIT_ASSERT(FramingOf(chat, true, "text/html") == Framing::kJson);
        CPPUNIT_ASSERT(
            FramingOf(gemini, true, "application/json; charset=UTF-8") ==
            Framing::kJsonArray);
        CPPUNIT_ASSERT(FramingOf(gemini, true, "text/event-stream") ==
                       Framing::kSse);
        CPPUNIT_ASSERT(FramingOf(gemini, false, "application/json") ==
                       Framing::kJson);
    }

    void NamesThem() {
        for (int i = 0; i <= static_cast<int>(kLastDialect); ++i) {
            const auto dialect = static_cast<Dialect>(i);
            CPPUNIT_ASSERT(FromName(Name(dialect)) == dialect);
        }
        CPPUNIT_ASSERT(Name(Dialect::kOpenAiChat) == "openai_chat");
        CPPUNIT_ASSERT(Name(Dialect::kAnthropicMessages) ==
                       "anthropic_messages");
        CPPUNIT_ASSERT(Name(Dialect::kGeminiContent) == "gemini_content");
        CPPUNIT_ASSERT(Name(Dialect::kOther) == "other");
        CPPUNIT_ASSERT(!FromName("openai") && !FromName(""));
        CPPUNIT_ASSERT(Name(FamilyOf(Dialect::kOther)) == "openai");
        CPPUNIT_ASSERT(Name(FamilyOf(Dialect::kAnthropicMessages)) ==
                       "anthropic");
        CPPUNIT_ASSERT(Name(FamilyOf(Dialect::kGeminiContent)) == "gemini");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectDialect);

}  // namespace
}  // namespace aiproxy::dialect
