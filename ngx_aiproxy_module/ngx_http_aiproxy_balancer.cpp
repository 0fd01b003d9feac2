/* SPDX-License-Identifier: MIT
 *
 * Step 5, peer.init, peer.get, peer.free of nginx's upstream: takes the next
 * provider key of the order and a connection to its provider.  Everything of
 * an attempt is made in peer.get, the request's bytes too: nginx calls
 * reinit_request only after a request was sent, and the bytes with the old
 * key would go to the new host after a refused connect.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

using aiproxy::retry::Failure;
namespace ledger = aiproxy::ledger;
namespace wire = aiproxy::snapshot::wire;


static ngx_int_t ngx_http_aiproxy_balancer_get(ngx_peer_connection_t *pc,
    void *data);
static void ngx_http_aiproxy_balancer_free(ngx_peer_connection_t *pc,
    void *data, ngx_uint_t state);
static ngx_int_t ngx_http_aiproxy_balancer_book(ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_balancer_reset(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_balancer_attempt(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_balancer_address(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_balancer_settings(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider);
static ngx_int_t ngx_http_aiproxy_balancer_set_session(
    ngx_peer_connection_t *pc, void *data);
static void ngx_http_aiproxy_balancer_save_session(ngx_peer_connection_t *pc,
    void *data);
static ngx_int_t ngx_http_aiproxy_balancer_nop(ngx_http_request_t *r);
static void ngx_http_aiproxy_balancer_abort(ngx_http_request_t *r);


ngx_int_t
ngx_http_aiproxy_balancer_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    auto alcf = (ngx_http_aiproxy_loc_conf_t *)
                    ngx_http_get_module_loc_conf(r, ngx_aiproxy_module);
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_get_module_main_conf(r, ngx_aiproxy_module);

    if (ngx_http_upstream_create(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_upstream_t *u = r->upstream;

    ctx->upstream_conf = alcf->upstream;
    ctx->upstream_conf.upstream = &amcf->upstream;
    ctx->upstream_conf.ssl = amcf->ssl;

    u->conf = &ctx->upstream_conf;
    u->buffering = 0;
    u->output.tag = (ngx_buf_tag_t) &ngx_aiproxy_module;
    u->create_request = ngx_http_aiproxy_balancer_nop;
    u->reinit_request = ngx_http_aiproxy_balancer_nop;
    u->process_header = ngx_http_aiproxy_response_status;
    u->abort_request = ngx_http_aiproxy_balancer_abort;
    u->finalize_request = ngx_http_aiproxy_stream_finalize;
    u->input_filter_init = ngx_http_aiproxy_stream_filter_init;
    u->input_filter = ngx_http_aiproxy_stream_filter;
    u->input_filter_ctx = r;

    /* the body was read, which took a reference; upstream keeps it */

    ngx_http_upstream_init(r);

    return NGX_DONE;
}


static ngx_int_t
ngx_http_aiproxy_balancer_nop(ngx_http_request_t *r)
{
    return NGX_OK;
}


static void
ngx_http_aiproxy_balancer_abort(ngx_http_request_t *r)
{
}


ngx_int_t
ngx_http_aiproxy_balancer_init(ngx_http_request_t *r,
    ngx_http_upstream_srv_conf_t *us)
{
    ngx_http_upstream_t *u = r->upstream;

    u->peer.data = ngx_http_get_module_ctx(r, ngx_aiproxy_module);
    u->peer.get = ngx_http_aiproxy_balancer_get;
    u->peer.free = ngx_http_aiproxy_balancer_free;
    u->peer.set_session = ngx_http_aiproxy_balancer_set_session;
    u->peer.save_session = ngx_http_aiproxy_balancer_save_session;
    u->peer.tries = 1;

    ngx_http_aiproxy_drain_init(r, (ngx_http_aiproxy_ctx_t *) u->peer.data);

    return NGX_OK;
}


