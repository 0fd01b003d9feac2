// SPDX-License-Identifier: MIT
//
// Finds a few scalars by their paths in a JSON text that comes in pieces: any
// split of the same bytes gives the same result, in memory that does not grow
// with the text. A frame may have tens of megabytes, so what is not asked for
// is passed at the speed of memchr. Lenient, as it reads what a provider says
// to somebody else: outside the paths it only counts brackets.
//
// A path is "usage.prompt_tokens" or, through arrays, "choices[].index". Of a
// name that comes twice in an object the last one counts, with all beneath
// it; of what lies in arrays the last one that is not null.
//
// Beside scalars a path may keep a whole object or array as it was written, or
// hand on a string of any size piece by piece, unescaped.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/scanner.h"

namespace aiproxy::json {

// The paths that are looked for, made once per kind of text.
class PathTree {
 public:
    struct Path {
        std::string_view path;
        bool keeps_text = false;    // of a string, and the digits of a number
        bool keeps_raw = false;     // of an object or array: all its bytes
        bool streams_text = false;  // of a string: to the scanner's TextSink
    };
    // At most kMaxNodes names in all; they must outlive the tree. A path's
    // slot is its place in this list.
    static constexpr std::size_t kMaxNodes = 400;
    explicit PathTree(std::span<const Path> paths);

 private:
    friend class PathScanner;
    static constexpr int kNone = -1;
    // Stands for the elements of an array.
    static constexpr std::string_view kElement = "[]";

    // Of a name, 0 to 63; cheap, for most names that come are not looked for.
    static unsigned HashOf(std::string_view name) {
        if (name.empty()) {
            return 0;
        }
        return (static_cast<unsigned char>(name.front()) * 5u +
                static_cast<unsigned char>(name.back()) * 3u +
                static_cast<unsigned>(name.size()) * 7u) &
               63u;
    }

    struct Node {
        std::string_view name;  // "[]" for an array's elements
        int first_child = kNone;
        int next_alike = kNone;  // sibling with the same hash
        int end = 0;             // behind its last descendant
        int text = kNone;        // where its text is kept
        int slot = kNone;
        bool raw = false;
        bool streamed = false;
        unsigned hash = 0;               // of its name
        std::uint64_t child_hashes = 0;  // a bit for each child's
        int children = kNone;            // its row of first_alike_
    };
    static constexpr unsigned kHashes = 64;
    struct Draft;

    void Flatten(const std::vector<Draft>& drafts, int draft,
                 std::vector<int>& place);
    int Child(int node, std::string_view name) const;
    int Element(int node) const;

    std::vector<Node> nodes_;  // [0] is the text's own value
    std::vector<int> slots_;   // node of each slot
    // By the hash of a name: the first child that has it.
    std::vector<std::array<std::int16_t, kHashes>> first_alike_;
    int texts_ = 0;
};

class TextSink {
 public:
    virtual ~TextSink() = default;

    // A piece of the string at the path of that slot, unescaped.
    virtual void Text(std::size_t slot, std::string_view piece) = 0;
    virtual void EndText(std::size_t) {}
};

class PathScanner {
 public:
    static constexpr std::size_t kMaxTextBytes = 256;
    static constexpr std::size_t kMaxRawBytes = 8192;

    // tree must outlive the scanner.
    explicit PathScanner(const PathTree& tree);

    // Where the strings go whose paths stream. Without it they are passed.
    void Stream(TextSink* sink) { sink_ = sink; }

    // Forgets all, for the next text.
    void Reset();

    // Gives how many of the bytes belong to the text: all of them, unless it
    // is over.
    std::size_t Feed(std::string_view bytes);

    bool begun() const { return state_ != State::kStart; }
    bool done() const { return state_ == State::kDone; }
    // It is no JSON; what comes is ignored.
    bool broken() const { return state_ == State::kBroken; }

