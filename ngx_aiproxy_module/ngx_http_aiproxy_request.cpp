/* SPDX-License-Identifier: MIT
 *
 * Step 6, called from peer.get for each attempt: writes the upstream request:
 * line, headers that may cross, the provider key's credential, the body.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>

#include "core/http/url.h"
#include "core/provider/header_filter.h"

namespace wire = aiproxy::snapshot::wire;


static ngx_int_t ngx_http_aiproxy_request_open(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::ProviderKey &key,
    std::string &credential);
static std::string ngx_http_aiproxy_request_head(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider,
    const std::string &credential);
static ngx_int_t ngx_http_aiproxy_request_body(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_chain_t *head);


ngx_int_t
ngx_http_aiproxy_request_build(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    const auto  &key = ctx->snapshot->view.provider_key(*ctx->key_index);
    const auto  &provider = ctx->snapshot->view.provider(key.provider());
    std::string  credential;

    if (ngx_http_aiproxy_request_open(r, ctx, key, credential) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->ask_usage = provider.ask_usage() && ctx->edit.has_value();

    std::string  head = ngx_http_aiproxy_request_head(r, ctx, provider,
                                                      credential);

    OPENSSL_cleanse(credential.data(), credential.size());

    ngx_buf_t   *b = ngx_create_temp_buf(r->pool, head.size());
    ngx_chain_t *cl = ngx_alloc_chain_link(r->pool);

    if (b == NULL || cl == NULL) {
        OPENSSL_cleanse(head.data(), head.size());
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->last, head.data(), head.size());
    OPENSSL_cleanse(head.data(), head.size());

    ctx->secret = b->start;
    ctx->secret_size = b->last - b->start;

    cl->buf = b;
    cl->next = NULL;
    r->upstream->request_bufs = cl;

    return ngx_http_aiproxy_request_body(r, ctx, cl);
}


/* the credential is in clear only in the block that is sent */

void
ngx_http_aiproxy_request_wipe(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->secret != NULL) {
        OPENSSL_cleanse(ctx->secret, ctx->secret_size);
        ctx->secret = NULL;
    }
}


static ngx_int_t
ngx_http_aiproxy_request_open(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::ProviderKey &key,
    std::string &credential)
{
    std::string_view  blob((const char *) key.sealed()->data(),
                           key.sealed()->size());

    credential.resize(aiproxy::key::SecretBytes(blob));

    auto opened = aiproxy::key::Open(ctx->snapshot->node_key,
                                     aiproxy::key::SnapshotContext(key.id()),
                                     blob, credential);

    /* a line break would end the header that carries it */

    if (opened && credential.find_first_of(std::string_view("\r\n\0", 3))
                  == std::string::npos)
    {
        return NGX_OK;
    }

    OPENSSL_cleanse(credential.data(), credential.size());

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "aiproxy: credential cannot be opened, provider key: %L; "
                  "is node.key the one of the daemon?", key.id());
    return NGX_ERROR;
}


/*
 * Path and query as the caller sent them, but for its key.  Of what nginx
 * has decoded nothing is used.
 */

static void
ngx_http_aiproxy_request_line(ngx_http_request_t *r, std::string &head,
    const wire::Provider &provider, const std::string &credential)
{
    std::string_view  uri = ngx_http_aiproxy_view(r->unparsed_uri);
    size_t            mark = uri.find('?');
    std::string       query;
    bool              empty_query = mark != uri.npos
                                    && mark + 1 == uri.size();

    if (mark != uri.npos) {
        query = aiproxy::http::WithoutQuery(uri.substr(mark + 1), "key");
    }

    if (provider.credential_location() == wire::CredentialLocation::kQuery) {
        query += query.empty() ? "" : "&";
        query += provider.credential_name()->string_view();
        query += '=';
        query += credential;
    }

    head += ngx_http_aiproxy_view(r->method_name);
    head += ' ';
    head += provider.path_prefix()->string_view();
    head += uri.substr(0, mark);

    if (!query.empty() || empty_query) {
        head += '?';
        head += query;
    }

    head += " HTTP/1.1\r\n";
}


static void
ngx_http_aiproxy_request_add(std::string &head, std::string_view name,
    std::string_view value)
{
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
}


static void
ngx_http_aiproxy_request_callers(ngx_http_request_t *r, std::string &head,
    bool demo)
{
    ngx_list_part_t *part = &r->headers_in.headers.part;

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            std::string_view  name((char *) h[i].lowcase_key, h[i].key.len);

            if (h[i].hash != 0
                && aiproxy::provider::ForwardRequestHeader(name, demo))
            {
                ngx_http_aiproxy_request_add(head, name,
                                       ngx_http_aiproxy_view(h[i].value));
            }
        }
    }
}


static std::string
ngx_http_aiproxy_request_head(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const wire::Provider &provider,
    const std::string &credential)
{
    std::string  head;
    bool         demo = false;

    head.reserve(1024);

    ngx_http_aiproxy_request_line(r, head, provider, credential);

    std::string  host(provider.host()->string_view());

    if (host.find(':') != std::string::npos) {
        host = "[" + host + "]";
    }

    if (provider.port() != (provider.tls() ? 443 : 80)) {
        host += ":" + std::to_string(provider.port());
    }

    ngx_http_aiproxy_request_add(head, "host", host);

    if (provider.required_headers() != nullptr) {
        for (const wire::Header *header : *provider.required_headers()) {
            demo = demo || header->name()->string_view() == "x-demo-allow";
            ngx_http_aiproxy_request_add(head, header->name()->string_view(),
                                         header->value()->string_view());
        }
    }

    ngx_http_aiproxy_request_callers(r, head, demo);

    if (provider.credential_location() == wire::CredentialLocation::kHeader) {
        ngx_http_aiproxy_request_add(head,
                                     provider.credential_name()->string_view(),
                                     provider.credential_prefix()->str()
                                         .append(credential));
    }

    off_t  length = ngx_http_aiproxy_body_size(r);

    if (ctx->ask_usage) {
        length += (off_t) ctx->edit->inserted.size()
                  - (off_t) ctx->edit->removed;
    }

    if (length > 0 || (r->method & (NGX_HTTP_POST|NGX_HTTP_PUT
                                    |NGX_HTTP_PATCH)))
    {
        ngx_http_aiproxy_request_add(head, "content-length",
                                     std::to_string(length));
    }

    /* what comes coded cannot be metered */

    head += "accept-encoding: identity\r\nconnection: keep-alive\r\n\r\n";

    return head;
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


static ngx_int_t
ngx_http_aiproxy_request_body(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_chain_t *head)
{
    ngx_chain_t **next = &head->next;
    off_t         at = 0;
    ngx_buf_t     insertion;

    if (r->request_body == NULL) {
        return NGX_OK;
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

        ngx_memzero(&insertion, sizeof(ngx_buf_t));
        insertion.pos = (u_char *) ctx->edit->inserted.data();
        insertion.last = insertion.pos + ctx->edit->inserted.size();
        insertion.memory = 1;

        next = ngx_http_aiproxy_request_part(r->pool, next, &insertion, 0,
                                             insertion.last - insertion.pos);

        if (end > resume) {
            next = ngx_http_aiproxy_request_part(r->pool, next, cl->buf,
                                                 resume - begin, end - resume);
        }
    }

    return next == NULL ? NGX_ERROR : NGX_OK;
}
