/* SPDX-License-Identifier: MIT
 *
 * Step 4, a request's limits asked of Redis.  A request whose client key, user
 * or provider keys have a limit waits for one script's answer, at most for
 * aiproxy_redis_timeout: the script charges it to client key, user and the
 * first provider key of the order that has room.  A retry asks for the next
 * one, waiting in peer.get.  While Redis is away the client key says what
 * holds, and nobody waits.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy_redis.h"

#include <bit>

#include "core/snapshot/limits.h"

using aiproxy::limit::Kind;
namespace limit = aiproxy::limit;
namespace state = aiproxy::state;


/* one question; it outlives a request that does not wait for its answer */

struct ngx_http_aiproxy_asked_s {
    ngx_http_aiproxy_ctx_t    *ctx;
    ngx_event_t                timer;
    std::string                id;
    size_t                     first;    /* of the order */
    bool                       again;    /* from peer.get */
    bool                       charged;  /* before it was asked */
};


bool
ngx_http_aiproxy_redis_holds(const ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    /* one that was not heard of yet is not away */

    return redis != NULL && !redis->away && redis->ac != NULL
           && ctx->redis != ngx_http_aiproxy_redis_unknown;
}


static void
ngx_http_aiproxy_redis_scope_keys(ngx_http_aiproxy_redis_call_t &call,
    const state::Scope &scope)
{
    char  kind = scope.ref.owner == state::Owner::kUser ? 'u'
                 : scope.ref.owner == state::Owner::kClientKey ? 'c' : 'k';
    auto  id = std::to_string(scope.ref.owner_id);

    call.AddKey(kind, id);
    call.AddKey(kind, id, ":f");
}


template <class T>
static double
ngx_http_aiproxy_redis_limit(const std::optional<T> &value, T unit = 1)
{
    return value ? (double) (*value / unit) : -1;
}


/* in one word, for Redis has each word to copy and to turn into a number */

static void
ngx_http_aiproxy_redis_scope(ngx_http_aiproxy_redis_call_t &call,
    const state::Scope &scope)
{
    static_assert(std::endian::native == std::endian::little);

    const limit::Limits &l = scope.limits;
    const double         words[] = {
        ngx_http_aiproxy_redis_limit(l.requests_per_second),
        ngx_http_aiproxy_redis_limit(l.requests_per_minute),
        ngx_http_aiproxy_redis_limit(l.requests_per_day),
        ngx_http_aiproxy_redis_limit(l.tokens_per_minute),
        ngx_http_aiproxy_redis_limit(l.tokens_per_day),
        ngx_http_aiproxy_redis_limit(l.cost_per_day, 1000000ul),
        ngx_http_aiproxy_redis_limit(l.cost_per_month, 1000000ul),
        ngx_http_aiproxy_redis_limit(l.max_in_flight),
        (double) scope.periods.day_from,
        (double) scope.periods.day_to,
        (double) scope.periods.month_from,
        (double) scope.periods.month_to,
    };

    call.Add(std::string_view((const char *) words, sizeof(words)));
}


static void
ngx_http_aiproxy_redis_heard(redisAsyncContext *ac, void *reply, void *data)
{
    if (reply != NULL) {
        ngx_http_aiproxy_redis->heard = ngx_current_msec;
    }
}


static void
ngx_http_aiproxy_redis_send_settle(std::string_view id, uint64_t tokens,
    uint64_t cost, bool undo)
{
    ngx_http_aiproxy_redis_call_t  call(ngx_http_aiproxy_redis_settle_, 1);

    call.AddKey('q', id);
    call.Add(id);
    call.Add((int64_t) tokens);
    call.Add((int64_t) ngx_http_aiproxy_redis_micro(cost));
    call.Add(undo ? "1" : "0");
    call.Send(ngx_http_aiproxy_redis_heard, NULL);
}


static void
ngx_http_aiproxy_redis_resume(ngx_http_aiproxy_ctx_t *ctx, bool again,
    ngx_http_aiproxy_redis_e answer)
{
    ctx->asked = NULL;

    if (answer == ngx_http_aiproxy_redis_admitted) {
        ctx->redis_charged = true;
        ctx->redis_serial = ngx_http_aiproxy_redis->serial;
        ngx_http_aiproxy_redis->running.insert(ctx);
    }

    if (again) {
        ctx->redis_again = answer;
        ngx_http_aiproxy_wait_post(ctx);
        return;
    }

    ctx->redis = answer;
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

        if (!redis->away && redis->ac != NULL) {
            ngx_http_aiproxy_redis_lost(redis, "it took too long");
            redisAsyncCommand(redis->ac, ngx_http_aiproxy_redis_pong, NULL,
                              "PING");
        }

        ngx_http_aiproxy_redis_resume(ctx, asked->again,
                                      ngx_http_aiproxy_redis_unknown);
        return (ngx_int_t) NGX_OK;
    });
}


