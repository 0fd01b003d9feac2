// SPDX-License-Identifier: MIT
//
// A forward scanner over a whole JSON text: strict (RFC 8259), without a DOM
// and without memory of its own. Request bodies are read with it, so it takes
// exactly what a provider's parser takes: what two parsers understand
// differently is how a request says one thing to us and another to them.
//
// Beyond the RFC: text must be valid UTF-8, and a value may be nested
// kMaxDepth deep. A lone surrogate escape (\ud800), \u0000 and a number of any
// size are valid.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiproxy::json {

enum class Kind : unsigned char {
    kAbsent,
    kNull,
    kFalse,
    kTrue,
    kNumber,
    kString,
    kArray,
    kObject,
};

class Scanner {
 public:
    static constexpr int kMaxDepth = 1024;

    // text must outlive the scanner.
    explicit Scanner(std::string_view text)
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    // Skips white space; which kind of value begins here. kAbsent: none.
    Kind Peek();

    // Passes one value of any kind. False: it is not valid.
    bool Skip();

    // Passes a string and gives what is between its quotes, still escaped.
    bool String(std::string_view& raw);

    // Passes "{".
    bool EnterObject();

    // Passes a member's name and colon, so that its value is next. False: the
    // object is over ("}" was passed), or failed(). The caller must have
    // passed the value of the member before.
    bool NextMember(std::string_view& raw_name);

    // Whether nothing but white space follows.
    bool AtEnd();

    std::size_t offset() const {
        return static_cast<std::size_t>(at_ - begin_);
    }
    bool failed() const { return failed_; }
    bool too_deep() const { return too_deep_; }

 private:
    class Nesting;

    bool Fail();
    void SkipSpace();
    bool SkipString();
    bool SkipEscape();
    bool SkipUtf8();
    bool SkipNumber();
    bool SkipDigits();
    bool SkipWord(std::string_view word);
    bool SkipScalar();
    bool SkipName();
    bool Begin(Nesting& nesting, bool& value_next);
    bool Continue(Nesting& nesting, bool& value_next);

    const char* begin_;
    const char* at_;
    const char* end_;
    int depth_ = 0;  // of objects entered
    bool first_member_ = false;
    bool failed_ = false;
    bool too_deep_ = false;
};

// Appends raw (what stands between a string's quotes) without its escapes. A
// lone surrogate becomes U+FFFD; a broken escape at the end is left out.
void AppendUnescaped(std::string& out, std::string_view raw);

// Appends text as a JSON string with its quotes. What is not UTF-8 becomes
// U+FFFD.
void AppendQuoted(std::string& out, std::string_view text);

// How many bytes the valid UTF-8 sequence at the front of text has; 0: none.
std::size_t Utf8SequenceBytes(std::string_view text);

}  // namespace aiproxy::json
