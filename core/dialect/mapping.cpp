// SPDX-License-Identifier: MIT

#include "core/dialect/mapping.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/dialect/answer_reader.h"
#include "core/dialect/openai_usage.h"
#include "core/json/number.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;
using usage::Count;
using usage::Counts;

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxNodes = 200;
constexpr std::size_t kMaxPaths = 60;

enum class Kind : std::uint8_t {
    kNumber,
    kPath,
    kUsd,
    kSeconds,
    kSum,
    kFirst,
    kWhen,
};

struct Node {
    Kind kind = Kind::kNumber;
    std::int64_t number = 0;
    std::size_t slot = 0;
    std::string text;                // of kWhen: what the path must say
    std::vector<std::size_t> parts;  // of kWhen: then, else
};

struct CountName {
    std::string_view name;
    Count Counts::*member;
};
constexpr CountName kCounts[] = {
    {"input", &Counts::input},
    {"cache_read", &Counts::cache_read},
    {"cache_write", &Counts::cache_write},
    {"cache_write_5m", &Counts::cache_write_short},
    {"cache_write_1h", &Counts::cache_write_long},
    {"output", &Counts::output},
    {"reasoning", &Counts::reasoning},
    {"total", &Counts::total},
};

struct CountRule {
    Count Counts::*count = nullptr;  // one of the two
    Count usage::Details::*detail = nullptr;
    std::size_t node = 0;
};

bool IsSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view Trim(std::string_view text) {
    while (!text.empty() && IsSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && IsSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

bool IsNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == '[' || c == ']' || c == '@' || c == '$' || c == ':';
}

// Names with dots between, each with "[]" behind it or not.
bool IsPath(std::string_view path) {
    bool name = false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '.') {
            if (i == 0 || i + 1 == path.size() || path[i - 1] == '.') {
                return false;
            }
        } else if (c == '[') {
            if (path.substr(i, 2) != "[]" || (i > 0 && path[i - 1] == '.')) {
                return false;
            }
            ++i;
            if (i + 1 < path.size() && path[i + 1] != '.' &&
                path[i + 1] != '[') {
                return false;
            }
            name = true;
        } else if (c == ']') {
            return false;
        } else {
            name = true;
        }
    }
    return name;
}

}  // namespace

struct Mapping::Rules {
    std::vector<Node> nodes;
    std::vector<CountRule> counts;
    std::deque<std::string> names;  // the tree points into them
    std::vector<PathTree::Path> paths;
    std::optional<PathTree> tree;
    std::optional<std::size_t> model;
    std::optional<std::size_t> id;
    usage::Convention convention;
    bool sums = false;

    Count Value(const PathScanner& frame, std::size_t at) const {
        const Node& node = nodes[at];
        switch (node.kind) {
            case Kind::kNumber:
                return node.number;
            case Kind::kPath:
                return frame.count(node.slot);
            case Kind::kUsd:
                return ReadUsd(frame.number(node.slot));
            case Kind::kSeconds: {
                const std::string_view number = frame.number(node.slot);
                return number.empty() ? std::nullopt
                                      : json::ParseScaled(number, 3);
            }
            case Kind::kWhen:
                return Value(
                    frame,
                    node.parts[frame.text(node.slot) == node.text ? 0 : 1]);
            default:
                break;
        }
        Count value;
        for (std::size_t part : node.parts) {
            const Count more = Value(frame, part);
            if (node.kind == Kind::kSum) {
                usage::Add(value, more);
            } else if (more) {
                return more;
            }
        }
        return value;
    }
};

namespace {

using Rules = Mapping::Rules;

// Parses one line after the other into rules.
class RuleParser {
 public:
    explicit RuleParser(Rules& rules) : rules_(rules) {}

