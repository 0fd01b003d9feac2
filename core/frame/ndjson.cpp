// SPDX-License-Identifier: MIT

#include "core/frame/ndjson.h"

namespace aiproxy::frame {

void Ndjson::Feed(std::string_view bytes, json::PathScanner& scanner,
                  ElementSink& sink) {
    while (!bytes.empty()) {
        const std::size_t line = bytes.find('\n');
        const bool ends = line != std::string_view::npos;
        std::string_view piece = bytes.substr(0, ends ? line : bytes.size());
        bytes.remove_prefix(ends ? line + 1 : bytes.size());
        if (at_ == At::kBetween) {
            const std::size_t first = piece.find_first_not_of(" \t\r");
            if (first == std::string_view::npos) {
                continue;
            }
            piece.remove_prefix(first);
            scanner.Reset();
            at_ = At::kText;
        }
        if (at_ == At::kText) {
            scanner.Feed(piece);
            if (scanner.done()) {
                sink.End();
            }
            at_ = scanner.done() || scanner.broken() ? At::kRest : At::kText;
        }
        // A line break inside a text is white space; behind one it is the end.
        if (ends && at_ == At::kRest) {
            at_ = At::kBetween;
        }
    }
}

}  // namespace aiproxy::frame
