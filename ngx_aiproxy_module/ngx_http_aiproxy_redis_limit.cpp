/* SPDX-License-Identifier: MIT
 *
 * Step 4, a request's limits asked of Redis.  A request whose client key or
 * user has a limit waits for one script's answer, at most for
 * aiproxy_redis_timeout.  While Redis is away the client key says what holds,
 * and nobody waits.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy_redis.h"

using aiproxy::limit::Kind;
namespace limit = aiproxy::limit;
namespace state = aiproxy::state;


/* one question; it outlives a request that does not wait for its answer */

struct ngx_http_aiproxy_asked_s {
    ngx_http_aiproxy_ctx_t    *ctx;
    ngx_event_t                timer;
    std::string                id;
    std::vector<std::string>   keys;
};


static std::string
ngx_http_aiproxy_redis_key(char kind, int64_t id)
{
    return std::string(limit::kRedisPrefix) + kind + ":" + std::to_string(id);
}


static uint64_t
ngx_http_aiproxy_redis_micro(uint64_t pico)
{
    return pico / 1000000 + (pico % 1000000 != 0);
}


template <class T>
static void
ngx_http_aiproxy_redis_limit(std::vector<std::string> &args,
    const std::optional<T> &value, bool cost = false)
{
    args.push_back(value ? std::to_string(cost ? *value / 1000000 : *value)
                         : "-1");
}


static void
ngx_http_aiproxy_redis_scope(std::vector<std::string> &args,
    const state::Scope &scope)
{
    const limit::Limits &l = scope.limits;

    ngx_http_aiproxy_redis_limit(args, l.requests_per_second);
    ngx_http_aiproxy_redis_limit(args, l.requests_per_minute);
    ngx_http_aiproxy_redis_limit(args, l.requests_per_day);
    ngx_http_aiproxy_redis_limit(args, l.tokens_per_minute);
    ngx_http_aiproxy_redis_limit(args, l.tokens_per_day);
    ngx_http_aiproxy_redis_limit(args, l.cost_per_day, true);
    ngx_http_aiproxy_redis_limit(args, l.cost_per_month, true);
    ngx_http_aiproxy_redis_limit(args, l.max_in_flight);

    for (int64_t border : {scope.periods.day_from, scope.periods.day_to,
                           scope.periods.month_from, scope.periods.month_to})
    {
        args.push_back(std::to_string(border));
    }
}


static uint64_t
ngx_http_aiproxy_redis_number(const redisReply *reply, size_t i)
{
    const redisReply *at = i < reply->elements ? reply->element[i] : NULL;

    return at != NULL && at->type == REDIS_REPLY_INTEGER && at->integer > 0
               ? (uint64_t) at->integer : 0;
}


static limit::Standing
ngx_http_aiproxy_redis_standing(const redisReply *reply, size_t i)
{
    auto      kind = (Kind) ngx_http_aiproxy_redis_number(reply, i);
    uint64_t  unit = kind == Kind::kCostPerDay || kind == Kind::kCostPerMonth
                         ? 1000000 : 1;

    return {kind, ngx_http_aiproxy_redis_number(reply, i + 1) * unit,
            ngx_http_aiproxy_redis_number(reply, i + 2) * unit,
            (int64_t) ngx_http_aiproxy_redis_number(reply, i + 3)};
}


static void
ngx_http_aiproxy_redis_settled(redisAsyncContext *ac, void *reply, void *data)
{
    if (reply != NULL) {
        ngx_http_aiproxy_redis->heard = ngx_current_msec;
    }
}


static void
ngx_http_aiproxy_redis_send_settle(const std::string &id,
    const std::vector<std::string> &keys, uint64_t tokens, uint64_t cost,
    bool undo)
{
    ngx_http_aiproxy_redis_call(
        ngx_http_aiproxy_redis_settle_, ngx_http_aiproxy_redis_settled, NULL,
        keys, {id, std::to_string(tokens),
               std::to_string(ngx_http_aiproxy_redis_micro(cost)),
               undo ? "1" : "0"});
}


static void
ngx_http_aiproxy_redis_resume(ngx_http_aiproxy_ctx_t *ctx,
    ngx_http_aiproxy_redis_e answer)
{
    ctx->asked = NULL;
    ctx->redis = answer;

    if (answer == ngx_http_aiproxy_redis_admitted) {
        ngx_http_aiproxy_redis->running.insert(ctx);
    }

    ngx_http_aiproxy_limit_post(ctx);
}


static void
ngx_http_aiproxy_redis_late(ngx_event_t *ev)
{
    auto                      asked = (ngx_http_aiproxy_asked_t *) ev->data;
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;
    ngx_http_aiproxy_ctx_t   *ctx = asked->ctx;

    asked->ctx = NULL;

    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {

        /* until it answers a ping nobody waits for it */

        if (redis->ready && redis->ac != NULL) {
            ngx_http_aiproxy_redis_lost(redis, "it took too long");
            redisAsyncCommand(redis->ac, ngx_http_aiproxy_redis_pong, NULL,
                              "PING");
        }

        ngx_http_aiproxy_redis_resume(ctx, ngx_http_aiproxy_redis_unknown);
        return (ngx_int_t) NGX_OK;
    });
}


