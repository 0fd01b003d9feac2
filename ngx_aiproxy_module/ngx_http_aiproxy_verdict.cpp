/* SPDX-License-Identifier: MIT
 *
 * Step 7 and, for what fails without an answer, step 5: what an attempt's
 * outcome means.  Rests what has to rest, writes the attempt's end, and says
 * whether another attempt follows.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

using aiproxy::ledger::AttemptResult;
using aiproxy::retry::Action;
using aiproxy::retry::Failure;
using aiproxy::retry::Scope;
namespace retry = aiproxy::retry;
namespace state = aiproxy::state;
namespace wire = aiproxy::snapshot::wire;


/* an event tells of a rest that begins, or grows by so much */

#define NGX_HTTP_AIPROXY_REST_TOLD_MS  1000

/* no rest is longer, whatever a provider says */

#define NGX_HTTP_AIPROXY_REST_MOST_MS  (24 * 3600 * 1000)


static std::string_view
ngx_http_aiproxy_verdict_text(const flatbuffers::String *text)
{
    return text == nullptr ? std::string_view() : text->string_view();
}


/* the provider's own rows, which stand before the table's */

static std::vector<retry::Rule>
ngx_http_aiproxy_verdict_rules(const wire::Provider &provider)
{
    std::vector<retry::Rule>  rules;

    if (provider.verdict_rules() == nullptr) {
        return rules;
    }

    for (const wire::VerdictRule *row : *provider.verdict_rules()) {
        auto  status = row->status();
        auto  scope = row->scope();
        auto  rest = row->rest_ms();
        auto &rule = rules.emplace_back();

        rule.status = status.has_value() ? status.value() : 0;
        rule.name = ngx_http_aiproxy_verdict_text(row->name());
        rule.text = ngx_http_aiproxy_verdict_text(row->text());
        rule.verdict = static_cast<retry::VerdictClass>(row->verdict());
        rule.scope = scope.has_value()
                         ? static_cast<Scope>(scope.value())
                         : retry::ScopeOf(rule.verdict);

        if (rest.has_value()) {
            rule.rest_ms = (int64_t) rest.value();
        }
    }

    return rules;
}


static retry::Table
ngx_http_aiproxy_verdict_table(const ngx_http_aiproxy_ctx_t *ctx,
    const wire::Provider &provider)
{
    auto  table = provider.verdict_table();

    return table.has_value() ? static_cast<retry::Table>(table.value())
                             : retry::TableOf(ctx->route.family);
}


/* is there another key, and may this request still try one? */

bool
ngx_http_aiproxy_verdict_more(const ngx_http_aiproxy_ctx_t *ctx)
{
    /* nor for a caller who left */

    if (ctx->client == nullptr || ctx->draining) {
        return false;
    }

    retry::Budget  budget;
    auto           attempts = ctx->client->max_attempts();
    auto           within = ctx->client->attempts_within_ms();

    if (attempts.has_value()) {
        budget.max_attempts = attempts.value();
    }

    if (within.has_value()) {
        budget.within_ms = within.value();
    }

    return retry::MayTry(budget, (uint32_t) ctx->attempts.size(),
                         (int64_t) (ngx_http_aiproxy_now_us()
                                    - ctx->started_us) / 1000);
}


static bool
ngx_http_aiproxy_verdict_share(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    auto  percent = ctx->client->retry_percent();

    return !percent.has_value() || shared == NULL
           || shared->TakeRetry(ngx_http_aiproxy_limit_client_slot(ctx));
}


/* what is left of the vendor's quota; the key is asked less as it falls */

static void
ngx_http_aiproxy_verdict_quota(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, aiproxy::BootMs now)
{
    for (auto kind : {state::Quota::kRequests, state::Quota::kTokens}) {
        auto  left = kind == state::Quota::kRequests ? ctx->quota.requests()
                                                     : ctx->quota.tokens();

        if (left) {
            shared->NoteQuota(ctx->key_slot, kind, *left, now);

            if (left->share == 0 && left->reset_ms && !ctx->retry_after_ms) {
                ctx->retry_after_ms = left->reset_ms;
            }
        }
    }
}


static retry::Judgement
ngx_http_aiproxy_verdict_judge(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, aiproxy::BootMs now, retry::Signals signals)
{
    const auto &view = ctx->snapshot->view;
    const auto &key = view.provider_key(*ctx->key_index);
    const auto &provider = view.provider(key.provider());

    signals.retry_after_ms = ctx->retry_after_ms;
    signals.should_retry = ctx->should_retry;
    signals.request_sent = ctx->request->upstream->request_sent;
    signals.model_known = !ctx->model.empty();
    signals.same_key_tried = ctx->same_key_tried;
    signals.oauth = ctx->token_serial != 0;
    signals.refreshed = signals.oauth && ngx_http_aiproxy_refresh_was(ctx);

    if (shared != NULL) {
        signals.failures = shared->See(ngx_http_aiproxy_limit_slot(key), {},
                                       now).failures;

        if (signals.status == 429) {
            signals.keys_refused = shared->NoteRefusal(
                       ngx_http_aiproxy_limit_slot(provider), key.id(), now);
        }
    }

    return retry::Judge(ngx_http_aiproxy_verdict_table(ctx, provider),
                        ngx_http_aiproxy_verdict_rules(provider), signals);
}


