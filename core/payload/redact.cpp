// SPDX-License-Identifier: MIT

#include "core/payload/redact.h"

#include <algorithm>

#include "core/json/scanner.h"
#include "core/payload/secrets.h"

namespace aiproxy::payload {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kHidden = "[hidden]";
constexpr std::string_view kElement = "[]";
constexpr std::string_view kBlanks = " \t\r\n";

Error Invalid(const char* field, std::string sentence) {
    Error error(ErrorCode::kValidation);
    error.field = field;
    error.public_text = std::move(sentence);
    return error;
}

// Spans that touch become one.
void Join(std::vector<Span>& spans) {
    std::sort(spans.begin(), spans.end());
    std::size_t kept = 0;
    for (const Span& span : spans) {
        if (kept > 0 && span.first <= spans[kept - 1].second) {
            auto& end = spans[kept - 1].second;
            end = std::max(end, span.second);
        } else {
            spans[kept++] = span;
        }
    }
    spans.resize(kept);
}

}  // namespace

// One pass over a text. in_ is what is left.
class Redactor::Scan {
 public:
    Scan(const Redactor& rules, std::string_view in, bool nested)
        : rules_(rules), in_(in), nested_(nested) {}

    Redacted Run() {
        bool begins_line = true;
        while (at_ < in_.size()) {
            Text(NextJson(begins_line));
            if (at_ < in_.size()) Value();
            steps_.clear();
            begins_line = false;
        }
        return std::move(out_);
    }

 private:
    char Now() const { return at_ < in_.size() ? in_[at_] : '\0'; }

    void Copy(std::size_t end) {
        out_.text += in_.substr(at_, end - at_);
        at_ = end;
    }

    void Blanks() {
        const std::size_t end = in_.find_first_not_of(kBlanks, at_);
        Copy(std::min(end, in_.size()));
    }

    // Where JSON begins a line, or an event's data; else the end.
    std::size_t NextJson(bool begins_line) const {
        constexpr std::string_view data = "data:";
        std::size_t line = at_;
        if (!begins_line) line = LineAfter(at_);
        for (; line < in_.size(); line = LineAfter(line)) {
            std::size_t at = line;
            if (in_.substr(at).starts_with(data)) at += data.size();
            at = in_.find_first_not_of(" \t\r", at);
            if (at == in_.npos) break;
            if (in_[at] == '{' || in_[at] == '[') return at;
        }
        return in_.size();
    }

    std::size_t LineAfter(std::size_t at) const {
        const std::size_t end = in_.find('\n', at);
        return end == in_.npos ? in_.size() : end + 1;
    }

    // What is before end is text.
    void Text(std::size_t end) {
        const std::string_view text = in_.substr(at_, end - at_);
        at_ = end;
        std::vector<Span> spans;
        if (rules_.defaults_) {
            FindSecrets(text, spans);
            FindBase64(text, spans);
        }
        for (const Pattern& pattern : rules_.patterns_) {
            pattern.Find(text, spans);
        }
        Join(spans);
        std::size_t from = 0;
        for (const auto& [begin, behind] : spans) {
            out_.text += text.substr(from, begin - from);
            out_.text += kHidden;
            from = behind;
        }
        out_.text += text.substr(from);
        out_.hidden += spans.size();
    }

