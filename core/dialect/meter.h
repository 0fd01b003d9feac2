// SPDX-License-Identifier: MIT
//
// Reads the usage out of an answer while it passes: any split of the same
// bytes gives the same result, in bounded memory (a few kilobytes beside the
// object; a frame may have tens of MB). Follows the merge rules of each
// dialect. One per attempt that is passed to the caller.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bpe/text_measure.h"
#include "core/bpe/tokenizer.h"
#include "core/dialect/dialect.h"
#include "core/frame/inflate.h"
#include "core/usage/usage.h"

namespace aiproxy::dialect {

class Mapping;

struct Reading {
    usage::Usage usage;
    // What other models used within the same answer, each at its own price.
    std::vector<usage::ModelUsage> others;
    // kReported: the dialect's final counts were seen. kPartial: some counts,
    // but the answer did not come to its end.
    usage::UsageSource source = usage::UsageSource::kNone;
    std::string model;        // the one that answered, "" if not said
    std::string response_id;  // the provider's id of the answer, "" if not said
    bool error = false;       // an error object came inside the answer
    bool content = false;     // the model wrote something, before any error
    bool complete = false;    // the dialect's end was seen
    bool uncertain = false;   // what the provider bills is not documented
    bpe::TextMeasure output_text;  // what the model wrote, as far as it came
    // Its tokens, where they can be counted. Not of the usage: see estimate.h.
    std::optional<std::int64_t> output_tokens;
    // usage.output is what was known when the answer began.
    bool output_is_behind = false;
};

class Meter {
 public:
    struct Settings {
        // kOther reads the JSON or SSE of the family on a best effort.
        Dialect dialect = Dialect::kOther;
        Family family = Family::kOpenAi;
        Framing framing = Framing::kJson;
        frame::Coding coding = frame::Coding::kIdentity;
        // Of the model's encoding: the text is counted as it comes, should the
        // provider not do so. nullptr: it is only measured.
        const bpe::Tokenizer* tokenizer = nullptr;
        // Of a provider that no dialect knows; outlives the meter.
        const Mapping* mapping = nullptr;
    };

    explicit Meter(const Settings& settings);
    Meter(Dialect dialect, Family family, Framing framing);
    ~Meter();
    Meter(Meter&&) noexcept;
    Meter& operator=(Meter&&) noexcept;

    // A header of the answer, its name in lower case, before the first bytes.
    void Header(std::string_view name, std::string_view value);

    void Feed(std::string_view bytes);

    // The answer is over (complete: the upstream ended it properly). A last
    // event without its blank line still counts.
    Reading Finish(bool complete);

    // How far a stream has come. The tokens are told from its text if the
    // provider tells them at its end.
    struct Progress {
        std::int64_t output_tokens = 0;
        usage::Usage usage;
        std::string model;
        std::string response_id;
    };
    Progress Peek() const;
    std::int64_t output_so_far() const;

    // How many events (SSE), elements, lines or messages were seen.
    std::uint64_t events() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aiproxy::dialect
