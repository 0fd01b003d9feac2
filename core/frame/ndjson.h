// SPDX-License-Identifier: MIT
//
// One JSON text a line (Ollama's streams, results of batches). A line that is
// no JSON is passed to its end. Bytes are handed to the scanner as they come,
// so a line may have any size.

#pragma once

#include <string_view>

#include "core/frame/json_array.h"
#include "core/json/path.h"

namespace aiproxy::frame {

class Ndjson {
 public:
    // scanner reads one line after the other; the same one in each call.
    void Feed(std::string_view bytes, json::PathScanner& scanner,
              ElementSink& sink);

 private:
    enum class At : unsigned char { kBetween, kText, kRest };

    At at_ = At::kBetween;
};

}  // namespace aiproxy::frame
