// SPDX-License-Identifier: MIT
//
// Cuts the member "usage":null, with the comma that belongs to it, out of the
// JSON object of one event, while its bytes pass. All other bytes stay as
// they are; any split of them gives the same result.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiproxy::dialect {

class NullMemberCutter {
 public:
    // A candidate with more white space in it is left alone.
    static constexpr std::size_t kMaxHeldBytes = 64;

    // A new event begins; nothing may be held.
    void Reset() { *this = NullMemberCutter(); }

    void Feed(std::string_view bytes, std::string& out);

    // The event is over: appends what is still held.
    void Finish(std::string& out);

    std::size_t held_bytes() const { return held_.size(); }

 private:
    enum class Line : unsigned char { kField, kData, kOther };
    enum class At : unsigned char {
        kText,         // anywhere else
        kBeforeName,   // behind "{" or ","
        kName,         // in what may be the name
        kBeforeColon,  // behind it
        kBeforeValue,  // behind the colon
        kValue,        // in what may be null
        kAfterFirst,   // behind the first member, which was cut
        kAfterComma,   // behind the comma that was cut with it
    };

    void Field(char c, std::string& out);
    void Data(char c, std::string& out);
    void Text(char c, std::string& out);
    bool Matches(char c, std::string& out);
    void Flush(std::string& out);
    const char* Pass(const char* p, const char* end, std::string& out);

    Line line_ = Line::kField;
    At at_ = At::kText;
    unsigned char matched_ = 0;  // bytes of a field's name, a name or null
    bool first_ = false;         // the candidate is the object's first member
    bool in_string_ = false;
    bool escaped_ = false;
    std::size_t depth_ = 0;
    std::string held_;
};

}  // namespace aiproxy::dialect
