// SPDX-License-Identifier: MIT

#include "admin_daemon/client/redis_client.h"

#include <hiredis/hiredis.h>

#include <charconv>
#include <utility>

namespace aiproxy::admin::client {
namespace {

constexpr timeval kDeadline{0, 300'000};

std::optional<int> Number(std::string_view text, int most) {
    int value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 ||
        value > most) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::optional<RedisAddress> ParseRedisUrl(const std::string& url) {
    constexpr std::string_view kScheme = "redis://";
    std::string_view text = url;
    if (!text.starts_with(kScheme)) return std::nullopt;
    text.remove_prefix(kScheme.size());
    RedisAddress address;
    const std::size_t at = text.rfind('@');
    if (at != text.npos) {
        if (at < 2 || text[0] != ':') return std::nullopt;
        address.password = text.substr(1, at - 1);
        text.remove_prefix(at + 1);
    }
    const std::size_t slash = text.find('/');
    if (slash != text.npos && slash + 1 < text.size()) {
        const auto database = Number(text.substr(slash + 1), 1'000'000);
        if (!database) return std::nullopt;
        address.database = *database;
    }
    text = text.substr(0, slash);
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return std::nullopt;
    const auto port = Number(text.substr(colon + 1), 65535);
    if (!port || *port == 0) return std::nullopt;
    address.host = text.substr(0, colon);
    address.port = *port;
    return address;
}

RedisClient::RedisClient(RedisAddress address) : address_(std::move(address)) {}

RedisClient::~RedisClient() {
    if (context_ != nullptr) ::redisFree(context_);
}

Status RedisClient::Connect() {
    context_ = ::redisConnectWithTimeout(address_.host.c_str(), address_.port,
                                         kDeadline);
    if (context_ == nullptr || context_->err != 0) {
        const std::string why =
            context_ == nullptr ? "no memory" : context_->errstr;
        if (context_ != nullptr) ::redisFree(context_);
        context_ = nullptr;
        return Error(ErrorCode::kInternal, "redis: " + why);
    }
    ::redisSetTimeout(context_, kDeadline);
    std::vector<std::vector<std::string>> greetings;
    if (!address_.password.empty()) {
        greetings.push_back({"AUTH", address_.password});
    }
    if (address_.database != 0) {
        greetings.push_back({"SELECT", std::to_string(address_.database)});
    }
    for (const auto& words : greetings) {
        const auto answer = Send(words);
        if (!answer.ok()) return answer.error();
    }
    return {};
}

Result<std::optional<std::string>> RedisClient::Call(
    const std::vector<std::string>& words) {
    if (context_ == nullptr) {
        const Status status = Connect();
        if (!status.ok()) return status.error();
    }
    return Send(words);
}

Result<std::optional<std::string>> RedisClient::Send(
    const std::vector<std::string>& words) {
    std::vector<const char*> argv;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
        argv.push_back(word.data());
        sizes.push_back(word.size());
    }
    const std::unique_ptr<redisReply, void (*)(void*)> reply(
        static_cast<redisReply*>(
            ::redisCommandArgv(context_, static_cast<int>(argv.size()),
                               argv.data(), sizes.data())),
        ::freeReplyObject);
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        const std::string why = reply ? reply->str : context_->errstr;
        ::redisFree(context_);
        context_ = nullptr;
        return Error(ErrorCode::kInternal, "redis: " + why);
    }
    if (reply->type == REDIS_REPLY_NIL) return std::optional<std::string>();
    if (reply->type == REDIS_REPLY_INTEGER) {
        return std::optional(std::to_string(reply->integer));
    }
    return std::optional(std::string(reply->str, reply->len));
}

}  // namespace aiproxy::admin::client
