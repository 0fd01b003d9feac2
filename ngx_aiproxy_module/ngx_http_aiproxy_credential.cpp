/* SPDX-License-Identifier: MIT
 *
 * Where a caller's credential may stand: headers, query, subprotocols of a
 * WebSocket.  It is taken once, and overwritten wherever it stands, before
 * anything can log it.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "core/http/credential.h"
#include "core/http/header.h"
#include "core/http/url.h"
#include "core/jwt/token.h"


static void ngx_http_aiproxy_credential_header(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_credential_query(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_credential_scrub_uri(const ngx_str_t &where);


static ngx_log_handler_pt  ngx_http_aiproxy_credential_next_log;


/*
 * Called by the route step: nginx's own modules may refuse a request, and log
 * it, before the access phase.  Of the credential only its digest is kept, and
 * a token until it was verified: of the first one that is found, while all
 * places are scrubbed.
 */

void
ngx_http_aiproxy_credential_take(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_credential_header(r, ctx);
    ngx_http_aiproxy_credential_query(r, ctx);
}


static void
ngx_http_aiproxy_credential_found(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view credential)
{
    static auto *hasher = new aiproxy::key::Hasher;

    if (ctx->digest || !ctx->token.empty() || credential.empty()) {
        return;
    }

    if (aiproxy::jwt::LooksLikeToken(credential)) {
        ctx->token = credential;
        return;
    }

    ctx->digest = hasher->Sha256(credential);
}


void
ngx_http_aiproxy_credential_forget(ngx_http_aiproxy_ctx_t *ctx)
{
    OPENSSL_cleanse(ctx->token.data(), ctx->token.size());
    ctx->token.clear();
}


/*
 * Overwrites the secret in what a log line could print: nginx keeps the
 * request line, the URI and the arguments apart or in one piece, by protocol.
 */

static void
ngx_http_aiproxy_credential_scrub(const ngx_str_t &where, size_t query)
{
    std::string_view  text = ngx_http_aiproxy_view(where);

    if (query > text.size()) {
        return;
    }

    for (std::string_view name : aiproxy::http::kCredentialParameters) {
        std::string_view  rest = text.substr(query);

        while (auto found = aiproxy::http::FindQuery(rest, name)) {
            size_t  end = found->value.find(' ');    /* of a request line */

            ngx_memset((u_char *) found->value.data(), 'x',
                       ngx_min(end, found->value.size()));
            rest.remove_prefix(ngx_min(found->end + 1, rest.size()));
        }
    }
}


/* in what nginx writes about a request: it ends with a quote there */

static void
ngx_http_aiproxy_credential_scrub_line(u_char *begin, u_char *end)
{
    for (u_char *p = begin; p < end; p++) {
        if (*p != '?' && *p != '&') {
            continue;
        }

        std::string_view  rest = ngx_http_aiproxy_view(p + 1, end);

        for (std::string_view name : aiproxy::http::kCredentialParameters) {
            if (!rest.starts_with(name) || rest.size() == name.size()
                || rest[name.size()] != '=')
            {
                continue;
            }

            rest.remove_prefix(name.size() + 1);
            ngx_memset((u_char *) rest.data(), 'x',
                       ngx_min(rest.find_first_of("& \""), rest.size()));
            break;
        }
    }
}


/*
 * Lines about a request that nginx refuses before any phase, such as one
 * with a bad header or too large a body, quote its request line.
 */

static u_char *
ngx_http_aiproxy_credential_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char *end = ngx_http_aiproxy_credential_next_log(log, buf, len);

    ngx_http_aiproxy_credential_scrub_line(buf, end);

    return end;
}


static void
ngx_http_aiproxy_credential_init_connection(ngx_connection_t *c)
{
    ngx_http_init_connection(c);

    if (!c->destroyed && c->log->handler != NULL) {
        ngx_http_aiproxy_credential_next_log = c->log->handler;
        c->log->handler = ngx_http_aiproxy_credential_log;
    }
}


ngx_int_t
ngx_http_aiproxy_credential_watch(ngx_cycle_t *cycle)
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
            ls[i].handler = ngx_http_aiproxy_credential_init_connection;
        }
    }

    return NGX_OK;
}


/*
 * First in the log phase: a request that was refused before its location was
 * found has no context, and the access log prints its line too.
 */

ngx_int_t
ngx_http_aiproxy_credential_hide(ngx_http_request_t *r)
{
    auto ascf = (ngx_http_aiproxy_srv_conf_t *)
                    ngx_http_get_module_srv_conf(r, ngx_aiproxy_module);
    auto cscf = (ngx_http_core_srv_conf_t *)
                    ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    if (ascf->used && r->loc_conf == cscf->ctx->loc_conf) {
        ngx_http_aiproxy_credential_scrub_uri(r->request_line);
        ngx_http_aiproxy_credential_scrub_uri(r->unparsed_uri);
        ngx_http_aiproxy_credential_scrub(r->args, 0);
    }

    return NGX_OK;
}


static void
ngx_http_aiproxy_credential_scrub_uri(const ngx_str_t &where)
{
    size_t  mark = ngx_http_aiproxy_view(where).find('?');

    if (mark != std::string_view::npos) {
        ngx_http_aiproxy_credential_scrub(where, mark + 1);
    }
}


static void
ngx_http_aiproxy_credential_header(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    const auto       &names = aiproxy::http::kCredentialHeaders;
    ngx_list_part_t  *part = &r->headers_in.headers.part;

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            std::string_view  name((char *) h[i].lowcase_key, h[i].key.len);
            std::string_view  value = ngx_http_aiproxy_view(h[i].value);

            if (name == "sec-websocket-protocol") {
                value = aiproxy::http::WebSocketCredential(value);
                ngx_http_aiproxy_credential_found(ctx, value);
                ngx_memset((u_char *) value.data(), 'x', value.size());
                continue;
            }

            if (std::find(names.begin(), names.end(), name) == names.end()) {
                continue;
            }

            if (name == names[0]) {
                value = aiproxy::http::BearerToken(value);
            }

            ngx_http_aiproxy_credential_found(ctx, value);
            ngx_memset(h[i].value.data, 'x', h[i].value.len);
        }
    }
}


static void
ngx_http_aiproxy_credential_query(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    bool  there = false;

    for (std::string_view name : aiproxy::http::kCredentialParameters) {
        auto value = aiproxy::http::FindQuery(ngx_http_aiproxy_view(r->args),
                                              name);
        if (!value) {
            continue;
        }

        there = true;

        auto decoded = aiproxy::http::PercentDecode(value->value);

        if (decoded) {
            ngx_http_aiproxy_credential_found(ctx, *decoded);
            OPENSSL_cleanse(decoded->data(), decoded->size());
        }
    }

    if (there) {
        ngx_http_aiproxy_credential_scrub_uri(r->request_line);
        ngx_http_aiproxy_credential_scrub_uri(r->unparsed_uri);
        ngx_http_aiproxy_credential_scrub(r->args, 0);
    }
}
