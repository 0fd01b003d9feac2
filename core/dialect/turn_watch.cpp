// SPDX-License-Identifier: MIT

#include "core/dialect/turn_watch.h"

namespace aiproxy::dialect {
namespace {

using json::PathTree;

enum Slot : std::size_t { kType, kTurnComplete };
constexpr PathTree::Path kPaths[] = {
    {"type", true},                  // OpenAI realtime: "response.done"
    {"serverContent.turnComplete"},  // Gemini live: true
};

const PathTree& Tree() {
    static const PathTree tree(kPaths);
    return tree;
}

}  // namespace

TurnWatch::TurnWatch() : message_(Tree()) {}

std::optional<std::size_t> TurnWatch::Feed(std::string_view bytes) {
    end_.reset();
    socket_.Feed(bytes, *this);
    fed_ += bytes.size();
    return end_;
}

void TurnWatch::Data(std::string_view piece) {
    message_.Feed(piece);
}

void TurnWatch::End() {
    const bool ended = message_.text(kType) == "response.done" ||
                       message_.kind(kTurnComplete) == json::Kind::kTrue;
    if (ended && !end_) {
        end_ = static_cast<std::size_t>(socket_.consumed() - fed_);
    }
    message_.Reset();
}

}  // namespace aiproxy::dialect
