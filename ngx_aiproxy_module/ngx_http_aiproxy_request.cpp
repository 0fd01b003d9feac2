/* SPDX-License-Identifier: MIT
 *
 * Step 6, called from peer.get for each attempt: writes the upstream request:
 * line, headers that may cross, the provider key's credential, the body.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>

#include "core/http/traceparent.h"
#include "core/provider/head.h"

namespace wire = aiproxy::snapshot::wire;


static ngx_int_t ngx_http_aiproxy_request_open(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_request_headers(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string &lines);
static ngx_chain_t **ngx_http_aiproxy_request_text(ngx_http_request_t *r,
    ngx_chain_t **next, std::string_view text);
static ngx_chain_t **ngx_http_aiproxy_request_bytes(ngx_http_request_t *r,
    ngx_chain_t **next, const u_char *bytes, size_t size);
static ngx_chain_t **ngx_http_aiproxy_request_body(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_chain_t **next);


/*
 * Three pieces and the body: what stands before the credential, the
 * credential in memory of its own, and what stands behind it.
 */

ngx_int_t
ngx_http_aiproxy_request_build(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    static auto *lines = new std::string;   /* these keep their memory */
    static auto *head = new aiproxy::provider::Head;

    const auto   &key = ctx->snapshot->view.provider_key(*ctx->key_index);
    const auto   &provider = ctx->snapshot->view.provider(key.provider());
    ngx_chain_t **next = &r->upstream->request_bufs;

    if (ngx_http_aiproxy_request_open(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->ask_usage = provider.ask_usage() && ctx->edit.has_value();

    lines->clear();
    ngx_http_aiproxy_request_headers(r, ctx, *lines);

    aiproxy::provider::WriteHead(ctx->target->rules,
                                 ngx_http_aiproxy_view(r->method_name),
                                 ngx_http_aiproxy_route_uri(ctx), *lines,
                                 ngx_http_aiproxy_socket_asked(r), *head);

    next = ngx_http_aiproxy_request_text(r, next, head->before);
    next = ngx_http_aiproxy_request_bytes(r, next, ctx->secret,
                                          ctx->secret_size);
    next = ngx_http_aiproxy_request_text(r, next, head->after);
    next = ngx_http_aiproxy_request_body(r, ctx, next);

    return next == NULL ? NGX_ERROR : NGX_OK;
}


/* it may still stand in a chain that is being sent: wiped, but not given back */

void
ngx_http_aiproxy_request_wipe(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->secret != NULL) {
        OPENSSL_cleanse(ctx->secret, ctx->secret_size);
    }
}


/* REQUIRES: the attempt's connection sends no more of this request */

void
ngx_http_aiproxy_request_give(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->secret != NULL) {
        ngx_http_aiproxy_secret_give(ctx->secret, ctx->secret_size);
        ctx->secret = NULL;
    }
}


static ngx_int_t
ngx_http_aiproxy_request_open(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    auto              token = ngx_http_aiproxy_refresh_token(ctx,
                                                             *ctx->key_index);
    const auto       &key = *token.key;
    std::string_view  blob((const char *) key.sealed()->data(),
                           key.sealed()->size());

    ngx_http_aiproxy_request_give(ctx);

    ctx->token_serial = ngx_http_aiproxy_refresh_serial(token);
    ctx->secret_size = aiproxy::key::SecretBytes(blob);
    ctx->secret = ngx_http_aiproxy_secret_take(ctx->secret_size);

    if (ctx->secret == NULL) {
        return NGX_ERROR;
    }

    std::span<char>  credential((char *) ctx->secret, ctx->secret_size);

    auto opened = token.snapshot->opener.Open(
                      aiproxy::key::SnapshotContext(key.id()), blob, credential);

    /* a line break would end the header that carries it */

    if (opened
        && std::string_view(credential.data(), credential.size())
               .find_first_of(std::string_view("\r\n\0", 3))
           == std::string_view::npos)
    {
        return NGX_OK;
    }

    ngx_http_aiproxy_request_give(ctx);

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "aiproxy: credential cannot be opened, provider key: %L; "
                  "is node.key the one of the daemon?", key.id());
    return NGX_ERROR;
}


static void
ngx_http_aiproxy_request_callers(ngx_http_request_t *r,
    const ngx_http_aiproxy_ctx_t *ctx, std::string &lines)
{
    ngx_list_part_t *part = &r->headers_in.headers.part;

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            std::string_view  name((char *) h[i].lowcase_key, h[i].key.len);

            if (h[i].hash != 0
                && aiproxy::provider::Crosses(ctx->target->rules,
                                              ctx->route.family, name))
            {
                aiproxy::provider::AppendHeader(
                    lines, name, ngx_http_aiproxy_view(h[i].value));
            }
        }
    }
}


/*
 * The caller's trace goes on, with a span of ours; without one a trace begins
 * that is named after the request's id.
 */

