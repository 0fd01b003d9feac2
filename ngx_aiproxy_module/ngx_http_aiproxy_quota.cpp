/* SPDX-License-Identifier: MIT
 *
 * Step 4, the counters: what a request may come to is charged to its client
 * key, its user and the provider key that it gets, in all or in none; step 10
 * settles it.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>
#include <array>

#include "core/snapshot/limits.h"

using aiproxy::ErrorCode;
using aiproxy::limit::Kind;
namespace state = aiproxy::state;
namespace limit = aiproxy::limit;
namespace wire = aiproxy::snapshot::wire;


state::Now
ngx_http_aiproxy_quota_now(void)
{
    return {ngx_http_aiproxy_boot_ms(), ngx_http_aiproxy_unix_ms()};
}


static state::Scope
ngx_http_aiproxy_quota_scope(const ngx_http_aiproxy_ctx_t *ctx,
    const wire::User &user)
{
    auto  slot = user.slot();

    return {{slot.has_value() ? slot.value() : state::kNoSlot,
             state::Owner::kUser, user.id()},
            aiproxy::snapshot::LimitsOf(user),
            aiproxy::snapshot::PeriodsOf(ctx->snapshot->view.root(),
                                         user.limits(), ctx->started_ms)};
}


state::Scope
ngx_http_aiproxy_quota_scope(const ngx_http_aiproxy_ctx_t *ctx,
    const wire::ProviderKey &key)
{
    return {ngx_http_aiproxy_limit_slot(key),
            aiproxy::snapshot::LimitsOf(key),
            aiproxy::snapshot::PeriodsOf(ctx->snapshot->view.root(),
                                         key.limits(), ctx->started_ms)};
}


/* the client key and its user; the provider key comes when one is chosen */

void
ngx_http_aiproxy_quota_init(ngx_http_aiproxy_ctx_t *ctx)
{
    const auto &root = ctx->snapshot->view.root();

    ctx->scopes.clear();
    ctx->scopes.reserve(2);
    ctx->scopes.push_back({ngx_http_aiproxy_limit_client_slot(ctx),
                           aiproxy::snapshot::LimitsOf(*ctx->client),
                           aiproxy::snapshot::PeriodsOf(root,
                                                        ctx->client->limits(),
                                                        ctx->started_ms)});

    if (auto user = aiproxy::snapshot::UserOf(root, *ctx->client)) {
        ctx->scopes.push_back(ngx_http_aiproxy_quota_scope(ctx, *user));
    }
}


/* so much of a limit is held locally */

template <class T>
static void
ngx_http_aiproxy_quota_scale(std::optional<T> &value, uint32_t percent)
{
    if (value) {
        *value = (T) ((unsigned __int128) *value * percent / 100);
    }
}


/*
 * What was used is not known while Redis is away, nor what of the day and the
 * month while the counters of a new state file are not rebuilt: the client key
 * says what holds then.  false: it is closed.
 */

static bool
ngx_http_aiproxy_quota_known(ngx_http_aiproxy_ctx_t *ctx, state::State *shared)
{
    bool  calendar = false, any = false;

    for (const state::Scope &scope : ctx->scopes) {
        calendar = calendar || scope.limits.calendar();
        any = any || scope.limits.any();
    }

    bool  redis = ngx_http_aiproxy_redis_used();

    if (redis ? !any || ctx->redis != ngx_http_aiproxy_redis_unknown
              : !calendar || shared->header().rebuilt_at_ms != 0)
    {
        return true;
    }

    auto  percent = ctx->client->local_percent();

    for (state::Scope &scope : ctx->scopes) {
        limit::Limits &limits = scope.limits;

        switch (ctx->client->when_unknown()) {

        case wire::WhenUnknown::kOpen:
            if (redis) {
                limits = {};
            }

            limits.requests_per_day.reset();
            limits.tokens_per_day.reset();
            limits.cost_per_day.reset();
            limits.cost_per_month.reset();
            break;

        case wire::WhenUnknown::kFraction: {
            uint32_t  share = percent.has_value() ? percent.value() : 100;

            if (redis) {
                ngx_http_aiproxy_quota_scale(limits.requests_per_second, share);
                ngx_http_aiproxy_quota_scale(limits.requests_per_minute, share);
                ngx_http_aiproxy_quota_scale(limits.tokens_per_minute, share);
                ngx_http_aiproxy_quota_scale(limits.max_in_flight, share);
            }

            ngx_http_aiproxy_quota_scale(limits.requests_per_day, share);
            ngx_http_aiproxy_quota_scale(limits.tokens_per_day, share);
            ngx_http_aiproxy_quota_scale(limits.cost_per_day, share);
            ngx_http_aiproxy_quota_scale(limits.cost_per_month, share);
            break;
        }

        default:
            return false;
        }
    }

    return true;
}


/*
 * Client key, user and the first provider key of the order that has room, all
 * at once.  NGX_AGAIN: none of the provider keys may be had.  NGX_BUSY: who
 * holds a lock was put to sleep.
 */

