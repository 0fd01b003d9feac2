// SPDX-License-Identifier: MIT
//
// Takes out of a text what must not be seen: credentials and what is no text
// (images, sound) unless the rules leave them in, and what paths and patterns
// name. Reads JSON, events whose data are JSON, lines of JSON, and anything
// else as plain text, whole or cut anywhere. Called by the daemon.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/payload/pattern.h"

namespace aiproxy::payload {

struct Rules {
    // Names of credentials, what looks like one, long base64.
    bool defaults = true;
    // "messages[].content", "*.email": "*" is any name, "**" before it any
    // depth: "**.email". What is there is hidden, whatever it is.
    std::vector<std::string> paths;
    std::vector<std::string> patterns;  // pattern.h

    bool operator==(const Rules&) const = default;
};

inline constexpr std::size_t kMaxPaths = 32;
inline constexpr std::size_t kMaxPathBytes = 256;
inline constexpr std::size_t kMaxPatterns = 16;

struct Redacted {
    std::string text;
    std::size_t hidden = 0;  // places
};

class Redactor {
 public:
    // Errors: kValidation; field is "paths" or "patterns".
    static Result<Redactor> Make(const Rules& rules);

    Redacted Redact(std::string_view text) const;

 private:
    class Scan;
    struct Path {
        bool anywhere = false;
        std::vector<std::string> steps;  // "[]": an element
    };
    static bool Parse(std::string_view text, Path& path);

    bool defaults_ = true;
    std::vector<Path> paths_;
    std::vector<Pattern> patterns_;
};

}  // namespace aiproxy::payload