static void
ngx_http_aiproxy_request_trace(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string &lines)
{
    const wire::Settings *settings = ctx->snapshot->view.settings();

    if (settings == nullptr || !settings->traceparent()) {
        return;
    }

    std::string  own;

    for (char c : ctx->id_text) {
        own.append(c == '-' ? 0 : 1, c);
    }

    auto trace = aiproxy::http::ParseTraceparent(
                     ngx_http_aiproxy_header(r, "traceparent"));
    auto state = ngx_http_aiproxy_header(r, "tracestate");

    ctx->traceparent = aiproxy::http::FormatTraceparent(
        trace ? trace->trace_id : std::string_view(own),
        std::string_view(own).substr(16),
        trace ? trace->flags : std::string_view("00"));

    aiproxy::provider::AppendHeader(lines, "traceparent", ctx->traceparent);

    if (trace && !state.empty()) {
        aiproxy::provider::AppendHeader(lines, "tracestate", state);
    }
}


/* those that depend on the request, but for the credential */

static void
ngx_http_aiproxy_request_headers(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string &lines)
{
    ngx_http_aiproxy_request_callers(r, ctx, lines);
    ngx_http_aiproxy_request_trace(r, ctx, lines);

    if (ngx_http_aiproxy_socket_asked(r)) {
        ngx_http_aiproxy_socket_head(r, lines);
        return;
    }

    off_t  length = ngx_http_aiproxy_body_size(r);

    if (ctx->ask_usage) {
        length += (off_t) ctx->edit->inserted.size()
                  - (off_t) ctx->edit->removed;
    }

    if (length > 0 || (r->method & (NGX_HTTP_POST|NGX_HTTP_PUT
                                    |NGX_HTTP_PATCH)))
    {
        aiproxy::provider::AppendHeader(lines, "content-length",
                                        std::to_string(length));
    }
}


/* a copy of the text in the pool */

static ngx_chain_t **
ngx_http_aiproxy_request_text(ngx_http_request_t *r, ngx_chain_t **next,
    std::string_view text)
{
    ngx_str_t  copy = ngx_http_aiproxy_copy(r->pool, text);

    return copy.data == NULL ? NULL : ngx_http_aiproxy_request_bytes(
                                          r, next, copy.data, copy.len);
}


/* bytes that stay where they are until they are sent */

static ngx_chain_t **
ngx_http_aiproxy_request_bytes(ngx_http_request_t *r, ngx_chain_t **next,
    const u_char *bytes, size_t size)
{
    auto         b = (ngx_buf_t *) ngx_calloc_buf(r->pool);
    ngx_chain_t *cl = ngx_alloc_chain_link(r->pool);

    if (b == NULL || cl == NULL || next == NULL) {
        return NULL;
    }

    b->pos = (u_char *) bytes;
    b->last = b->pos + size;
    b->start = b->pos;
    b->end = b->last;
    b->memory = 1;

    cl->buf = b;
    cl->next = NULL;
    *next = cl;

    return &cl->next;
}


/*
 * The body's buffers, the bytes not copied.  nginx moves "pos" of what it
 * sends, so each attempt has its own ngx_buf_t over the same bytes.
 */

static ngx_chain_t **
ngx_http_aiproxy_request_part(ngx_pool_t *pool, ngx_chain_t **next,
    const ngx_buf_t *from, off_t skip, off_t size)
{
    auto         b = (ngx_buf_t *) ngx_alloc_buf(pool);
    ngx_chain_t *cl = ngx_alloc_chain_link(pool);

    if (b == NULL || cl == NULL || next == NULL) {
        return NULL;
    }

    *b = *from;

    if (from->in_file) {
        b->file_pos = from->file_pos + skip;
        b->file_last = b->file_pos + size;
        b->start = b->end = b->pos = b->last = NULL;
        b->memory = b->temporary = 0;

    } else {
        b->pos = from->pos + skip;
        b->start = b->pos;
        b->last = b->pos + size;
    }

    cl->buf = b;
    cl->next = NULL;
    *next = cl;

    return &cl->next;
}


static ngx_chain_t **
ngx_http_aiproxy_request_body(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_chain_t **next)
{
    off_t  at = 0;

    if (r->request_body == NULL) {
        return next;
    }

    off_t  cut = ctx->ask_usage ? (off_t) ctx->edit->offset : -1;
    off_t  resume = ctx->ask_usage ? cut + (off_t) ctx->edit->removed : -1;

    for (ngx_chain_t *cl = r->request_body->bufs; cl; cl = cl->next) {
        off_t  size = ngx_buf_size(cl->buf);
        off_t  begin = at;
        off_t  end = at + size;

        at = end;

        if (cut < 0 || cut < begin || cut >= end) {
            off_t  skip = cut >= 0 && resume > begin && begin > cut
                              ? ngx_min(resume - begin, size) : 0;

            if (size > skip) {
                next = ngx_http_aiproxy_request_part(r->pool, next, cl->buf,
                                                     skip, size - skip);
            }

            continue;
        }

        if (cut > begin) {
            next = ngx_http_aiproxy_request_part(r->pool, next, cl->buf, 0,
                                                 cut - begin);
        }

        next = ngx_http_aiproxy_request_bytes(
                   r, next, (const u_char *) ctx->edit->inserted.data(),
                   ctx->edit->inserted.size());

        if (end > resume) {
            next = ngx_http_aiproxy_request_part(r->pool, next, cl->buf,
                                                 resume - begin, end - resume);
        }
    }

    return next;
}
