// SPDX-License-Identifier: MIT
//
// Runs another program and reads what it says: without a shell, for a bounded
// time, up to a bounded length. Called by doctor/ and by the references of
// secrets.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace aiproxy::admin {

struct Program {
    std::vector<std::string> words;  // the program's path first
    // "NAME=value", all that it has.
    std::vector<std::string> environment = {
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
    std::chrono::milliseconds patience{5'000};
    std::size_t most_bytes = 65'536;
    bool errors_too = false;  // what it says on stderr, behind its stdout
};

// What it said, when it ended well. It is killed, with what it started, when
// its time is over or it says too much. Errors: kInternal; the detail says why
// and nothing of what it said.
Result<std::string> RunProgram(const Program& program);

}  // namespace aiproxy::admin
