/* SPDX-License-Identifier: MIT
 *
 * CORS: browsers may read our answers from the origins that the settings
 * name.  A preflight is answered in step 1, for it brings no key; every other
 * answer, ours and the provider's, gets its headers in step 9.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


/* the origin to name in the answer; empty: it is not let in */

static std::string_view
ngx_http_aiproxy_cors_origin(ngx_http_request_t *r)
{
    std::string_view  origin = ngx_http_aiproxy_header(r, "origin");

    if (origin.empty()) {
        return {};
    }

    auto snapshot = ngx_http_aiproxy_snapshot_current();

    if (snapshot == nullptr || snapshot->view.settings() == nullptr
        || snapshot->view.settings()->cors_origins() == nullptr)
    {
        return {};
    }

    for (const auto *allowed : *snapshot->view.settings()->cors_origins()) {
        if (allowed->string_view() == "*" || allowed->string_view() == origin) {
            return origin;
        }
    }

    return {};
}


/*
 * Methods and headers are not ours to restrict: the provider knows its own.
 * NGX_DECLINED: no preflight, or of an origin that is not let in, which then
 * goes the way of any request without a key.
 */

ngx_int_t
ngx_http_aiproxy_cors_preflight(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    if (r->method != NGX_HTTP_OPTIONS
        || ngx_http_aiproxy_header(r, "access-control-request-method").empty()
        || ngx_http_aiproxy_cors_origin(r).empty())
    {
        return NGX_DECLINED;
    }

    ngx_int_t rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    ctx->preflight = true;
    ctx->logged = true;    /* no request of anybody's yet */

    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->header_only = 1;

    ngx_http_finalize_request(r, ngx_http_send_header(r));

    return NGX_DONE;
}


/* called for every answer of a gateway */

ngx_int_t
ngx_http_aiproxy_cors_headers(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    std::string_view  origin = ngx_http_aiproxy_cors_origin(r);

    if (origin.empty()) {
        return NGX_OK;
    }

    if (ngx_http_aiproxy_answer_header(r, "Access-Control-Allow-Origin", origin)
        != NGX_OK
        || ngx_http_aiproxy_answer_header(r, "Vary", "Origin") != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!ctx->preflight) {
        return ngx_http_aiproxy_answer_header(r, "Access-Control-Expose-Headers",
                                          "*");
    }

    std::string_view  method =
        ngx_http_aiproxy_header(r, "access-control-request-method");
    std::string_view  headers =
        ngx_http_aiproxy_header(r, "access-control-request-headers");

    if (!headers.empty()
        && ngx_http_aiproxy_answer_header(r, "Access-Control-Allow-Headers",
                                      headers)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_aiproxy_answer_header(r, "Access-Control-Allow-Methods",
                                      method) == NGX_OK
               ? ngx_http_aiproxy_answer_header(r, "Access-Control-Max-Age",
                                            "7200")
               : NGX_ERROR;
}
