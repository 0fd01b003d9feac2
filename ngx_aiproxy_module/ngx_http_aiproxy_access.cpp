/* SPDX-License-Identifier: MIT
 *
 * Step 2, access phase, before the body: whose client key is this, may it,
 * does it reach a provider for this dialect?  Answers 401, 403, 503.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "core/http/header.h"
#include "core/http/url.h"

using aiproxy::ErrorCode;
namespace wire = aiproxy::snapshot::wire;


static void ngx_http_aiproxy_access_header(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_access_query(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_access_scrub_uri(const ngx_str_t &where);
static ErrorCode ngx_http_aiproxy_access_check(ngx_http_aiproxy_ctx_t *ctx);


static ngx_log_handler_pt  ngx_http_aiproxy_access_next_log;


ngx_int_t
ngx_http_aiproxy_access_handler(ngx_http_request_t *r)
{
    auto alcf = (ngx_http_aiproxy_loc_conf_t *)
                    ngx_http_get_module_loc_conf(r, ngx_aiproxy_module);

    if (!alcf->enable || r != r->main) {
        return NGX_DECLINED;
    }

    return ngx_http_aiproxy_guard(r->connection->log,
                                  NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
        if (ctx == NULL) {
            return (ngx_int_t) NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ErrorCode  code = ngx_http_aiproxy_access_check(ctx);

        return code == ErrorCode::kNone ? (ngx_int_t) NGX_OK
                                        : ngx_http_aiproxy_error(ctx, code);
    });
}


/*
 * Called by the route step: nginx's own modules may refuse a request, and log
 * it, before the access phase.  Of the credential only its digest is kept: of
 * the first one that is found, while all places are scrubbed.
 */

void
ngx_http_aiproxy_access_take(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_access_header(r, ctx);
    ngx_http_aiproxy_access_query(r, ctx);
}


static void
ngx_http_aiproxy_access_found(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view credential)
{
    static auto *hasher = new aiproxy::key::Hasher;

    if (!ctx->digest && !credential.empty()) {
        ctx->digest = hasher->Sha256(credential);
    }
}


/*
 * Overwrites the secret in what a log line could print: nginx keeps the
 * request line, the URI and the arguments apart or in one piece, by protocol.
 */

static void
ngx_http_aiproxy_access_scrub(const ngx_str_t &where, size_t query)
{
    std::string_view  text = ngx_http_aiproxy_view(where);

    if (query > text.size()) {
        return;
    }

    for (auto found = aiproxy::http::FindQuery(text.substr(query), "key");
         found && !found->value.empty();
         found = aiproxy::http::FindQuery(text.substr(query), "key"))
    {
        size_t  end = found->value.find(' ');    /* of a request line */

        ngx_memset((u_char *) found->value.data(), 'x',
                   ngx_min(end, found->value.size()));
        query += found->end + 1;

        if (query > text.size()) {
            return;
        }
    }
}


/* in what nginx writes about a request: it ends with a quote there */

static void
ngx_http_aiproxy_access_scrub_line(u_char *begin, u_char *end)
{
    for (u_char *p = begin; end - p > 5; p++) {
        if ((*p != '?' && *p != '&') || ngx_strncmp(p + 1, "key=", 4) != 0) {
            continue;
        }

        for (p += 5; p < end && *p != '&' && *p != ' ' && *p != '"'; p++) {
            *p = 'x';
        }

        p--;
    }
}


/*
 * Lines about a request that nginx refuses before any phase, such as one
 * with a bad header or too large a body, quote its request line.
 */

static u_char *
ngx_http_aiproxy_access_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char *end = ngx_http_aiproxy_access_next_log(log, buf, len);

    ngx_http_aiproxy_access_scrub_line(buf, end);

    return end;
}


static void
ngx_http_aiproxy_access_init_connection(ngx_connection_t *c)
{
    ngx_http_init_connection(c);

    if (!c->destroyed && c->log->handler != NULL) {
        ngx_http_aiproxy_access_next_log = c->log->handler;
        c->log->handler = ngx_http_aiproxy_access_log;
    }
}


ngx_int_t
ngx_http_aiproxy_access_watch(ngx_cycle_t *cycle)
{
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_cycle_get_module_main_conf(cycle,
                                                        ngx_aiproxy_module);
    auto ls = (ngx_listening_t *) cycle->listening.elts;

    if (amcf == NULL || !amcf->used) {
        return NGX_OK;
    }

    for (ngx_uint_t i = 0; i < cycle->listening.nelts; i++) {
        if (ls[i].handler == ngx_http_init_connection) {
            ls[i].handler = ngx_http_aiproxy_access_init_connection;
        }
    }

    return NGX_OK;
}


/*
 * First in the log phase: a request that was refused before its location was
 * found has no context, and the access log prints its line too.
 */

