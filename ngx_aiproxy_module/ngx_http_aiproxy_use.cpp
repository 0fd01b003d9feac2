/* SPDX-License-Identifier: MIT
 *
 * Step 4, what a request may come to: the most tokens that prompt and answer
 * can have, and what these cost at the dearest provider.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

#include "core/limit/prompt_bound.h"
#include "core/snapshot/limits.h"

namespace state = aiproxy::state;
namespace limit = aiproxy::limit;


/* an answer of a client key that was not seen yet, and names no max_tokens */

#define NGX_HTTP_AIPROXY_FIRST_BOUND  4096

/* of a limit: so much may be reserved for an answer of unknown length */

#define NGX_HTTP_AIPROXY_BOUND_SHARE  4


/* whether some limit asks what the request may come to, in tokens or money */

static bool
ngx_http_aiproxy_use_asks(const ngx_http_aiproxy_ctx_t *ctx, bool cost)
{
    auto  asks = [cost](const limit::Limits &limits) {
        return limits.cost() || (!cost && limits.tokens());
    };

    for (const state::Scope &scope : ctx->scopes) {
        if (asks(scope.limits)) {
            return true;
        }
    }

    for (uint32_t index : *ctx->client->pool()) {
        if (asks(aiproxy::snapshot::LimitsOf(
                     ctx->snapshot->view.provider_key(index))))
        {
            return true;
        }
    }

    return false;
}


/* called where the body is at hand */

void
ngx_http_aiproxy_use_read(ngx_http_aiproxy_ctx_t *ctx, std::string_view body)
{
    ngx_http_aiproxy_quota_init(ctx);

    ctx->prompt_bound = ngx_http_aiproxy_use_asks(ctx, false)
                            ? limit::PromptBound(body) : 0;
}


/*
 * The longest answer: what the caller allows, else what the client key says,
 * else the longest of late, which is no more than a share of each limit.  Of a
 * stream that ends at the limit no more than the client key says, whatever the
 * caller allows: it gets more as it goes.
 */

static uint64_t
ngx_http_aiproxy_use_choice(const ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    auto  said = ctx->client->max_output_tokens();

    if (ctx->fields.max_tokens && *ctx->fields.max_tokens >= 0) {
        auto  allowed = (uint64_t) *ctx->fields.max_tokens;

        return said.has_value() && ctx->streaming
                   && ctx->client->ends_at_limit()
                   && aiproxy::dialect::EndsEarly(ctx->route.dialect)
               ? std::min<uint64_t>(allowed, said.value()) : allowed;
    }

    if (said.has_value()) {
        return said.value();
    }

    uint64_t  peak = shared->OutputPeak(ctx->scopes[0].ref);
    uint64_t  bound = peak == 0 ? NGX_HTTP_AIPROXY_FIRST_BOUND : peak;

    for (const state::Scope &scope : ctx->scopes) {
        for (auto tokens : {scope.limits.tokens_per_minute,
                            scope.limits.tokens_per_day})
        {
            if (tokens) {
                bound = std::min(bound, *tokens / NGX_HTTP_AIPROXY_BOUND_SHARE
                                        + 1);
            }
        }
    }

    return bound;
}


/* each of the choices that are asked for may be as long */

static uint64_t
ngx_http_aiproxy_use_output(const ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    uint64_t  choices = (uint64_t) std::max<int64_t>(
                            1, ctx->fields.choices.value_or(1));
    uint64_t  sum = 0;

    return __builtin_mul_overflow(ngx_http_aiproxy_use_choice(ctx, shared),
                                  choices, &sum)
               || sum > (uint64_t) INT64_MAX / 2
               ? (uint64_t) INT64_MAX / 2 : sum;
}


/*
 * At the dearest of the providers that may serve, and what its parts cost at
 * the dearest for each; false: one has no price.
 */

static bool
ngx_http_aiproxy_use_cost(ngx_http_aiproxy_ctx_t *ctx,
    uint64_t output, uint64_t &cost)
{
    aiproxy::usage::Usage           usage;
    aiproxy::snapshot::RatedUsage   used;

    usage.input = (int64_t) ctx->prompt_bound;
    ctx->prompt_cost = 0;
    ctx->output_cost = 0;
    used.asked_model = ctx->model;
    used.at = ctx->started_ms;
    used.usage = &usage;

    for (const auto &ranked : ctx->decision.order) {
        const auto &candidate = ctx->candidates[ranked.candidate];
        const auto &provider =
            ctx->snapshot->view.provider(candidate.provider);

        used.price_list = provider.price_list()->string_view();

        usage.output = 0;

        auto  prompt = ctx->snapshot->prices->Rate(used).cost;

        usage.output = (int64_t) output;

        auto  whole = ctx->snapshot->prices->Rate(used).cost;

        if (!prompt || !whole) {
            return false;
        }

        cost = std::max(cost, (uint64_t) *whole);
        ctx->prompt_cost = std::max(ctx->prompt_cost, (uint64_t) *prompt);
        ctx->output_cost = std::max(ctx->output_cost,
                                    (uint64_t) (*whole - *prompt));
    }

    return true;
}


/* an answer of unknown length may cost no more than a share of each budget */

static uint64_t
ngx_http_aiproxy_use_affordable(const ngx_http_aiproxy_ctx_t *ctx,
    uint64_t output)
{
    uint64_t  share = UINT64_MAX;

    if (ctx->fields.max_tokens || ctx->client->max_output_tokens().has_value())
    {
        return output;
    }

    for (const state::Scope &scope : ctx->scopes) {
        for (auto cost : {scope.limits.cost_per_day,
                          scope.limits.cost_per_month})
        {
            if (cost) {
                share = std::min(share, *cost / NGX_HTTP_AIPROXY_BOUND_SHARE);
            }
        }
    }

    return ctx->output_cost <= share
               ? output
               : (uint64_t) ((unsigned __int128) output * share
                             / ctx->output_cost) + 1;
}


/* what is asked of the limits; false: it cannot be told what it costs */

bool
ngx_http_aiproxy_use_most(ngx_http_aiproxy_ctx_t *ctx, state::State *shared,
    limit::Use &use)
{
    use = {.requests = 1};

    bool  answers = !ctx->model.empty()
                    && ctx->route.dialect != aiproxy::dialect::Dialect::kOther;

    if (!answers || !ngx_http_aiproxy_use_asks(ctx, false)) {
        return true;
    }

    uint64_t  output = ngx_http_aiproxy_use_output(ctx, shared);

    if (ngx_http_aiproxy_use_asks(ctx, true)) {
        if (!ngx_http_aiproxy_use_cost(ctx, output, use.cost)) {
            return false;
        }

        uint64_t  less = ngx_http_aiproxy_use_affordable(ctx, output);

        if (less < output) {
            output = less;
            use.cost = 0;
            (void) ngx_http_aiproxy_use_cost(ctx, output, use.cost);
        }
    }

    ctx->output_bound = output;
    use.tokens = ctx->prompt_bound + output;

    return true;
}
