// SPDX-License-Identifier: MIT

#include "core/frame/json_array.h"

namespace aiproxy::frame {

void JsonArray::Feed(std::string_view bytes, json::PathScanner& scanner,
                     ElementSink& sink) {
    while (!bytes.empty()) {
        if (in_element_) {
            bytes.remove_prefix(scanner.Feed(bytes));
            // A broken element takes the rest: where it ends nobody knows.
            if (scanner.done()) {
                in_element_ = false;
                sink.End();
            }
            continue;
        }
        const char c = bytes.front();
        if (c == '[' && !opened_) {
            opened_ = true;
        } else if (c == ']' && opened_) {
            closed_ = true;
        } else if (c != ',' && c != ' ' && c != '\n' && c != '\r' &&
                   c != '\t') {
            scanner.Reset();
            in_element_ = true;
            continue;
        }
        bytes.remove_prefix(1);
    }
}

}  // namespace aiproxy::frame
