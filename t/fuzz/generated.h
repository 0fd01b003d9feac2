// SPDX-License-Identifier: MIT
//
// Cases for the scanners, made from a number: JSON as a stranger might write
// it, with the names that are looked for where they are and where they are not,
// escapes, every kind of number, names twice, odd white space, and now and then
// a byte that breaks it. Ten million take minutes; a few are run by the unit
// tests, always.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aiproxy::fuzz {

class JsonMaker {
 public:
    // names: what the scanner under test looks for.
    JsonMaker(std::uint64_t seed, std::span<const std::string_view> names)
        : state_(seed * 0x9e3779b97f4a7c15u + 1), names_(names) {}

    std::string Make() {
        text_.clear();
        // Mostly an object, as answers are.
        Below(16) == 0 ? Value(0) : Object(0);
        if (Below(8) == 0) {
            Damage();
        }
        return text_;
    }

 private:
    static constexpr int kMostDeep = 7;

    // xorshift64*
    std::uint32_t Next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<std::uint32_t>((state_ * 0x2545f4914f6cdd1du) >> 32);
    }
    std::uint32_t Below(std::uint32_t bound) { return Next() % bound; }
    std::string_view OneOf(std::span<const std::string_view> list) {
        return list[Below(static_cast<std::uint32_t>(list.size()))];
    }

    void Space() {
        constexpr std::string_view kSpaces[] = {" ", "\n", "\t", "\r\n  ", ""};
        if (Below(4) == 0) {
            text_ += OneOf(kSpaces);
        }
    }

    void Value(int depth) {
        const std::uint32_t kind = Below(depth < kMostDeep ? 12 : 7);
        if (kind < 3) {
            Number();
        } else if (kind < 5) {
            String();
        } else if (kind < 7) {
            constexpr std::string_view kWords[] = {"null", "true", "false"};
            text_ += OneOf(kWords);
        } else if (kind < 10) {
            Object(depth + 1);
        } else {
            Array(depth + 1);
        }
    }

    void Object(int depth) {
        text_ += '{';
        Space();
        const std::uint32_t members = Below(6);
        for (std::uint32_t i = 0; i < members; ++i) {
            if (i > 0) {
                text_ += ',';
                Space();
            }
            Name();
            Space();
            text_ += ':';
            Space();
            Value(depth);
            Space();
        }
        text_ += '}';
    }

    void Array(int depth) {
        text_ += '[';
        Space();
        const std::uint32_t elements = Below(4);
        for (std::uint32_t i = 0; i < elements; ++i) {
            if (i > 0) {
                text_ += ',';
                Space();
            }
            Value(depth);
            Space();
        }
        text_ += ']';
    }

    void Name() {
        if (Below(5) == 0) {
            String();
            return;
        }
        const std::string_view name = OneOf(names_);
        text_ += '"';
        for (const char c : name) {
            // The same name, said in another way.
            if (Below(40) == 0) {
                Escape(static_cast<unsigned char>(c));
            } else {
                text_ += c;
            }
        }
        text_ += '"';
    }

    void Escape(unsigned code) {
        constexpr std::string_view kLower = "0123456789abcdef";
        constexpr std::string_view kUpper = "0123456789ABCDEF";
        const std::string_view digits = Below(2) == 0 ? kLower : kUpper;
        text_ += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            text_ += digits[(code >> shift) & 15];
        }
    }

    void String() {
        constexpr std::string_view kParts[] = {"a",       "usage",
                                               "\\n",     "\\\"",
                                               "\\\\",    "\\/",
                                               "\\b",     "{\\\"id\\\":",
                                               "]}",      "\xc3\xa9",
                                               "é",       "中",
                                               "😀",       "\\ud83d\\ude00",
                                               "//",      " the quick ",
                                               "0",       "17",
                                               "\\u0041", "[DONE]",
                                               ":",       ",",
                                               "\\t",     "data: "};
        text_ += '"';
        std::uint32_t parts = Below(5);
        if (Below(64) == 0) {
            parts = 200;  // longer than what is kept of a text
        }
        for (; parts > 0; --parts) {
            Below(16) == 0 ? Escape(Next() & 0xd7ff) : Append(OneOf(kParts));
        }
        text_ += '"';
    }
    void Append(std::string_view part) { text_ += part; }

    void Number() {
        constexpr std::string_view kOdd[] = {"0",      "-0",
                                             "-1",     "0.5",
                                             "1e3",    "2E+2",
                                             "1.5e-7", "1e0",
                                             "12.0",   "9007199254740993",
                                             "1e400",  "9223372036854775807"};
        if (Below(4) == 0) {
            text_ += OneOf(kOdd);
            return;
        }
        text_ += std::to_string(Next() >> Below(32));
    }

    // A byte less, more, or another; or the end.
    void Damage() {
        const std::uint32_t times = 1 + Below(3);
        for (std::uint32_t i = 0; i < times && !text_.empty(); ++i) {
            const auto at = Below(static_cast<std::uint32_t>(text_.size()));
            constexpr std::string_view kBytes =
                "{}[]\",:\\ 0aeE+-.u\x01\x7f\xff";
            const char byte =
                kBytes[Below(static_cast<std::uint32_t>(kBytes.size()))];
            switch (Below(4)) {
                case 0:
                    text_.erase(at, 1);
                    break;
                case 1:
                    text_.insert(at, 1, byte);
                    break;
                case 2:
                    text_[at] = byte;
                    break;
                default:
                    text_.resize(at);
            }
        }
    }

    std::uint64_t state_;
    std::span<const std::string_view> names_;
    std::string text_;
};

inline constexpr std::string_view kPathNames[] = {
    "id", "usage", "prompt_tokens", "details", "cached",
    "x",  "n",     "choices",       "finish"};
inline constexpr std::string_view kRequestNames[] = {
    "model", "stream",   "stream_options", "include_usage",        "max_tokens",
    "user",  "metadata", "messages",       "max_completion_tokens"};

// The case of a number, for CheckPath and for CheckRequest.
inline std::string PathCase(std::uint64_t seed) {
    return static_cast<char>(seed) + JsonMaker(seed, kPathNames).Make();
}
inline std::string RequestCase(std::uint64_t seed) {
    return JsonMaker(seed, kRequestNames).Make();
}

}  // namespace aiproxy::fuzz
