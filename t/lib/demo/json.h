// SPDX-License-Identifier: MIT
//
// A small JSON reader and writer for the demo provider: one pass, no
// allocation per value, so that parsing a request is not what a benchmark
// measures. It reads what a strict provider would read: whole documents,
// decoded keys, the last of two equal keys.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiproxy::demo {

class Json;

// A value of a parsed document; empty when it is not there. It must not
// outlive the document and its text.
class JsonValue {
 public:
    JsonValue() = default;
    JsonValue(const Json* document, int index);

    explicit operator bool() const { return index_ >= 0; }
    bool IsObject() const;
    bool IsArray() const;
    bool IsString() const;

    JsonValue Get(std::string_view key) const;  // member of an object
    JsonValue First() const;                    // of an object or array
    JsonValue Next() const;                     // the sibling behind it

    std::string Text() const;  // a string, decoded; else empty
    std::optional<std::int64_t> Integer() const;
    bool True() const;
    std::size_t TextBytes() const;  // length of Text()

 private:
    const Json* document_ = nullptr;
    int index_ = -1;
};

class Json {
 public:
    // False when `text` is not one whole JSON document. `text` must outlive
    // the document.
    bool Parse(std::string_view text);
    JsonValue root() const { return JsonValue(this, 0); }

 private:
    friend class JsonValue;
    enum class Type : std::uint8_t { kObject, kArray, kString, kWord };
    struct Node {
        Type type;
        bool escaped = false;
        bool key_escaped = false;
        int first = -1;
        int next = -1;
        std::string_view key{};   // without quotes
        std::string_view text{};  // string without quotes, number, true, …
    };

    bool ParseValue(int depth);
    bool ParseMembers(int parent, int depth, char close);
    bool ParseString(std::string_view& text, bool& escaped);
    bool ParseWord();
    void SkipSpace();

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Node> nodes_;
};

// Decodes the escapes of a JSON string's inside.
std::string Unescape(std::string_view text);
// Appends "text" with quotes; bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace aiproxy::demo