    // "" or what is wrong.
    std::string Take(std::string_view line) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) {
            return "there is no \"=\".";
        }
        name_ = Trim(line.substr(0, equals));
        rest_ = Trim(line.substr(equals + 1));
        wrong_.clear();
        if (!TakeOption() && !TakeCount()) {
            return "\"" + std::string(name_) + "\" is no name of a count.";
        }
        if (wrong_.empty() && !rest_.empty()) {
            wrong_ = "\"" + std::string(rest_) + "\" is too much.";
        }
        return wrong_;
    }

 private:
    bool TakeOption() {
        if (name_ == "cache_is") {
            rules_.convention.cache = Part();
        } else if (name_ == "reasoning_is") {
            rules_.convention.reasoning = Part();
        } else if (name_ == "merge") {
            rules_.sums = Word() == "sum";
            if (word_ != "sum" && word_ != "last") {
                wrong_ = "merge is sum or last.";
            }
        } else if (name_ == "model" || name_ == "id") {
            (name_ == "model" ? rules_.model : rules_.id) = Slot(true, false);
        } else if (name_ == "text") {
            Slot(false, true);
        } else {
            return false;
        }
        return true;
    }

    usage::Part Part() {
        Word();
        if (word_ != "inside" && word_ != "beside") {
            wrong_ = std::string(name_) + " is inside or beside.";
        }
        return word_ == "beside" ? usage::Part::kBeside : usage::Part::kInside;
    }

    bool TakeCount() {
        CountRule rule;
        for (const CountName& row : kCounts) {
            rule.count = row.name == name_ ? row.member : rule.count;
        }
        for (const usage::DetailField& row : usage::kDetailFields) {
            rule.detail = row.name == name_ ? row.member : rule.detail;
        }
        if (rule.count == nullptr && rule.detail == nullptr) {
            return false;
        }
        rules_.convention.five_minutes |=
            name_.ends_with("_5m") || name_.ends_with("_1h");
        rule.node = Expression(0);
        const bool twice = std::any_of(
            rules_.counts.begin(), rules_.counts.end(),
            [&](const CountRule& other) {
                return other.count == rule.count && other.detail == rule.detail;
            });
        if (twice) {
            wrong_ = "\"" + std::string(name_) + "\" is there twice.";
        }
        rules_.counts.push_back(rule);
        return true;
    }

    std::string_view Word() {
        std::size_t size = 0;
        while (size < rest_.size() && IsNameByte(rest_[size])) {
            ++size;
        }
        word_ = rest_.substr(0, size);
        rest_ = Trim(rest_.substr(size));
        return word_;
    }

    bool Eat(char c) {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_ = Trim(rest_.substr(1));
        return true;
    }

    void Need(char c) {
        if (wrong_.empty() && !Eat(c)) {
            wrong_ = std::string("a \"") + c + "\" is missing.";
        }
    }

    std::size_t Slot(bool keeps_text, bool streams) {
        if (!IsPath(Word())) {
            wrong_ = "\"" + std::string(word_) + "\" is no path.";
        }
        return SlotOf(word_, keeps_text, streams);
    }

    std::size_t SlotOf(std::string_view path, bool keeps_text, bool streams) {
        if (rules_.paths.size() >= kMaxPaths) {
            wrong_ = "there are too many paths.";
            return 0;
        }
        rules_.names.emplace_back(path);
        rules_.paths.push_back({.path = rules_.names.back(),
                                .keeps_text = keeps_text,
                                .streams_text = streams});
        return rules_.paths.size() - 1;
    }

    std::size_t Add(Node node) {
        if (rules_.nodes.size() >= kMaxNodes) {
            wrong_ = "there are too many rules.";
            return 0;
        }
        rules_.nodes.push_back(std::move(node));
        return rules_.nodes.size() - 1;
    }

    std::size_t Expression(int depth) {
        if (depth > kMaxDepth) {
            wrong_ = "it is nested too deep.";
        }
        if (!wrong_.empty()) {
            return 0;
        }
        Node node;
        const std::string_view word = Word();
        if (Eat('(')) {
            return Call(word, depth);
        }
        if (const auto number = json::ParseCount(word)) {
            node.number = *number;
            return Add(node);
        }
        if (!IsPath(word)) {
            wrong_ = "\"" + std::string(word) + "\" is no path.";
        }
        node.kind = Kind::kPath;
        node.slot = SlotOf(word, false, false);
        return Add(node);
    }

    std::size_t Call(std::string_view function, int depth) {
        Node node;
        if (function == "usd" || function == "seconds") {
            node.kind = function == "usd" ? Kind::kUsd : Kind::kSeconds;
            node.slot = Slot(true, false);
        } else if (function == "when") {
            node.kind = Kind::kWhen;
            node.slot = Slot(true, false);
            Need(',');
            node.text = Quoted();
            for (int i = 0; i < 2; ++i) {
                Need(',');
                node.parts.push_back(Expression(depth + 1));
            }
        } else if (function == "sum" || function == "first" ||
                   function == "default") {
            node.kind = function == "sum" ? Kind::kSum : Kind::kFirst;
            do {
                node.parts.push_back(Expression(depth + 1));
            } while (wrong_.empty() && Eat(','));
            if (function == "default" && node.parts.size() != 2) {
                wrong_ = "default takes two.";
            }
        } else {
            wrong_ = "\"" + std::string(function) + "\" is no function.";
        }
        Need(')');
        return Add(node);
    }

    std::string Quoted() {
        const std::size_t end =
            rest_.starts_with('"') ? rest_.find('"', 1) : std::string::npos;
        if (end == std::string_view::npos) {
            wrong_ = "a text in quotes is missing.";
            return {};
        }
        const std::string text(rest_.substr(1, end - 1));
        rest_ = Trim(rest_.substr(end + 1));
        return text;
    }

    Rules& rules_;
    std::string_view name_;
    std::string_view rest_;
    std::string_view word_;
    std::string wrong_;
};

