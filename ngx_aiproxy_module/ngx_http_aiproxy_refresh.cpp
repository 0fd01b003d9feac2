/* SPDX-License-Identifier: MIT
 *
 * Steps 4 to 7, of OAuth keys: their tokens end and are renewed while a
 * request runs.  A token that a provider refused is told to the daemon by its
 * serial; the key is left out until a newer configuration has another token,
 * which is then sent, whatever configuration the request came with.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

using aiproxy::pool::Exclusion;
namespace wire = aiproxy::snapshot::wire;


/* how long a request waits for a token, if its client key says nothing */

#define NGX_HTTP_AIPROXY_REFRESH_MS  5000


/* by its place, which seldom changes, else by its id; NULL: it is gone */

static const wire::ProviderKey *
ngx_http_aiproxy_refresh_find(const aiproxy::snapshot::Snapshot &view,
    uint32_t index, int64_t id)
{
    const auto *keys = view.root().provider_keys();

    if (keys == nullptr) {
        return NULL;
    }

    if (index < keys->size() && keys->Get(index)->id() == id) {
        return keys->Get(index);
    }

    for (const wire::ProviderKey *key : *keys) {
        if (key->id() == id) {
            return key;
        }
    }

    return NULL;
}


/*
 * The key as it is now; a token goes to no provider but its own.  What is
 * gone is as the request knew it.
 */

ngx_http_aiproxy_token_t
ngx_http_aiproxy_refresh_token(const ngx_http_aiproxy_ctx_t *ctx,
    uint32_t index)
{
    const auto               &known = ctx->snapshot->view.provider_key(index);
    ngx_http_aiproxy_token_t  token = {ctx->snapshot, &known};

    if (!known.oauth()) {
        return token;
    }

    auto  current = ngx_http_aiproxy_snapshot_current();

    if (current == nullptr || current == ctx->snapshot) {
        return token;
    }

    const wire::ProviderKey *key = ngx_http_aiproxy_refresh_find(
                                       current->view, index, known.id());

    if (key != NULL && key->oauth()
        && current->view.provider(key->provider()).id()
           == ctx->snapshot->view.provider(known.provider()).id())
    {
        token = {std::move(current), key};
    }

    return token;
}


static uint64_t
ngx_http_aiproxy_refresh_serial(const wire::ProviderKey &key)
{
    auto  serial = key.token_serial();

    return serial.has_value() ? serial.value() : 0;
}


uint64_t
ngx_http_aiproxy_refresh_serial(const ngx_http_aiproxy_token_t &token)
{
    return ngx_http_aiproxy_refresh_serial(*token.key);
}


/* what an OAuth key's token has against it; refused: the serial of the last */

Exclusion
ngx_http_aiproxy_refresh_exclusion(const ngx_http_aiproxy_ctx_t *ctx,
    uint32_t index, uint64_t refused)
{
    auto      token = ngx_http_aiproxy_refresh_token(ctx, index);
    uint64_t  serial = ngx_http_aiproxy_refresh_serial(token);

    if (token.key->credential_state() != wire::CredentialState::kGood) {
        return Exclusion::kCredential;
    }

    return serial != 0 && serial == refused ? Exclusion::kRefreshing
                                            : Exclusion::kNone;
}


/* a token of this key was refused before in this request, and renewed */

bool
ngx_http_aiproxy_refresh_was(const ngx_http_aiproxy_ctx_t *ctx)
{
    const auto &attempts = ctx->attempts;

    for (size_t i = 0; i + 1 < attempts.size(); i++) {
        if (attempts[i].provider_key_id == attempts.back().provider_key_id
            && attempts[i].status == 401)
        {
            return true;
        }
    }

    return false;
}


/* the daemon looks for it many times a second */

void
ngx_http_aiproxy_refresh_tell(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared)
{
    if (ctx->token_serial == 0) {
        return;
    }

    shared->NoteTokenRefused(ctx->key_slot, ctx->token_serial);

    ngx_log_error(NGX_LOG_NOTICE, ctx->request->connection->log, 0,
                  "aiproxy: token refused, its refresh is asked for, "
                  "provider key: %L", ctx->attempts.back().provider_key_id);
}


/* a key is left out until its token was renewed, or may be after this try */

bool
ngx_http_aiproxy_refresh_awaited(const ngx_http_aiproxy_ctx_t *ctx)
{
    for (const auto &candidate : ctx->candidates) {
        if (candidate.exclusion == Exclusion::kRefreshing) {
            return true;
        }
    }

    return false;
}


/* how long the request may wait for a key, in all */

int64_t
ngx_http_aiproxy_refresh_patience(const ngx_http_aiproxy_ctx_t *ctx)
{
    auto     park_ms = ctx->client->park_ms();
    int64_t  patience = park_ms.has_value() ? park_ms.value() : 0;

    return ngx_http_aiproxy_refresh_awaited(ctx)
               ? ngx_max(patience, NGX_HTTP_AIPROXY_REFRESH_MS) : patience;
}
