/* SPDX-License-Identifier: MIT
 *
 * Step 8, the counters of a request that runs: more than it was charged for,
 * what each turn of a WebSocket came to, and how far it has come.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

using aiproxy::ErrorCode;
namespace limit = aiproxy::limit;
namespace state = aiproxy::state;


/*
 * What so many tokens of an answer cost, rounded up.  What it writes is dearer
 * than its prompt: a share of what both were charged would be too little.
 */

static uint64_t
ngx_http_aiproxy_quota_output_cost(const ngx_http_aiproxy_ctx_t *ctx,
    uint64_t tokens)
{
    uint64_t  of = ctx->use.tokens - ctx->prompt_bound;

    return of == 0 ? 0
           : (uint64_t) (((unsigned __int128) ctx->output_cost * tokens
                          + of - 1) / of);
}


/*
 * Whether a stream that wrote so many tokens may go on.  Past what was
 * reserved it gets more, if there is more: a step, and what it is beyond.
 */

bool
ngx_http_aiproxy_quota_more(ngx_http_aiproxy_ctx_t *ctx, uint64_t output)
{
    limit::Use  step;

    step.tokens = std::max<uint64_t>(ctx->output_bound / 4, 16)
                  + output - std::min(output, ctx->output_bound);
    step.cost = ngx_http_aiproxy_quota_output_cost(ctx, step.tokens);

    if (ctx->redis_charged) {
        return ngx_http_aiproxy_redis_more(ctx, output, step);
    }

    if (output < ctx->output_bound) {
        return true;
    }

    if (!ngx_http_aiproxy_quota_charge_more(ctx, ctx->scopes, step)) {
        return false;
    }

    ctx->output_bound += step.tokens;

    return true;
}


bool
ngx_http_aiproxy_quota_charge_more(ngx_http_aiproxy_ctx_t *ctx,
    std::span<const state::Scope> limited, const limit::Use &more)
{
    state::State              *shared = ngx_http_aiproxy_state_of(ctx->entry);
    std::vector<state::Scope>  scopes = ctx->scopes;

    if (shared == NULL) {
        return true;
    }

    for (size_t i = limited.size(); i < scopes.size(); i++) {
        scopes[i].limits = {};
    }

    return shared->ChargeMore(*ctx->entry, scopes, more,
                              ngx_http_aiproxy_quota_now());
}


void
ngx_http_aiproxy_quota_spent(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->use.tokens == 0 || !ctx->streaming
        || ngx_http_aiproxy_state_of(ctx->entry) == NULL)
    {
        return;
    }

    limit::Use  spent;

    uint64_t  output = (uint64_t) ctx->meter->output_so_far();

    spent.tokens = ctx->prompt_bound + 1 + output;
    spent.cost = ctx->prompt_cost
                 + ngx_http_aiproxy_quota_output_cost(ctx, output);

    ngx_http_aiproxy_state_of(ctx->entry)->NoteSpent(*ctx->entry, spent);
}


/* which of the limits it was is not told: the first that its scopes have */

static ErrorCode
ngx_http_aiproxy_quota_turn_code(const ngx_http_aiproxy_ctx_t *ctx)
{
    for (const state::Scope &scope : ctx->scopes) {
        const limit::Limits &l = scope.limits;

        if (l.any()) {
            return l.tokens_per_minute ? ErrorCode::kLimitTokensPerMinute
                   : l.tokens_per_day ? ErrorCode::kLimitTokensPerDay
                   : l.cost_per_day ? ErrorCode::kLimitCostPerDay
                                    : ErrorCode::kLimitCostPerMonth;
        }
    }

    return ErrorCode::kLimitTokensPerMinute;
}


/* what a WebSocket has come to, all turns together */

static limit::Use
ngx_http_aiproxy_quota_so_far(const ngx_http_aiproxy_ctx_t *ctx)
{
    auto                           progress = ctx->meter->Peek();
    aiproxy::snapshot::RatedUsage  rated;
    limit::Use                     use;

    use.tokens = (uint64_t) std::max<int64_t>(
                     0, progress.usage.input.value_or(0)
                        + progress.usage.output.value_or(0));

    rated.price_list = ctx->price_list;
    rated.model = progress.model;
    rated.asked_model = ctx->model;
    rated.at = ctx->started_ms;
    rated.usage = &progress.usage;

    auto  cost = ctx->prices == nullptr ? std::nullopt
                                        : ctx->prices->Rate(rated).cost;

    use.cost = cost ? (uint64_t) std::max<int64_t>(0, *cost)
                    : ngx_http_aiproxy_quota_output_cost(ctx, use.tokens);

    return use;
}


/*
 * A turn of a WebSocket is over: what it came to is charged when it did.  What
 * was charged at admission stays reserved for the turn that runs; the end gives
 * it back.  kNone: there is room for another one.
 */

ErrorCode
ngx_http_aiproxy_quota_turn(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->use.tokens == 0) {
        return ErrorCode::kNone;
    }

    limit::Use  total = ngx_http_aiproxy_quota_so_far(ctx);
    limit::Use  turn;
    bool        room;

    turn.tokens = total.tokens - std::min(total.tokens, ctx->turns.tokens);
    turn.cost = total.cost - std::min(total.cost, ctx->turns.cost);
    ctx->turns = total;

    if (auto shared = ngx_http_aiproxy_state_of(ctx->entry)) {
        shared->NoteSpent(*ctx->entry, total);
    }

    room = ctx->redis_charged
               ? ngx_http_aiproxy_redis_turn(ctx, turn)
               : ngx_http_aiproxy_quota_charge_more(ctx, ctx->scopes, turn);

    return room ? ErrorCode::kNone : ngx_http_aiproxy_quota_turn_code(ctx);
}
