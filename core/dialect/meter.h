// SPDX-License-Identifier: MIT
//
// Reads the usage out of an answer while it passes: any split of the same
// bytes gives the same result, in bounded memory (a few hundred bytes beside
// the object; a frame may have tens of MB). Follows the merge rules of each
// dialect. One per attempt that is passed to the caller.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/dialect/dialect.h"
#include "core/usage/usage.h"

namespace aiproxy::dialect {

struct Reading {
    usage::Usage usage;
    // kReported: the dialect's final counts were seen. kPartial: some counts,
    // but the answer did not come to its end.
    usage::UsageSource source = usage::UsageSource::kNone;
    std::string model;        // the one that answered, "" if not said
    std::string response_id;  // the provider's id of the answer, "" if not said
    bool error = false;       // an error object came inside the answer
    bool complete = false;    // the dialect's end was seen
};

class Meter {
 public:
    // dialect kOther reads the JSON or SSE of the family on a best effort.
    Meter(Dialect dialect, Family family, Framing framing);
    ~Meter();
    Meter(Meter&&) noexcept;
    Meter& operator=(Meter&&) noexcept;

    void Feed(std::string_view bytes);

    // The answer is over (complete: the upstream ended it properly). A last
    // event without its blank line still counts.
    Reading Finish(bool complete);

    // How many events (SSE) or elements were seen.
    std::uint64_t events() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aiproxy::dialect
