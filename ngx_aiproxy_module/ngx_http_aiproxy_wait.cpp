/* SPDX-License-Identifier: MIT
 *
 * Step 5, between two attempts: when all keys rest and one may be had again
 * in time, peer.get waits for it.  nginx's upstream knows no waiting peer, so
 * it gets a connection that goes nowhere: it takes no byte as long as the wait
 * lasts, and fails when it is over; then peer.get is asked for the next one.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


/* nginx's own time-out for the placeholder never comes first */

#define NGX_HTTP_AIPROXY_WAIT_SPARE_MS  60000


static ngx_connection_t *ngx_http_aiproxy_wait_connection(
    ngx_http_request_t *r);
static ngx_chain_t *ngx_http_aiproxy_wait_send_chain(ngx_connection_t *c,
    ngx_chain_t *in, off_t limit);


/* how long it may wait still; 0: no longer */

static ngx_msec_t
ngx_http_aiproxy_wait_left(const ngx_http_aiproxy_ctx_t *ctx)
{
    auto     within = ctx->client->attempts_within_ms();
    int64_t  left = ngx_http_aiproxy_refresh_patience(ctx)
                    - (int64_t) ctx->parked_us / 1000;

    if (within.has_value()) {
        int64_t  elapsed = (int64_t) (ngx_http_aiproxy_now_us()
                                      - ctx->started_us) / 1000;

        left = ngx_min(left, (int64_t) within.value() - elapsed);
    }

    return left <= 0 ? 0 : ngx_http_aiproxy_balancer_time(ctx, left);
}


/*
 * No key of the order is left.  True: peer.get will wait, for one may be had
 * in time.  Keys that could be had now were tried, and are not tried again.
 */

bool
ngx_http_aiproxy_wait_may(ngx_http_aiproxy_ctx_t *ctx)
{
    aiproxy::state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);
    bool                   renewed = ctx->token_serial != 0;

    /* without any patience nobody looks, for that moves the rotation on */

    if (shared == NULL
        || (!renewed && ngx_http_aiproxy_wait_left(ctx) == 0))
    {
        return false;
    }

    auto  candidates = ctx->candidates;
    auto  decision = ctx->decision;
    auto  next = ctx->next;

    if (!ngx_http_aiproxy_limit_look(ctx)) {
        aiproxy::BootMs  at = ngx_http_aiproxy_candidates_free_at(ctx);
        ngx_msec_t       left = ngx_http_aiproxy_wait_left(ctx);

        if (at != 0
            && at - ngx_http_aiproxy_boot_ms() < (aiproxy::BootMs) left)
        {
            ctx->waiting = true;
            return true;
        }
    }

    ctx->candidates = std::move(candidates);
    ctx->decision = std::move(decision);
    ctx->next = next;

    return false;
}


/* from peer.get: NGX_DONE, with a connection that takes no byte */

static ngx_int_t
ngx_http_aiproxy_wait_place(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx,
    ngx_msec_t left)
{
    static ngx_str_t       name = ngx_string("waiting");

    ngx_http_upstream_t   *u = r->upstream;
    ngx_peer_connection_t *pc = &u->peer;
    ngx_buf_t             *b = ngx_create_temp_buf(r->pool, 1);
    ngx_chain_t           *cl = ngx_alloc_chain_link(r->pool);

    if (b == NULL || cl == NULL) {
        return NGX_ERROR;
    }

    ngx_connection_t *c = ngx_http_aiproxy_wait_connection(r);
    if (c == NULL) {
        return NGX_ERROR;
    }

    *b->last++ = ' ';
    cl->buf = b;
    cl->next = NULL;

    u->request_bufs = cl;
    u->ssl = 0;
    ctx->upstream_conf.send_timeout = left + NGX_HTTP_AIPROXY_WAIT_SPARE_MS;

    pc->connection = c;
    pc->cached = 0;
    pc->name = &name;
    pc->sockaddr = &ctx->sockaddr.sockaddr;

    return NGX_DONE;
}


ngx_int_t
ngx_http_aiproxy_wait_begin(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_msec_t  left = ngx_http_aiproxy_wait_left(ctx);
    ngx_int_t   rc = ngx_http_aiproxy_wait_place(r, ctx, left);

    if (rc != NGX_DONE) {
        return rc;
    }

    /* it is in flight nowhere */

    if (auto shared = ngx_http_aiproxy_state_of(ctx->entry)) {
        shared->Release(*ctx->entry, ngx_http_aiproxy_quota_now());
    }

    ngx_http_aiproxy_park_between(ctx, left);

    return NGX_DONE;
}


static ngx_connection_t *
ngx_http_aiproxy_wait_connection(ngx_http_request_t *r)
{
    ngx_socket_t  s = ngx_socket(AF_UNIX, SOCK_DGRAM, 0);

    if (s == (ngx_socket_t) -1) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, ngx_socket_errno,
                      "aiproxy: " ngx_socket_n " failed");
        return NULL;
    }

    ngx_connection_t *c = ngx_get_connection(s, r->connection->log);

    if (c == NULL) {
        ngx_close_socket(s);
        return NULL;
    }

    c->recv = ngx_recv;
    c->send = ngx_send;
    c->recv_chain = ngx_recv_chain;
    c->send_chain = ngx_http_aiproxy_wait_send_chain;
    c->log_error = r->connection->log_error;
    c->read->log = c->log;
    c->write->log = c->log;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);
    c->start_time = ngx_current_msec;

    return c;
}


static ngx_chain_t *
ngx_http_aiproxy_wait_send_chain(ngx_connection_t *c, ngx_chain_t *in,
    off_t limit)
{
    auto r = (ngx_http_request_t *) c->data;
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    if (!ctx->waiting) {
        return NGX_CHAIN_ERROR;
    }

    c->write->ready = 0;

    return in;
}


ngx_int_t
ngx_http_aiproxy_wait_hold(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->waiting = true;

    return ngx_http_aiproxy_wait_place(r, ctx, 0);
}


static void
ngx_http_aiproxy_wait_answered(ngx_event_t *ev)
{
    auto  ctx = (ngx_http_aiproxy_ctx_t *) ev->data;

    /* the caller may have left meanwhile */

    if (ctx->waiting && ctx->request->upstream->peer.connection != NULL) {
        ngx_http_aiproxy_wait_end(ctx);
    }
}


void
ngx_http_aiproxy_wait_post(ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_event_t *ev = &ctx->busy;

    ev->handler = ngx_http_aiproxy_wait_answered;
    ev->data = ctx;
    ev->log = ctx->request->connection->log;

    ngx_post_event(ev, &ngx_posted_events);
}


/* a key may be had, or the wait has lasted long enough: nginx asks again */

void
ngx_http_aiproxy_wait_end(ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_connection_t *c = ctx->request->upstream->peer.connection;

    ctx->waiting = false;
    c->write->handler(c->write);
}


bool
ngx_http_aiproxy_wait_is(const ngx_connection_t *c)
{
    return c->send_chain == ngx_http_aiproxy_wait_send_chain;
}
