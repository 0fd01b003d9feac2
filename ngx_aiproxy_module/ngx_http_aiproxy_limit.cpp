/* SPDX-License-Identifier: MIT
 *
 * Step 4, content handler: is there a provider key, quota, an entry in our
 * column and room in the ledger?  Answers 429 and 503.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

using aiproxy::ErrorCode;
namespace state = aiproxy::state;
namespace wire = aiproxy::snapshot::wire;


/* how long a counter may be busy */

#define NGX_HTTP_AIPROXY_BUSY_MS  100


static ngx_int_t ngx_http_aiproxy_limit_wait(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_int_t rc);
static ngx_int_t ngx_http_aiproxy_limit_ask(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, state::State *shared);
static void ngx_http_aiproxy_limit_resume(ngx_event_t *ev);
/* NGX_AGAIN: none of the provider keys may be had; NGX_BUSY: not now */
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


state::SlotRef
ngx_http_aiproxy_limit_slot(const wire::Provider &provider)
{
    auto slot = provider.slot();

    return {slot.has_value() ? slot.value() : state::kNoSlot,
            state::Owner::kProvider, provider.id()};
}


state::SlotRef
ngx_http_aiproxy_limit_client_slot(const ngx_http_aiproxy_ctx_t *ctx)
{
    return ngx_http_aiproxy_limit_slot(*ctx->client);
}


/*
 * The order of the checks: what costs nothing and takes nothing first, the
 * limits last, so that a request that is refused for another
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

    ngx_http_aiproxy_candidates(ctx, shared);

    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_get_module_main_conf(r, ngx_aiproxy_module);

    ctx->room = ngx_http_aiproxy_ledger_reserve();

    if (!ctx->room) {
        if (amcf->ledger_full == NGX_HTTP_AIPROXY_REFUSE) {
            shared->header().requests_refused.fetch_add(1);
            return ngx_http_aiproxy_error(ctx, ErrorCode::kLedgerFull);
        }
    }

    return ngx_http_aiproxy_limit_wait(
               r, ctx, ngx_http_aiproxy_limit_ask(r, ctx, shared));
}


/* who may be had is known: what the request may use, here or in Redis */

static ngx_int_t
ngx_http_aiproxy_limit_ask(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, state::State *shared)
{
    if (ctx->decision.order.empty()) {
        return NGX_AGAIN;
    }

    ngx_int_t  rc = ngx_http_aiproxy_quota_prepare(ctx, shared);

    if (rc == NGX_OK) {
        rc = ngx_http_aiproxy_redis_ask(r, ctx);
    }

    return rc == NGX_OK ? ngx_http_aiproxy_limit_begin(r, ctx, shared) : rc;
}


static void
ngx_http_aiproxy_limit_event(ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->busy.handler = ngx_http_aiproxy_limit_resume;
    ctx->busy.data = ctx;
    ctx->busy.log = ctx->request->connection->log;
}


void
ngx_http_aiproxy_limit_post(ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_limit_event(ctx);

    ngx_event_t *ev = &ctx->busy;

    ngx_post_event(ev, &ngx_posted_events);
}


/*
 * A step that cannot be made now waits, if it may.  A counter that is busy is
 * asked again, at most for a tenth of a second; the worker goes on meanwhile.
 */

static ngx_int_t
ngx_http_aiproxy_limit_wait(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_int_t rc)
{
    if (rc == NGX_AGAIN) {
        return ngx_http_aiproxy_park(r, ctx)
                   ? NGX_DONE : ngx_http_aiproxy_limit_no_key(ctx);
    }

    if (rc != NGX_BUSY) {
        return rc;
    }

    if (ctx->busy_ms >= NGX_HTTP_AIPROXY_BUSY_MS) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kStateBusy);
    }

    ngx_msec_t  delay = ngx_min(ctx->busy_ms + 1, 16);

    ctx->busy_ms += delay;
    ngx_http_aiproxy_limit_event(ctx);

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_add_timer(&ctx->busy, delay);

    return NGX_DONE;
}


static void
ngx_http_aiproxy_limit_resume(ngx_event_t *ev)
{
    auto                ctx = (ngx_http_aiproxy_ctx_t *) ev->data;
    ngx_http_request_t *r = ctx->request;
    ngx_connection_t   *c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_int_t rc = ngx_http_aiproxy_guard(c->log,
                                          NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        ngx_int_t step = ngx_http_aiproxy_limit_wait(
                             r, ctx, ngx_http_aiproxy_limit_again(r, ctx));

        return step == NGX_OK ? ngx_http_aiproxy_balancer_start(r, ctx) : step;
    });

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


ngx_int_t
ngx_http_aiproxy_limit_again(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    state::State *shared = ngx_http_aiproxy_state();

    if (shared == NULL) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kStateNoColumn);
    }

    /* what Redis said is of the order that it was asked of */

    if (ctx->redis == ngx_http_aiproxy_redis_not_asked
        || ctx->redis == ngx_http_aiproxy_redis_unknown)
    {
        ngx_http_aiproxy_candidates(ctx, shared);
    }

    return ngx_http_aiproxy_limit_ask(r, ctx, shared);
}


bool
ngx_http_aiproxy_limit_look(ngx_http_aiproxy_ctx_t *ctx)
{
    state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);

    if (shared != NULL) {
        ngx_http_aiproxy_candidates(ctx, shared);
    }

    return !ctx->decision.order.empty();
}


/*
 * Keys that rest or are at their limits can be had later: 429, as the
 * provider itself would say.  Else waiting is of no use: 503.
 */

ngx_int_t
ngx_http_aiproxy_limit_no_key(ngx_http_aiproxy_ctx_t *ctx)
{
    aiproxy::BootMs  free_at = ngx_http_aiproxy_candidates_free_at(ctx);

    if (free_at == 0) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kPoolNoKey);
    }

    ctx->retry_after_s = ngx_http_aiproxy_limit_seconds(
                             free_at - ngx_http_aiproxy_boot_ms());

    return ngx_http_aiproxy_error(ctx, ErrorCode::kPoolResting);
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

    ngx_int_t  rc = ngx_http_aiproxy_quota_take(ctx, shared);

    if (rc == NGX_AGAIN || rc == NGX_BUSY) {
        shared->Finish(*ctx->entry);
        ctx->entry = NULL;
        return rc;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    shared->Run(*ctx->entry);

    auto  percent = ctx->client->retry_percent();

    if (percent.has_value()) {
        shared->EarnRetry(ngx_http_aiproxy_limit_slot(*ctx->client),
                          percent.value());
    }

    return NGX_OK;
}
