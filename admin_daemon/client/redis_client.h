// SPDX-License-Identifier: MIT
//
// One connection to the Redis that holds the limits nodes share. Waits for its
// answers, within a deadline: for the daemon's upkeep, never for a request.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

struct redisContext;

namespace aiproxy::admin::client {

struct RedisAddress {
    std::string host;
    int port = 6379;
    std::string password;
    int database = 0;
};

// redis://[:password@]address:port[/database]; nullopt: it is none.
std::optional<RedisAddress> ParseRedisUrl(const std::string& url);

class RedisClient {
 public:
    explicit RedisClient(RedisAddress address);
    ~RedisClient();

    // The reply as text; nullopt for nil. Connects when it has to. Errors:
    // kInternal.
    Result<std::optional<std::string>> Call(
        const std::vector<std::string>& words);

 private:
    Status Connect();
    Result<std::optional<std::string>> Send(
        const std::vector<std::string>& words);

    const RedisAddress address_;
    redisContext* context_ = nullptr;
};

}  // namespace aiproxy::admin::client