/* the provider keys before the one that was picked had no room */

static void
ngx_http_aiproxy_redis_left_out(ngx_http_aiproxy_ctx_t *ctx, size_t first,
    ngx_http_aiproxy_redis_words_t &words)
{
    const auto &order = ctx->decision.order;

    for (size_t i = first; !words.empty() && i < order.size(); i++) {
        state::Verdict  verdict;

        verdict.owner = state::Owner::kProviderKey;
        verdict.standing = words.Standing();
        verdict.admission = verdict.standing.kind == Kind::kInFlight
                                ? state::Admission::kFull
                                : state::Admission::kLimited;

        ngx_http_aiproxy_quota_left_out(
            ctx, ctx->candidates[order[i].candidate], verdict);
    }
}


static ngx_http_aiproxy_redis_e
ngx_http_aiproxy_redis_read(ngx_http_aiproxy_ctx_t *ctx, size_t first,
    std::string_view word, ngx_http_aiproxy_redis_words_t &words)
{
    if (word == "OK") {
        ctx->redis_pick = first + words.Number();

        auto  requests = words.Standing();
        auto  tokens = words.Standing();

        if (ctx->redis == ngx_http_aiproxy_redis_not_asked) {
            ctx->headroom = {requests, tokens};
        }

        ngx_http_aiproxy_redis_left_out(ctx, first, words);

        return ngx_http_aiproxy_redis_admitted;
    }

    if (word == "KEYS") {
        ngx_http_aiproxy_redis_left_out(ctx, first, words);

        return ngx_http_aiproxy_redis_no_key;
    }

    if (word == "NO") {
        size_t  scope = words.Number();

        ctx->refusal.admission = state::Admission::kLimited;
        ctx->refusal.owner =
            ctx->scopes[scope < ctx->scopes.size() ? scope : 0].ref.owner;
        ctx->refusal.standing = words.Standing();

        return ngx_http_aiproxy_redis_refused;
    }

    return ngx_http_aiproxy_redis_unknown;
}


static void
ngx_http_aiproxy_redis_answer(redisAsyncContext *ac, void *data, void *what)
{
    auto                            reply = (redisReply *) data;
    auto                            asked = (ngx_http_aiproxy_asked_t *) what;
    ngx_http_aiproxy_ctx_t         *ctx = asked->ctx;
    ngx_http_aiproxy_redis_words_t  words(reply);
    std::string_view                word = words.Word();

    ngx_http_aiproxy_redis_heard(ac, data, NULL);

    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "aiproxy: redis refused a script: %s", reply->str);
        redisAsyncDisconnect(ac);
    }

    if (ngx_http_aiproxy_redis->evicts) {
        word = {};    /* it is let go, and its charge with it */
    }

    if (asked->timer.timer_set) {
        ngx_del_timer(&asked->timer);
    }

    if (ctx != NULL) {
        ngx_http_aiproxy_redis_resume(
            ctx, asked->again,
            ngx_http_aiproxy_redis_read(ctx, asked->first, word, words));

    } else if (word == "OK" && !asked->charged) {

        /* nobody waits for it any more: it takes nothing */

        ngx_http_aiproxy_redis_send_settle(asked->id, 0, 0, true);
    }

    delete asked;
}


static state::Scope
ngx_http_aiproxy_redis_candidate(const ngx_http_aiproxy_ctx_t *ctx, size_t i)
{
    const auto &candidate = ctx->candidates[ctx->decision.order[i].candidate];

    return ngx_http_aiproxy_quota_scope(
               ctx, ctx->snapshot->view.provider_key(candidate.key_index));
}


/*
 * Sends the question: "fixed" scopes, and the provider keys of the order from
 * the first one up to one without limits.
 */