    bool Matches(const Path& path) const {
        const std::size_t count = path.steps.size();
        if (path.anywhere ? count > steps_.size() : count != steps_.size()) {
            return false;
        }
        const std::size_t first = steps_.size() - count;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string& step = steps_[first + i];
            const bool any = path.steps[i] == "*" && step != kElement;
            if (!any && path.steps[i] != step) return false;
        }
        return true;
    }

    bool IsHidden() const {
        const bool named = !steps_.empty() && rules_.defaults_ &&
                           Now() != '{' && steps_.back() != kElement &&
                           NamesSecret(steps_.back());
        return named || steps_.size() > kMaxDepth ||
               std::any_of(rules_.paths_.begin(), rules_.paths_.end(),
                           [&](const Path& path) { return Matches(path); });
    }

    // False: it is no JSON from here on, or it is cut.
    bool Value() {
        Blanks();
        if (IsHidden()) return Hide();
        switch (Now()) {
            case '{':
                return Container('}');
            case '[':
                return Container(']');
            case '"':
                return String();
            default:
                return Bare();
        }
    }

    bool Bare() {
        const std::size_t end = in_.find_first_of(",]}\" \t\r\n", at_);
        if (end == at_) return false;
        Text(std::min(end, in_.size()));
        return at_ < in_.size();
    }

    bool Container(char close) {
        Copy(at_ + 1);
        for (;;) {
            Blanks();
            if (Now() == ',') Copy(at_ + 1);
            Blanks();
            if (Now() == close && at_ < in_.size()) {
                Copy(at_ + 1);
                return true;
            }
            if (!Entry(close == '}')) return false;
        }
    }

    bool Entry(bool named) {
        if (named) {
            if (Now() != '"') return false;
            const std::size_t end = StringEnd();
            if (!Closes(end)) return String();
            std::string name;
            json::AppendUnescaped(name, in_.substr(at_ + 1, end - at_ - 1));
            Copy(at_ + 1);
            Text(end);
            Copy(end + 1);
            Blanks();
            if (Now() != ':') return false;
            Copy(at_ + 1);
            Blanks();
            steps_.push_back(std::move(name));
        } else {
            steps_.emplace_back(kElement);
        }
        if (at_ == in_.size() || !Value()) return false;
        steps_.pop_back();
        return true;
    }

    // Of the string that begins here: its closing quote, else where it is cut
    // off: no string goes over a line, unless what is hidden does.
    std::size_t StringEnd(const char* ends = "\"\\\n") const {
        std::size_t at = at_ + 1;
        for (;;) {
            at = std::min(in_.find_first_of(ends, at), in_.size());
            if (at == in_.size() || in_[at] != '\\') return at;
            at += 2;
        }
    }

    bool Closes(std::size_t end) const {
        return end < in_.size() && in_[end] == '"';
    }

    bool String() {
        const std::size_t end = StringEnd();
        Copy(at_ + 1);
        if (!Closes(end)) {
            Text(end);
            return false;
        }
        if (!Inner(end)) Text(end);
        Copy(end + 1);
        return true;
    }

    // JSON in a string, as arguments of tools are: true when something of it
    // was hidden.
    bool Inner(std::size_t end) {
        const std::string_view raw = in_.substr(at_, end - at_);
        if (nested_ || (Now() != '{' && Now() != '[') ||
            raw.find("\\\"") == raw.npos) {
            return false;
        }
        std::string plain;
        json::AppendUnescaped(plain, raw);
        Redacted inner = Scan(rules_, plain, true).Run();
        if (inner.hidden == 0) return false;
        std::string quoted;
        json::AppendQuoted(quoted, inner.text);
        out_.text += std::string_view(quoted).substr(1, quoted.size() - 2);
        out_.hidden += inner.hidden;
        at_ = end;
        return true;
    }

    // Passes the value that is here, whatever it is.
    bool Hide() {
        out_.text += '"';
        out_.text += kHidden;
        out_.text += '"';
        ++out_.hidden;
        std::size_t depth = 0;
        while (at_ < in_.size()) {
            const char c = Now();
            if (c == '"') {
                at_ = std::min(StringEnd("\"\\") + 1, in_.size());
            } else if (c == '{' || c == '[') {
                ++depth;
                ++at_;
            } else if (depth > 0 && (c == '}' || c == ']')) {
                --depth;
                ++at_;
            } else if (depth == 0) {
                at_ =
                    std::min(in_.find_first_of(",]} \t\r\n", at_), in_.size());
            } else {
                at_ = std::min(in_.find_first_of("\"{}[]", at_), in_.size());
            }
            if (depth == 0) return at_ < in_.size();
        }
        return false;
    }

    const Redactor& rules_;
    const std::string_view in_;
    const bool nested_;
    std::size_t at_ = 0;
    Redacted out_;
    std::vector<std::string> steps_;
};

bool Redactor::Parse(std::string_view text, Path& path) {
    if (text.empty() || text.size() > kMaxPathBytes) return false;
    while (!text.empty()) {
        std::string_view name = text.substr(0, text.find('.'));
        text.remove_prefix(std::min(text.size(), name.size() + 1));
        if (name == "**") {
            if (path.anywhere || !path.steps.empty() || text.empty()) {
                return false;
            }
            path.anywhere = true;
            continue;
        }
        std::size_t elements = 0;
        while (name.ends_with(kElement)) {
            name.remove_suffix(kElement.size());
            ++elements;
        }
        if (name.find_first_of("[]\"\\") != name.npos) return false;
        if (name.empty() && elements == 0) return false;
        if (!name.empty()) path.steps.emplace_back(name);
        path.steps.insert(path.steps.end(), elements, std::string(kElement));
    }
    return !path.steps.empty() && path.steps.size() <= kMaxDepth;
}

Result<Redactor> Redactor::Make(const Rules& rules) {
    Redactor made;
    made.defaults_ = rules.defaults;
    if (rules.paths.size() > kMaxPaths) {
        return Invalid("paths", "At most 32 paths.");
    }
    for (const std::string& text : rules.paths) {
        Path path;
        if (!Parse(text, path)) {
            return Invalid("paths",
                           "A path is as messages[].content, input.*.email or "
                           "**.email.");
        }
        made.paths_.push_back(std::move(path));
    }
    if (rules.patterns.size() > kMaxPatterns) {
        return Invalid("patterns", "At most 16 patterns.");
    }
    for (const std::string& text : rules.patterns) {
        auto pattern = Pattern::Parse(text);
        if (!pattern) {
            return Invalid("patterns",
                           "A pattern is as ACME-####-*: 3 to 60 characters, "
                           "of which the first is itself or a #.");
        }
        made.patterns_.push_back(std::move(*pattern));
    }
    return made;
}

Redacted Redactor::Redact(std::string_view text) const {
    return Scan(*this, text, false).Run();
}

}  // namespace aiproxy::payload