/* true: it rests anew, or for much longer than it did */

static bool
ngx_http_aiproxy_verdict_rest(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, aiproxy::BootMs now,
    const retry::Judgement &judgement, int status)
{
    const auto        &view = ctx->snapshot->view;
    const auto        &key = view.provider_key(*ctx->key_index);
    const auto        &provider = view.provider(key.provider());
    state::SlotRef     slot = ngx_http_aiproxy_limit_slot(key);
    aiproxy::BootMs    before = 0;
    state::AttemptEnd  end;
    state::Rest        rest = {now + judgement.rest_ms,
                               (uint32_t) judgement.rest_class,
                               (uint32_t) status};

    end.proved = judgement.verdict == retry::VerdictClass::kNone;
    end.failed = judgement.key_failed;

    if (end.proved && ctx->attempts.back().first_byte_us) {
        end.first_byte_us = (uint32_t) *ctx->attempts.back().first_byte_us;
    }

    if (judgement.rest_ms > 0) {
        switch (judgement.scope) {

        case Scope::kKey:
            before = shared->RestUntil(slot);
            end.rest = rest;
            break;

        case Scope::kKeyModel:
            before = shared->See(slot, ctx->model, now).model_rest_until_ms;
            shared->RestModel(slot, ctx->model, rest);
            break;

        case Scope::kProvider:
        case Scope::kEgress:
            before = shared->RestUntil(ngx_http_aiproxy_limit_slot(provider));
            shared->RestKey(ngx_http_aiproxy_limit_slot(provider), rest);
            break;

        default:
            break;
        }

        ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                      "aiproxy: %s rests, provider key: %L, status: %d, "
                      "for: %L ms",
                      judgement.scope == Scope::kKey ? "provider key"
                      : judgement.scope == Scope::kKeyModel ? "model"
                      : "provider", key.id(), status, judgement.rest_ms);
    }

    shared->Conclude(*ctx->entry, slot, end, now);

    return judgement.rest_ms > 0 && judgement.scope != Scope::kNone
           && rest.until_ms > before + NGX_HTTP_AIPROXY_REST_TOLD_MS;
}


/* the book on the present attempt */

static void
ngx_http_aiproxy_verdict_write(ngx_http_aiproxy_ctx_t *ctx,
    const retry::Signals &signals, const retry::Judgement &judgement)
{
    aiproxy::ledger::Attempt &attempt = ctx->attempts.back();

    attempt.failure = signals.failure;
    attempt.verdict = judgement.verdict;
    attempt.uncertain = judgement.uncertain;

    if (signals.status != 0) {
        attempt.status = (uint16_t) signals.status;
    }

    if (signals.facts != NULL) {
        attempt.error_name = signals.facts->name();
    }

    if (judgement.rest_ms > 0) {
        attempt.scope = judgement.scope;
        attempt.rest_class = judgement.rest_class;
        attempt.rest_ms = judgement.rest_ms;
    }
}


/* what failed without an answer may have run, and be billed, already */

static bool
ngx_http_aiproxy_verdict_may_repeat(const ngx_http_aiproxy_ctx_t *ctx,
    const retry::Signals &signals, const retry::Judgement &judgement)
{
    return judgement.action != Action::kPass
           && ngx_http_aiproxy_verdict_more(ctx)
           && (signals.failure == Failure::kNone || !judgement.uncertain
               || ctx->client->retry_after_timeout());
}


/* all keys rest, and one may be had in time */

static bool
ngx_http_aiproxy_verdict_may_wait(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, const retry::Signals &signals,
    const retry::Judgement &judgement)
{
    if (signals.other_keys
        || !ngx_http_aiproxy_verdict_may_repeat(ctx, signals, judgement)
        || !ngx_http_aiproxy_wait_may(ctx))
    {
        return false;
    }

    ctx->waiting = ngx_http_aiproxy_verdict_share(ctx, shared);

    return ctx->waiting;
}


/* true: another attempt follows; what it will be is written down */

static bool
ngx_http_aiproxy_verdict_next(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, const retry::Signals &signals,
    const retry::Judgement &judgement)
{
    if (!ngx_http_aiproxy_verdict_may_repeat(ctx, signals, judgement)) {
        return false;
    }

    if (judgement.action == Action::kSameKey) {
        /* what could not be reached, or took too long, will not be better */

        if (signals.failure != Failure::kNone
            && signals.failure != Failure::kClosed)
        {
            return false;
        }

        /* another request may have put it to rest meanwhile */

        if (!signals.other_keys && shared != NULL
            && !ngx_http_aiproxy_candidates_again(ctx, shared))
        {
            return false;
        }

        if (!ngx_http_aiproxy_verdict_share(ctx, shared)) {
            return false;
        }

        ctx->same_key_tried = true;
        ctx->next--;
        return true;
    }

    if (!signals.other_keys || !ngx_http_aiproxy_verdict_share(ctx, shared))
    {
        return false;
    }

    if (judgement.action == Action::kNextProvider) {
        const auto &key = ctx->snapshot->view.provider_key(*ctx->key_index);

        aiproxy::pool::PreferOtherProviders(
            std::span(ctx->decision.order).subspan(ctx->next),
            ctx->candidates, key.provider());
    }

    return true;
}


