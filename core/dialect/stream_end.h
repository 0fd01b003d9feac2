// SPDX-License-Identifier: MIT
//
// Ends a running SSE stream as its dialect ends one that has reached its
// length: watches what passes for where an event ends, and writes the events
// that are missing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/dialect/dialect.h"
#include "core/dialect/meter.h"

namespace aiproxy::dialect {

// Whether a stream of that dialect can be ended so.
bool EndsEarly(Dialect dialect);

class StreamEnd {
 public:
    explicit StreamEnd(Dialect dialect) : dialect_(dialect) {}

    // What passes, all of it.
    void Feed(std::string_view bytes);
    // How much of these bytes, which pass next, belongs to events that end in
    // them; 0 when none does. at_border: nothing of an event has passed.
    std::size_t WholeEvents(std::string_view bytes) const;
    bool at_border() const { return at_border_; }

    // The dialect's last events: the answer is cut for its length. with_usage:
    // of OpenAI chat, whose callers ask for it.
    std::string Events(const Meter::Progress& progress,
                       std::int64_t input_tokens, std::int64_t now_s,
                       bool with_usage) const;

 private:
    void Line();

    Dialect dialect_;
    bool at_border_ = true;
    std::string line_;         // its beginning
    std::int64_t events_ = 0;  // that have ended
    std::int64_t blocks_ = 0;  // of Anthropic: begun
    std::int64_t blocks_over_ = 0;
};

}  // namespace aiproxy::dialect
