/* SPDX-License-Identifier: MIT
 *
 * Step 7, process_header: reads the status line and headers of an attempt,
 * and judges: pass the answer, or rest the key and try the next one.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

using aiproxy::ErrorCode;


/* of an answer that is left */

#define NGX_HTTP_AIPROXY_LEAVE_BYTES  65536
#define NGX_HTTP_AIPROXY_LEAVE_MS     500


static ngx_int_t ngx_http_aiproxy_response_headers(ngx_http_request_t *r);
static ngx_int_t ngx_http_aiproxy_response_switch(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_response_judge(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ngx_int_t ngx_http_aiproxy_response_leave(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);


ngx_int_t
ngx_http_aiproxy_response_invalid(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const char *what)
{
    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "aiproxy: provider sent an invalid answer: %s", what);

    (void) ngx_http_aiproxy_verdict(ctx, aiproxy::retry::Failure::kInvalid, 0,
                                    NULL);

    ctx->error = ErrorCode::kUpstreamInvalid;

    return NGX_HTTP_UPSTREAM_INVALID_HEADER;
}


ngx_int_t
ngx_http_aiproxy_response_status(ngx_http_request_t *r)
{
    return ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
        ngx_http_upstream_t    *u = r->upstream;

        if (ctx->leaving) {
            return ngx_http_aiproxy_response_leave(r, ctx);
        }

        if (ctx->headers_done) {
            return ngx_http_aiproxy_response_judge(r, ctx);
        }

        if (!ctx->status_done) {
            ngx_int_t rc = ngx_http_parse_status_line(r, &u->buffer,
                                                      &ctx->status);
            if (rc == NGX_AGAIN) {
                return rc;
            }

            if (rc == NGX_ERROR) {
                return ngx_http_aiproxy_response_invalid(r, ctx,
                                                         "no status line");
            }

            ctx->status_done = true;
            ctx->attempts.back().first_byte_us =
                ngx_http_aiproxy_now_us() - ctx->attempt_us;
            u->headers_in.status_n = ctx->status.code;

            if (ctx->status.http_version < NGX_HTTP_VERSION_11) {
                u->headers_in.connection_close = 1;
            }
        }

        return ngx_http_aiproxy_response_headers(r);
    });
}


static ngx_int_t
ngx_http_aiproxy_response_headers(ngx_http_request_t *r)
{
    ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
    ngx_http_upstream_t    *u = r->upstream;

    for ( ;; ) {
        ngx_int_t rc = ngx_http_parse_header_line(r, &u->buffer, 1);

        if (rc == NGX_OK) {
            rc = ngx_http_aiproxy_header_take(r, ctx);

            if (rc != NGX_OK) {
                return rc;
            }

            continue;
        }

        if (rc == NGX_AGAIN) {
            return rc;
        }

        if (rc != NGX_HTTP_PARSE_HEADER_DONE) {
            return ngx_http_aiproxy_response_invalid(r, ctx, "bad header");
        }

        if (u->headers_in.status_n == NGX_HTTP_SWITCHING_PROTOCOLS) {
            return ngx_http_aiproxy_response_switch(r, ctx);
        }

        /* 100, 103: another answer follows (RFC 9110, section 15.2) */

        if (u->headers_in.status_n >= 100 && u->headers_in.status_n < 200) {
            ctx->status = {};
            ctx->status_done = false;
            ctx->has_length = false;
            ngx_memzero(&u->headers_in,
                        sizeof(ngx_http_upstream_headers_in_t));
            u->headers_in.content_length_n = -1;
            u->headers_in.last_modified_time = -1;

            if (ngx_list_init(&u->headers_in.headers, r->pool, 8,
                              sizeof(ngx_table_elt_t)) != NGX_OK
                || ngx_list_init(&u->headers_in.trailers, r->pool, 2,
                                 sizeof(ngx_table_elt_t)) != NGX_OK)
            {
                return NGX_ERROR;
            }

            if (u->buffer.pos == u->buffer.last) {
                return NGX_AGAIN;
            }

            return ngx_http_aiproxy_response_status(r);
        }

        ctx->headers_done = true;

        return ngx_http_aiproxy_response_judge(r, ctx);
    }
}


