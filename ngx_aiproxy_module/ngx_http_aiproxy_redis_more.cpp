/* SPDX-License-Identifier: MIT
 *
 * Step 8, more than a stream was charged for, asked of Redis: half a step
 * before it needs it, so that it never waits.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy_redis.h"

namespace limit = aiproxy::limit;
namespace state = aiproxy::state;


struct ngx_http_aiproxy_more_s {
    ngx_http_aiproxy_ctx_t  *ctx;
    limit::Use               use;
    limit::Use               next = {};    /* turns that ended meanwhile */
};


static void ngx_http_aiproxy_redis_more_send(ngx_http_aiproxy_ctx_t *ctx,
    const limit::Use &use);


/* what cannot be told now is granted: the end charges it */

static void
ngx_http_aiproxy_redis_more_answer(redisAsyncContext *ac, void *data,
    void *what)
{
    auto                    reply = (redisReply *) data;
    auto                    more = (ngx_http_aiproxy_more_t *) what;
    ngx_http_aiproxy_ctx_t *ctx = more->ctx;
    bool                    refused = reply != NULL
                                      && reply->type == REDIS_REPLY_INTEGER
                                      && reply->integer == 0;

    if (reply != NULL) {
        ngx_http_aiproxy_redis->heard = ngx_current_msec;
    }

    if (ctx != NULL) {
        ctx->more = NULL;
        ctx->more_refused = refused;

        if (!refused) {
            ctx->output_bound += more->use.tokens;
            ngx_http_aiproxy_quota_charge_more(ctx, {}, more->use);

            if (more->next.tokens || more->next.cost) {
                ngx_http_aiproxy_redis_more_send(ctx, more->next);
            }
        }
    }

    delete more;
}


static void
ngx_http_aiproxy_redis_more_send(ngx_http_aiproxy_ctx_t *ctx,
    const limit::Use &use)
{
    ngx_http_aiproxy_redis_call_t  call(ngx_http_aiproxy_redis_more_, 1);

    call.AddKey('q', ngx_http_aiproxy_redis_id(ctx));
    call.Add((int64_t) use.tokens);
    call.Add((int64_t) ngx_http_aiproxy_redis_micro(use.cost));
    call.Add(limit::kRedisChargeMs);

    for (const state::Scope &scope : ctx->scopes) {
        const limit::Limits &l = scope.limits;
        char                 kind = scope.ref.owner == state::Owner::kUser
                                        ? 'u' : 'c';

        call.AddKey(kind, std::to_string(scope.ref.owner_id));

        for (const auto &tokens : {l.tokens_per_minute, l.tokens_per_day}) {
            call.Add(tokens ? (int64_t) *tokens : (int64_t) -1);
        }

        for (const auto &cost : {l.cost_per_day, l.cost_per_month}) {
            call.Add(cost ? (int64_t) (*cost / 1000000) : (int64_t) -1);
        }

        call.Add(scope.periods.day_from);
        call.Add(scope.periods.month_from);
    }

    ctx->more = new ngx_http_aiproxy_more_t{ctx, use};
    call.Send(ngx_http_aiproxy_redis_more_answer, ctx->more);
}


/* whether a stream that wrote so many tokens may go on */

bool
ngx_http_aiproxy_redis_more(ngx_http_aiproxy_ctx_t *ctx, uint64_t output,
    const limit::Use &step)
{
    if (ctx->more == NULL && !ctx->more_refused
        && output + step.tokens / 2 >= ctx->output_bound)
    {
        ngx_http_aiproxy_redis_more_send(ctx, step);
    }

    return !ctx->more_refused || output < ctx->output_bound;
}


/*
 * The answer to this turn says whether there is another one after the next, or
 * after the one behind that, if it comes so late.
 */

bool
ngx_http_aiproxy_redis_turn(ngx_http_aiproxy_ctx_t *ctx,
    const limit::Use &turn)
{
    if (ctx->more != NULL) {
        ctx->more->next.tokens += turn.tokens;
        ctx->more->next.cost += turn.cost;

    } else if (!ctx->more_refused) {
        ngx_http_aiproxy_redis_more_send(ctx, turn);
    }

    return !ctx->more_refused;
}


void
ngx_http_aiproxy_redis_more_leave(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->more != NULL) {
        ctx->more->ctx = NULL;
        ctx->more = NULL;
    }
}