/*
 * All failed, for more than one reason.  That some keys were asked too often
 * tells the caller more than that another one is dead or its provider down:
 * it may come again, and when.
 */

static bool
ngx_http_aiproxy_verdict_limited(ngx_http_aiproxy_ctx_t *ctx,
    const retry::Judgement &judgement)
{
    if (judgement.verdict == retry::VerdictClass::kNone
        || judgement.verdict == retry::VerdictClass::kClient
        || judgement.verdict == retry::VerdictClass::kKeyRate)
    {
        return false;
    }

    for (const auto &attempt : ctx->attempts) {
        if (attempt.verdict != retry::VerdictClass::kKeyRate) {
            continue;
        }

        int64_t  rest_s = (attempt.rest_ms.value_or(0) + 999) / 1000;

        if (ctx->retry_after_s == 0 || rest_s < ctx->retry_after_s) {
            ctx->retry_after_s = ngx_max(rest_s, 1);
        }
    }

    return ctx->retry_after_s != 0;
}


static void
ngx_http_aiproxy_verdict_tell(const ngx_http_aiproxy_ctx_t *ctx,
    const retry::Judgement &judgement, bool next, bool rests)
{
    if (next) {
        ngx_http_aiproxy_event_attempt(ctx, ngx_http_aiproxy_event_next);
    }

    if (rests) {
        ngx_http_aiproxy_event_attempt(ctx, ngx_http_aiproxy_event_rest);
    }

    if (ctx->attempts.back().trial
        && judgement.verdict == retry::VerdictClass::kNone)
    {
        ngx_http_aiproxy_event_attempt(ctx, ngx_http_aiproxy_event_ready);
    }
}


/*
 * Called once for each attempt that ended, or whose answer passes.  facts:
 * what an error says of itself; NULL: no body was read.
 */

ngx_http_aiproxy_verdict_t
ngx_http_aiproxy_verdict(ngx_http_aiproxy_ctx_t *ctx, Failure failure,
    int status, const retry::ErrorFacts *facts)
{
    state::State    *shared = ngx_http_aiproxy_state_of(ctx->entry);
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();
    retry::Signals   signals;

    if (shared != NULL && failure == Failure::kNone) {
        ngx_http_aiproxy_verdict_quota(ctx, shared, now);
    }

    signals.failure = failure;
    signals.status = status;
    signals.facts = facts;

    bool  failed = failure != Failure::kNone || status >= 400 || facts != NULL;

    /* an answer is let go only for a key that may be had */

    signals.other_keys = failed && shared != NULL
                             ? ngx_http_aiproxy_candidates_left(ctx, shared)
                             : ctx->next < ctx->decision.order.size();

    retry::Judgement  judgement =
        ngx_http_aiproxy_verdict_judge(ctx, shared, now, signals);

    if (judgement.rest_ms > NGX_HTTP_AIPROXY_REST_MOST_MS) {
        judgement.rest_ms = NGX_HTTP_AIPROXY_REST_MOST_MS;
    }

    bool  next = ngx_http_aiproxy_verdict_next(ctx, shared, signals,
                                               judgement);

    /* it cannot rest and be asked again */

    if (next && judgement.action == Action::kSameKey) {
        judgement.rest_ms = 0;
    }

    if (shared != NULL && judgement.action == Action::kRefresh) {
        ngx_http_aiproxy_refresh_tell(ctx, shared);
    }

    bool  rests = shared != NULL
                  && ngx_http_aiproxy_verdict_rest(ctx, shared, now, judgement,
                                                   status);

    /* known only now that it rests: is there another one to wait for? */

    if (!next && ngx_http_aiproxy_verdict_may_wait(ctx, shared, signals,
                                                   judgement))
    {
        next = true;
    }

    if (!next && ngx_http_aiproxy_verdict_limited(ctx, judgement)) {
        judgement.hidden = true;
    }

    ngx_http_aiproxy_verdict_write(ctx, signals, judgement);

    ctx->judged = true;
    ctx->attempts.back().result =
        next ? AttemptResult::kNext
        : failure == Failure::kNone && !judgement.hidden
            ? AttemptResult::kPassed : AttemptResult::kFailed;

    ngx_http_aiproxy_verdict_tell(ctx, judgement, next, rests);

    /* nginx asks for as many attempts as there are keys left */

    if (!next) {
        ctx->next = ctx->decision.order.size();
    }

    return next ? ngx_http_aiproxy_verdict_again
           : judgement.hidden ? ngx_http_aiproxy_verdict_hide
                              : ngx_http_aiproxy_verdict_pass;
}
