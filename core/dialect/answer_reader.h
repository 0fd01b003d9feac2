// SPDX-License-Identifier: MIT
//
// What a dialect knows of its answers: which paths to look for in a frame (a
// whole JSON answer, an SSE event's data, an element of an array), and what
// they mean. Used by the meter alone.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/dialect/dialect.h"
#include "core/dialect/meter.h"
#include "core/json/path.h"
#include "core/usage/accumulator.h"

namespace aiproxy::dialect {

class AnswerReader {
 public:
    virtual ~AnswerReader() = default;

    virtual const json::PathTree& paths() const = 0;

    // A frame is over; or the answer is, in the middle of its only frame.
    virtual void Read(const json::PathScanner& frame) = 0;

    // The counts so far in our convention. ended: the upstream ended the
    // answer properly.
    virtual usage::Usage Counted(bool ended) const = 0;

    // Whether the dialect's own end of a stream was seen.
    virtual bool complete(bool ended) const = 0;

    // "data: [DONE]", and an event that is named "error".
    void Done() { done_ = true; }
    void Failed() { error_ = true; }

    bool done() const { return done_; }
    bool error() const { return error_; }
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
    std::string model_;
    std::string response_id_;
};

// kOther: its family's reader, on a best effort.
std::unique_ptr<AnswerReader> MakeReader(Dialect dialect, Family family);

std::unique_ptr<AnswerReader> MakeOpenAiReader(bool chat);
std::unique_ptr<AnswerReader> MakeAnthropicReader();
std::unique_ptr<AnswerReader> MakeGeminiReader();

}  // namespace aiproxy::dialect
