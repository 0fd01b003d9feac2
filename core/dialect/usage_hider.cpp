// SPDX-License-Identifier: MIT

#include "core/dialect/usage_hider.h"

#include <string.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/find.h"
#include "core/json/scanner.h"

namespace aiproxy::dialect {
namespace {

using json::Kind;

constexpr std::string_view kUsage = "\"usage\"";

struct Range {
    std::size_t begin;
    std::size_t end;
};

// A line of an event. begin and end are offsets in it, without the line end.
struct Line {
    Range text;
    std::size_t next;  // behind the line end
};

Line LineAt(std::string_view event, std::size_t begin) {
    const char* const stop =
        FindByte(event.data() + begin, event.data() + event.size(),
                 EitherByte{'\n', '\r'});
    const auto end = static_cast<std::size_t>(stop - event.data());
    std::size_t next = end;
    if (next < event.size()) {
        next += event.substr(next).starts_with("\r\n") ? 2 : 1;
    }
    return {{begin, end}, next};
}

// The data of an event as one text, and where its parts came from.
class EventData {
 public:
    explicit EventData(std::string_view event) {
        std::size_t at = event.starts_with("\xef\xbb\xbf") ? 3 : 0;
        while (at < event.size()) {
            const Line line = LineAt(event, at);
            AddLine(event, line.text);
            at = line.next;
        }
    }

    std::string_view text() const {
        return parts_.size() == 1 ? single_ : std::string_view(joined_);
    }

    // Where a byte of text() is in the event.
    std::size_t InEvent(std::size_t offset) const {
        std::size_t i = parts_.size() - 1;
        while (parts_[i].first > offset) {
            --i;
        }
        return parts_[i].second + (offset - parts_[i].first);
    }

 private:
    void AddLine(std::string_view event, Range range) {
        std::string_view line =
            event.substr(range.begin, range.end - range.begin);
        constexpr std::string_view kData = "data:";
        if (!line.starts_with(kData)) {
            return;
        }
        std::size_t skipped = kData.size();
        skipped += line.substr(skipped).starts_with(' ') ? 1 : 0;
        std::string_view value = line.substr(skipped);
        if (parts_.empty()) {
            single_ = value;
        } else {
            // Lines are joined by a line feed.
            joined_ = parts_.size() == 1 ? std::string(single_) : joined_;
            joined_ += '\n';
        }
        const std::size_t offset = parts_.empty() ? 0 : joined_.size();
        parts_.emplace_back(offset, range.begin + skipped);
        if (parts_.size() > 1) {
            joined_ += value;
        }
    }

    std::string_view single_;
    std::string joined_;
    std::vector<std::pair<std::size_t, std::size_t>> parts_;
};

// What a chunk says of usage at its top level.
struct Findings {
    bool valid = false;
    bool no_choices = false;  // "choices":[]
    bool usage_object = false;
    std::vector<Range> cuts;  // members "usage":null, each with one comma
};

// The cut of a member that has `null` as its value. name: where its name's
// quote is; end: behind the value; comma: before it, if a member is kept there.
Range CutOf(std::string_view text, std::size_t name, std::size_t end,
            std::size_t comma) {
    if (comma != std::string_view::npos) {
        return {comma, end};
    }
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos || text[next] != ',') {
        return {name, end};
    }
    const std::size_t after = text.find_first_not_of(" \t\r\n", next + 1);
    return {name, std::min(after, text.size())};
}

Findings Examine(std::string_view text) {
    Findings findings;
    json::Scanner scanner(text);
    if (scanner.Peek() != Kind::kObject) {
        return findings;
    }
    scanner.EnterObject();
    std::size_t comma = std::string_view::npos;
    bool kept = false;  // a member before is not cut
    std::string_view name;
    while (scanner.NextMember(name)) {
        const auto quote =
            static_cast<std::size_t>(name.data() - text.data()) - 1;
        const Kind kind = scanner.Peek();
        const std::size_t value = scanner.offset();
        if (!scanner.Skip()) {
            return findings;
        }
        if (name == "usage") {
            findings.usage_object = kind == Kind::kObject;
            if (kind == Kind::kNull) {
                findings.cuts.push_back(
                    CutOf(text, quote, scanner.offset(), comma));
            }
        } else if (name == "choices" && kind == Kind::kArray) {
            std::string_view array =
                text.substr(value + 1, scanner.offset() - value - 2);
            findings.no_choices =
                array.find_first_not_of(" \t\r\n") == std::string_view::npos;
        }
        scanner.Peek();
        kept |= !(name == "usage" && kind == Kind::kNull);
        comma = kept ? scanner.offset() : std::string_view::npos;
    }
    findings.valid = !scanner.failed() && scanner.AtEnd();
    return findings;
}

// The lines of a dropped event that belong to no event.
void AppendComments(std::string_view event, std::string& out) {
    std::size_t at = 0;
    while (at < event.size()) {
        const Line line = LineAt(event, at);
        if (event[at] == ':') {
            out += event.substr(at, line.next - at);
        }
        at = line.next;
    }
}

}  // namespace

