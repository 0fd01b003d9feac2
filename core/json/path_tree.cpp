// SPDX-License-Identifier: MIT

#include "core/json/path.h"

#include <algorithm>
#include <cassert>

namespace aiproxy::json {
struct PathTree::Draft {
    std::string_view name;
    std::vector<int> children;
    bool keeps_text = false;
    bool raw = false;
    bool streamed = false;
    int slot = kNone;
};

PathTree::PathTree(std::span<const Path> paths) {
    std::vector<Draft> drafts(1);
    std::vector<int> draft_of_slot;
    for (const Path& path : paths) {
        int at = 0;
        std::string_view rest = path.path;
        while (!rest.empty()) {
            const bool element = rest.starts_with(kElement);
            std::string_view name =
                element ? kElement : rest.substr(0, rest.find_first_of(".["));
            rest.remove_prefix(name.size());
            rest.remove_prefix(rest.starts_with('.') ? 1 : 0);
            auto& children = drafts[static_cast<std::size_t>(at)].children;
            auto found =
                std::find_if(children.begin(), children.end(), [&](int child) {
                    return drafts[static_cast<std::size_t>(child)].name == name;
                });
            if (found != children.end()) {
                at = *found;
                continue;
            }
            at = static_cast<int>(drafts.size());
            children.push_back(at);
            drafts.push_back({name, {}, false, false, false, kNone});
        }
        Draft& draft = drafts[static_cast<std::size_t>(at)];
        draft.keeps_text |= path.keeps_text || path.keeps_raw;
        draft.raw |= path.keeps_raw;
        draft.streamed |= path.streams_text;
        draft.slot = static_cast<int>(draft_of_slot.size());
        draft_of_slot.push_back(at);
    }
    assert(drafts.size() <= kMaxNodes);
    std::vector<int> place(drafts.size());
    Flatten(drafts, 0, place);
    for (int draft : draft_of_slot) {
        slots_.push_back(place[static_cast<std::size_t>(draft)]);
    }
}

// Appends the draft and all beneath it, so that a node's descendants stand
// right behind it.
void PathTree::Flatten(const std::vector<Draft>& drafts, int draft,
                       std::vector<int>& place) {
    const Draft& from = drafts[static_cast<std::size_t>(draft)];
    const std::size_t self = nodes_.size();
    place[static_cast<std::size_t>(draft)] = static_cast<int>(self);
    nodes_.push_back({});
    nodes_[self].name = from.name;
    nodes_[self].hash = HashOf(from.name);
    nodes_[self].text = from.keeps_text ? texts_++ : kNone;
    nodes_[self].slot = from.slot;
    nodes_[self].raw = from.raw;
    nodes_[self].streamed = from.streamed;
    if (!from.children.empty()) {
        nodes_[self].first_child = static_cast<int>(nodes_.size());
        nodes_[self].children = static_cast<int>(first_alike_.size());
        first_alike_.emplace_back().fill(kNone);
    }
    for (int child : from.children) {
        const auto node = static_cast<std::int16_t>(nodes_.size());
        Flatten(drafts, child, place);
        Node& placed = nodes_[static_cast<std::size_t>(node)];
        nodes_[self].child_hashes |= std::uint64_t{1} << placed.hash;
        auto& first =
            first_alike_[static_cast<std::size_t>(nodes_[self].children)]
                        [placed.hash];
        placed.next_alike = first;
        first = node;
    }
    nodes_[self].end = static_cast<int>(nodes_.size());
}

// A node has either elements or named children, or a name would be "[]".
int PathTree::Element(int node) const {
    const int child = nodes_[static_cast<std::size_t>(node)].first_child;
    return child != kNone &&
                   nodes_[static_cast<std::size_t>(child)].name == kElement
               ? child
               : kNone;
}

}  // namespace aiproxy::json