static void
ngx_http_aiproxy_redis_answer(redisAsyncContext *ac, void *data, void *what)
{
    auto                      reply = (redisReply *) data;
    auto                      asked = (ngx_http_aiproxy_asked_t *) what;
    ngx_http_aiproxy_ctx_t   *ctx = asked->ctx;
    ngx_http_aiproxy_redis_e  answer = ngx_http_aiproxy_redis_unknown;
    std::string_view          word;

    if (reply != NULL) {
        ngx_http_aiproxy_redis->heard = ngx_current_msec;
    }

    if (reply != NULL && reply->type == REDIS_REPLY_ARRAY
        && reply->elements > 0 && reply->element[0]->str != NULL)
    {
        word = {reply->element[0]->str, reply->element[0]->len};

    } else if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "aiproxy: redis refused a script: %s", reply->str);
        redisAsyncDisconnect(ac);
    }

    if (asked->timer.timer_set) {
        ngx_del_timer(&asked->timer);
    }

    if (ctx == NULL) {

        /* nobody waits for it any more: it takes nothing */

        if (word == "OK") {
            ngx_http_aiproxy_redis_send_settle(asked->id, asked->keys, 0, 0,
                                               true);
        }

        delete asked;
        return;
    }

    if (word == "OK") {
        answer = ngx_http_aiproxy_redis_admitted;
        ctx->redis_keys = std::move(asked->keys);
        ctx->headroom.requests = ngx_http_aiproxy_redis_standing(reply, 1);
        ctx->headroom.tokens = ngx_http_aiproxy_redis_standing(reply, 5);

    } else if (word == "NO") {
        size_t  scope = ngx_http_aiproxy_redis_number(reply, 1);

        answer = ngx_http_aiproxy_redis_refused;
        ctx->refusal.admission = state::Admission::kLimited;
        ctx->refusal.owner =
            ctx->scopes[scope < ctx->scopes.size() ? scope : 0].ref.owner;
        ctx->refusal.standing = ngx_http_aiproxy_redis_standing(reply, 2);
    }

    delete asked;
    ngx_http_aiproxy_redis_resume(ctx, answer);
}


/*
 * NGX_OK: there is nothing to ask, or it was answered; NGX_DONE: the request
 * waits.
 */

ngx_int_t
ngx_http_aiproxy_redis_ask(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;
    bool                      limited = false;

    for (const state::Scope &scope : ctx->scopes) {
        limited = limited || scope.limits.any();
    }

    if (redis == NULL || !limited
        || ctx->redis != ngx_http_aiproxy_redis_not_asked)
    {
        return NGX_OK;
    }

    if (!redis->ready || redis->ac == NULL) {
        ctx->redis = ngx_http_aiproxy_redis_unknown;
        return NGX_OK;
    }

    auto                      asked = new ngx_http_aiproxy_asked_t();
    std::string               id(ctx->id_text, sizeof(ctx->id_text));
    std::vector<std::string>  keys = {
        std::string(limit::kRedisPrefix) + "epoch",
        std::string(limit::kRedisPrefix) + "q:" + id
    };
    std::vector<std::string>  args = {
        std::to_string(ctx->use.tokens),
        std::to_string(ngx_http_aiproxy_redis_micro(ctx->use.cost)),
        std::to_string(NGX_HTTP_AIPROXY_REDIS_FLIGHT_MS), id
    };

    for (const state::Scope &scope : ctx->scopes) {
        std::string  key = ngx_http_aiproxy_redis_key(
                       scope.ref.owner == state::Owner::kUser ? 'u' : 'c',
                       scope.ref.owner_id);

        keys.push_back(key);
        keys.push_back(key + ":f");
        ngx_http_aiproxy_redis_scope(args, scope);
    }

    asked->ctx = ctx;
    asked->id = id;
    asked->keys.assign(keys.begin() + 1, keys.end());
    asked->timer.handler = ngx_http_aiproxy_redis_late;
    asked->timer.data = asked;
    asked->timer.log = ngx_cycle->log;
    ctx->asked = asked;

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_add_timer(&asked->timer, redis->amcf->redis_timeout);
    ngx_http_aiproxy_redis_call(ngx_http_aiproxy_redis_admit,
                                ngx_http_aiproxy_redis_answer, asked, keys,
                                args);

    return NGX_DONE;
}


/* undo: it never went to a provider */

void
ngx_http_aiproxy_redis_settle(ngx_http_aiproxy_ctx_t *ctx,
    const limit::Use &used, bool undo)
{
    if (ctx->redis != ngx_http_aiproxy_redis_admitted) {
        return;
    }

    ctx->redis = ngx_http_aiproxy_redis_not_asked;
    ngx_http_aiproxy_redis->running.erase(ctx);
    ngx_http_aiproxy_redis_send_settle(
        {ctx->id_text, sizeof(ctx->id_text)}, ctx->redis_keys, used.tokens,
        used.cost, undo);
}


/* the request ends: nobody waits, and nothing is held */

void
ngx_http_aiproxy_redis_leave(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->asked != NULL) {
        ctx->asked->ctx = NULL;

        if (ctx->asked->timer.timer_set) {
            ngx_del_timer(&ctx->asked->timer);
        }

        ctx->asked = NULL;
    }

    ngx_http_aiproxy_redis_settle(ctx, {}, true);
}
