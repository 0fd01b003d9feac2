// SPDX-License-Identifier: MIT
//
// Any bytes as a record: what is read from them is written again, and from
// then on nothing changes any more.

#pragma once

#include <string>
#include <string_view>

#include "core/ledger/record.h"
#include "core/ledger/segment.h"

namespace aiproxy::fuzz {

inline const char* CheckRecord(std::string_view input) {
    auto read = ledger::Decode(input);
    if (!read.ok()) {
        return nullptr;
    }
    ledger::Encoder encoder;
    std::string once(encoder.Encode(*read));
    if (once.size() > ledger::kMaxFrameBytes - ledger::kFrameHeaderBytes) {
        return "a record does not fit a frame";
    }
    auto again = ledger::Decode(once);
    if (!again.ok()) {
        return "our own record is refused";
    }
    for (const std::string* text : {&again->path, &again->user_agent}) {
        if (ledger::CleanText(*text, text->size()) != *text) {
            return "a text is not clean";
        }
    }
    return encoder.Encode(*again) == once ? nullptr : "a record changes";
}

}  // namespace aiproxy::fuzz
