// SPDX-License-Identifier: MIT
//
// How usage is read out of the answers of a provider that speaks no known
// dialect: rules that an operator writes, one a line, parsed once and applied
// by the same scanner as the dialects' own tables.
//
//   input     = usage.tokens_in
//   output    = sum(usage.tokens_out, usage.thoughts)
//   reasoning = first(usage.thoughts, usage.details[].thoughts)
//   cache_read = default(usage.cached, 0)
//   images    = when(usage.type, "image", usage.count, 0)
//   audio_input_ms = seconds(usage.seconds)
//   provider_cost  = usd(usage.cost)
//   model     = meta.model
//   id        = meta.id
//   text      = choices[].delta          what the model wrote; may come again
//   cache_is  = beside                   or inside (of input), the default
//   reasoning_is = beside                or inside (of output), the default
//   merge     = sum                      or last: what several events mean
//
// A count is a field of usage::Usage or usage::Details, "cache_write" (of any
// lifetime) or "total". A path is names with dots between; "[]" stands for the
// elements of an array, of which the last that is there counts. "#" begins a
// comment.

#pragma once

#include <memory>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::dialect {

class AnswerReader;

class Mapping {
 public:
    static constexpr std::size_t kMaxBytes = 16 * 1024;

    // Errors: kRequestBad, with a public text that names the line.
    static Result<Mapping> Parse(std::string_view rules);

    ~Mapping();
    Mapping(Mapping&&) noexcept;
    Mapping& operator=(Mapping&&) noexcept;

    // The mapping must outlive the reader.
    std::unique_ptr<AnswerReader> MakeReader() const;

    struct Rules;

 private:
    Mapping();
    std::unique_ptr<Rules> rules_;
};

}  // namespace aiproxy::dialect
