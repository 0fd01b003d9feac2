/* SPDX-License-Identifier: MIT
 *
 * Step 7, the headers of an answer: what each means to us, and which of them
 * go to the caller.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/http/header.h"
#include "core/provider/header_filter.h"

using aiproxy::limit::VendorQuota;


/* a longer name is looked at anew each time */

#define NGX_HTTP_AIPROXY_HEADER_NAME   NGX_HTTP_LC_HEADER_LEN

/* so many names are remembered, a power of two */

#define NGX_HTTP_AIPROXY_HEADER_KNOWN  256


typedef enum {
    ngx_http_aiproxy_header_plain = 0,
    ngx_http_aiproxy_header_length,
    ngx_http_aiproxy_header_transfer,
    ngx_http_aiproxy_header_connection,
    ngx_http_aiproxy_header_retry_after_ms,
    ngx_http_aiproxy_header_retry_after,
    ngx_http_aiproxy_header_should_retry,
    ngx_http_aiproxy_header_error_type,
    ngx_http_aiproxy_header_content_type,
    ngx_http_aiproxy_header_upgrade,
    ngx_http_aiproxy_header_extension,
    ngx_http_aiproxy_header_coding,
    ngx_http_aiproxy_header_request_id
} ngx_http_aiproxy_header_e;


typedef struct {
    std::string_view           name;
    ngx_http_aiproxy_header_e  kind;
} ngx_http_aiproxy_header_kind_t;


/* what a name means */

typedef struct {
    u_char                     name[NGX_HTTP_AIPROXY_HEADER_NAME];
    size_t                     size;      /* 0: not known yet */
    ngx_http_aiproxy_header_e  kind;
    bool                       forwards;
    VendorQuota::Fact          quota;
} ngx_http_aiproxy_header_t;


static constexpr ngx_http_aiproxy_header_kind_t
    ngx_http_aiproxy_header_kinds[] =
{
    { "content-length", ngx_http_aiproxy_header_length },
    { "transfer-encoding", ngx_http_aiproxy_header_transfer },
    { "connection", ngx_http_aiproxy_header_connection },
    { "retry-after-ms", ngx_http_aiproxy_header_retry_after_ms },
    { "retry-after", ngx_http_aiproxy_header_retry_after },
    { "x-should-retry", ngx_http_aiproxy_header_should_retry },
    { "x-amzn-errortype", ngx_http_aiproxy_header_error_type },
    { "content-type", ngx_http_aiproxy_header_content_type },
    { "upgrade", ngx_http_aiproxy_header_upgrade },
    { "sec-websocket-extensions", ngx_http_aiproxy_header_extension },
    { "content-encoding", ngx_http_aiproxy_header_coding },
};


static ngx_int_t ngx_http_aiproxy_header_framing(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string_view name,
    std::string_view value);


static ngx_http_aiproxy_header_t
ngx_http_aiproxy_header_meaning(std::string_view name)
{
    ngx_http_aiproxy_header_t  meaning = {};

    meaning.forwards = aiproxy::provider::ForwardResponseHeader(name);
    meaning.quota = VendorQuota::FactOf(name);

    if (!aiproxy::provider::RenamedResponseHeader(name).empty()) {
        meaning.kind = ngx_http_aiproxy_header_request_id;
    }

    for (const auto &row : ngx_http_aiproxy_header_kinds) {
        if (row.name == name) {
            meaning.kind = row.kind;
        }
    }

    return meaning;
}


/*
 * A provider sends the same headers with each answer: this worker remembers
 * what their names mean.  A name has two places in the table.
 */

static const ngx_http_aiproxy_header_t &
ngx_http_aiproxy_header_look_up(std::string_view name, uint32_t hash)
{
    static ngx_http_aiproxy_header_t  known[NGX_HTTP_AIPROXY_HEADER_KNOWN];
    static ngx_http_aiproxy_header_t  other;

    if (name.size() > NGX_HTTP_AIPROXY_HEADER_NAME) {
        other = ngx_http_aiproxy_header_meaning(name);
        return other;
    }

    uint32_t  first = hash * 0x9e3779b1u >> 16
                      & (NGX_HTTP_AIPROXY_HEADER_KNOWN - 1);

    for (uint32_t place : { first, first ^ 1 }) {
        if (name == ngx_http_aiproxy_view(known[place].name,
                                          known[place].name
                                          + known[place].size))
        {
            return known[place];
        }
    }

    ngx_http_aiproxy_header_t &place =
        known[known[first].size == 0 ? first : first ^ 1];

    place = ngx_http_aiproxy_header_meaning(name);
    place.size = name.size();
    ngx_memcpy(place.name, name.data(), name.size());

    return place;
}


/* the header that nginx's parser has read, which no part of us has seen yet */

