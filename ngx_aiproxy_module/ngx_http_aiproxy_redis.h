/* SPDX-License-Identifier: MIT
 *
 * What the two sources about Redis share: its connection, and the questions of
 * requests that go over it.
 */

#pragma once

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <hiredis/async.h>

#include <set>
#include <string_view>

#include "core/limit/redis_script.h"


/* who is in flight is renewed; who is not, was lost with its worker */

#define NGX_HTTP_AIPROXY_REDIS_RENEW_MS   5000
#define NGX_HTTP_AIPROXY_REDIS_FLIGHT_MS  15000


enum ngx_http_aiproxy_redis_script_e {
    ngx_http_aiproxy_redis_admit = 0,
    ngx_http_aiproxy_redis_settle_,
    ngx_http_aiproxy_redis_more_,
    ngx_http_aiproxy_redis_renew,
    ngx_http_aiproxy_redis_scripts
};


/* of this worker */

typedef struct {
    ngx_http_aiproxy_main_conf_t       *amcf;
    redisAsyncContext                  *ac;
    ngx_connection_t                   *c;
    ngx_event_t                         watch;
    ngx_connection_t                    dummy;
    std::string                         sha[ngx_http_aiproxy_redis_scripts];
    std::set<ngx_http_aiproxy_ctx_t *>  running;
    ngx_msec_t                          heard;     /* a reply, or the start */
    ngx_msec_t                          next;      /* try to connect */
    ngx_msec_t                          backoff;
    ngx_msec_t                          renewed;
    ngx_uint_t                          serial;    /* of the connection */
    unsigned                            wants_write:1;
    unsigned                            loaded:1;  /* has our scripts */
    unsigned                            ready:1;
    unsigned                            evicts:1;  /* and is not used */
    unsigned                            away:1;    /* and the log says so */
} ngx_http_aiproxy_redis_t;


/* NULL: there is none to ask */

extern ngx_http_aiproxy_redis_t  *ngx_http_aiproxy_redis;


/* says that it is away, once; nobody waits for it until it answers again */

void ngx_http_aiproxy_redis_lost(ngx_http_aiproxy_redis_t *redis,
    const char *why);

/* a reply to PING: it is there again */

void ngx_http_aiproxy_redis_pong(redisAsyncContext *ac, void *reply,
    void *unused);

/*
 * One call of a script, written in the protocol's form into memory that is
 * used again: one at a time.
 */

class ngx_http_aiproxy_redis_call_t {
public:
    /* keys: how many of the words that follow are names of keys */
    ngx_http_aiproxy_redis_call_t(ngx_http_aiproxy_redis_script_e script,
                                  size_t keys);

    void Add(std::string_view word);
    void Add(int64_t number);
    /* prefix, kind, colon, id, and what follows the id */
    void AddKey(char kind, std::string_view id, std::string_view rest = {});

    /*
     * fn gets data and the reply, or NULL when there will be none; it may be
     * NULL.
     */
    void Send(redisCallbackFn *fn, void *data);

private:
    std::string  &text_;
    size_t        words_ = 0;
};


/* the numbers of a reply in words, one after the other, where they stand */

class ngx_http_aiproxy_redis_words_t {
public:
    /* a reply that is no text has no words */
    explicit ngx_http_aiproxy_redis_words_t(const redisReply *reply);

    std::string_view Word();
    /* 0 when there is none */
    uint64_t Number();
    aiproxy::limit::Standing Standing();
    bool empty() const { return left_.empty(); }

private:
    std::string_view  left_;
};


static inline uint64_t
ngx_http_aiproxy_redis_micro(uint64_t pico)
{
    return pico / 1000000 + (pico % 1000000 != 0);
}


static inline std::string_view
ngx_http_aiproxy_redis_id(const ngx_http_aiproxy_ctx_t *ctx)
{
    return {ctx->id_text, sizeof(ctx->id_text)};
}
