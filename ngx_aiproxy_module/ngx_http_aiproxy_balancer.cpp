/* SPDX-License-Identifier: MIT
 *
 * Step 5, peer.init, peer.get, peer.free of nginx's upstream: takes the next
 * provider key of the order and a connection to its provider.  Everything of
 * an attempt is made in peer.get, the request's bytes too: nginx calls
 * reinit_request only after a request was sent, and the bytes with the old
 * key would go to the new host after a refused connect.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

using aiproxy::ledger::AttemptResult;
using aiproxy::retry::Failure;
namespace ledger = aiproxy::ledger;
namespace wire = aiproxy::snapshot::wire;


static ngx_int_t ngx_http_aiproxy_balancer_get(ngx_peer_connection_t *pc,
    void *data);
static void ngx_http_aiproxy_balancer_free(ngx_peer_connection_t *pc,
    void *data, ngx_uint_t state);
static ngx_int_t ngx_http_aiproxy_balancer_attempt(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_balancer_address(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider);
static void ngx_http_aiproxy_balancer_settings(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider);
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
    u->peer.tries = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_http_aiproxy_balancer_get(ngx_peer_connection_t *pc, void *data)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *) data;

    return ngx_http_aiproxy_guard(pc->log, NGX_ERROR, [&] {
        ngx_http_request_t *r = ctx->request;

        if (ctx->stale) {
            /* the same key again, on a connection that cannot be stale */
            ctx->attempts.pop_back();

        } else if (ctx->next < ctx->order.size()) {
            ctx->key_index =
                ctx->candidates[ctx->order[ctx->next++]].key_index;

        } else {
            return (ngx_int_t) NGX_BUSY;
        }

        return ngx_http_aiproxy_balancer_attempt(r, ctx);
    });
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
    ctx->has_length = false;
    ctx->has_encoding = false;
    ctx->judged = false;
    ctx->retry_after_ms.reset();
    ctx->content_type.clear();
    ctx->provider_request_id.clear();

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


