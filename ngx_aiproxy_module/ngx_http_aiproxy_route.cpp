/* SPDX-License-Identifier: MIT
 *
 * Step 1, rewrite phase: which dialect and endpoint does this path mean?
 * Makes the request's context; refuses nothing.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/rand.h>
#include <time.h>

static ngx_http_aiproxy_ctx_t *ngx_http_aiproxy_route_create(
    ngx_http_request_t *r);


static uint64_t
ngx_http_aiproxy_clock(clockid_t id, uint64_t units_per_second)
{
    struct timespec  ts;

    clock_gettime(id, &ts);

    return (uint64_t) ts.tv_sec * units_per_second
           + (uint64_t) ts.tv_nsec / (1000000000 / units_per_second);
}


uint64_t
ngx_http_aiproxy_now_us(void)
{
    return ngx_http_aiproxy_clock(CLOCK_MONOTONIC, 1000000);
}


aiproxy::UnixMs
ngx_http_aiproxy_unix_ms(void)
{
    return (aiproxy::UnixMs) ngx_http_aiproxy_clock(CLOCK_REALTIME, 1000);
}


aiproxy::BootMs
ngx_http_aiproxy_boot_ms(void)
{
    return (aiproxy::BootMs) ngx_http_aiproxy_clock(CLOCK_BOOTTIME, 1000);
}


/*
 * The context of a request, NULL when its location is not ours.  Made here
 * too for what nginx refuses before the rewrite phase, such as a body that
 * is too large.
 */

ngx_http_aiproxy_ctx_t *
ngx_http_aiproxy_ctx(ngx_http_request_t *r)
{
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    if (ctx != NULL) {
        return ctx;
    }

    auto alcf = (ngx_http_aiproxy_loc_conf_t *)
                    ngx_http_get_module_loc_conf(r, ngx_aiproxy_module);

    if (!alcf->enable || r != r->main) {
        return NULL;
    }

    ctx = ngx_http_aiproxy_route_create(r);

    ngx_http_set_ctx(r, ctx, ngx_aiproxy_module);

    return ctx;
}


ngx_int_t
ngx_http_aiproxy_route_handler(ngx_http_request_t *r)
{
    return ngx_http_aiproxy_guard(r->connection->log,
                                  NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        auto alcf = (ngx_http_aiproxy_loc_conf_t *)
                        ngx_http_get_module_loc_conf(r, ngx_aiproxy_module);

        if (!alcf->enable || r != r->main) {
            return (ngx_int_t) NGX_DECLINED;
        }

        if (ngx_http_aiproxy_ctx(r) == NULL) {
            return (ngx_int_t) NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        r->content_handler = ngx_http_aiproxy_body_handler;

        return (ngx_int_t) NGX_DECLINED;
    });
}


/* drawn ahead: a call of the generator costs more than an id's other parts */

static std::array<uint8_t, 10>
ngx_http_aiproxy_route_random(ngx_log_t *log)
{
    static std::array<uint8_t, 10>  drawn[100];
    static ngx_uint_t               left;

    if (left == 0) {
        if (RAND_bytes(drawn[0].data(), sizeof(drawn)) != 1) {
            ngx_log_error(NGX_LOG_ALERT, log, 0,
                          "aiproxy: no random bytes for request ids");
        }

        left = 100;
    }

    return drawn[--left];
}


static ngx_http_aiproxy_ctx_t *
ngx_http_aiproxy_route_create(ngx_http_request_t *r)
{
    auto ctx = ngx_http_aiproxy_make<ngx_http_aiproxy_ctx_t>(r->pool, r);
    if (ctx == NULL) {
        return NULL;
    }

    ctx->started_us = ngx_http_aiproxy_now_us();
    ctx->started_ms = ngx_http_aiproxy_unix_ms();
    ctx->id = aiproxy::MakeRequestId(
        ctx->started_ms, ngx_http_aiproxy_route_random(r->connection->log));
    aiproxy::FormatRequestId(ctx->id, ctx->id_text);

    std::string_view  path = ngx_http_aiproxy_view(r->unparsed_uri);

    path = path.substr(0, path.find('?'));

    ctx->route = aiproxy::dialect::Classify(
        ngx_http_aiproxy_view(r->method_name), path,
        ngx_http_aiproxy_view(r->args),
        ngx_http_aiproxy_header(r, "anthropic-version").data() != NULL);

    ngx_http_aiproxy_credential_take(r, ctx);

    /* nginx asks error_page no more: a redirect would lose the context */

    r->error_page = 1;

    return ctx;
}


std::string_view
ngx_http_aiproxy_header(ngx_http_request_t *r, std::string_view name)
{
    ngx_list_part_t *part = &r->headers_in.headers.part;

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            if (std::string_view((char *) h[i].lowcase_key, h[i].key.len)
                == name)
            {
                return ngx_http_aiproxy_view(h[i].value);
            }
        }
    }

    return {};
}