ngx_int_t
ngx_http_aiproxy_header_take(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    std::string_view  name = ngx_http_aiproxy_view(r->header_name_start,
                                                   r->header_name_end);
    std::string_view  value = ngx_http_aiproxy_view(r->header_start,
                                                    r->header_end);
    ngx_uint_t        hash = r->header_hash;
    ngx_str_t         kept;

    /* the parser has it in lower case, unless it is long or has odd letters */

    if (r->lowcase_index == name.size()) {
        name = ngx_http_aiproxy_view(r->lowcase_header,
                                     r->lowcase_header + name.size());

    } else {
        ngx_strlow(r->header_name_start, r->header_name_start, name.size());
        hash = ngx_hash_key(r->header_name_start, name.size());
    }

    const ngx_http_aiproxy_header_t &meaning =
        ngx_http_aiproxy_header_look_up(name, (uint32_t) hash);

    switch (meaning.kind) {

    case ngx_http_aiproxy_header_length:
    case ngx_http_aiproxy_header_transfer:
        return ngx_http_aiproxy_header_framing(r, ctx, name, value);

    case ngx_http_aiproxy_header_connection:
        if (aiproxy::http::EqualsIgnoreCase(value, "close")) {
            r->upstream->headers_in.connection_close = 1;
        }

        return NGX_OK;

    case ngx_http_aiproxy_header_retry_after_ms:
        ctx->retry_after_ms = aiproxy::http::RetryAfterMsMs(value);
        break;

    case ngx_http_aiproxy_header_retry_after:
        if (!ctx->retry_after_ms) {
            ctx->retry_after_ms =
                aiproxy::http::RetryAfterMs(value, ngx_http_aiproxy_unix_ms());
        }

        break;

    case ngx_http_aiproxy_header_should_retry:
        ctx->should_retry = aiproxy::http::EqualsIgnoreCase(value, "true");
        break;

    case ngx_http_aiproxy_header_error_type:
        ctx->error_type = value.substr(0, 128);
        break;

    case ngx_http_aiproxy_header_upgrade:
        ctx->has_upgrade = aiproxy::http::EqualsIgnoreCase(value, "websocket");
        break;

    case ngx_http_aiproxy_header_extension:
        ctx->has_extension = true;
        break;

    case ngx_http_aiproxy_header_coding:
        ctx->coding = aiproxy::frame::CodingOf(value);
        break;

    case ngx_http_aiproxy_header_request_id:
        name = aiproxy::provider::RenamedResponseHeader(name);

        if (ngx_http_aiproxy_header_push(r, name, value, &kept) != NGX_OK) {
            return NGX_ERROR;
        }

        ctx->provider_request_id = ngx_http_aiproxy_view(kept).substr(0, 128);
        return NGX_OK;

    default:
        break;
    }

    /* the clock is asked for the few headers that need it */

    if (meaning.quota.kind != VendorQuota::Kind::kNone) {
        ctx->quota.Read(meaning.quota, value,
                        meaning.quota.kind == VendorQuota::Kind::kReset
                            ? ngx_http_aiproxy_unix_ms() : 0);
    }

    if (!meaning.forwards) {
        return NGX_OK;
    }

    ngx_int_t  rc = ngx_http_aiproxy_header_push(r, name, value, &kept, hash);

    if (rc == NGX_OK && meaning.kind == ngx_http_aiproxy_header_content_type) {
        ctx->content_type = ngx_http_aiproxy_view(kept);
    }

    return rc;
}


/*
 * A copy of it is the caller's; its value there in "kept".  hash: of the name,
 * if it is known.
 */

ngx_int_t
ngx_http_aiproxy_header_push(ngx_http_request_t *r, std::string_view name,
    std::string_view value, ngx_str_t *kept, ngx_uint_t hash)
{
    auto h = (ngx_table_elt_t *)
                 ngx_list_push(&r->upstream->headers_in.headers);
    auto copy = (u_char *) ngx_pnalloc(r->pool,
                                       name.size() + value.size() + 2);

    if (h == NULL || copy == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));
    h->key.data = copy;
    h->key.len = name.size();
    h->lowcase_key = copy;
    copy = ngx_cpymem(copy, name.data(), name.size());
    *copy++ = '\0';
    h->value.data = copy;
    h->value.len = value.size();
    *ngx_cpymem(copy, value.data(), value.size()) = '\0';
    h->hash = hash != 0 ? hash : ngx_hash_key(h->key.data, h->key.len);

    if (kept != NULL) {
        *kept = h->value;
    }

    auto umcf = (ngx_http_upstream_main_conf_t *)
                    ngx_http_get_module_main_conf(r, ngx_http_upstream_module);
    auto known = (ngx_http_upstream_header_t *)
                     ngx_hash_find(&umcf->headers_in_hash, h->hash,
                                   h->lowcase_key, h->key.len);

    return known == NULL ? NGX_OK : known->handler(r, h, known->offset);
}


/*
 * Two lengths, or a length beside chunked, is how answers are smuggled (RFC
 * 9112, section 6.3): refused.
 */

static ngx_int_t
ngx_http_aiproxy_header_framing(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string_view name, std::string_view value)
{
    ngx_http_upstream_headers_in_t *in = &r->upstream->headers_in;

    if (name == "content-length") {
        off_t  length = ngx_atoof((u_char *) value.data(), value.size());

        if (ctx->has_length || in->chunked || length == NGX_ERROR) {
            return ngx_http_aiproxy_response_invalid(r, ctx, "content-length");
        }

        ctx->has_length = true;
        return ngx_http_aiproxy_header_push(r, name, value, NULL);
    }

    if (ctx->has_length || in->chunked
        || !aiproxy::http::EqualsIgnoreCase(value, "chunked"))
    {
        return ngx_http_aiproxy_response_invalid(r, ctx, "transfer-encoding");
    }

    in->chunked = 1;
    return NGX_OK;
}
