// SPDX-License-Identifier: MIT
//
// Bedrock wraps each event of an invoked model as {"bytes":"<base64>","p":…}.
// Gives the event's own bytes as they come.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/json/path.h"

namespace aiproxy::dialect {

class ChunkUnwrapper : json::TextSink {
 public:
    class Sink {
     public:
        virtual ~Sink() = default;
        virtual void Unwrapped(std::string_view piece) = 0;
    };

    explicit ChunkUnwrapper(Sink& sink);
    ChunkUnwrapper(const ChunkUnwrapper&) = delete;
    ChunkUnwrapper& operator=(const ChunkUnwrapper&) = delete;

    void Feed(std::string_view bytes) { scanner_.Feed(bytes); }
    void Reset();

 private:
    void Text(std::size_t slot, std::string_view piece) override;

    Sink& sink_;
    json::PathScanner scanner_;
    std::uint32_t bits_ = 0;  // of base64 that is no whole byte yet
    int bit_count_ = 0;
};

}  // namespace aiproxy::dialect