static ngx_int_t
ngx_http_aiproxy_balancer_attempt(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t   *u = r->upstream;
    ngx_peer_connection_t *pc = &u->peer;
    const auto            &view = ctx->snapshot->view;
    const auto            &key = view.provider_key(*ctx->key_index);
    const auto            &provider = view.provider(key.provider());
    bool                   fresh = ctx->stale;

    ctx->stale = false;

    if (ngx_http_aiproxy_balancer_reset(r, ctx) != NGX_OK
        || ngx_http_aiproxy_balancer_address(r, ctx, provider) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_aiproxy_balancer_settings(r, ctx, provider);

    if (ngx_http_aiproxy_request_build(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    aiproxy::state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);

    if (shared != NULL) {
        ctx->entry->attempts += 1;
        ctx->entry->provider_id = provider.id();
        ctx->entry->provider_key_id = key.id();
        (void) shared->Book(*ctx->entry, ngx_http_aiproxy_limit_slot(key));
    }

    ledger::Attempt  attempt;

    ctx->attempt_us = ngx_http_aiproxy_now_us();
    attempt.provider_id = provider.id();
    attempt.provider_key_id = key.id();
    attempt.address = ngx_http_aiproxy_view(ctx->peer_name);
    attempt.started_us = ctx->attempt_us - ctx->started_us;

    ngx_connection_t *c = fresh ? NULL
                                : ngx_http_aiproxy_keepalive_take(ctx->origin);

    attempt.reused = c != NULL;
    ctx->cached = c != NULL;
    ctx->attempts.push_back(std::move(attempt));

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


/* the provider's addresses in turn, by worker */

static ngx_int_t
ngx_http_aiproxy_balancer_address(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider)
{
    static ngx_uint_t  turn;

    uint32_t          index = turn++ % provider.addresses()->size();
    std::string_view  text = provider.addresses()->Get(index)->string_view();

    ctx->peer_name = ngx_http_aiproxy_copy(r->pool, text);
    if (ctx->peer_name.data == NULL
        || ngx_parse_addr_port(r->pool, &ctx->address, ctx->peer_name.data,
                               ctx->peer_name.len) != NGX_OK)
    {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                      "aiproxy: bad address in the snapshot, provider: %L",
                      provider.id());
        return NGX_ERROR;
    }

    r->upstream->peer.sockaddr = ctx->address.sockaddr;
    r->upstream->peer.socklen = ctx->address.socklen;
    r->upstream->peer.name = &ctx->peer_name;

    return NGX_OK;
}


static void
ngx_http_aiproxy_balancer_settings(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider)
{
    ngx_http_upstream_t      *u = r->upstream;
    ngx_http_upstream_conf_t *conf = &ctx->upstream_conf;
    auto                      connect = provider.connect_timeout_ms();
    auto                      first_byte = provider.first_byte_timeout_ms();
    auto                      total = provider.total_timeout_ms();

    conf->connect_timeout = connect.has_value() ? connect.value() : 5000;
    conf->read_timeout = first_byte.has_value() ? first_byte.value() : 120000;
    conf->next_upstream_timeout = total.has_value() ? total.value() : 0;
    conf->ssl_verify = provider.tls_verify();

    u->ssl = provider.tls();
    u->ssl_name = ngx_http_aiproxy_copy(r->pool,
                                        provider.tls_name()->string_view());

    ctx->origin = provider.tls() ? "https://" : "http://";
    ctx->origin += provider.host()->string_view();
    ctx->origin += ':';
    ctx->origin += std::to_string(provider.port());
    ctx->origin += provider.tls_verify() ? "|" : "|unverified|";
    ctx->origin += provider.tls_name()->string_view();
}


/*
 * Closes the book on the present attempt, and rests its key if the outcome
 * says so.
 */

void
ngx_http_aiproxy_balancer_end(ngx_http_aiproxy_ctx_t *ctx,
    AttemptResult result, const aiproxy::retry::Outcome &outcome)
{
    auto verdict = aiproxy::retry::Judge(outcome,
                                         ctx->request->upstream->request_sent);
    ledger::Attempt &attempt = ctx->attempts.back();

    ctx->judged = true;
    attempt.result = result;
    attempt.failure = outcome.failure;
    attempt.rest_class = verdict.rest_class;
    attempt.uncertain = verdict.uncertain;

    if (outcome.status != 0) {
        attempt.status = (uint16_t) outcome.status;
    }

    if (verdict.rest_ms == 0) {
        return;
    }

    attempt.rest_ms = verdict.rest_ms;

    const auto &key = ctx->snapshot->view.provider_key(*ctx->key_index);

    if (ngx_http_aiproxy_state() != NULL) {
        ngx_http_aiproxy_state()->RestKey(
            ngx_http_aiproxy_limit_slot(key),
            {ngx_http_aiproxy_boot_ms() + verdict.rest_ms,
             (uint32_t) verdict.rest_class, (uint32_t) outcome.status});
    }

    ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                  "aiproxy: provider key rests, provider key: %L, "
                  "status: %d, for: %L ms",
                  key.id(), outcome.status, verdict.rest_ms);
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
        ctx->stale = true;
        ctx->cached = false;
        return;
    }

    bool  more = ctx->next < ctx->order.size();

    ngx_http_aiproxy_balancer_end(
        ctx, more ? AttemptResult::kNext : AttemptResult::kFailed,
        {failure, 0, std::nullopt});

    if (ctx->attempts.back().uncertain
        && !ctx->client->retry_after_timeout())
    {
        ctx->next = ctx->order.size();
        ctx->attempts.back().result = AttemptResult::kFailed;
    }

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

        ngx_http_aiproxy_request_wipe(ctx);

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

        pc->tries = ctx->order.size() - ctx->next + (ctx->stale ? 1 : 0);
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
