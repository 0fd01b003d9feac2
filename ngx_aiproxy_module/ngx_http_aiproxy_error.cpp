/* SPDX-License-Identifier: MIT
 *
 * Step 9: our own errors, and those that nginx raises in our locations, in
 * the caller's dialect.  A step names the error and returns its status; the
 * page that nginx then makes is replaced by our filters, so that nobody has
 * to configure error_page.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/dialect/error_body.h"

using aiproxy::ErrorCode;


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


ngx_int_t
ngx_http_aiproxy_error(ngx_http_aiproxy_ctx_t *ctx, ErrorCode code)
{
    ctx->error = code;

    return aiproxy::Describe(code).status;
}


ngx_int_t
ngx_http_aiproxy_answer_header(ngx_http_request_t *r, std::string_view name,
    std::string_view value)
{
    ngx_str_t  key = ngx_http_aiproxy_copy(r->pool, name);
    ngx_str_t  val = ngx_http_aiproxy_copy(r->pool, value);
    auto       h = (ngx_table_elt_t *) ngx_list_push(&r->headers_out.headers);

    if (h == NULL || key.data == NULL || val.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));
    h->hash = 1;
    h->key = key;
    h->value = val;

    return NGX_OK;
}


/* the error that a status of nginx's own stands for */

static ErrorCode
ngx_http_aiproxy_error_of(ngx_uint_t status)
{
    switch (status) {

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return ErrorCode::kRequestTooLarge;

    case NGX_HTTP_BAD_GATEWAY:
        return ErrorCode::kUpstreamConnect;

    case NGX_HTTP_GATEWAY_TIME_OUT:
        return ErrorCode::kUpstreamTimeout;

    default:
        return status >= 500 ? ErrorCode::kInternal : ErrorCode::kRequestBad;
    }
}


static std::string
ngx_http_aiproxy_error_body(ngx_http_aiproxy_ctx_t *ctx)
{
    const aiproxy::ErrorRow &row = aiproxy::Describe(ctx->error);

    return aiproxy::dialect::ErrorBody(
        ctx->route.family, (int) ctx->request->headers_out.status, row.name,
        std::string(row.public_text) + ctx->error_detail, {ctx->id_text, sizeof(ctx->id_text)});
}


static void
ngx_http_aiproxy_error_replace(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->error == ErrorCode::kNone) {
        ctx->error = ngx_http_aiproxy_error_of(r->headers_out.status);

    } else {
        r->headers_out.status = aiproxy::Describe(ctx->error).status;
        r->err_status = r->headers_out.status;
    }

    ctx->replaced = true;

    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_last_modified(r);
    ngx_http_clear_etag(r);
    ngx_http_clear_content_length(r);

    ngx_str_set(&r->headers_out.content_type, "application/json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.charset.len = 0;
    r->headers_out.status_line.len = 0;
    r->headers_out.content_length_n =
        (off_t) ngx_http_aiproxy_error_body(ctx).size();
}


static ngx_int_t
ngx_http_aiproxy_error_header_filter(ngx_http_request_t *r)
{
    ngx_int_t rc = ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);

        if (ctx == NULL) {
            return (ngx_int_t) NGX_OK;
        }

        if (!ctx->passing && r->headers_out.status >= 400) {
            ngx_http_aiproxy_error_replace(r, ctx);
        }

        /* the event that will be hidden is counted in the provider's length */

        if (ctx->hider) {
            ngx_http_clear_content_length(r);
        }

        if (ngx_http_aiproxy_cors_headers(r, ctx) != NGX_OK) {
            return (ngx_int_t) NGX_ERROR;
        }

        if (!ctx->traceparent.empty()
            && ngx_http_aiproxy_answer_header(r, "traceparent",
                                              ctx->traceparent)
               != NGX_OK)
        {
            return (ngx_int_t) NGX_ERROR;
        }

        if (ctx->retry_after_s != 0
            && ngx_http_aiproxy_answer_header(
                   r, "Retry-After", std::to_string(ctx->retry_after_s))
               != NGX_OK)
        {
            return (ngx_int_t) NGX_ERROR;
        }

        if (ngx_http_aiproxy_headroom_headers(r, ctx) != NGX_OK) {
            return (ngx_int_t) NGX_ERROR;
        }

        return ngx_http_aiproxy_answer_header(
                   r, "X-Request-Id", {ctx->id_text, sizeof(ctx->id_text)});
    });

    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    if (rc != NGX_OK || ctx == NULL || ctx->drain_ms == 0) {
        return rc == NGX_OK ? ngx_http_next_header_filter(r) : rc;
    }

    if (!ctx->draining) {
        rc = ngx_http_next_header_filter(r);
    }

    return ngx_http_aiproxy_drain_takes(r, ctx, rc) ? NGX_OK : rc;
}


static ngx_int_t
ngx_http_aiproxy_error_send(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    std::string  body = ngx_http_aiproxy_error_body(ctx);
    ngx_buf_t   *b = ngx_create_temp_buf(r->pool, body.size());

    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->last, body.data(), body.size());
    b->last_buf = r == r->main;
    b->last_in_chain = 1;

    ngx_chain_t  out = {b, NULL};

    return ngx_http_next_body_filter(r, &out);
}


/* nginx's page is taken as sent, and ours goes out in its place */

static ngx_int_t
ngx_http_aiproxy_error_output(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_chain_t *in)
{
    if (!ctx->replaced || in == NULL) {
        ngx_int_t rc = ctx->draining ? NGX_OK
                                     : ngx_http_next_body_filter(r, in);

        if (ctx->drain_ms == 0 || !ngx_http_aiproxy_drain_takes(r, ctx, rc)) {
            return rc;
        }

        for (ngx_chain_t *cl = in; cl; cl = cl->next) {
            cl->buf->pos = cl->buf->last;
        }

        return NGX_OK;
    }

    for (ngx_chain_t *cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
    }

    if (ctx->replaced_sent) {
        return NGX_OK;
    }

    ctx->replaced_sent = true;

    return ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        return ngx_http_aiproxy_error_send(r, ctx);
    });
}


static ngx_int_t
ngx_http_aiproxy_error_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    if (ctx == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    for (ngx_chain_t *cl = in; cl; cl = cl->next) {
        ctx->last = ctx->last || cl->buf->last_buf;
    }

    ngx_int_t rc = ngx_http_aiproxy_error_output(r, ctx, in);

    if (rc == NGX_OK && ctx->last) {
        ngx_http_aiproxy_log_sent(r, ctx);
    }

    return rc;
}


void
ngx_http_aiproxy_error_init_filters(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_aiproxy_error_header_filter;

    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_aiproxy_error_body_filter;
}
