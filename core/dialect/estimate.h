// SPDX-License-Identifier: MIT
//
// Tokens where the provider said none: the answer was cut, or its usage never
// came. Output is measured as it streams (Meter), a prompt only when it is
// needed (PromptCounter), in slices, so that an event loop is not held up.
// Texts are counted and forgotten.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/bpe/tokenizer.h"
#include "core/dialect/meter.h"

namespace aiproxy::dialect {

// How a model's tokens relate to the rough ones of bpe::TextMeasure, learned
// from the provider's own counts.
struct Calibration {
    std::int64_t ppm = 1'000'000;  // tokens for a million rough ones
    std::int64_t error_ppm = 0;    // mean deviation of what was learned
    std::int64_t samples = 0;
};

// What an answer teaches of its model, if it can: it came whole with its
// usage, and had enough text and nothing but text.
std::optional<std::int64_t> ObservedPpm(const Reading& reading);

// The calibration with one more observation: the mean of the first sixteen,
// then a moving one.
Calibration Learn(Calibration known, std::int64_t observed_ppm);

// Tokens of a text by its measure.
std::int64_t Estimate(const bpe::TextMeasure& text,
                      const Calibration& calibration);

// Whether FillIn would need the prompt's tokens.
bool LacksInput(const Reading& reading);

// Fills in the counts that are missing; what was filled in makes the source
// kEstimated. Nothing is made up: without a text that was written and without
// input_tokens the reading stays as it is. An answer that is an error, or has
// no tokens by its nature, is left alone.
void FillIn(Reading& reading, const Calibration& calibration,
            std::optional<std::int64_t> input_tokens);

// The drained answer of a caller who left: its counts are the provider's own.
void MarkDrained(Reading& reading);

// Counts the tokens of a request's body. Feed takes slices of any size; 4 KiB
// take less than 200 µs of any text that somebody wrote. Knows the places of
// text of all dialects, and adds what a message costs beside its text.
class PromptCounter {
 public:
    // tokenizer: of the model's encoding, or nullptr for an estimate.
    explicit PromptCounter(const bpe::Tokenizer* tokenizer);
    ~PromptCounter();
    PromptCounter(PromptCounter&&) noexcept;
    PromptCounter& operator=(PromptCounter&&) noexcept;

    void Feed(std::string_view slice);

    std::int64_t Tokens(const Calibration& calibration) const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aiproxy::dialect
