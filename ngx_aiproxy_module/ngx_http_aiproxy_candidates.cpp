/* SPDX-License-Identifier: MIT
 *
 * Step 4, which provider keys of the pool could serve, why the others could
 * not, and in what order.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

using aiproxy::pool::Exclusion;
namespace state = aiproxy::state;
namespace wire = aiproxy::snapshot::wire;


template <class T>
static auto
ngx_http_aiproxy_candidates_optional(const T &value)
{
    return value.has_value() ? std::optional(value.value()) : std::nullopt;
}


/* does the provider speak what the caller speaks */

bool
ngx_http_aiproxy_candidates_speaks(const wire::Provider &provider,
    const aiproxy::dialect::Route &route)
{
    if (provider.dialects() == nullptr) {
        return false;
    }

    for (uint8_t value : *provider.dialects()) {
        auto dialect = static_cast<aiproxy::dialect::Dialect>(value);

        if (aiproxy::dialect::Serves(dialect, route)) {
            return true;
        }
    }

    return false;
}


static Exclusion
ngx_http_aiproxy_candidates_exclusion(const ngx_http_aiproxy_ctx_t *ctx,
    const wire::ProviderKey &key, const wire::Provider &provider)
{
    if (!ngx_http_aiproxy_route_takes(ctx, key.provider())) {
        return Exclusion::kOtherProvider;
    }

    if (!aiproxy::snapshot::AllowsProvider(*ctx->client, key.provider())) {
        return Exclusion::kNotAllowed;
    }

    if (!key.is_enabled() || !provider.is_enabled()) {
        return Exclusion::kDisabled;
    }

    if ((key.required_features()
         & ~aiproxy::snapshot::kKnownProviderKeyFeatures) != 0
        || (provider.required_features()
            & ~aiproxy::snapshot::kKnownProviderFeatures) != 0)
    {
        return Exclusion::kRestriction;
    }

    auto expires = key.expires_at_ms();

    if (expires.has_value() && expires.value() <= ctx->started_ms) {
        return Exclusion::kExpired;
    }

    /* an OAuth key's is looked at as it is now, below */

    if (!key.oauth()
        && key.credential_state() != wire::CredentialState::kGood)
    {
        return Exclusion::kCredential;
    }

    auto owner = key.owner_user_id();

    if (owner.has_value() && owner != ctx->client->user_id()) {
        return Exclusion::kOwner;
    }

    return ctx->snapshot->targets[key.provider()].addresses.empty()
               ? Exclusion::kUnresolved : Exclusion::kNone;
}


/* what the state file says; the configuration had nothing against the key */

static Exclusion
ngx_http_aiproxy_candidates_sight(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared, aiproxy::BootMs now, const wire::ProviderKey &key,
    const wire::Provider &provider, aiproxy::pool::Candidate &candidate)
{
    state::SlotRef   slot = ngx_http_aiproxy_limit_slot(key);
    auto             sight = shared->See(slot, ctx->model, now);
    auto             around = shared->SeeProvider(
                                  ngx_http_aiproxy_limit_slot(provider), now);

    candidate.in_flight = sight.in_flight;
    candidate.latency_us = sight.latency_us;
    candidate.score = sight.score ? sight.score
                          : ngx_http_aiproxy_candidates_optional(key.score());
    candidate.quota_left = sight.quota_left;
    candidate.provider_busy = around.busy;
    candidate.rest_until_ms = sight.rest_until_ms;

    if (key.oauth()) {
        auto  exclusion = ngx_http_aiproxy_refresh_exclusion(
                              ctx, candidate.key_index, sight.token_refused);

        if (exclusion != Exclusion::kNone) {
            return exclusion;
        }
    }

    if (sight.rest_until_ms > now) {
        return Exclusion::kResting;
    }

    if (sight.model_rest_until_ms > now) {
        candidate.rest_until_ms = sight.model_rest_until_ms;
        return Exclusion::kModelResting;
    }

    if (around.rest_until_ms > now && !around.busy) {
        candidate.rest_until_ms = around.rest_until_ms;
        return Exclusion::kProviderResting;
    }

    if (sight.trial_taken) {
        return Exclusion::kTrial;
    }

    state::Scope  scope = ngx_http_aiproxy_quota_scope(ctx, key);

    /* Redis asks them when it picks one */

    if (!scope.limits.any() || ngx_http_aiproxy_redis_holds(ctx)) {
        return Exclusion::kNone;
    }

    auto  verdict = shared->Room(scope, {.requests = 1},
                                 ngx_http_aiproxy_quota_now());

    if (verdict.admission != state::Admission::kAdmitted
        && verdict.admission != state::Admission::kBusy)
    {
        ngx_http_aiproxy_quota_left_out(ctx, candidate, verdict);
    }

    return candidate.exclusion;
}


/*
 * Whether one of the keys that the order has left may be had, as things stand
 * now.  If not, each says why.
 */

