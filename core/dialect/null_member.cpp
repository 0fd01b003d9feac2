// SPDX-License-Identifier: MIT

#include "core/dialect/null_member.h"

#include "core/base/find.h"

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kField = "data:";
constexpr std::string_view kName = "\"usage\"";
constexpr std::string_view kNull = "null";

bool IsSpace(char c) {
    return c == ' ' || c == '\t';
}

bool IsLineEnd(char c) {
    return c == '\n' || c == '\r';
}

}  // namespace

void NullMemberCutter::Feed(std::string_view bytes, std::string& out) {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    while (p != end) {
        const char* const passed = Pass(p, end, out);
        if (passed != p) {
            p = passed;
            continue;
        }
        const char c = *p++;
        if (IsLineEnd(c)) {
            Flush(out);
            out += c;
            line_ = Line::kField;
            matched_ = 0;
        } else if (line_ == Line::kField) {
            Field(c, out);
        } else {
            Data(c, out);
        }
    }
}

void NullMemberCutter::Finish(std::string& out) {
    Flush(out);
}

// The bytes of a string, and of lines without data, pass at once.
const char* NullMemberCutter::Pass(const char* p, const char* end,
                                   std::string& out) {
    const char* stop = p;
    if (line_ == Line::kOther) {
        stop = FindByte(p, end, EitherByte{'\n', '\r'});
    } else if (line_ == Line::kData && at_ == At::kText && in_string_ &&
               !escaped_) {
        // A string has no line ends; should one be there, it is no JSON.
        stop = FindByte(p, end, EitherByte{'"', '\\'});
        stop = FindByte(p, stop, EitherByte{'\n', '\r'});
    }
    out.append(p, stop);
    return stop;
}

void NullMemberCutter::Field(char c, std::string& out) {
    out += c;
    if (c != kField[matched_]) {
        line_ = Line::kOther;
    } else if (++matched_ == kField.size()) {
        line_ = Line::kData;
        matched_ = 0;
    }
}

void NullMemberCutter::Data(char c, std::string& out) {
    if (at_ == At::kText) {
        Text(c, out);
        return;
    }
    if (!Matches(c, out)) {
        const bool in_name = at_ == At::kName;
        Flush(out);
        in_string_ = in_name;
        Text(c, out);
    }
}

// A byte that belongs to no candidate.
void NullMemberCutter::Text(char c, std::string& out) {
    if (in_string_) {
        in_string_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
    } else if (c == '"') {
        in_string_ = true;
    } else if (c == '{' || c == '[') {
        ++depth_;
        if (c == '{' && depth_ == 1) {
            at_ = At::kBeforeName;
            first_ = true;
        }
    } else if (c == '}' || c == ']') {
        depth_ -= depth_ > 0 ? 1 : 0;
    } else if (c == ',' && depth_ == 1) {
        at_ = At::kBeforeName;
        first_ = false;
        held_ = c;
        return;
    }
    out += c;
}

// Whether the candidate goes on with c, which then is held or cut.
bool NullMemberCutter::Matches(char c, std::string& out) {
    if (held_.size() == kMaxHeldBytes) {
        return false;
    }
    switch (at_) {
        case At::kBeforeName:
        case At::kBeforeColon:
        case At::kBeforeValue:
            if (IsSpace(c)) {
                break;
            }
            matched_ = 1;
            if (at_ == At::kBeforeName && c == kName[0]) {
                at_ = At::kName;
            } else if (at_ == At::kBeforeColon && c == ':') {
                at_ = At::kBeforeValue;
            } else if (at_ == At::kBeforeValue && c == kNull[0]) {
                at_ = At::kValue;
            } else {
                return false;
            }
            break;
        case At::kName:
            if (c != kName[matched_]) {
                return false;
            }
            at_ = ++matched_ == kName.size() ? At::kBeforeColon : at_;
            break;
        case At::kValue:
            if (c != kNull[matched_]) {
                return false;
            }
            if (++matched_ == kNull.size()) {
                held_.clear();
                at_ = first_ ? At::kAfterFirst : At::kText;
                return true;
            }
            break;
        case At::kAfterFirst:
            if (c == ',') {
                held_.clear();
                at_ = At::kAfterComma;
                return true;
            }
            if (!IsSpace(c)) {
                return false;
            }
            break;
        case At::kAfterComma:
            // What follows stands where the first member stood.
            if (IsSpace(c)) {
                return true;
            }
            at_ = At::kBeforeName;
            return Matches(c, out);
        case At::kText:
            return false;
    }
    held_ += c;
    return true;
}

// The candidate is none, or its line is over.
void NullMemberCutter::Flush(std::string& out) {
    out += held_;
    held_.clear();
    at_ = At::kText;
}

}  // namespace aiproxy::dialect
