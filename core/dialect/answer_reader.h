// SPDX-License-Identifier: MIT
//
// What a dialect knows of its answers: which paths to look for in a frame (a
// whole JSON answer, an event's data, an element of an array, a line), and
// what they mean. Used by the meter alone.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/dialect/dialect.h"
#include "core/json/path.h"
#include "core/usage/accumulator.h"

namespace aiproxy::dialect {

class AnswerReader {
 public:
    virtual ~AnswerReader() = default;

    // Paths that stream hold text that the model wrote.
    virtual const json::PathTree& paths() const = 0;

    // A frame is over; or the answer is, in the middle of its only frame.
    virtual void Read(const json::PathScanner& frame) = 0;

    // The name of the event that Read gets next (SSE, AWS event stream).
    virtual void Named(std::string_view) {}

    // A header of the answer, its name in lower case, before the first frame.
    virtual void Header(std::string_view, std::string_view) {}

    // Whether a streamed string is text: it may be bytes of a picture.
    virtual bool IsText(const json::PathScanner&) const { return true; }

    // The counts so far in our convention. ended: the upstream ended the
    // answer properly.
    virtual usage::Usage Counted(bool ended) const = 0;

    // What other models used, beside that.
    virtual std::vector<usage::ModelUsage> Others() const { return {}; }

    // Whether the dialect's own end of a stream was seen.
    virtual bool complete(bool ended) const = 0;

    // Whether the output of a stream is told at its end, and something smaller
    // before.
    virtual bool output_comes_last() const { return false; }

    // "data: [DONE]", and an event that is named "error".
    void Done() { done_ = true; }
    void Failed() { error_ = true; }

    bool done() const { return done_; }
    bool error() const { return error_; }
    // What is billed is not documented for this answer.
    bool uncertain() const { return uncertain_; }
    const std::string& model() const { return model_; }
    const std::string& response_id() const { return response_id_; }

 protected:
    // Empty is as not said: Azure's first chunk has an empty model.
    static void Keep(std::string& kept, std::string_view text) {
        if (!text.empty()) {
            kept = text;
        }
    }

    bool done_ = false;
    bool error_ = false;
    bool uncertain_ = false;
    std::string model_;
    std::string response_id_;
};

// kOther: its family's reader, on a best effort.
std::unique_ptr<AnswerReader> MakeReader(Dialect dialect, Family family);

std::unique_ptr<AnswerReader> MakeOpenAiChatReader();
std::unique_ptr<AnswerReader> MakeOpenAiResponsesReader();
std::unique_ptr<AnswerReader> MakeOpenAiRealtimeReader();
// Embeddings, images, audio, moderations, batches; all else of the family.
std::unique_ptr<AnswerReader> MakeOpenAiReader(Dialect dialect);
std::unique_ptr<AnswerReader> MakeAnthropicReader();
std::unique_ptr<AnswerReader> MakeAnthropicBatchesReader();
std::unique_ptr<AnswerReader> MakeGeminiReader(Dialect dialect);
std::unique_ptr<AnswerReader> MakeInteractionsReader();
std::unique_ptr<AnswerReader> MakeConverseReader();
std::unique_ptr<AnswerReader> MakeInvokeReader();
std::unique_ptr<AnswerReader> MakeCohereReader();
std::unique_ptr<AnswerReader> MakeOllamaReader();
// Counting tokens is free: nothing was used.
std::unique_ptr<AnswerReader> MakeFreeReader();

}  // namespace aiproxy::dialect