static void
ngx_http_aiproxy_redis_send(ngx_http_aiproxy_ctx_t *ctx,
    std::span<const state::Scope> fixed, size_t first, bool again)
{
    std::vector<state::Scope>  scopes(fixed.begin(), fixed.end());
    bool                       loose = false;

    for (size_t i = first; i < ctx->decision.order.size() && !loose; i++) {
        state::Scope  scope = ngx_http_aiproxy_redis_candidate(ctx, i);

        loose = !scope.limits.any();

        if (!loose) {
            scopes.push_back(scope);
        }
    }

    ngx_http_aiproxy_redis_call_t  call(ngx_http_aiproxy_redis_admit,
                                        2 + 2 * scopes.size());
    std::string_view               id = ngx_http_aiproxy_redis_id(ctx);

    call.Add("{aiproxy}:epoch");
    call.AddKey('q', id);

    for (const state::Scope &scope : scopes) {
        ngx_http_aiproxy_redis_scope_keys(call, scope);
    }

    call.Add((int64_t) ctx->use.tokens);
    call.Add((int64_t) ngx_http_aiproxy_redis_micro(ctx->use.cost));
    call.Add(NGX_HTTP_AIPROXY_REDIS_FLIGHT_MS);
    call.Add(id);
    call.Add((int64_t) fixed.size());
    call.Add(loose ? "1" : "0");
    call.Add(ctx->redis_charged ? "1" : "0");
    call.Add(limit::kRedisChargeMs);

    for (const state::Scope &scope : scopes) {
        ngx_http_aiproxy_redis_scope(call, scope);
    }

    auto  asked = new ngx_http_aiproxy_asked_t{
        ctx, {}, std::string(id), first, again, ctx->redis_charged};

    asked->timer.handler = ngx_http_aiproxy_redis_late;
    asked->timer.data = asked;
    asked->timer.log = ngx_cycle->log;
    ctx->asked = asked;

    ngx_add_timer(&asked->timer, ngx_http_aiproxy_redis->amcf->redis_timeout);
    call.Send(ngx_http_aiproxy_redis_answer, asked);
}


/*
 * NGX_OK: there is nothing to ask, or it was answered; NGX_DONE: the request
 * waits.
 */

ngx_int_t
ngx_http_aiproxy_redis_ask(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    bool  fixed = false, keys = false;

    if (ngx_http_aiproxy_redis == NULL
        || ctx->redis != ngx_http_aiproxy_redis_not_asked)
    {
        return NGX_OK;
    }

    for (const state::Scope &scope : ctx->scopes) {
        fixed = fixed || scope.limits.any();
    }

    keys = ngx_http_aiproxy_redis_candidate(ctx, 0).limits.any();

    if (!fixed && !keys) {
        return NGX_OK;
    }

    if (!ngx_http_aiproxy_redis_holds(ctx)) {
        ctx->redis = ngx_http_aiproxy_redis_unknown;
        return NGX_OK;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_http_aiproxy_redis_send(
        ctx, fixed ? std::span<const state::Scope>(ctx->scopes)
                   : std::span<const state::Scope>(),
        0, false);

    return NGX_DONE;
}


/* a retry: what the key before was charged goes back, and the next is asked */

bool
ngx_http_aiproxy_redis_ask_next(ngx_http_aiproxy_ctx_t *ctx)
{
    bool  held = ctx->redis_charged && ctx->key_index
                 && aiproxy::snapshot::LimitsOf(
                        ctx->snapshot->view.provider_key(*ctx->key_index)).any();

    if (ctx->redis_again != ngx_http_aiproxy_redis_not_asked
        || !ngx_http_aiproxy_redis_holds(ctx)
        || (!held && !ngx_http_aiproxy_redis_candidate(ctx, ctx->next)
                          .limits.any()))
    {
        return false;
    }

    ngx_http_aiproxy_redis_send(ctx, {}, ctx->next, true);

    return true;
}


/* who was charged over a connection that is gone may be charged no more */

static bool
ngx_http_aiproxy_redis_hears(const ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    return !redis->away && redis->ac != NULL
           && redis->serial == ctx->redis_serial;
}


/* asked where it is recorded: the daemon tells Redis what it used */

bool
ngx_http_aiproxy_redis_owed(const ngx_http_aiproxy_ctx_t *ctx)
{
    if (ngx_http_aiproxy_redis == NULL || ctx->attempts.empty()) {
        return false;
    }

    return ctx->redis_charged ? !ngx_http_aiproxy_redis_hears(ctx)
                              : ctx->redis == ngx_http_aiproxy_redis_unknown;
}


/* undo: it never went to a provider */

void
ngx_http_aiproxy_redis_settle(ngx_http_aiproxy_ctx_t *ctx,
    const limit::Use &used, bool undo)
{
    if (!ctx->redis_charged) {
        return;
    }

    ctx->redis_charged = false;
    ctx->redis = ngx_http_aiproxy_redis_not_asked;
    ngx_http_aiproxy_redis->running.erase(ctx);

    if (ngx_http_aiproxy_redis_hears(ctx)) {
        ngx_http_aiproxy_redis_send_settle(ngx_http_aiproxy_redis_id(ctx),
                                           used.tokens, used.cost, undo);
    }
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

    ngx_http_aiproxy_redis_more_leave(ctx);

    bool  known = ngx_http_aiproxy_state_of(ctx->entry) != NULL;

    ngx_http_aiproxy_redis_settle(
        ctx, known ? state::State::Spent(*ctx->entry) : limit::Use(),
        ctx->attempts.empty());
}
