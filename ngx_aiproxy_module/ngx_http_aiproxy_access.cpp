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


static std::string ngx_http_aiproxy_access_credential(ngx_http_request_t *r);
static std::string ngx_http_aiproxy_access_header(ngx_http_request_t *r);
static std::string ngx_http_aiproxy_access_query(ngx_http_request_t *r);
static ErrorCode ngx_http_aiproxy_access_check(ngx_http_aiproxy_ctx_t *ctx,
    const std::string &credential);


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

        /* even a request that is refused for another reason is scrubbed */

        std::string  credential = ngx_http_aiproxy_access_credential(r);
        ErrorCode    code = ngx_http_aiproxy_access_check(ctx, credential);

        OPENSSL_cleanse(credential.data(), credential.size());

        return code == ErrorCode::kNone ? (ngx_int_t) NGX_OK
                                        : ngx_http_aiproxy_error(ctx, code);
    });
}


/*
 * Overwrites every copy of the secret that a log line could print: nginx
 * keeps the request line, the URI and the arguments apart or in one piece,
 * by protocol.
 */

static void
ngx_http_aiproxy_access_scrub(const ngx_str_t &where, std::string_view secret)
{
    std::string_view  text = ngx_http_aiproxy_view(where);

    for (size_t at = text.find(secret); at != text.npos;
         at = text.find(secret, at + secret.size()))
    {
        ngx_memset(where.data + at, 'x', secret.size());
    }
}


/* the first credential that is found; all places are scrubbed */

static std::string
ngx_http_aiproxy_access_credential(ngx_http_request_t *r)
{
    std::string  header = ngx_http_aiproxy_access_header(r);
    std::string  query = ngx_http_aiproxy_access_query(r);

    if (header.empty()) {
        return query;
    }

    OPENSSL_cleanse(query.data(), query.size());

    return header;
}


static std::string
ngx_http_aiproxy_access_header(ngx_http_request_t *r)
{
    static constexpr std::string_view  names[] = {
        "authorization", "x-api-key", "api-key", "x-goog-api-key"
    };

    std::string       found;
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

            if (found.empty()) {
                found = value;
            }

            ngx_memset(h[i].value.data, 'x', h[i].value.len);
        }
    }

    return found;
}


static std::string
ngx_http_aiproxy_access_query(ngx_http_request_t *r)
{
    auto value = aiproxy::http::FindQuery(ngx_http_aiproxy_view(r->args),
                                          "key");
    if (!value || value->value.empty()) {
        return {};
    }

    std::string  raw(value->value);

    ngx_http_aiproxy_access_scrub(r->request_line, raw);
    ngx_http_aiproxy_access_scrub(r->unparsed_uri, raw);
    ngx_http_aiproxy_access_scrub(r->args, raw);

    auto decoded = aiproxy::http::PercentDecode(raw);

    OPENSSL_cleanse(raw.data(), raw.size());

    return decoded.value_or(std::string());
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


/*
 * Unknown is told from not allowed, and both from "cannot tell": an SDK
 * retries only the last.
 */

static ErrorCode
ngx_http_aiproxy_access_check(ngx_http_aiproxy_ctx_t *ctx,
    const std::string &credential)
{
    ctx->snapshot = ngx_http_aiproxy_snapshot_current();

    if (ctx->snapshot == nullptr) {
        return ErrorCode::kNoSnapshot;
    }

    ctx->generation = ctx->snapshot->view.generation();

    if (credential.empty()) {
        return ErrorCode::kAuthMissingKey;
    }

    const wire::ClientKey *client =
        ctx->snapshot->view.FindClientKey(aiproxy::key::Sha256(credential));

    if (client == nullptr) {
        return ErrorCode::kAuthUnknownKey;
    }

    ctx->client = client;
    ctx->client_id = client->id();

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

    return ngx_http_aiproxy_access_reaches(ctx) ? ErrorCode::kNone
                                                : ErrorCode::kAuthNoProvider;
}