    Kind kind(std::size_t slot) const {
        return kinds_[static_cast<std::size_t>(tree_->slots_[slot])];
    }
    // kAbsent and kNull are not.
    bool present(std::size_t slot) const { return kind(slot) > Kind::kNull; }
    // A number, or a string that is one.
    std::optional<std::int64_t> count(std::size_t slot) const {
        const auto node = static_cast<std::size_t>(tree_->slots_[slot]);
        const bool counts =
            kinds_[node] == Kind::kNumber || kinds_[node] == Kind::kString;
        return counts && counts_[node] >= 0 ? std::optional(counts_[node])
                                            : std::nullopt;
    }
    // A string's, unescaped, at most kMaxTextBytes; else "". For paths that
    // keep their text.
    std::string_view text(std::size_t slot) const;
    // A number as it was written, or a string that may be one; else "". For
    // paths that keep their text.
    std::string_view number(std::size_t slot) const;
    // The bytes of an object or array; "" when they were more than
    // kMaxRawBytes. For paths that keep them.
    std::string_view raw(std::size_t slot) const;
    // An array without elements.
    bool empty_array(std::size_t slot) const {
        return kind(slot) == Kind::kArray &&
               counts_[static_cast<std::size_t>(tree_->slots_[slot])] < 0;
    }
    // How many elements an array has; 0 of what is none.
    std::int64_t elements(std::size_t slot) const {
        return kind(slot) == Kind::kArray && !empty_array(slot)
                   ? counts_[static_cast<std::size_t>(tree_->slots_[slot])]
                   : 0;
    }

 private:
    enum class State : unsigned char {
        kStart,      // before the text
        kValue,      // a value must come
        kFirstName,  // behind "{"
        kName,       // a name must come
        kInName,     // behind its quote
        kColon,
        kFirstElement,  // behind "["
        kAfter,         // behind a value
        kString,        // in a string that is passed
        kText,          // in a string that is kept
        kStream,        // in a string that is handed on
        kBare,          // in a number or word
        kSkip,          // in a container that is passed
        kSkipString,    // in a string in there
        kDone,
        kBroken,
    };
    struct Level {
        int node;
        bool object;
    };
    // The deepest path has so many names.
    static constexpr std::size_t kMaxLevels = 12;

    // Escapes are at most six bytes long, so this is enough for kMaxTextBytes
    // of text.
    static constexpr std::size_t kMaxHeld = 6 * kMaxTextBytes + 12;

    const char* Step(const char* p, const char* end);
    const char* Begin(const char* p, const char* end);
    const char* NextElement(const char* p, const char* end);
    void BeginName();
    const char* BeginValue(const char* p);
    const char* BeginContainer(const char* p, bool object);
    const char* EndContainer(const char* p);
    const char* ReadName(const char* p, const char* end);
    const char* PassString(const char* p, const char* end);
    const char* KeepText(const char* p, const char* end);
    const char* StreamText(const char* p, const char* end);
    const char* ReadEscape(const char* p);
    void EndEscape(std::string_view escape);
    const char* ReadBare(const char* p, const char* end);
    const char* SkipContainer(const char* p, const char* end);
    const char* Break(const char* end);
    void EndName(std::string_view raw);
    void EndScalar(Kind kind, std::string_view raw);
    void Clear(int node);
    void Hold(const char* p, const char* end);
    std::string_view Whole(const char* p, const char* end);
    void BeginRaw(const char* p);
    void KeepRaw(const char* end);
    void EndRaw(const char* end);

    const PathTree* tree_;
    State state_ = State::kStart;
    bool escaped_ = false;     // a backslash was the last byte
    bool has_escape_ = false;  // in what is held
    bool overflow_ = false;    // what is held was cut
    unsigned char mark_ = 0;   // bytes of a byte order mark seen
    int node_ = 0;             // the next value's; kNone: not looked for
    std::size_t depth_ = 0;    // in a container that is passed
    std::size_t levels_ = 0;
    std::size_t arrays_ = 0;  // of the levels
    Level stack_[kMaxLevels];
    int raw_node_ = PathTree::kNone;   // whose bytes are being kept
    std::size_t raw_levels_ = 0;       // levels around it
    const char* raw_begin_ = nullptr;  // of the present piece
    TextSink* sink_ = nullptr;
    std::string held_;  // a name or scalar that is not over
    std::vector<Kind> kinds_;
    // Of numbers and strings: -1 is none. Of arrays: how many elements, -1 is
    // none.
    std::vector<std::int64_t> counts_;
    std::vector<std::string> texts_;
};

}  // namespace aiproxy::json
