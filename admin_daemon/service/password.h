// SPDX-License-Identifier: MIT
//
// Password hashes: argon2id with 64 MiB. Two at a time, so that a flood of
// logins takes neither all memory nor all threads.

#pragma once

#include <semaphore>
#include <string>

#include "core/base/result.h"

namespace aiproxy::admin::service {

class Passwords {
 public:
    // Errors: kBusy.
    Result<std::string> Hash(const std::string& password);
    // hash empty: takes as long as any, and is false.
    Result<bool> Verify(const std::string& hash, const std::string& password);

 private:
    std::counting_semaphore<2> slots_{2};
};

}  // namespace aiproxy::admin::service
