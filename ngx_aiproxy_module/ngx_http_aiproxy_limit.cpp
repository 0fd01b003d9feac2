/* SPDX-License-Identifier: MIT
 *
 * Step 4, content handler: which provider keys could serve, in what order;
 * is there quota, an entry in our column and room in the ledger?  Answers
 * 429 and 503.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

using aiproxy::ErrorCode;
using aiproxy::pool::Exclusion;
namespace state = aiproxy::state;
namespace wire = aiproxy::snapshot::wire;


static void ngx_http_aiproxy_limit_candidates(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared);
static void ngx_http_aiproxy_limit_wait(ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_limit_begin(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, state::State *shared);


/* for Retry-After, rounded up */

static int64_t
ngx_http_aiproxy_limit_seconds(int64_t ms)
{
    return std::max<int64_t>(1, (ms + 999) / 1000);
}


static state::SlotRef
ngx_http_aiproxy_limit_slot(const wire::ClientKey &client)
{
    auto slot = client.slot();

    return {slot.has_value() ? slot.value() : state::kNoSlot,
            state::Owner::kClientKey, client.id()};
}


state::SlotRef
ngx_http_aiproxy_limit_slot(const wire::ProviderKey &key)
{
    auto slot = key.slot();

    return {slot.has_value() ? slot.value() : state::kNoSlot,
            state::Owner::kProviderKey, key.id()};
}


/* does the provider speak what the caller speaks */

bool
ngx_http_aiproxy_limit_speaks(const wire::Provider &provider,
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


/*
 * The order of the checks: what costs nothing and takes nothing first, the
 * client key's window last, so that a request that is refused for another
 * reason consumes nothing.
 */

ngx_int_t
ngx_http_aiproxy_limit_admit(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    state::State *shared = ngx_http_aiproxy_state();

    if (shared == NULL) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kStateNoColumn);
    }

    ngx_http_aiproxy_limit_candidates(ctx, shared);

    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_get_module_main_conf(r, ngx_aiproxy_module);

    ctx->room = ngx_http_aiproxy_ledger_reserve();

    if (!ctx->room) {
        if (amcf->ledger_full == NGX_HTTP_AIPROXY_REFUSE) {
            shared->header().requests_refused.fetch_add(1);
            return ngx_http_aiproxy_error(ctx, ErrorCode::kLedgerFull);
        }
    }

    if (ctx->order.empty()) {
        ngx_http_aiproxy_limit_wait(ctx);
        return ngx_http_aiproxy_error(ctx, ErrorCode::kPoolNoKey);
    }

    return ngx_http_aiproxy_limit_begin(r, ctx, shared);
}


static Exclusion
ngx_http_aiproxy_limit_exclusion(const ngx_http_aiproxy_ctx_t *ctx,
    const wire::ProviderKey &key, const wire::Provider &provider)
{
    if (!ngx_http_aiproxy_limit_speaks(provider, ctx->route)) {
        return Exclusion::kOtherProvider;
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

    return ctx->snapshot->targets[key.provider()].addresses.empty()
               ? Exclusion::kUnresolved : Exclusion::kNone;
}


static void
ngx_http_aiproxy_limit_candidates(ngx_http_aiproxy_ctx_t *ctx,
    state::State *shared)
{
    const auto      &view = ctx->snapshot->view;
    aiproxy::BootMs  now = ngx_http_aiproxy_boot_ms();

    for (uint32_t index : *ctx->client->pool()) {
        const auto &key = view.provider_key(index);

        aiproxy::pool::Candidate  candidate;

        candidate.key_index = index;
        candidate.key_id = key.id();
        candidate.weight = key.weight();
        candidate.exclusion = ngx_http_aiproxy_limit_exclusion(
                                  ctx, key, view.provider(key.provider()));
        candidate.rest_until_ms =
            shared->RestUntil(ngx_http_aiproxy_limit_slot(key));

        if (candidate.exclusion == Exclusion::kNone
            && candidate.rest_until_ms > now)
        {
            candidate.exclusion = Exclusion::kResting;
        }

        ctx->candidates.push_back(candidate);
    }

    ctx->strategy =
        static_cast<aiproxy::pool::Strategy>(ctx->client->strategy());
    ctx->order = aiproxy::pool::Order(
        ctx->strategy, ctx->candidates,
        shared->NextCursor(ngx_http_aiproxy_limit_slot(*ctx->client)));
}


/* Retry-After: until the first of the keys has rested */

static void
ngx_http_aiproxy_limit_wait(ngx_http_aiproxy_ctx_t *ctx)
{
    aiproxy::BootMs  first = 0;

    for (const auto &candidate : ctx->candidates) {
        if (candidate.exclusion == Exclusion::kResting
            && (first == 0 || candidate.rest_until_ms < first))
        {
            first = candidate.rest_until_ms;
        }
    }

    if (first != 0) {
        ctx->retry_after_s = ngx_http_aiproxy_limit_seconds(
                                 first - ngx_http_aiproxy_boot_ms());
    }
}


template <size_t N>
static void
ngx_http_aiproxy_limit_text(char (&to)[N], std::string_view from)
{
    from = from.substr(0, N);
    std::copy(from.begin(), from.end(), to);
}


static void
ngx_http_aiproxy_limit_fill(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    state::Entry     &entry = *ctx->entry;
    std::string_view  path = ngx_http_aiproxy_view(r->unparsed_uri);

    entry.request_id = ctx->id;
    entry.started_at_ms = ctx->started_ms;
    entry.client_key_id = ctx->client_id;
    entry.generation = ctx->generation;
    entry.family = (uint8_t) ctx->route.family;
    entry.dialect = (uint8_t) ctx->route.dialect;
    entry.streaming = ctx->streaming;

    ngx_http_aiproxy_limit_text(entry.method,
                                ngx_http_aiproxy_view(r->method_name));
    ngx_http_aiproxy_limit_text(entry.path, path.substr(0, path.find('?')));
    ngx_http_aiproxy_limit_text(entry.model, ctx->model);
    ngx_http_aiproxy_limit_text(entry.client_ip, ngx_http_aiproxy_view(
                                                 r->connection->addr_text));
}


static ngx_int_t
ngx_http_aiproxy_limit_begin(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, state::State *shared)
{
    ctx->entry = shared->Begin();

    if (ctx->entry == NULL) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kStateNoColumn);
    }

    ngx_http_aiproxy_limit_fill(r, ctx);

    auto            per_minute = ctx->client->requests_per_minute();
    aiproxy::BootMs now = ngx_http_aiproxy_boot_ms();
    aiproxy::BootMs free_at = now;

    auto admission = shared->Admit(
        *ctx->entry, ngx_http_aiproxy_limit_slot(*ctx->client),
        per_minute.has_value() ? std::optional(per_minute.value())
                               : std::nullopt,
        now, &free_at);

    /* a foreign slot counts for another key: without a limit it is no loss */

    if (admission == state::Admission::kAdmitted
        || (admission == state::Admission::kForeign && !per_minute.has_value()))
    {
        shared->Run(*ctx->entry);
        return NGX_OK;
    }

    if (admission == state::Admission::kLimited) {
        ctx->retry_after_s = ngx_http_aiproxy_limit_seconds(free_at - now);
        return ngx_http_aiproxy_error(ctx, ErrorCode::kLimitRequestsPerMinute);
    }

    return ngx_http_aiproxy_error(ctx, ErrorCode::kStateBusy);
}