bool
ngx_http_aiproxy_candidates_left(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    const auto      &view = ctx->snapshot->view;
    const auto      &order = ctx->decision.order;
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();

    std::vector<aiproxy::pool::Candidate>  seen = ctx->candidates;

    for (size_t i = ctx->next; i < order.size(); i++) {
        auto       &candidate = seen[order[i].candidate];
        const auto &key = view.provider_key(candidate.key_index);

        candidate.exclusion = ngx_http_aiproxy_candidates_sight(
                                  ctx, shared, now, key,
                                  view.provider(key.provider()), candidate);

        if (candidate.exclusion == Exclusion::kNone) {
            return true;
        }
    }

    ctx->candidates = std::move(seen);

    return false;
}


/* whether the last key may be had once more, but for what we hold of it */

bool
ngx_http_aiproxy_candidates_again(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    const auto &view = ctx->snapshot->view;
    auto        candidate =
                    ctx->candidates[ctx->decision.order[ctx->next - 1].candidate];
    const auto &key = view.provider_key(candidate.key_index);

    auto  exclusion = ngx_http_aiproxy_candidates_sight(
                          ctx, shared, ngx_http_aiproxy_boot_ms(), key,
                          view.provider(key.provider()), candidate);

    return exclusion == Exclusion::kNone || exclusion == Exclusion::kFull
           || exclusion == Exclusion::kTrial;
}


/* a key that was not to be had, in the words of the decision */

Exclusion
ngx_http_aiproxy_candidates_refused(state::Admission admission)
{
    switch (admission) {

    case state::Admission::kLimited:
        return Exclusion::kOwnLimit;

    case state::Admission::kFull:
        return Exclusion::kFull;

    case state::Admission::kResting:
        return Exclusion::kResting;

    case state::Admission::kTrial:
        return Exclusion::kTrial;

    case state::Admission::kForeign:
        return Exclusion::kForeignSlot;

    default:
        return Exclusion::kNone;
    }
}


/* what the request sticks to, if it says so */

static std::optional<uint64_t>
ngx_http_aiproxy_candidates_sticky(ngx_http_aiproxy_ctx_t *ctx)
{
    auto  source = ctx->client->sticky_source();

    if (!source.has_value()) {
        return std::nullopt;
    }

    std::string_view  text;

    switch (source.value()) {

    case wire::StickySource::kHeader:
        if (ctx->client->sticky_header() != nullptr) {
            text = ngx_http_aiproxy_header(
                       ctx->request,
                       ctx->client->sticky_header()->string_view());
        }
        break;

    case wire::StickySource::kUser:
        text = ctx->fields.user;
        break;

    case wire::StickySource::kPromptCacheKey:
        text = ctx->fields.prompt_cache_key;
        break;
    }

    return text.empty() ? std::nullopt
                        : std::optional(aiproxy::pool::StickyHash(text));
}


/*
 * Called again after a wait: what rested then may serve now.
 */

void
ngx_http_aiproxy_candidates(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    const auto      &view = ctx->snapshot->view;
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();

    ctx->candidates.clear();
    ctx->candidates.reserve(ctx->client->pool()->size());

    for (uint32_t index : *ctx->client->pool()) {
        const auto &key = view.provider_key(index);
        const auto &provider = view.provider(key.provider());
        auto       &candidate = ctx->candidates.emplace_back();

        candidate.key_index = index;
        candidate.key_id = key.id();
        candidate.weight = key.weight();
        candidate.provider = key.provider();
        candidate.priority =
            ngx_http_aiproxy_candidates_optional(key.priority());
        candidate.exclusion = ngx_http_aiproxy_candidates_exclusion(ctx, key,
                                                               provider);

        if (candidate.exclusion == Exclusion::kNone) {
            candidate.exclusion = ngx_http_aiproxy_candidates_sight(
                                      ctx, shared, now, key, provider,
                                      candidate);
        }
    }

    aiproxy::pool::Choice  choice;

    choice.strategy =
        static_cast<aiproxy::pool::Strategy>(ctx->client->strategy());

    if (choice.strategy == aiproxy::pool::Strategy::kSticky) {
        choice.sticky = ngx_http_aiproxy_candidates_sticky(ctx);
    }

    choice.cursor =
        shared->NextCursor(ngx_http_aiproxy_limit_client_slot(ctx));
    ctx->strategy = choice.strategy;
    ctx->decision = aiproxy::pool::Decide(choice, ctx->candidates);
    ctx->next = 0;
}


/*
 * When one of the keys may be had again; 0: none by waiting.  What another
 * request tries, or whose token is renewed, may be had at any moment.
 */

aiproxy::BootMs
ngx_http_aiproxy_candidates_free_at(const ngx_http_aiproxy_ctx_t *ctx)
{
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();
    aiproxy::BootMs  first = 0;

    for (const auto &candidate : ctx->candidates) {
        aiproxy::BootMs  at;

        switch (candidate.exclusion) {

        case Exclusion::kResting:
        case Exclusion::kModelResting:
        case Exclusion::kProviderResting:
        case Exclusion::kOwnLimit:
            at = candidate.rest_until_ms;
            break;

        case Exclusion::kTrial:
        case Exclusion::kFull:
        case Exclusion::kRefreshing:
            at = now + 1000;
            break;

        default:
            continue;
        }

        if (first == 0 || at < first) {
            first = at;
        }
    }

    return first;
}