/*
 * To what nobody asked for, or with an extension that was not offered, no
 * provider switches.
 */

static ngx_int_t
ngx_http_aiproxy_response_switch(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    if (!ngx_http_aiproxy_socket_asked(r) || !ctx->has_upgrade
        || ctx->has_extension)
    {
        return ngx_http_aiproxy_response_invalid(r, ctx, "switch");
    }

    if (ngx_http_aiproxy_header_push(r, "upgrade", "websocket", NULL)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_int_t rc = ngx_http_aiproxy_response_judge(r, ctx);

    if (rc == NGX_OK) {
        ngx_http_aiproxy_socket_start(r, ctx);
    }

    return rc;
}


static ngx_int_t
ngx_http_aiproxy_response_judge(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t       *u = r->upstream;
    aiproxy::retry::ErrorFacts  facts;
    bool                       failed = false;

    ngx_http_aiproxy_request_wipe(ctx);

    if (!ngx_http_aiproxy_opening_read(r, ctx, facts, failed)) {
        return NGX_AGAIN;
    }

    ngx_http_aiproxy_opening_end(ctx);

    switch (ngx_http_aiproxy_verdict(ctx, aiproxy::retry::Failure::kNone,
                                     (int) u->headers_in.status_n,
                                     failed ? &facts : NULL))
    {
    case ngx_http_aiproxy_verdict_again:
        return ngx_http_aiproxy_response_leave(r, ctx);

    /* about our key, so not the caller's business: 401 would mean its own */

    case ngx_http_aiproxy_verdict_hide:
        ctx->error = ctx->retry_after_s != 0 ? ErrorCode::kPoolResting
                                             : ErrorCode::kPoolKeysRefused;
        return ngx_http_aiproxy_response_leave(r, ctx);

    default:
        break;
    }

    ctx->error = ErrorCode::kNone;
    ctx->passing = true;

    if (ctx->entry != NULL) {
        ctx->entry->status = (uint32_t) u->headers_in.status_n;
        ctx->entry->forwarded = 1;
    }

    ngx_http_aiproxy_stream_init(r, ctx);

    return NGX_OK;
}


/* what is in the buffer; done: it was the rest of the answer */

static bool
ngx_http_aiproxy_response_drop(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_buf_t           *b = &u->buffer;
    bool                 done = false;

    if (!u->headers_in.chunked) {
        off_t  left = u->headers_in.content_length_n - ctx->left_bytes;

        done = b->last - b->pos == left;
        ctx->left_bytes += b->last - b->pos;

    } else {
        off_t  size = b->last - b->pos;

        for (ngx_int_t rc = NGX_OK; rc == NGX_OK; /* void */) {
            rc = ngx_http_aiproxy_parse_chunked(r, b, &ctx->chunked);

            if (rc == NGX_OK) {
                off_t  part = ngx_min(ctx->chunked.size, b->last - b->pos);

                b->pos += part;
                ctx->chunked.size -= part;
            }

            done = rc == NGX_DONE && b->pos == b->last;
        }

        ctx->left_bytes += size;
    }

    b->pos = b->start;
    b->last = b->start;

    return done;
}


/*
 * The answer goes to nobody.  A short one is read to its end, for then its
 * connection is kept; the next attempt waits for it no longer than a moment.
 */

static ngx_int_t
ngx_http_aiproxy_response_leave(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;

    if (u->headers_in.connection_close || r->method == NGX_HTTP_HEAD
        || (!u->headers_in.chunked && u->headers_in.content_length_n < 0))
    {
        return NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }

    if (ngx_http_aiproxy_response_drop(r, ctx)) {
        u->keepalive = 1;
        return NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }

    if (ctx->left_bytes > NGX_HTTP_AIPROXY_LEAVE_BYTES
        || u->headers_in.content_length_n > NGX_HTTP_AIPROXY_LEAVE_BYTES)
    {
        return NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }

    if (!ctx->leaving) {
        ctx->leaving = true;
        ngx_add_timer(u->peer.connection->read, ngx_http_aiproxy_balancer_time(
                                            ctx, NGX_HTTP_AIPROXY_LEAVE_MS));
    }

    return NGX_AGAIN;
}