ngx_int_t
ngx_http_aiproxy_access_hide(ngx_http_request_t *r)
{
    auto ascf = (ngx_http_aiproxy_srv_conf_t *)
                    ngx_http_get_module_srv_conf(r, ngx_aiproxy_module);
    auto cscf = (ngx_http_core_srv_conf_t *)
                    ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    if (ascf->used && r->loc_conf == cscf->ctx->loc_conf) {
        ngx_http_aiproxy_access_scrub_uri(r->request_line);
        ngx_http_aiproxy_access_scrub_uri(r->unparsed_uri);
        ngx_http_aiproxy_access_scrub(r->args, 0);
    }

    return NGX_OK;
}


static void
ngx_http_aiproxy_access_scrub_uri(const ngx_str_t &where)
{
    size_t  mark = ngx_http_aiproxy_view(where).find('?');

    if (mark != std::string_view::npos) {
        ngx_http_aiproxy_access_scrub(where, mark + 1);
    }
}


static void
ngx_http_aiproxy_access_header(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    static constexpr std::string_view  names[] = {
        "authorization", "x-api-key", "api-key", "x-goog-api-key"
    };

    ngx_list_part_t  *part = &r->headers_in.headers.part;

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            std::string_view  name((char *) h[i].lowcase_key, h[i].key.len);

            if (std::find(std::begin(names), std::end(names), name)
                == std::end(names))
            {
                continue;
            }

            std::string_view  value = ngx_http_aiproxy_view(h[i].value);

            if (name == names[0]) {
                value = aiproxy::http::BearerToken(value);
            }

            ngx_http_aiproxy_access_found(ctx, value);
            ngx_memset(h[i].value.data, 'x', h[i].value.len);
        }
    }
}


static void
ngx_http_aiproxy_access_query(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    auto value = aiproxy::http::FindQuery(ngx_http_aiproxy_view(r->args),
                                          "key");
    if (!value || value->value.empty()) {
        return;
    }

    auto decoded = aiproxy::http::PercentDecode(value->value);

    if (decoded) {
        ngx_http_aiproxy_access_found(ctx, *decoded);
        OPENSSL_cleanse(decoded->data(), decoded->size());
    }

    ngx_http_aiproxy_access_scrub_uri(r->request_line);
    ngx_http_aiproxy_access_scrub_uri(r->unparsed_uri);
    ngx_http_aiproxy_access_scrub(r->args, 0);
}


/* can one of its providers serve this path? */

static bool
ngx_http_aiproxy_access_reaches(const ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->client->pool() == nullptr) {
        return false;
    }

    for (uint32_t index : *ctx->client->pool()) {
        const auto &key = ctx->snapshot->view.provider_key(index);
        const auto &provider = ctx->snapshot->view.provider(key.provider());

        if (ngx_http_aiproxy_limit_speaks(provider, ctx->route)) {
            return true;
        }
    }

    return false;
}


ErrorCode
ngx_http_aiproxy_access_identify(ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->snapshot = ngx_http_aiproxy_snapshot_current();

    if (ctx->snapshot == nullptr) {
        return ErrorCode::kNoSnapshot;
    }

    ctx->generation = ctx->snapshot->view.generation();

    if (!ctx->digest) {
        return ErrorCode::kAuthMissingKey;
    }

    const wire::ClientKey *client =
        ctx->snapshot->view.FindClientKey(*ctx->digest);

    if (client == nullptr) {
        return ErrorCode::kAuthUnknownKey;
    }

    ctx->client = client;
    ctx->client_id = client->id();

    return ErrorCode::kNone;
}


/*
 * Unknown is told from not allowed, and both from "cannot tell": an SDK
 * retries only the last.
 */

static ErrorCode
ngx_http_aiproxy_access_check(ngx_http_aiproxy_ctx_t *ctx)
{
    ErrorCode  code = ngx_http_aiproxy_access_identify(ctx);

    if (code != ErrorCode::kNone) {
        return code;
    }

    const wire::ClientKey *client = ctx->client;

    if ((client->required_features()
         & ~aiproxy::snapshot::kKnownClientKeyFeatures) != 0)
    {
        return ErrorCode::kAuthRestriction;
    }

    if (!client->is_enabled()) {
        return ErrorCode::kAuthDisabledKey;
    }

    auto expires = client->expires_at_ms();

    if (expires.has_value() && expires.value() <= ctx->started_ms) {
        return ErrorCode::kAuthExpiredKey;
    }

    if (!ngx_http_aiproxy_access_reaches(ctx)) {
        return ErrorCode::kAuthNoProvider;
    }

    /* as it was sent it goes behind the prefix of the provider's base URL */

    std::string_view  path = ngx_http_aiproxy_view(ctx->request->unparsed_uri);

    return aiproxy::http::ClimbsOut(path.substr(0, path.find('?')))
               ? ErrorCode::kRequestBad : ErrorCode::kNone;
}
