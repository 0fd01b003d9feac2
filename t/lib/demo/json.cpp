// SPDX-License-Identifier: MIT

#include "t/lib/demo/json.h"

#include <charconv>
#include <cstring>

namespace aiproxy::demo {

namespace {

constexpr int kMaxDepth = 128;

int HexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Four hex digits at `at`, or -1.
int HexQuad(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        int digit = HexDigit(text[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

void AppendUtf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
        return;
    }
    if (code < 0x800) {
        out += static_cast<char>(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    }
    out += static_cast<char>(0x80 | (code & 0x3f));
}

// Decodes \uXXXX (and its second half) whose 'u' is at `at`; returns the
// position behind it.
std::size_t AppendEscapedCode(std::string& out, std::string_view text,
                              std::size_t at) {
    int code = HexQuad(text, at + 1);
    at += 5;
    if (code >= 0xd800 && code < 0xdc00 && text.substr(at, 2) == "\\u") {
        int low = HexQuad(text, at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
    }
    AppendUtf8(out, code < 0 ? 0xfffd : static_cast<unsigned>(code));
    return at;
}

// Length of the UTF-8 sequence at the start of `text`; 0 when it is none.
std::size_t Utf8Length(std::string_view text) {
    auto byte = static_cast<unsigned char>(text[0]);
    std::size_t length = byte < 0x80   ? 1
                         : byte < 0xc2 ? 0
                         : byte < 0xe0 ? 2
                         : byte < 0xf0 ? 3
                         : byte < 0xf5 ? 4
                                       : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
    }
    return length;
}

}  // namespace

JsonValue::JsonValue(const Json* document, int index)
    : document_(document), index_(index) {}

bool JsonValue::IsObject() const {
    return *this && document_->nodes_[index_].type == Json::Type::kObject;
}

bool JsonValue::IsArray() const {
    return *this && document_->nodes_[index_].type == Json::Type::kArray;
}

bool JsonValue::IsString() const {
    return *this && document_->nodes_[index_].type == Json::Type::kString;
}

JsonValue JsonValue::Get(std::string_view key) const {
    JsonValue found;
    if (!IsObject()) return found;
    for (JsonValue member = First(); member; member = member.Next()) {
        const Json::Node& node = document_->nodes_[member.index_];
        bool same =
            node.key_escaped ? Unescape(node.key) == key : node.key == key;
        if (same) found = member;
    }
    return found;
}

JsonValue JsonValue::First() const {
    if (!*this) return {};
    return JsonValue(document_, document_->nodes_[index_].first);
}

JsonValue JsonValue::Next() const {
    if (!*this) return {};
    return JsonValue(document_, document_->nodes_[index_].next);
}

std::string JsonValue::Text() const {
    if (!IsString()) return {};
    const Json::Node& node = document_->nodes_[index_];
    return node.escaped ? Unescape(node.text) : std::string(node.text);
}

std::size_t JsonValue::TextBytes() const {
    if (!IsString()) return 0;
    const Json::Node& node = document_->nodes_[index_];
    return node.escaped ? Unescape(node.text).size() : node.text.size();
}

std::optional<std::int64_t> JsonValue::Integer() const {
    if (!*this || document_->nodes_[index_].type != Json::Type::kWord) {
        return std::nullopt;
    }
    std::string_view text = document_->nodes_[index_].text;
    std::int64_t value = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
}

bool JsonValue::True() const {
    return *this && document_->nodes_[index_].type == Json::Type::kWord &&
           document_->nodes_[index_].text == "true";
}

bool Json::Parse(std::string_view text) {
    text_ = text;
    at_ = 0;
    nodes_.clear();
    if (!ParseValue(0)) return false;
    SkipSpace();
    return at_ == text_.size();
}

void Json::SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                  text_[at_] == '\r' || text_[at_] == '\t')) {
        ++at_;
    }
}

// Appends one node, and its children behind it.
bool Json::ParseValue(int depth) {
    SkipSpace();
    if (at_ >= text_.size() || depth > kMaxDepth) return false;
    char c = text_[at_];
    int index = static_cast<int>(nodes_.size());
    if (c == '{' || c == '[') {
        ++at_;
        nodes_.push_back({c == '{' ? Type::kObject : Type::kArray});
        return ParseMembers(index, depth + 1, c == '{' ? '}' : ']');
    }
    if (c == '"') {
        nodes_.push_back({Type::kString});
        std::string_view text;
        bool escaped = false;
        if (!ParseString(text, escaped)) return false;
        nodes_[index].text = text;
        nodes_[index].escaped = escaped;
        return true;
    }
    return ParseWord();
}

bool Json::ParseMembers(int parent, int depth, char close) {
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == close) {
        ++at_;
        return true;
    }
    int last = -1;
    while (true) {
        std::string_view key;
        bool key_escaped = false;
        if (close == '}') {
            SkipSpace();
            if (!ParseString(key, key_escaped)) return false;
            SkipSpace();
            if (at_ >= text_.size() || text_[at_++] != ':') return false;
        }
        int index = static_cast<int>(nodes_.size());
        if (!ParseValue(depth)) return false;
        nodes_[index].key = key;
        nodes_[index].key_escaped = key_escaped;
        (last < 0 ? nodes_[parent].first : nodes_[last].next) = index;
        last = index;
        SkipSpace();
        if (at_ >= text_.size()) return false;
        char c = text_[at_++];
        if (c == close) return true;
        if (c != ',') return false;
    }
}

bool Json::ParseString(std::string_view& text, bool& escaped) {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    std::size_t start = ++at_;
    while (at_ < text_.size()) {
        char c = text_[at_];
        if (c == '"') {
            text = text_.substr(start, at_ - start);
            ++at_;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20) return false;
        if (c != '\\') {
            ++at_;
            continue;
        }
        escaped = true;
        if (at_ + 1 >= text_.size()) return false;
        char kind = text_[at_ + 1];
        if (kind == 'u' && HexQuad(text_, at_ + 2) < 0) return false;
        if (!std::strchr("\"\\/bfnrtu", kind)) return false;
        at_ += 2;
    }
    return false;
}

bool Json::ParseWord() {
    std::size_t start = at_;
    while (at_ < text_.size() && !std::strchr(",]} \t\r\n", text_[at_])) ++at_;
    std::string_view word = text_.substr(start, at_ - start);
    bool known = word == "true" || word == "false" || word == "null";
    if (!known) {
        double number = 0;
        auto [end, error] =
            std::from_chars(word.data(), word.data() + word.size(), number);
        bool digit =
            !word.empty() && (word.back() >= '0' && word.back() <= '9');
        if (error != std::errc() || end != word.data() + word.size() ||
            !digit) {
            return false;
        }
    }
    nodes_.push_back({Type::kWord});
    nodes_.back().text = word;
    return true;
}

std::string Unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\' || at + 1 >= text.size()) {
            out += text[at++];
            continue;
        }
        char kind = text[at + 1];
        if (kind == 'u') {
            at = AppendEscapedCode(out, text, at + 1);
            continue;
        }
        static constexpr std::string_view kFrom = "bfnrt";
        std::size_t which = kFrom.find(kind);
        out += which == kFrom.npos ? kind : "\b\f\n\r\t"[which];
        at += 2;
    }
    return out;
}

void AppendJsonString(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        char c = text[0];
        std::size_t length = Utf8Length(text);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (length == 1 && static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += kHex[c >> 4 & 0xf];
            out += kHex[c & 0xf];
        } else if (length == 0) {
            out += "\xef\xbf\xbd";
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

}  // namespace aiproxy::demo
