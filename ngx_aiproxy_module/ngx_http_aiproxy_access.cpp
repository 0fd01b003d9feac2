/* SPDX-License-Identifier: MIT
 *
 * Step 2, access phase, before the body: whose client key is this, may it,
 * does it reach a provider for this dialect?  Answers 401, 403, 503.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/http/address.h"
#include "core/http/url.h"

using aiproxy::ErrorCode;
namespace wire = aiproxy::snapshot::wire;


static ErrorCode ngx_http_aiproxy_access_check(ngx_http_aiproxy_ctx_t *ctx);


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


/* can one of its providers serve this path, and may it? */

static ErrorCode
ngx_http_aiproxy_access_reaches(const ngx_http_aiproxy_ctx_t *ctx)
{
    ErrorCode  code = ErrorCode::kAuthNoProvider;

    if (ctx->client->pool() == nullptr) {
        return code;
    }

    for (uint32_t index : *ctx->client->pool()) {
        const auto &key = ctx->snapshot->view.provider_key(index);

        if (!ngx_http_aiproxy_route_takes(ctx, key.provider())) {
            continue;
        }

        if (aiproxy::snapshot::AllowsProvider(*ctx->client, key.provider())) {
            return ErrorCode::kNone;
        }

        code = ErrorCode::kAuthProvider;
    }

    return code;
}


/* nothing but the digest and the configuration decides; *how: by what */

static const wire::ClientKey *
ngx_http_aiproxy_access_find(const ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::snapshot::Snapshot &view, ErrorCode *code,
    aiproxy::ledger::Access *how)
{
    const wire::Authentication *ways = view.authentication();

    if (!ctx->digest) {
        *code = ErrorCode::kAuthMissingKey;
        return nullptr;
    }

    if (ways != nullptr && !ways->client_keys()) {
        *code = ErrorCode::kAuthModeOff;
        return nullptr;
    }

    const wire::ClientKey *client = view.FindClientKey(*ctx->digest);

    *how = aiproxy::ledger::Access::kClientKey;

    if (client == nullptr) {
        client = view.FindPrevious(*ctx->digest, ngx_http_aiproxy_unix_ms());
        *how = aiproxy::ledger::Access::kPreviousKey;
    }

    if (client == nullptr) {
        *code = ErrorCode::kAuthUnknownKey;
        *how = aiproxy::ledger::Access::kNone;
    }

    return client;
}


/* what it may, whatever it asks for */

static ErrorCode
ngx_http_aiproxy_access_rights(const ngx_http_request_t *r,
    const wire::ClientKey &client)
{
    if ((client.required_features()
         & ~aiproxy::snapshot::kKnownClientKeyFeatures) != 0)
    {
        return ErrorCode::kAuthRestriction;
    }

    if (!client.is_enabled()) {
        return ErrorCode::kAuthDisabledKey;
    }

    if (!client.user_is_enabled()) {
        return ErrorCode::kAuthDisabledUser;
    }

    auto expires = client.expires_at_ms();

    if (expires.has_value() && expires.value() <= ngx_http_aiproxy_unix_ms()) {
        return ErrorCode::kAuthExpiredKey;
    }

    if (client.allowed_addresses() != nullptr) {
        auto from = aiproxy::http::ParseAddress(
                        ngx_http_aiproxy_view(r->connection->addr_text));

        if (!from || !aiproxy::snapshot::AllowsAddress(client, *from)) {
            return ErrorCode::kAuthAddress;
        }
    }

    return ErrorCode::kNone;
}


ErrorCode
ngx_http_aiproxy_access_again(const ngx_http_aiproxy_ctx_t *ctx)
{
    auto                     snapshot = ngx_http_aiproxy_snapshot_current();
    ErrorCode                code = ErrorCode::kNone;
    aiproxy::ledger::Access  how;

    if (snapshot == nullptr) {
        return ErrorCode::kNone;
    }

    const wire::ClientKey *client =
        ngx_http_aiproxy_access_find(ctx, snapshot->view, &code, &how);

    return client == nullptr
               ? code : ngx_http_aiproxy_access_rights(ctx->request, *client);
}


ErrorCode
ngx_http_aiproxy_access_identify(ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->snapshot = ngx_http_aiproxy_snapshot_current();

    if (ctx->snapshot == nullptr) {
        return ErrorCode::kNoSnapshot;
    }

    ctx->generation = ctx->snapshot->view.generation();

    ErrorCode  code = ErrorCode::kNone;

    ctx->client = ngx_http_aiproxy_access_find(ctx, ctx->snapshot->view, &code,
                                               &ctx->access);
    ctx->client_id = ctx->client == nullptr ? 0 : ctx->client->id();

    return code;
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

    code = ngx_http_aiproxy_access_rights(ctx->request, *ctx->client);

    if (code == ErrorCode::kNone) {
        ngx_http_aiproxy_route_bind(ctx);
        code = ngx_http_aiproxy_access_reaches(ctx);
    }

    if (code != ErrorCode::kNone) {
        return code;
    }

    /* as it was sent it goes behind the prefix of the provider's base URL */

    std::string_view  path = ngx_http_aiproxy_route_uri(ctx);

    return aiproxy::http::ClimbsOut(path.substr(0, path.find('?')))
               ? ErrorCode::kRequestBad : ErrorCode::kNone;
}
