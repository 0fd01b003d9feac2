// SPDX-License-Identifier: MIT

#include "core/json/path.h"

#include <algorithm>

#include "core/base/find.h"
#include "core/json/number.h"

namespace aiproxy::json {
namespace {

constexpr std::uint64_t kSpaces =
    std::uint64_t{1} << ' ' | std::uint64_t{1} << '\n' |
    std::uint64_t{1} << '\r' | std::uint64_t{1} << '\t';

bool IsSpace(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' && (kSpaces >> byte & 1) != 0;
}

struct NoSpace {
    bool operator()(char c) const { return !IsSpace(c); }
#if defined(__SSE2__)
    Block operator()(Block block) const {
        const Block line =
            AnyOf(Equal(block, BlockOf('\n')), Equal(block, BlockOf('\r')));
        const Block blank =
            AnyOf(Equal(block, BlockOf(' ')), Equal(block, BlockOf('\t')));
        return Equal(AnyOf(line, blank), BlockOf('\0'));
    }
#endif
};

// There is none, or a line ends and the next one is indented.
const char* PassSpace(const char* p, const char* end) {
    const bool space = p != end && static_cast<unsigned char>(*p) <= ' ';
    return space ? FindByte(p, end, NoSpace{}) : p;
}

// What ends a number or a word.
bool EndsBare(char c) {
    return c == ',' || c == '}' || c == ']' || IsSpace(c);
}

// In a container that is passed. A bracket differs from its brace in one bit.
struct SkipStop {
    bool operator()(char c) const {
        const char brace = static_cast<char>(c | 0x20);
        return c == '"' || brace == '{' || brace == '}';
    }
#if defined(__SSE2__)
    Block operator()(Block block) const {
        const Block brace = AnyOf(block, BlockOf(0x20));
        return AnyOf(
            Equal(block, BlockOf('"')),
            AnyOf(Equal(brace, BlockOf('{')), Equal(brace, BlockOf('}'))));
    }
#endif
};

Kind KindOfBare(char first) {
    switch (first) {
        case 't':
            return Kind::kTrue;
        case 'f':
            return Kind::kFalse;
        case 'n':
            return Kind::kNull;
        default:
            return first == '-' || (first >= '0' && first <= '9')
                       ? Kind::kNumber
                       : Kind::kAbsent;
    }
}

// Cuts text to max_bytes at a character's border.
void Cut(std::string& text, std::size_t max_bytes) {
    if (text.size() > max_bytes) {
        while (max_bytes > 0 && (text[max_bytes] & 0xc0) == 0x80) {
            --max_bytes;
        }
        text.resize(max_bytes);
    }
}

}  // namespace

PathScanner::PathScanner(const PathTree& tree)
    : tree_(&tree),
      kinds_(tree.nodes_.size(), Kind::kAbsent),
      counts_(tree.nodes_.size(), -1),
      texts_(static_cast<std::size_t>(tree.texts_)) {}

void PathScanner::Reset() {
    state_ = State::kStart;
    escaped_ = false;
    mark_ = 0;
    node_ = 0;
    levels_ = 0;
    arrays_ = 0;
    raw_node_ = PathTree::kNone;
    held_.clear();
    Clear(0);
}

std::string_view PathScanner::text(std::size_t slot) const {
    const auto node = static_cast<std::size_t>(tree_->slots_[slot]);
    const int text = tree_->nodes_[node].text;
    if (text == PathTree::kNone || kinds_[node] != Kind::kString) {
        return {};
    }
    return texts_[static_cast<std::size_t>(text)];
}

std::string_view PathScanner::number(std::size_t slot) const {
    const auto node = static_cast<std::size_t>(tree_->slots_[slot]);
    const int text = tree_->nodes_[node].text;
    if (text == PathTree::kNone ||
        (kinds_[node] != Kind::kString && kinds_[node] != Kind::kNumber)) {
        return {};
    }
    return texts_[static_cast<std::size_t>(text)];
}

std::string_view PathScanner::raw(std::size_t slot) const {
    const auto node = static_cast<std::size_t>(tree_->slots_[slot]);
    const int text = tree_->nodes_[node].text;
    if (!tree_->nodes_[node].raw || kinds_[node] < Kind::kArray) {
        return {};
    }
    const std::string& kept = texts_[static_cast<std::size_t>(text)];
    return kept.size() > kMaxRawBytes ? std::string_view() : kept;
}

// Forgets the node's value and all beneath it.
void PathScanner::Clear(int node) {
    const int end = tree_->nodes_[static_cast<std::size_t>(node)].end;
    kinds_[static_cast<std::size_t>(node)] = Kind::kAbsent;
    std::fill(kinds_.begin() + node + 1, kinds_.begin() + end, Kind::kAbsent);
}

const char* PathScanner::Break(const char* end) {
    state_ = State::kBroken;
    return end;
}

// Most names that come are not looked for.
[[gnu::always_inline]] inline int PathTree::Child(int node,
                                                  std::string_view name) const {
    const Node& parent = nodes_[static_cast<std::size_t>(node)];
    const unsigned hash = HashOf(name);
    if ((parent.child_hashes >> hash & 1) == 0 || name == kElement) {
        return kNone;
    }
    int at = first_alike_[static_cast<std::size_t>(parent.children)][hash];
    while (at != kNone) {
        const Node& child = nodes_[static_cast<std::size_t>(at)];
        if (child.name == name) {
            break;
        }
        at = child.next_alike;
    }
    return at;
}

// Takes at least one byte, or changes the state so that the next step does.
// From the end of a value each case goes on with the next one, as far as the
// piece reaches. With what it calls it becomes one loop: the calls would cost
// more than what they do.
[[gnu::always_inline]] inline const char* PathScanner::Step(const char* p,
                                                            const char* end) {
    switch (state_) {
        case State::kAfter:
            p = PassSpace(p, end);
            if (p == end || !stack_[levels_ - 1].object) {
                return p == end ? end : NextElement(p, end);
            }
            if (*p == '}') {
                return EndContainer(p);
            }
            if (*p != ',') {
                return Break(end);
            }
            ++p;
            state_ = State::kName;
            [[fallthrough]];
        case State::kName:
            p = PassSpace(p, end);
            if (p == end) {
                return end;
            }
            if (*p != '"') {
                return Break(end);
            }
            ++p;
            BeginName();
            [[fallthrough]];
        case State::kInName:
            p = ReadName(p, end);
            if (state_ == State::kInName) {
                return end;
            }
            [[fallthrough]];
        case State::kColon:
            p = PassSpace(p, end);
            if (p == end) {
                return end;
            }
            if (*p != ':') {
                return Break(end);
            }
            ++p;
            state_ = State::kValue;
            [[fallthrough]];
        case State::kValue:
            p = PassSpace(p, end);
            return p == end ? end : BeginValue(p);
        case State::kString:
        case State::kSkipString:
            return PassString(p, end);
        case State::kText:
            return KeepText(p, end);
        case State::kStream:
            return StreamText(p, end);
        case State::kBare:
            return ReadBare(p, end);
        case State::kSkip:
            return SkipContainer(p, end);
        case State::kStart:
        case State::kFirstName:
        case State::kFirstElement:
            return Begin(p, end);
        default:  // kBroken, kDone
            return end;
    }
}

// Before the text, or behind a container's bracket.
const char* PathScanner::Begin(const char* p, const char* end) {
    p = PassSpace(p, end);
    if (p == end) {
        return end;
    }
    if (state_ == State::kStart) {
        // A byte order mark, as JSON.parse's callers strip it.
        if (mark_ < 3 && *p == "\xef\xbb\xbf"[mark_]) {
            ++mark_;
            return p + 1;
        }
        state_ = State::kValue;
        return *p == '{' || *p == '[' ? p : Break(end);
    }
    if (*p == (state_ == State::kFirstName ? '}' : ']')) {
        return EndContainer(p);
    }
    if (state_ == State::kFirstName) {
        state_ = State::kName;
        return p;
    }
    // The array has an element: see empty_array().
    counts_[static_cast<std::size_t>(stack_[levels_ - 1].node)] = 1;
    state_ = State::kValue;
    return p;
}

// p: no space, behind an element of an array.
const char* PathScanner::NextElement(const char* p, const char* end) {
    const int array = stack_[levels_ - 1].node;
    if (*p == ']') {
        return EndContainer(p);
    }
    if (*p != ',') {
        return Break(end);
    }
    state_ = State::kValue;
    ++counts_[static_cast<std::size_t>(array)];
    node_ = tree_->Element(array);
    return p + 1;
}

// p: the value's first byte.
[[gnu::always_inline]] inline const char* PathScanner::BeginValue(
    const char* p) {
    const bool wanted = node_ != PathTree::kNone;
    if (wanted && arrays_ == 0) {
        Clear(node_);
    }
    if (*p == '{' || *p == '[') {
        return BeginContainer(p, *p == '{');
    }
    held_.clear();
    has_escape_ = false;
    overflow_ = false;
    if (*p == '"') {
        state_ = wanted ? State::kText : State::kString;
        if (wanted && tree_->nodes_[static_cast<std::size_t>(node_)].streamed) {
            kinds_[static_cast<std::size_t>(node_)] = Kind::kString;
            counts_[static_cast<std::size_t>(node_)] = -1;
            state_ = sink_ == nullptr ? State::kString : State::kStream;
        }
        return p + 1;
    }
    state_ = KindOfBare(*p) == Kind::kAbsent ? State::kBroken : State::kBare;
    return p;
}

[[gnu::always_inline]] inline const char* PathScanner::BeginContainer(
    const char* p, bool object) {
    if (node_ == PathTree::kNone || levels_ == kMaxLevels) {
        depth_ = 1;
        state_ = State::kSkip;
        return p + 1;
    }
    const auto node = static_cast<std::size_t>(node_);
    kinds_[node] = object ? Kind::kObject : Kind::kArray;
    if (tree_->nodes_[node].raw && raw_node_ == PathTree::kNone) {
        BeginRaw(p);
    }
    // Nobody asks for what is in it, but for whether an array is empty.
    if (object && tree_->nodes_[node].first_child == PathTree::kNone &&
        levels_ > 0) {
        depth_ = 1;
        state_ = State::kSkip;
        return p + 1;
    }
    stack_[levels_++] = {node_, object};
    if (object) {
        state_ = State::kFirstName;
    } else {
        ++arrays_;
        counts_[node] = -1;
        state_ = State::kFirstElement;
        node_ = tree_->Element(node_);
    }
    return p + 1;
}

const char* PathScanner::EndContainer(const char* p) {
    --levels_;
    arrays_ -= stack_[levels_].object ? 0 : 1;
    if (raw_node_ != PathTree::kNone && levels_ == raw_levels_) {
        EndRaw(p + 1);
    }
    state_ = levels_ == 0 ? State::kDone : State::kAfter;
    return p + 1;
}

// Keeps bytes of a name or scalar that goes on in the next piece.
void PathScanner::Hold(const char* p, const char* end) {
    const std::size_t room = kMaxHeld - held_.size();
    const auto size = static_cast<std::size_t>(end - p);
    overflow_ |= size > room;
    held_.append(p, std::min(size, room));
}

// A name or scalar that ends here: what was held of it, and what came since.
std::string_view PathScanner::Whole(const char* p, const char* end) {
    if (!held_.empty()) {
        Hold(p, end);
        return held_;
    }
    const auto size = static_cast<std::size_t>(end - p);
    overflow_ = size > kMaxHeld;
    return {p, std::min(size, kMaxHeld)};
}

void PathScanner::BeginName() {
    state_ = State::kInName;
    held_.clear();
    has_escape_ = false;
    overflow_ = false;
}

// Behind its quote the name is over, and so is this state.
[[gnu::always_inline]] inline const char* PathScanner::ReadName(
    const char* p, const char* end) {
    const char* const begin = p;
    for (;;) {
        if (escaped_ && p != end) {
            escaped_ = false;
            ++p;
        }
        p = FindByte(p, end, EitherByte{'"', '\\'});
        if (p == end) {
            Hold(begin, end);
            return end;
        }
        if (*p == '"') {
            EndName(Whole(begin, p));
            return p + 1;
        }
        escaped_ = true;
        has_escape_ = true;
        ++p;
    }
}

[[gnu::always_inline]] inline void PathScanner::EndName(std::string_view raw) {
    state_ = State::kColon;
    const int parent = stack_[levels_ - 1].node;
    if (overflow_) {
        node_ = PathTree::kNone;
    } else if (has_escape_) {
        std::string name;
        AppendUnescaped(name, raw);
        node_ = tree_->Child(parent, name);
    } else {
        node_ = tree_->Child(parent, raw);
    }
}

[[gnu::always_inline]] inline const char* PathScanner::PassString(
    const char* p, const char* end) {
    while (p != end) {
        if (escaped_) {
            escaped_ = false;
            ++p;
            continue;
        }
        p = FindByte(p, end, EitherByte{'"', '\\'});
        if (p == end) {
            return end;
        }
        if (*p == '"') {
            state_ = state_ == State::kString ? State::kAfter : State::kSkip;
            return p + 1;
        }
        escaped_ = true;
        ++p;
    }
    return end;
}

[[gnu::always_inline]] inline const char* PathScanner::KeepText(
    const char* p, const char* end) {
    const char* const begin = p;
    while (p != end) {
        if (escaped_) {
            escaped_ = false;
            ++p;
            continue;
        }
        p = FindByte(p, end, EitherByte{'"', '\\'});
        if (p != end && *p == '"') {
            EndScalar(Kind::kString, Whole(begin, p));
            return p + 1;
        }
        if (p != end) {
            escaped_ = true;
            has_escape_ = true;
            ++p;
        }
    }
    Hold(begin, end);
    return end;
}

[[gnu::always_inline]] inline const char* PathScanner::ReadBare(
    const char* p, const char* end) {
    const char* const begin = p;
    while (p != end && !EndsBare(*p)) {
        ++p;
    }
    if (node_ == PathTree::kNone) {
        state_ = p == end ? State::kBare : State::kAfter;
        return p;
    }
    if (p == end) {
        Hold(begin, end);
        return end;
    }
    const std::string_view whole = Whole(begin, p);
    EndScalar(KindOfBare(whole[0]), whole);
    return p;
}

// raw: the whole value as it was written.
void PathScanner::EndScalar(Kind kind, std::string_view raw) {
    state_ = State::kAfter;
    const auto node = static_cast<std::size_t>(node_);
    if (arrays_ > 0 && kind == Kind::kNull) {
        return;
    }
    kinds_[node] = kind;
    counts_[node] = -1;
    const char first = raw.empty() ? '\0' : raw[0];
    if ((first == '-' || (first >= '0' && first <= '9')) && !overflow_) {
        counts_[node] = ParseCount(raw).value_or(-1);
    }
    const int text = tree_->nodes_[node].text;
    if (kind == Kind::kString && text != PathTree::kNone) {
        std::string& kept = texts_[static_cast<std::size_t>(text)];
        kept.clear();
        if (has_escape_) {
            AppendUnescaped(kept, raw);
        } else {
            kept = raw;
        }
        Cut(kept, kMaxTextBytes);
    } else if (kind == Kind::kNumber && text != PathTree::kNone) {
        texts_[static_cast<std::size_t>(text)] =
            overflow_ ? std::string_view() : raw;
    }
}

[[gnu::always_inline]] inline const char* PathScanner::SkipContainer(
    const char* p, const char* end) {
    for (;;) {
        p = FindByte(p, end, SkipStop{});
        if (p == end) {
            return end;
        }
        const char c = *p++;
        if (c == '"') {
            state_ = State::kSkipString;
            return p;
        }
        if ((c | 0x20) == '{') {
            ++depth_;
        } else if (--depth_ == 0) {
            if (raw_node_ != PathTree::kNone && levels_ == raw_levels_) {
                EndRaw(p);
            }
            state_ = State::kAfter;
            return p;
        }
    }
}

std::size_t PathScanner::Feed(std::string_view bytes) {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    raw_begin_ = p;
    while (p != end && state_ != State::kDone) {
        p = Step(p, end);
    }
    if (raw_node_ != PathTree::kNone) {
        KeepRaw(end);
    }
    return static_cast<std::size_t>(p - bytes.data());
}

}  // namespace aiproxy::json