static ngx_int_t
ngx_http_aiproxy_balancer_get(ngx_peer_connection_t *pc, void *data)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *) data;

    return ngx_http_aiproxy_guard(pc->log, NGX_ERROR, [&] {
        ngx_http_request_t *r = ctx->request;

        if (ctx->again != ngx_http_aiproxy_next_key) {
            return ngx_http_aiproxy_balancer_attempt(r, ctx);
        }

        ngx_int_t  rc = ctx->waiting ? NGX_DECLINED
                                     : ngx_http_aiproxy_balancer_book(ctx);

        if (rc == NGX_OK) {
            return ngx_http_aiproxy_balancer_attempt(r, ctx);
        }

        if (rc == NGX_AGAIN) {
            return ngx_http_aiproxy_balancer_reset(r, ctx) == NGX_OK
                       ? ngx_http_aiproxy_wait_hold(r, ctx) : NGX_ERROR;
        }

        if (ctx->waiting || ngx_http_aiproxy_wait_may(ctx)) {
            return ngx_http_aiproxy_balancer_reset(r, ctx) == NGX_OK
                       ? ngx_http_aiproxy_wait_begin(r, ctx) : NGX_ERROR;
        }

        (void) ngx_http_aiproxy_limit_no_key(ctx);
        return (ngx_int_t) NGX_BUSY;
    });
}


/* it is this attempt's */

static void
ngx_http_aiproxy_balancer_choose(ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::pool::Candidate &candidate)
{
    if (ctx->key_index != candidate.key_index) {
        ctx->same_key_tried = false;
    }

    ctx->key_index = candidate.key_index;
    ctx->key_slot = ngx_http_aiproxy_limit_slot(
                        ctx->snapshot->view.provider_key(candidate.key_index));
    ctx->addresses_tried = 0;
}


/*
 * The first of the order that may be had: since it was made another request
 * may have taken a key's last room, or have found out that it has to rest.
 * NGX_DECLINED: there is none; NGX_AGAIN: Redis is asked.
 */

static ngx_int_t
ngx_http_aiproxy_balancer_book(ngx_http_aiproxy_ctx_t *ctx)
{
    aiproxy::state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);

    while (ctx->next < ctx->decision.order.size()) {

        /* the first one was taken together with the client key's limits */

        bool  had = ctx->booked || shared == NULL;

        if (!had && ngx_http_aiproxy_redis_ask_next(ctx)) {
            return NGX_AGAIN;
        }

        if (ctx->redis_again == ngx_http_aiproxy_redis_no_key) {
            ctx->next = ctx->decision.order.size();
            break;
        }

        if (ctx->redis_again == ngx_http_aiproxy_redis_admitted) {
            ctx->next = ctx->redis_pick;
        }

        auto &candidate =
            ctx->candidates[ctx->decision.order[ctx->next++].candidate];

        ngx_http_aiproxy_balancer_choose(ctx, candidate);

        if (had) {
            ctx->booked = false;
            return NGX_OK;
        }

        auto  verdict = ngx_http_aiproxy_quota_next(
                            ctx, shared,
                            ctx->snapshot->view.provider_key(
                                candidate.key_index));

        if (verdict.admission == aiproxy::state::Admission::kAdmitted
            || verdict.admission == aiproxy::state::Admission::kBusy)
        {
            ctx->redis_again = ngx_http_aiproxy_redis_not_asked;
            return NGX_OK;
        }

        ngx_http_aiproxy_quota_left_out(ctx, candidate, verdict);

        if (ctx->redis_again == ngx_http_aiproxy_redis_admitted) {
            ctx->redis_again = ngx_http_aiproxy_redis_not_asked;
        }
    }

    ctx->redis_again = ngx_http_aiproxy_redis_not_asked;

    return NGX_DECLINED;
}


/* what nginx's own reinit would do, for it is not called (see above) */