static ngx_int_t
ngx_http_aiproxy_quota_order(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, const limit::Use &use, const state::Now &now)
{
    bool                         asked = ctx->redis
                                         == ngx_http_aiproxy_redis_admitted;
    std::array<state::Scope, 3>  all;
    std::span<state::Scope>      scopes(all.data(), ctx->scopes.size() + 1);

    std::copy(ctx->scopes.begin(), ctx->scopes.end(), scopes.begin());

    /* what Redis let pass is counted here too, for when it is away */

    for (state::Scope &scope : scopes) {
        scope.limits = asked ? limit::Limits() : scope.limits;
    }

    for (size_t i = asked ? ctx->redis_pick : 0;
         i < ctx->decision.order.size();
         i++)
    {
        auto &candidate = ctx->candidates[ctx->decision.order[i].candidate];

        scopes.back() = ngx_http_aiproxy_quota_scope(
                  ctx, ctx->snapshot->view.provider_key(candidate.key_index));

        if (asked) {
            scopes.back().limits = {};
        }

        auto  verdict = shared->Admit(*ctx->entry, scopes, use, now);

        if (verdict.admission == state::Admission::kAdmitted) {
            ctx->next = i;
            ctx->booked = true;
            return NGX_OK;
        }

        if (verdict.admission == state::Admission::kBusy) {
            return NGX_BUSY;
        }

        if (verdict.owner != state::Owner::kProviderKey) {
            return ngx_http_aiproxy_headroom_refuse(ctx, verdict);
        }

        ngx_http_aiproxy_quota_left_out(ctx, candidate, verdict);

        /* it rests since it was picked: all is asked anew */

        if (asked) {
            ngx_http_aiproxy_redis_settle(ctx, {}, true);
            return NGX_BUSY;
        }
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_http_aiproxy_quota_prepare(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    ngx_http_aiproxy_quota_init(ctx);

    return ngx_http_aiproxy_use_most(ctx, shared, ctx->use)
               ? NGX_OK
               : ngx_http_aiproxy_error(ctx, ErrorCode::kLimitUnpriced);
}


ngx_int_t
ngx_http_aiproxy_quota_take(ngx_http_aiproxy_ctx_t *ctx, state::State *shared)
{
    if (ctx->redis == ngx_http_aiproxy_redis_refused) {
        return ngx_http_aiproxy_headroom_refuse(ctx, ctx->refusal);
    }

    if (ctx->redis == ngx_http_aiproxy_redis_no_key) {
        ctx->redis = ngx_http_aiproxy_redis_not_asked;
        return NGX_AGAIN;
    }

    if (!ngx_http_aiproxy_quota_known(ctx, shared)) {
        ctx->retry_after_s = 1;
        return ngx_http_aiproxy_error(ctx, ErrorCode::kLimitUnknown);
    }

    bool        asked = ctx->redis == ngx_http_aiproxy_redis_admitted;
    state::Now  now = ngx_http_aiproxy_quota_now();
    ngx_int_t   rc = ngx_http_aiproxy_quota_order(ctx, shared, ctx->use, now);

    if (!asked && rc != NGX_AGAIN && rc != NGX_BUSY) {
        ctx->headroom = shared->Measure(ctx->scopes, now);
    }

    return rc;
}


/* the next provider key of the order, in place of the one before; a retry */

state::Verdict
ngx_http_aiproxy_quota_next(ngx_http_aiproxy_ctx_t *ctx, state::State *shared,
    const wire::ProviderKey &key)
{
    state::Scope  scope = ngx_http_aiproxy_quota_scope(ctx, key);
    state::Now    now = ngx_http_aiproxy_quota_now();

    if (ctx->redis_again == ngx_http_aiproxy_redis_admitted) {
        scope.limits = {};
    }

    shared->Release(*ctx->entry, now);

    return shared->Admit(*ctx->entry, {&scope, 1}, ctx->use, now);
}


/* a provider key that was not to be had, in the words of the decision */

void
ngx_http_aiproxy_quota_left_out(const ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::pool::Candidate &candidate, const state::Verdict &verdict)
{
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();

    candidate.exclusion =
        ngx_http_aiproxy_candidates_refused(verdict.admission);

    if (verdict.admission == state::Admission::kLimited) {
        candidate.rest_until_ms = now + verdict.standing.reset_ms;

    } else if (verdict.admission == state::Admission::kResting) {
        candidate.rest_until_ms = ngx_http_aiproxy_state()->RestUntil(
            ngx_http_aiproxy_limit_slot(
                ctx->snapshot->view.provider_key(candidate.key_index)));
    }
}


/*
 * What it came to.  Tokens that the provider counted but that have no price
 * cost what was reserved for them.
 */

void
ngx_http_aiproxy_quota_settle(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, std::optional<int64_t> cost)
{
    limit::Use  used;

    if (ctx->reading) {
        auto  add = [&used](const aiproxy::usage::Usage &usage) {
            used.tokens += (uint64_t) std::max<int64_t>(
                0, usage.input.value_or(0) + usage.output.value_or(0));
        };

        add(ctx->reading->usage);

        for (const auto &other : ctx->reading->others) {
            add(other.usage);
        }

        if (!ctx->scopes.empty() && shared != NULL) {
            shared->NoteOutput(ctx->scopes[0].ref,
                               (uint64_t) std::max<int64_t>(
                                   0, ctx->reading->usage.output.value_or(0)));
        }
    }

    used.cost = cost ? (uint64_t) std::max<int64_t>(0, *cost)
                     : used.tokens != 0 ? ctx->use.cost : 0;

    ngx_http_aiproxy_redis_settle(ctx, used, ctx->attempts.empty());

    if (shared != NULL) {
        shared->Settle(*ctx->entry, used, ngx_http_aiproxy_quota_now());
    }
}
