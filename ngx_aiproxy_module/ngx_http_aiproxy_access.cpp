/* SPDX-License-Identifier: MIT
 *
 * Step 2, access phase, before the body: whose client key is this, may it,
 * does it reach a provider for this dialect?  Answers 401, 403, 503.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>

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

        ngx_http_aiproxy_credential_forget(ctx);

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


/* a shared secret of an issuer; empty: it cannot be opened */

static std::string
ngx_http_aiproxy_access_open(const wire::VerificationKey &row)
{
    auto         snapshot = ngx_http_aiproxy_snapshot_current();
    std::string  secret;

    if (snapshot == nullptr || row.sealed() == nullptr) {
        return secret;
    }

    std::string_view  blob((const char *) row.sealed()->data(),
                           row.sealed()->size());

    secret.resize(aiproxy::key::SecretBytes(blob));

    auto  opened = snapshot->opener.Open(
        aiproxy::snapshot::VerificationKeyContext(row.id(), row.version()),
        blob, secret);

    if (!opened.ok()) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "aiproxy: secret of a token issuer cannot be opened, "
                      "key: %L, reason: %s", row.id(),
                      opened.error().detail.c_str());
        secret.clear();
    }

    return secret;
}


/*
 * Whose rights a token has.  The verifier is this worker's, and remembers
 * signatures across snapshots; all else is asked of the present one.
 */

static const wire::ClientKey *
ngx_http_aiproxy_access_token(const ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::snapshot::Snapshot &view, ErrorCode *code,
    aiproxy::ledger::Access *how,
    std::optional<aiproxy::snapshot::TokenVerifier::Proven> *proven)
{
    using aiproxy::snapshot::TokenVerifier;

    static auto *verifier = new TokenVerifier(ngx_http_aiproxy_access_open);

    aiproxy::UnixMs  now = ngx_http_aiproxy_unix_ms();
    auto             answer = ctx->proven
                         ? TokenVerifier::AdmitAgain(view, *ctx->proven, now)
                         : verifier->Admit(view, ctx->token, now);

    if (answer.wanted_issuer_id != 0 && ngx_http_aiproxy_state() != NULL) {
        ngx_http_aiproxy_state()->header().wanted_issuer_id =
            (uint32_t) answer.wanted_issuer_id;
    }

    if (answer.client != nullptr) {
        *how = answer.issuer->kind() == wire::IssuerKind::kOAuth
                   ? aiproxy::ledger::Access::kOAuth
                   : aiproxy::ledger::Access::kJwt;
    }

    if (proven != NULL && answer.proven) {
        *proven = std::move(answer.proven);
    }

    *code = answer.refusal;

    return answer.client;
}


/*
 * Nothing but the credential and the configuration decides; *how: by what.
 * Whom a refused token names is found too.
 */

static const wire::ClientKey *
ngx_http_aiproxy_access_find(const ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::snapshot::Snapshot &view, ErrorCode *code,
    aiproxy::ledger::Access *how,
    std::optional<aiproxy::snapshot::TokenVerifier::Proven> *proven = NULL)
{
    const wire::Authentication *ways = view.authentication();

    if (ctx->proven || !ctx->token.empty()) {
        return ngx_http_aiproxy_access_token(ctx, view, code, how, proven);
    }

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

    return code != ErrorCode::kNone
               ? code : ngx_http_aiproxy_access_rights(ctx->request, *client);
}


ErrorCode
ngx_http_aiproxy_access_identify(ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->snapshot = ngx_http_aiproxy_snapshot_current();

    if (ctx->snapshot == nullptr) {
        return ErrorCode::kNoSnapshot;
    }

    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_get_module_main_conf(ctx->request,
                                                  ngx_aiproxy_module);

    /* a key may have been disabled meanwhile: cannot tell */

    if (amcf->snapshot_max_age != 0
        && ngx_http_aiproxy_snapshot_age_ms(ctx->snapshot->view)
           > (int64_t) amcf->snapshot_max_age)
    {
        return ErrorCode::kConfigStale;
    }

    ctx->generation = ctx->snapshot->view.generation();

    ErrorCode  code = ErrorCode::kNone;
    std::optional<aiproxy::snapshot::TokenVerifier::Proven>  proven;

    ctx->client = ngx_http_aiproxy_access_find(ctx, ctx->snapshot->view, &code,
                                               &ctx->access, &proven);
    ctx->client_id = ctx->client == nullptr ? 0 : ctx->client->id();

    /* only a WebSocket is asked again when its token's text is gone */

    if (proven && ngx_http_aiproxy_socket_asked(ctx->request)) {
        ctx->proven = std::move(proven);
    }

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