static ngx_int_t
ngx_http_aiproxy_balancer_reset(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;

    /* nginx's parsers keep their state in the request: half a header of the
     * attempt before must not be read on */

    r->state = 0;
    ctx->status = {};
    ctx->chunked = {};
    ctx->status_done = false;
    ctx->headers_done = false;
    ctx->has_length = false;
    ctx->coding = aiproxy::frame::Coding::kIdentity;
    ctx->has_upgrade = false;
    ctx->has_extension = false;
    ctx->leaving = false;
    ctx->left_bytes = 0;
    ctx->judged = false;
    ctx->retry_after_ms.reset();
    ctx->should_retry.reset();
    ctx->error_type.clear();
    ctx->quota = {};
    ctx->content_type = {};
    ctx->provider_request_id = {};

    u->request_sent = 0;
    u->keepalive = 0;
    u->upgrade = 0;
    u->error = 0;
    u->length = -1;
    u->output.buf = NULL;
    u->output.in = NULL;
    u->output.busy = NULL;
    u->buffer.pos = u->buffer.start;
    u->buffer.last = u->buffer.start;

    ngx_memzero(&u->headers_in, sizeof(ngx_http_upstream_headers_in_t));
    u->headers_in.content_length_n = -1;
    u->headers_in.last_modified_time = -1;

    if (ngx_list_init(&u->headers_in.headers, r->pool, 8,
                      sizeof(ngx_table_elt_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_list_init(&u->headers_in.trailers, r->pool, 2,
                         sizeof(ngx_table_elt_t));
}


/*
 * On a fresh connection, or to the provider's next address, it is the same
 * attempt that goes on.
 */

static void
ngx_http_aiproxy_balancer_begin(ngx_http_aiproxy_ctx_t *ctx,
    const wire::ProviderKey &key, const wire::Provider &provider)
{
    if (ctx->again == ngx_http_aiproxy_next_key) {
        aiproxy::state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);

        if (shared != NULL) {
            ctx->entry->attempts += 1;
            ctx->entry->provider_id = provider.id();
            ctx->entry->provider_key_id = key.id();
        }

        ctx->attempt_us = ngx_http_aiproxy_now_us();

        ledger::Attempt &attempt = ctx->attempts.emplace_back();

        attempt.provider_id = provider.id();
        attempt.provider_key_id = key.id();
        attempt.started_us = ctx->attempt_us - ctx->started_us;
        attempt.trial = shared != NULL && ctx->entry->trial_slot != 0;

        if (ctx->waited_us != 0) {
            attempt.waited_us = ctx->waited_us;
            ctx->waited_us = 0;
        }
    }

    ctx->attempts.back().address = ngx_http_aiproxy_view(ctx->peer_name);
}


static ngx_int_t
ngx_http_aiproxy_balancer_attempt(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t   *u = r->upstream;
    ngx_peer_connection_t *pc = &u->peer;
    const auto            &view = ctx->snapshot->view;
    const auto            &key = view.provider_key(*ctx->key_index);
    const auto            &provider = view.provider(key.provider());

    ctx->target = &ctx->snapshot->targets[key.provider()];
    ngx_http_aiproxy_balancer_settings(r, ctx, provider);

    if (ngx_http_aiproxy_balancer_reset(r, ctx) != NGX_OK
        || ngx_http_aiproxy_balancer_address(r, ctx) != NGX_OK
        || ngx_http_aiproxy_request_build(r, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_aiproxy_balancer_begin(ctx, key, provider);

    ngx_connection_t *c = ctx->again == ngx_http_aiproxy_next_key
                              ? ngx_http_aiproxy_keepalive_take(ctx->origin)
                              : NULL;

    ctx->again = ngx_http_aiproxy_next_key;
    ctx->attempts.back().reused = c != NULL;
    ctx->cached = c != NULL;

    pc->cached = c != NULL;
    pc->connection = c;

    if (c == NULL) {
        return NGX_OK;
    }

    c->log = pc->log;
    c->read->log = pc->log;
    c->write->log = pc->log;
    c->pool->log = pc->log;

    return NGX_DONE;
}


/* the provider's addresses in turn, by worker; after a refusal the next one */

static ngx_int_t
ngx_http_aiproxy_balancer_address(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    static uint32_t  turn;

    if (ctx->again == ngx_http_aiproxy_next_address) {
        ctx->address_index++;

    } else if (ctx->again == ngx_http_aiproxy_next_key) {
        ctx->address_index = turn++;
    }

    const auto &addresses = ctx->target->addresses;
    const auto &address = addresses[ctx->address_index % addresses.size()];

    /* logs and variables name it when the snapshot is gone */

    ctx->addresses_tried++;
    ctx->sockaddr = address.sockaddr;
    ctx->peer_name = ngx_http_aiproxy_copy(r->pool, address.name);

    if (ctx->peer_name.data == NULL) {
        return NGX_ERROR;
    }

    r->upstream->peer.sockaddr = &ctx->sockaddr.sockaddr;
    r->upstream->peer.socklen = address.socklen;
    r->upstream->peer.name = &ctx->peer_name;

    return NGX_OK;
}


/* nothing waits longer than the request may take in all */

ngx_msec_t
ngx_http_aiproxy_balancer_time(const ngx_http_aiproxy_ctx_t *ctx,
    ngx_msec_t ms)
{
    if (ctx->total_ms == 0) {
        return ms;
    }

    ngx_msec_int_t  left = ctx->total_ms
                           - (ngx_msec_int_t) (ngx_current_msec
                                       - ctx->request->upstream->peer.start_time);

    return left < 1 ? 1 : ngx_min(ms, (ngx_msec_t) left);
}


static void
ngx_http_aiproxy_balancer_settings(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider)
{
    ngx_http_upstream_t      *u = r->upstream;
    ngx_http_upstream_conf_t *conf = &ctx->upstream_conf;
    auto                      connect = provider.connect_timeout_ms();
    auto                      first_byte = provider.first_byte_timeout_ms();
    auto                      idle = provider.idle_timeout_ms();
    auto                      total = provider.total_timeout_ms();

    ctx->idle_ms = idle.has_value() ? idle.value() : 120000;
    ctx->total_ms = total.has_value() ? total.value() : 0;

    conf->next_upstream_timeout = ctx->total_ms;
    conf->connect_timeout = ngx_http_aiproxy_balancer_time(
                         ctx, connect.has_value() ? connect.value() : 5000);
    conf->send_timeout = ngx_http_aiproxy_balancer_time(ctx, 60000);
    conf->read_timeout = ngx_http_aiproxy_balancer_time(
                   ctx, first_byte.has_value() ? first_byte.value() : 120000);

    u->ssl = provider.tls();
    u->ssl_name.data = (u_char *) ctx->target->tls_name.data();
    u->ssl_name.len = ctx->target->tls_name.size();
    ctx->verify = provider.tls_verify();
    ctx->origin = ctx->target->origin;
}


static int
ngx_http_aiproxy_balancer_verified(int ok, X509_STORE_CTX *store)
{
    return ok;
}


/*
 * Called before the handshake.  The certificate is verified in it, so that
 * no byte goes to the wrong server; nginx would look at it afterwards, and
 * not at addresses.  A session is resumed only where its certificate was
 * verified as this one has to be.
 */

static ngx_int_t
ngx_http_aiproxy_balancer_set_session(ngx_peer_connection_t *pc, void *data)
{
    auto       ctx = (ngx_http_aiproxy_ctx_t *) data;
    SSL       *ssl = pc->connection->ssl->connection;

    if (ctx->verify) {
        X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
        std::string        name = ctx->target->tls_name;

        if (name.starts_with('[')) {
            name = name.substr(1, name.size() - 2);
        }

        if (X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str()) != 1
            && X509_VERIFY_PARAM_set1_host(param, name.data(), name.size())
               != 1)
        {
            return NGX_ERROR;
        }

        SSL_set_verify(ssl, SSL_VERIFY_PEER,
                       ngx_http_aiproxy_balancer_verified);
    }

    if (ctx->origin->session != NULL) {
        return ngx_ssl_set_session(pc->connection, ctx->origin->session);
    }

    return NGX_OK;
}


static void
ngx_http_aiproxy_balancer_save_session(ngx_peer_connection_t *pc, void *data)
{
    auto               ctx = (ngx_http_aiproxy_ctx_t *) data;
    ngx_ssl_session_t *session = ngx_ssl_get_session(pc->connection);

    if (session == NULL) {
        return;
    }

    if (ctx->origin->session != NULL) {
        ngx_ssl_free_session(ctx->origin->session);
    }

    ctx->origin->session = session;
}


/* what went wrong before an answer was judged */

static Failure
ngx_http_aiproxy_balancer_failure(ngx_http_request_t *r)
{
    ngx_connection_t *c = r->upstream->peer.connection;

    if (c != NULL && (c->read->timedout || c->write->timedout)) {
        return Failure::kTimeout;
    }

    /* nginx gives up a header that does not fit the buffer */

    ngx_buf_t *b = &r->upstream->buffer;

    if (b->start != NULL && b->last == b->end) {
        return Failure::kInvalid;
    }

    return r->upstream->request_sent ? Failure::kClosed : Failure::kConnect;
}


static void
ngx_http_aiproxy_balancer_failed(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;
    Failure              failure = ngx_http_aiproxy_balancer_failure(r);

    /* it was closed while it idled: nobody's fault, and tried once only */

    if (ctx->cached && u->state->bytes_received == 0
        && failure != Failure::kTimeout)
    {
        ctx->again = ngx_http_aiproxy_new_connection;
        ctx->cached = false;
        return;
    }

    /* the key is not to blame while its provider has another address */

    if (!u->request_sent && failure != Failure::kInvalid
        && ctx->addresses_tried < ctx->target->addresses.size())
    {
        ctx->again = ngx_http_aiproxy_next_address;
        return;
    }

    (void) ngx_http_aiproxy_verdict(ctx, failure, 0, NULL);

    ctx->error = failure == Failure::kTimeout
                     ? aiproxy::ErrorCode::kUpstreamTimeout
                 : failure == Failure::kConnect
                     ? aiproxy::ErrorCode::kUpstreamConnect
                 : failure == Failure::kInvalid
                     ? aiproxy::ErrorCode::kUpstreamInvalid
                     : aiproxy::ErrorCode::kUpstreamClosed;
}


static void
ngx_http_aiproxy_balancer_free(ngx_peer_connection_t *pc, void *data,
    ngx_uint_t state)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *) data;

    (void) ngx_http_aiproxy_guard(pc->log, NGX_ERROR, [&] {
        ngx_http_request_t  *r = ctx->request;
        ngx_http_upstream_t *u = r->upstream;
        ngx_connection_t    *c = pc->connection;

        ngx_http_aiproxy_request_give(ctx);
        ngx_http_aiproxy_opening_end(ctx);

        /* a placeholder: the wait is over, or the caller has left */

        if (c != NULL && ngx_http_aiproxy_wait_is(c)) {
            ngx_http_aiproxy_park_leave(ctx);
            pc->tries = 1;
            return (ngx_int_t) NGX_OK;
        }

        if (ctx->attempts.empty()) {
            return (ngx_int_t) NGX_OK;
        }

        if (!ctx->judged && (state & NGX_PEER_FAILED)) {
            ngx_http_aiproxy_balancer_failed(r, ctx);
        }

        ledger::Attempt &attempt = ctx->attempts.back();

        attempt.duration_us = ngx_http_aiproxy_now_us() - ctx->attempt_us;

        if (u->state->connect_time != (ngx_msec_t) -1 && !attempt.reused) {
            attempt.connect_us = (uint64_t) u->state->connect_time * 1000;
        }

        pc->tries = ctx->decision.order.size() - ctx->next
                    + (ctx->again != ngx_http_aiproxy_next_key ? 1 : 0)
                    + (ctx->waiting ? 1 : 0);
        pc->cached = 0;

        if (c != NULL && u->keepalive && u->request_body_sent
            && !c->read->eof && !c->read->error && !c->read->timedout
            && !c->write->error && !c->write->timedout)
        {
            pc->connection = NULL;
            ngx_http_aiproxy_keepalive_put(ctx->origin, c);
        }

        return (ngx_int_t) NGX_OK;
    });
}
