/* SPDX-License-Identifier: MIT
 *
 * Step 4, what goes to Redis and comes back, in its protocol: a call is written
 * into memory that is used again, and a reply is read where it stands.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy_redis.h"

#include <charconv>

using aiproxy::limit::Kind;
namespace limit = aiproxy::limit;


/* "*", how many words, and the end of the line stand before the first one */

#define NGX_HTTP_AIPROXY_REDIS_HEAD  24


static std::string &
ngx_http_aiproxy_redis_memory(void)
{
    static auto *memory = new std::string();

    return *memory;
}


static std::string_view
ngx_http_aiproxy_redis_digits(char (&digits)[24], int64_t number)
{
    return {digits, (size_t) (std::to_chars(digits, digits + sizeof(digits),
                                            number).ptr - digits)};
}


/* the head of a word: its length */

static void
ngx_http_aiproxy_redis_length(std::string &text, size_t length)
{
    char  head[24];
    char *end = head;

    *end++ = '$';
    end = std::to_chars(end, head + sizeof(head) - 2, length).ptr;
    *end++ = '\r';
    *end++ = '\n';

    text.append(head, (size_t) (end - head));
}


ngx_http_aiproxy_redis_call_t::ngx_http_aiproxy_redis_call_t(
    ngx_http_aiproxy_redis_script_e script, size_t keys)
    : text_(ngx_http_aiproxy_redis_memory())
{
    text_.assign(NGX_HTTP_AIPROXY_REDIS_HEAD, ' ');

    Add("EVALSHA");
    Add(ngx_http_aiproxy_redis->sha[script]);
    Add((int64_t) keys);
}


void
ngx_http_aiproxy_redis_call_t::Add(std::string_view word)
{
    ngx_http_aiproxy_redis_length(text_, word.size());
    text_ += word;
    text_ += "\r\n";
    words_++;
}


void
ngx_http_aiproxy_redis_call_t::Add(int64_t number)
{
    char  digits[24];

    Add(ngx_http_aiproxy_redis_digits(digits, number));
}


void
ngx_http_aiproxy_redis_call_t::AddKey(char kind, std::string_view id,
    std::string_view rest)
{
    constexpr std::string_view  prefix = limit::kRedisPrefix;

    ngx_http_aiproxy_redis_length(text_, prefix.size() + 2 + id.size()
                                         + rest.size());
    text_ += prefix;
    text_ += kind;
    text_ += ':';
    text_ += id;
    text_ += rest;
    text_ += "\r\n";
    words_++;
}


void
ngx_http_aiproxy_redis_call_t::Send(redisCallbackFn *fn, void *data)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;
    char                      digits[24];
    auto                      count = ngx_http_aiproxy_redis_digits(
                                          digits, (int64_t) words_);
    size_t                    begin = NGX_HTTP_AIPROXY_REDIS_HEAD
                                      - count.size() - 3;

    text_[begin] = '*';
    text_.replace(begin + 1, count.size(), count);
    text_.replace(begin + 1 + count.size(), 2, "\r\n");

    if (redis->ac == NULL
        || redisAsyncFormattedCommand(redis->ac, fn, data,
                                      text_.data() + begin,
                                      text_.size() - begin) != REDIS_OK)
    {
        ngx_http_aiproxy_redis_lost(redis, "the command was not taken");

        if (fn != NULL) {
            fn(redis->ac, NULL, data);
        }
    }
}


ngx_http_aiproxy_redis_words_t::ngx_http_aiproxy_redis_words_t(
    const redisReply *reply)
{
    if (reply != NULL && reply->type == REDIS_REPLY_STRING) {
        left_ = {reply->str, (size_t) reply->len};
    }
}


std::string_view
ngx_http_aiproxy_redis_words_t::Word()
{
    size_t            end = std::min(left_.find(' '), left_.size());
    std::string_view  word = left_.substr(0, end);

    left_.remove_prefix(std::min(end + 1, left_.size()));

    return word;
}


uint64_t
ngx_http_aiproxy_redis_words_t::Number()
{
    std::string_view  word = Word();
    uint64_t          number = 0;

    std::from_chars(word.data(), word.data() + word.size(), number);

    return number;
}


limit::Standing
ngx_http_aiproxy_redis_words_t::Standing()
{
    auto      kind = (Kind) Number();
    uint64_t  unit = kind == Kind::kCostPerDay || kind == Kind::kCostPerMonth
                         ? 1000000 : 1;
    uint64_t  limit = Number() * unit;
    uint64_t  used = Number() * unit;

    return {kind, limit, used, (int64_t) Number()};
}