void UsageHider::PassEvent(std::string_view event, std::string& out) {
    // A character of the name could be escaped, but no provider does.
    if (memmem(event.data(), event.size(), kUsage.data(), kUsage.size()) ==
        nullptr) {
        out += event;
        return;
    }
    const EventData data(event);
    const Findings findings = Examine(data.text());
    if (findings.valid && findings.no_choices && findings.usage_object) {
        dropped_ = true;
        AppendComments(event, out);
        return;
    }
    std::size_t at = 0;
    if (findings.valid) {
        for (const Range& cut : findings.cuts) {
            const std::size_t begin = data.InEvent(cut.begin);
            const std::size_t end = data.InEvent(cut.end - 1) + 1;
            if (begin >= at) {
                out += event.substr(at, begin - at);
            }
            at = std::max(at, end);
        }
    }
    out += event.substr(at);
}

// Where the event that text continues ends: behind its blank line, or npos.
std::size_t UsageHider::FindEnd(std::string_view text) {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* p = begin;
    while (p != end) {
        if (*p == '\n' && tail_ == kAfterCr) {
            tail_ = kLineStart;
            ++p;
            continue;
        }
        if (*p == '\n' || *p == '\r') {
            const bool blank = tail_ != kInLine;
            tail_ = *p == '\r' ? kAfterCr : kLineStart;
            ++p;
            if (blank) {
                return static_cast<std::size_t>(p - begin);
            }
            continue;
        }
        tail_ = kInLine;
        p = FindByte(p, end, EitherByte{'\n', '\r'});
    }
    return std::string_view::npos;
}

void UsageHider::Feed(std::string_view bytes, std::string& out) {
    while (!bytes.empty()) {
        // The second half of the CRLF that ended an event belongs to it.
        if (ended_) {
            ended_ = false;
            if (tail_ == kAfterCr && bytes.front() == '\n') {
                tail_ = kLineStart;
                if (!dropped_) {
                    out += '\n';
                }
                bytes.remove_prefix(1);
                continue;
            }
        }
        const std::size_t end = FindEnd(bytes);
        const bool complete = end != std::string_view::npos;
        std::string_view piece = bytes.substr(0, end);
        bytes.remove_prefix(piece.size());
        Take(piece, complete, out);
    }
}

// A piece of the present event; complete: its last.
void UsageHider::Take(std::string_view piece, bool complete, std::string& out) {
    if (!passing_ && held_.size() + piece.size() > kMaxEventBytes) {
        passing_ = true;
        cutter_.Reset();
        cutter_.Feed(held_, out);
        held_.clear();
    }
    if (passing_) {
        cutter_.Feed(piece, out);
    } else if (!complete) {
        held_ += piece;
    } else {
        dropped_ = false;
        if (held_.empty()) {
            PassEvent(piece, out);
        } else {
            held_ += piece;
            PassEvent(held_, out);
            held_.clear();
        }
    }
    if (complete) {
        dropped_ &= !passing_;
        passing_ = false;
        ended_ = true;
    }
}

void UsageHider::Finish(std::string& out) {
    cutter_.Finish(out);
    if (!held_.empty()) {
        PassEvent(held_, out);
        held_.clear();
    }
}

}  // namespace aiproxy::dialect
