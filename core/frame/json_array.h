// SPDX-License-Identifier: MIT
//
// One JSON array that is sent piecewise, element by element (Gemini's stream
// without alt=sse). An object that stands alone counts as an element: so an
// error comes.

#pragma once

#include <string_view>

#include "core/json/path.h"

namespace aiproxy::frame {

class ElementSink {
 public:
    virtual ~ElementSink() = default;

    // An element is over; the scanner holds what was looked for in it.
    virtual void End() = 0;
};

class JsonArray {
 public:
    // scanner reads one element after the other; the same one in each call.
    void Feed(std::string_view bytes, json::PathScanner& scanner,
              ElementSink& sink);

    // Whether the closing bracket was seen.
    bool closed() const { return closed_; }

 private:
    bool opened_ = false;
    bool closed_ = false;
    bool in_element_ = false;
};

}  // namespace aiproxy::frame
