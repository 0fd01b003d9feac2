// SPDX-License-Identifier: MIT
//
// What whoever holds a client key may see of it, if the settings open that
// page: nothing of other keys, of its pool or of its owner. Called by
// api/usage_page without a sign-in, so tries are counted: each address has few
// a minute, and fewer that fail. A key is found by its digest, which tells
// nothing of how near a guess was.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/limit_book.h"
#include "admin_daemon/service/statistics.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/key_models.h"

namespace aiproxy::admin::service {

// How often an address may try, in this minute of the clock.
class Tries {
 public:
    static constexpr int kMostTries = 60;
    static constexpr int kMostFailures = 10;
    static constexpr int kMostFailuresOfAll = 600;
    static constexpr std::size_t kMostAddresses = 10'000;

    bool Begin(const std::string& address, UnixMs now);
    void Fail(const std::string& address);

 private:
    struct Count {
        int tries = 0;
        int failures = 0;
    };
    std::mutex mutex_;
    std::int64_t minute_ = 0;
    int failures_ = 0;
    std::map<std::string, Count> counts_;
};

struct KeyUsage {
    store::ClientKey key;
    std::vector<LimitUse> limits;         // its own
    std::vector<Statistics::Point> days;  // the last of them is today
    std::vector<store::ModelSums> models;
};

class UsagePage {
 public:
    static constexpr int kDays = 30;

    UsagePage(store::Database& database, LimitBook& limits,
              Statistics& statistics, Clock clock)
        : database_(database),
          limits_(limits),
          statistics_(statistics),
          clock_(std::move(clock)) {}

    // Errors: kNotFound when the page is not open; kLoginLocked after too many
    // tries; kAuthUnknownKey; kValidation, field time_zone.
    Result<KeyUsage> Get(std::string_view client_key,
                         const std::string& address, const std::string& zone);

 private:
    Result<bool> IsOpen();
    Result<store::ClientKey> Find(std::string_view client_key);

    store::Database& database_;
    LimitBook& limits_;
    Statistics& statistics_;
    const Clock clock_;
    Tries tries_;
};

}  // namespace aiproxy::admin::service
