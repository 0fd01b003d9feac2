/* SPDX-License-Identifier: MIT
 *
 * Steps 5 to 8 of a caller who leaves, where its client key says "drain": the
 * rest of the answer is read for the counts at its end, within bounds of
 * bytes and time, and goes to nobody.  A provider bills what it made; without
 * its counts the record could only estimate.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


#define NGX_HTTP_AIPROXY_DRAIN_MS     30000
#define NGX_HTTP_AIPROXY_DRAIN_BYTES  (16 * 1024 * 1024)


static void ngx_http_aiproxy_drain_reads(ngx_http_request_t *r);
static void ngx_http_aiproxy_drain_writes(ngx_http_request_t *r);
static void ngx_http_aiproxy_drain_check(ngx_http_request_t *r,
    ngx_http_event_handler_pt handler);
static bool ngx_http_aiproxy_drain_may(ngx_http_request_t *r,
    const ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_drain_begin(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);


/* nginx has just set what looks whether the caller is still there */

void
ngx_http_aiproxy_drain_init(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    const auto *client = ctx->client;

    if (client == nullptr || ngx_http_aiproxy_socket_asked(r)
        || client->on_abort() != aiproxy::snapshot::wire::OnAbort::kDrain)
    {
        return;
    }

    auto  ms = client->drain_ms();
    auto  bytes = client->drain_bytes();

    ctx->drain_ms = ms.has_value() ? ms.value() : NGX_HTTP_AIPROXY_DRAIN_MS;
    ctx->drain_bytes = bytes.has_value() ? bytes.value()
                                         : NGX_HTTP_AIPROXY_DRAIN_BYTES;

    if (ctx->drain_ms == 0) {
        return;
    }

    ctx->caller_reads = r->read_event_handler;
    ctx->caller_writes = r->write_event_handler;
    r->read_event_handler = ngx_http_aiproxy_drain_reads;
    r->write_event_handler = ngx_http_aiproxy_drain_writes;
}


static void
ngx_http_aiproxy_drain_reads(ngx_http_request_t *r)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    ngx_http_aiproxy_drain_check(r, ctx->caller_reads);
}


static void
ngx_http_aiproxy_drain_writes(ngx_http_request_t *r)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    ngx_http_aiproxy_drain_check(r, ctx->caller_writes);
}


/*
 * A caller who left ends the request, unless nginx thinks that the answer is
 * wanted for its cache: then it only takes note.
 */

static void
ngx_http_aiproxy_drain_check(ngx_http_request_t *r,
    ngx_http_event_handler_pt handler)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    ngx_http_upstream_t *u = r->upstream;
    bool                 may = ngx_http_aiproxy_drain_may(r, ctx);

    u->cacheable = may;

    handler(r);

    if (!may) {
        return;    /* the request may be gone */
    }

    u->cacheable = 0;

    if (!r->connection->error || ctx->draining) {
        return;
    }

    ngx_http_aiproxy_drain_begin(r, ctx);

    /* before its header nginx reads by itself */

    if (!u->header_sent) {
        return;
    }

    ngx_chain_update_chains(r->pool, &u->free_bufs, &u->busy_bufs,
                            &u->out_bufs, u->output.tag);
    u->buffer.pos = u->buffer.start;
    u->buffer.last = u->buffer.start;

    u->read_event_handler(r, u);
}


/* once the provider has all of the request it will bill an answer */

static bool
ngx_http_aiproxy_drain_may(ngx_http_request_t *r,
    const ngx_http_aiproxy_ctx_t *ctx)
{
#if (NGX_HTTP_V3)
    if (r->connection->quic) {
        return false;
    }
#endif

    ngx_http_upstream_t *u = r->upstream;

    return u->peer.connection != NULL && u->request_body_sent
           && (!ctx->passing || ctx->meter);
}


/* what waits to be sent is forgotten; the time runs from now on */

static void
ngx_http_aiproxy_drain_begin(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_msec_t           end = ngx_current_msec - u->peer.start_time
                               + ctx->drain_ms;

    ctx->draining = true;
    ctx->held.clear();

    if (ctx->total_ms == 0 || end < ctx->total_ms) {
        ctx->total_ms = (uint32_t) end;
    }

    for (ngx_chain_t *cl = u->busy_bufs; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
    }

    for (ngx_chain_t *cl = u->out_bufs; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
    }

    r->out = NULL;

    if (r->connection->write->timer_set) {
        ngx_del_timer(r->connection->write);
    }

    ctx->upstream_conf.read_timeout =
        ngx_http_aiproxy_balancer_time(ctx, ctx->idle_ms);
    ngx_add_timer(u->peer.connection->read, ctx->upstream_conf.read_timeout);

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "aiproxy: caller left, the answer is read to its end");
}


/* a write may be what shows that the caller has left */

bool
ngx_http_aiproxy_drain_takes(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_int_t rc)
{
    if (ctx->draining) {
        return true;
    }

    if (rc != NGX_ERROR || !r->connection->error || r->upstream == NULL
        || !ngx_http_aiproxy_drain_may(r, ctx))
    {
        return false;
    }

    ngx_http_aiproxy_drain_begin(r, ctx);

    return true;
}


/* the bounds; what passes them is cut */

ngx_int_t
ngx_http_aiproxy_drain_count(ngx_http_aiproxy_ctx_t *ctx, size_t bytes)
{
    ctx->drained_bytes += bytes;

    ngx_msec_t  spent = ngx_current_msec
                        - ctx->request->upstream->peer.start_time;

    return ctx->drained_bytes > ctx->drain_bytes || spent > ctx->total_ms
               ? NGX_ERROR : NGX_OK;
}
