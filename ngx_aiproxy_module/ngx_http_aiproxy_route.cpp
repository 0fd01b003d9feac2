/* SPDX-License-Identifier: MIT
 *
 * Step 1, rewrite phase: which dialect and endpoint does this path mean?
 * Makes the request's context; answers a preflight, refuses nothing.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/rand.h>
#include <time.h>

#include <algorithm>

#include "core/http/url.h"

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

        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
        if (ctx == NULL) {
            return (ngx_int_t) NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_int_t rc = ngx_http_aiproxy_cors_preflight(r, ctx);
        if (rc != NGX_DECLINED) {
            return rc;
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


std::string_view
ngx_http_aiproxy_route_uri(const ngx_http_aiproxy_ctx_t *ctx)
{
    return ngx_http_aiproxy_view(ctx->request->unparsed_uri)
               .substr(ctx->prefix);
}


static void
ngx_http_aiproxy_route_classify(ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_request_t *r = ctx->request;
    std::string_view    path = ngx_http_aiproxy_route_uri(ctx);

    ctx->route = aiproxy::dialect::Classify(
        ngx_http_aiproxy_view(r->method_name), path.substr(0, path.find('?')),
        ngx_http_aiproxy_view(r->args),
        ngx_http_aiproxy_header(r, "anthropic-version").data() != NULL);
}


/* Azure's own paths begin like a prefix for a provider named "openai" */

static bool
ngx_http_aiproxy_route_azure(const ngx_http_aiproxy_ctx_t *ctx)
{
    std::string_view  uri = ngx_http_aiproxy_route_uri(ctx);
    size_t            mark = uri.find('?');

    return uri.starts_with("/openai/") && mark != uri.npos
           && aiproxy::http::FindQuery(uri.substr(mark + 1), "api-version");
}


/* the provider's base URL ends where Azure's paths begin */

static bool
ngx_http_aiproxy_route_is_azure(const ngx_http_aiproxy_ctx_t *ctx,
    uint32_t provider)
{
    return ctx->snapshot->view.provider(provider).path_prefix()->string_view()
           == "/openai";
}


/* the provider that the path begins with, if the client key has it */

static bool
ngx_http_aiproxy_route_prefix(ngx_http_aiproxy_ctx_t *ctx)
{
    const auto       &view = ctx->snapshot->view;
    std::string_view  path = ngx_http_aiproxy_route_uri(ctx);
    size_t            end = path.find_first_of("/?", 1);

    if (end == path.npos || path[end] != '/'
        || ngx_http_aiproxy_route_azure(ctx))
    {
        return false;
    }

    for (uint32_t index : *ctx->client->pool()) {
        uint32_t  provider = view.provider_key(index).provider();

        if (view.provider(provider).name()->string_view()
            == path.substr(1, end - 1))
        {
            ctx->only_provider = provider;
            ctx->prefix = end;
            return true;
        }
    }

    return false;
}


/* OpenAI and Anthropic share these; a header tells, else the first provider */

static bool
ngx_http_aiproxy_route_shared(const ngx_http_aiproxy_ctx_t *ctx)
{
    std::string_view  path = ngx_http_aiproxy_route_uri(ctx);

    path = path.substr(0, path.find('?'));

    for (std::string_view shared : {"/v1/models", "/v1/files"}) {
        if (path.starts_with(shared)
            && (path.size() == shared.size() || path[shared.size()] == '/'))
        {
            return ctx->route.family == aiproxy::dialect::Family::kOpenAi;
        }
    }

    return false;
}


/*
 * Called once the client key is known.  A path of no dialect goes to the one
 * provider of a client key that has one; its errors then are that family's.
 */

void
ngx_http_aiproxy_route_bind(ngx_http_aiproxy_ctx_t *ctx)
{
    const auto *pool = ctx->client->pool();

    if (pool == nullptr || pool->size() == 0) {
        return;
    }

    if (ngx_http_aiproxy_route_prefix(ctx)) {
        ngx_http_aiproxy_route_classify(ctx);
        return;
    }

    const auto &view = ctx->snapshot->view;

    ctx->azure = ngx_http_aiproxy_route_azure(ctx)
                 && std::any_of(pool->begin(), pool->end(),
                                [&](uint32_t index) {
        return ngx_http_aiproxy_route_is_azure(
                   ctx, view.provider_key(index).provider());
    });

    if (ctx->route.dialect != aiproxy::dialect::Dialect::kOther) {
        return;
    }

    uint32_t    first = view.provider_key(pool->Get(0)).provider();
    bool        one = std::all_of(pool->begin(), pool->end(),
                                  [&](uint32_t index) {
        return view.provider_key(index).provider() == first;
    });

    if (!one && !ngx_http_aiproxy_route_shared(ctx)) {
        return;
    }

    ctx->only_provider = first;

    const auto *dialects = view.provider(first).dialects();

    if (dialects != nullptr && dialects->size() == 1) {
        ctx->route.family = aiproxy::dialect::FamilyOf(
            static_cast<aiproxy::dialect::Dialect>(dialects->Get(0)));
    }
}


bool
ngx_http_aiproxy_route_takes(const ngx_http_aiproxy_ctx_t *ctx,
    uint32_t provider)
{
    if (ctx->azure && !ngx_http_aiproxy_route_is_azure(ctx, provider)) {
        return false;
    }

    return ctx->only_provider
               ? *ctx->only_provider == provider
               : ngx_http_aiproxy_candidates_speaks(
                     ctx->snapshot->view.provider(provider), ctx->route);
}


static void
ngx_http_aiproxy_route_leave(void *data)
{
    delete (ngx_http_aiproxy_ctx_t *) data;
}


static ngx_http_aiproxy_ctx_t *
ngx_http_aiproxy_route_create(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    auto ctx = new ngx_http_aiproxy_ctx_t(r);

    cln->data = ctx;
    cln->handler = ngx_http_aiproxy_route_leave;

    ctx->started_us = ngx_http_aiproxy_now_us();
    ctx->started_ms = ngx_http_aiproxy_unix_ms();
    ctx->id = aiproxy::MakeRequestId(
        ctx->started_ms, ngx_http_aiproxy_route_random(r->connection->log));
    aiproxy::FormatRequestId(ctx->id, ctx->id_text);

    ngx_http_aiproxy_route_classify(ctx);
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
