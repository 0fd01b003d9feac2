/* SPDX-License-Identifier: MIT
 *
 * Steps 6 to 8 of a WebSocket: the handshake towards the provider, and what
 * the provider says after its 101.  nginx then pumps bytes by itself and
 * calls no filter of ours, so the provider's connection reads through us.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/http/credential.h"
#include "core/http/header.h"
#include "core/http/url.h"


static ssize_t ngx_http_aiproxy_socket_recv(ngx_connection_t *c, u_char *buf,
    size_t size);
static size_t ngx_http_aiproxy_socket_take(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view bytes);
static ngx_int_t ngx_http_aiproxy_socket_part(ngx_connection_t *c,
    ngx_http_aiproxy_ctx_t *ctx, u_char *buf, size_t size);


/* a handshake (RFC 6455, section 4.1); other upgrades are not passed on */

bool
ngx_http_aiproxy_socket_asked(ngx_http_request_t *r)
{
    return r->headers_in.upgrade != NULL && r->method == NGX_HTTP_GET
           && r->http_version == NGX_HTTP_VERSION_11
           && aiproxy::http::EqualsIgnoreCase(
                  ngx_http_aiproxy_view(r->headers_in.upgrade->value),
                  "websocket");
}


/* a session names its model, or Azure's deployment, in the query */

std::string
ngx_http_aiproxy_socket_model(ngx_http_request_t *r)
{
    for (std::string_view name : {"model", "deployment"}) {
        auto value = aiproxy::http::FindQuery(ngx_http_aiproxy_view(r->args),
                                              name);
        if (value) {
            return aiproxy::http::PercentDecode(value->value).value_or("");
        }
    }

    return {};
}


/*
 * No extension is offered to the provider: compressed frames could not be
 * metered.  Of the subprotocols those with the caller's key stay here.
 */

void
ngx_http_aiproxy_socket_head(ngx_http_request_t *r, std::string &head)
{
    static constexpr std::string_view  names[] = {
        "sec-websocket-key", "sec-websocket-version"
    };

    for (std::string_view name : names) {
        std::string_view  value = ngx_http_aiproxy_header(r, name);

        if (value.data() != NULL) {
            head += name;
            head += ": ";
            head += value;
            head += "\r\n";
        }
    }

    std::string  protocols = aiproxy::http::WithoutWebSocketCredential(
        ngx_http_aiproxy_header(r, "sec-websocket-protocol"));

    if (!protocols.empty()) {
        head += "sec-websocket-protocol: " + protocols + "\r\n";
    }
}


/* the provider has agreed; what came behind its header is scanned first */

void
ngx_http_aiproxy_socket_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_connection_t    *c = u->peer.connection;

    u->upgrade = 1;
    ctx->streaming = true;
    ctx->recv = c->recv;
    c->recv = ngx_http_aiproxy_socket_recv;

    ctx->watch.emplace();
    ctx->meter.emplace(ctx->route.dialect, ctx->route.family,
                       aiproxy::dialect::Framing::kWebSocket);

    (void) ngx_http_aiproxy_socket_take(ctx, ngx_http_aiproxy_view(u->buffer.pos,
                                                            u->buffer.last));
}


static ssize_t
ngx_http_aiproxy_socket_recv(ngx_connection_t *c, u_char *buf, size_t size)
{
    auto  r = (ngx_http_request_t *) c->data;

    return ngx_http_aiproxy_guard(c->log, NGX_ERROR, [&] {
        auto ctx = (ngx_http_aiproxy_ctx_t *)
                       ngx_http_get_module_ctx(r, ngx_aiproxy_module);

        if (ctx->left) {
            return ngx_http_aiproxy_socket_part(c, ctx, buf, size);
        }

        ssize_t  n = ctx->recv(c, buf, size);

        if (n > 0) {
            n = ngx_http_aiproxy_socket_take(
                    ctx, ngx_http_aiproxy_view(buf, buf + n));
        }

        /* nginx shall come again for our last frame */

        if (ctx->left) {
            c->read->ready = 1;
        }

        return (ngx_int_t) n;
    });
}


/*
 * How many of the bytes go on: to the end of the turn, if the caller may no
 * longer have another one.
 */

static size_t
ngx_http_aiproxy_socket_take(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view bytes)
{
    auto turn = ctx->watch->Feed(bytes);

    /* what the turn came to is known when its last bytes were read */

    ctx->meter->Feed(bytes.substr(0, turn.value_or(bytes.size())));

    if (turn) {
        aiproxy::ErrorCode  code = ngx_http_aiproxy_access_again(ctx);

        if (code == aiproxy::ErrorCode::kNone) {
            code = ngx_http_aiproxy_quota_turn(ctx);
        }

        if (code != aiproxy::ErrorCode::kNone) {
            ctx->error = code;
            ctx->left = true;
            bytes = bytes.substr(0, *turn);

        } else {
            ctx->meter->Feed(bytes.substr(*turn));
        }
    }

    if (ctx->first_byte_us == 0 && !bytes.empty()) {
        ctx->first_byte_us = ngx_http_aiproxy_now_us() - ctx->started_us;
    }

    ctx->body_bytes += bytes.size();

    /* nginx waits so long for what comes next, from either side */

    ctx->upstream_conf.read_timeout =
        ngx_http_aiproxy_balancer_time(ctx, ctx->idle_ms);

    return bytes.size();
}


/* a close frame with status 1008, policy violation; then the end */

static ngx_int_t
ngx_http_aiproxy_socket_part(ngx_connection_t *c, ngx_http_aiproxy_ctx_t *ctx,
    u_char *buf, size_t size)
{
    std::string_view  reason = aiproxy::Describe(ctx->error).name;
    size_t            length = 4 + reason.size();

    if (ctx->left_told || size < length) {
        c->read->eof = 1;
        c->read->ready = 0;
        return 0;
    }

    ctx->left_told = true;
    c->read->ready = 1;

    *buf++ = 0x88;
    *buf++ = (u_char) (2 + reason.size());
    *buf++ = 1008 >> 8;
    *buf++ = (u_char) (1008 & 0xff);
    ngx_memcpy(buf, reason.data(), reason.size());

    return (ngx_int_t) length;
}