class MappedReader : public AnswerReader {
 public:
    explicit MappedReader(const Rules& rules) : rules_(rules) {}

    const PathTree& paths() const override { return *rules_.tree; }

    void Read(const PathScanner& frame) override {
        if (rules_.model) {
            Keep(model_, frame.text(*rules_.model));
        }
        if (rules_.id) {
            Keep(response_id_, frame.text(*rules_.id));
        }
        Counts now;
        for (const CountRule& rule : rules_.counts) {
            const Count value = rules_.Value(frame, rule.node);
            if (rule.count != nullptr) {
                now.*rule.count = value;
            } else {
                now.*rule.detail = value;
            }
        }
        if (!now.any()) {
            return;
        }
        if (rules_.sums) {
            usage::Add(sum_, usage::Normalize(now, rules_.convention));
        } else {
            usage::KeepLast(counts_, now);
        }
    }

    usage::Usage Counted(bool) const override {
        return rules_.sums ? sum_
                           : usage::Normalize(counts_, rules_.convention);
    }

    bool complete(bool ended) const override { return done_ || ended; }

 private:
    const Rules& rules_;
    Counts counts_;
    usage::Usage sum_;
};

}  // namespace

Mapping::Mapping() : rules_(std::make_unique<Rules>()) {}
Mapping::~Mapping() = default;
Mapping::Mapping(Mapping&&) noexcept = default;
Mapping& Mapping::operator=(Mapping&&) noexcept = default;

Result<Mapping> Mapping::Parse(std::string_view rules) {
    Mapping mapping;
    RuleParser parser(*mapping.rules_);
    std::string wrong =
        rules.size() > kMaxBytes ? "the rules are too long." : "";
    std::size_t number = 0;
    while (!rules.empty() && wrong.empty()) {
        std::string_view line = rules.substr(0, rules.find('\n'));
        rules.remove_prefix(std::min(rules.size(), line.size() + 1));
        ++number;
        line = Trim(line.substr(0, line.find('#')));
        if (!line.empty()) {
            wrong = parser.Take(line);
        }
    }
    if (!wrong.empty()) {
        Error error(ErrorCode::kRequestBad);
        error.public_text = "Line " + std::to_string(number) +
                            " of the usage mapping: " + wrong;
        error.detail = wrong;
        return error;
    }
    mapping.rules_->tree.emplace(mapping.rules_->paths);
    return mapping;
}

std::unique_ptr<AnswerReader> Mapping::MakeReader() const {
    return std::make_unique<MappedReader>(*rules_);
}

}  // namespace aiproxy::dialect
