/* SPDX-License-Identifier: MIT
 *
 * Step 7, what the first bytes of an answer's body say: of an error its own
 * words; of a stream whether an error opens it, for that is a failure too,
 * while another key could serve.  What opens every stream says nothing yet: it
 * is held until content or an error comes, and for a moment at most.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

namespace dialect = aiproxy::dialect;


#define NGX_HTTP_AIPROXY_OPENING_MS  250


static bool ngx_http_aiproxy_opening_stream(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, dialect::Framing framing,
    aiproxy::retry::ErrorFacts &facts, bool &failed);
static void ngx_http_aiproxy_opening_hold(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static ssize_t ngx_http_aiproxy_opening_recv(ngx_connection_t *c, u_char *buf,
    size_t size);
static void ngx_http_aiproxy_opening_over(ngx_event_t *ev);


/*
 * What has come of the body, without its framing.  The buffer stays as it is:
 * if the answer passes, these bytes are its first.  whole: no more will come.
 */

static std::string
ngx_http_aiproxy_opening_peek(ngx_http_request_t *r, bool &whole)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_buf_t            copy = u->buffer;
    ngx_http_chunked_t   chunked;
    std::string          bytes;

    ngx_memzero(&chunked, sizeof(ngx_http_chunked_t));

    if (!u->headers_in.chunked) {
        bytes = ngx_http_aiproxy_view(copy.pos, copy.last);
        whole = u->headers_in.content_length_n < 0
                || (off_t) bytes.size() >= u->headers_in.content_length_n;
        return bytes;
    }

    for ( ;; ) {
        ngx_int_t rc = ngx_http_aiproxy_parse_chunked(r, &copy, &chunked);

        if (rc != NGX_OK) {
            whole = rc != NGX_AGAIN;
            return bytes;
        }

        u_char *end = copy.last - copy.pos >= chunked.size
                          ? copy.pos + chunked.size : copy.last;

        bytes += ngx_http_aiproxy_view(copy.pos, end);
        chunked.size -= end - copy.pos;
        copy.pos = end;
    }
}


/* false: more of it has to come.  The buffer is small, so the wait is. */

bool
ngx_http_aiproxy_opening_read(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, aiproxy::retry::ErrorFacts &facts,
    bool &failed)
{
    ngx_http_upstream_t *u = r->upstream;
    bool                 whole = true;

    failed = u->headers_in.status_n >= 400;

    if (r->method == NGX_HTTP_HEAD) {
        return true;
    }

    if (failed) {
        std::string  bytes = ngx_http_aiproxy_opening_peek(r, whole);

        if (!whole && u->buffer.last != u->buffer.end) {
            return false;
        }

        bytes.resize(ngx_min(bytes.size(), aiproxy::retry::kMaxErrorBytes));
        facts = aiproxy::retry::ReadErrorFacts(bytes, ctx->error_type);
        return true;
    }

    if (u->headers_in.status_n != NGX_HTTP_OK || !ctx->streaming
        || ctx->coding != aiproxy::frame::Coding::kIdentity)
    {
        return true;
    }

    auto framing = dialect::FramingOf(ctx->route, true, ctx->content_type);

    return framing == dialect::Framing::kJson
           || ngx_http_aiproxy_opening_stream(r, ctx, framing, facts, failed);
}


/* the JSON text of the event that is the error */

static std::string_view
ngx_http_aiproxy_opening_error(std::string_view bytes)
{
    size_t  at = bytes.rfind("\"error\"");

    if (at == bytes.npos) {
        at = bytes.rfind('{');
    }

    size_t  line = at == bytes.npos ? at : bytes.rfind('\n', at);
    size_t  begin = bytes.find('{', line == bytes.npos ? 0 : line);

    return begin == bytes.npos ? bytes : bytes.substr(begin);
}


/* AWS names what went wrong in a header of its message: a text, its length */

static std::string_view
ngx_http_aiproxy_opening_exception(std::string_view bytes)
{
    static constexpr std::string_view  name = ":exception-type\x07";

    size_t  at = bytes.rfind(name);

    if (at == bytes.npos || bytes.size() - at < name.size() + 2) {
        return {};
    }

    bytes.remove_prefix(at + name.size());

    return bytes.substr(2, (size_t) (u_char) bytes[0] << 8 | (u_char) bytes[1]);
}


static bool
ngx_http_aiproxy_opening_stream(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, dialect::Framing framing,
    aiproxy::retry::ErrorFacts &facts, bool &failed)
{
    ngx_http_upstream_t *u = r->upstream;
    bool                 whole = true;
    std::string          bytes = ngx_http_aiproxy_opening_peek(r, whole);
    bool                 more = ctx->next < ctx->decision.order.size()
                                && ngx_http_aiproxy_verdict_more(ctx);

    /* without another key nothing is held, and most streams are good */

    if (!more && bytes.find("error") == bytes.npos
        && bytes.find("ERROR") == bytes.npos
        && bytes.find("exception") == bytes.npos)
    {
        return true;
    }

    dialect::Meter  meter(ctx->route.dialect, ctx->route.family, framing);

    meter.Feed(bytes);

    dialect::Reading  reading = meter.Finish(false);

    if (reading.content) {
        return true;
    }

    if (reading.error) {
        facts = aiproxy::retry::ReadErrorFacts(
                    ngx_http_aiproxy_opening_error(bytes),
                    ngx_http_aiproxy_opening_exception(bytes));
        failed = true;
        return true;
    }

    if (!more || ctx->opening_over || u->buffer.last == u->buffer.end
        || reading.complete || (whole && !bytes.empty()
                                && u->headers_in.content_length_n >= 0))
    {
        return true;
    }

    ngx_http_aiproxy_opening_hold(r, ctx);

    return false;
}


/*
 * nginx asks process_header again with new bytes only.  So that it asks when
 * the moment is over it gets the last one anew.
 */

static void
ngx_http_aiproxy_opening_hold(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_connection_t    *c = u->peer.connection;
    ngx_event_t         *timer = &ctx->opening_timer;

    if (u->buffer.last == u->buffer.pos) {
        return;
    }

    ctx->opening_byte = *--u->buffer.last;
    u->state->bytes_received--;

    ctx->opening_recv = c->recv;
    c->recv = ngx_http_aiproxy_opening_recv;

    if (!timer->timer_set) {
        timer->handler = ngx_http_aiproxy_opening_over;
        timer->data = c;
        timer->log = c->log;
        ngx_add_timer(timer, NGX_HTTP_AIPROXY_OPENING_MS);
    }
}


static ssize_t
ngx_http_aiproxy_opening_recv(ngx_connection_t *c, u_char *buf, size_t size)
{
    auto r = (ngx_http_request_t *) c->data;
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    ssize_t  n = size > 1 ? ctx->opening_recv(c, buf + 1, size - 1)
                          : NGX_AGAIN;

    if (n == NGX_AGAIN && !ctx->opening_over) {
        return n;
    }

    buf[0] = ctx->opening_byte;
    c->recv = ctx->opening_recv;
    ctx->opening_recv = NULL;

    /* the end, of which nginx shall hear too */

    if (n == 0 || n == NGX_ERROR) {
        ctx->opening_over = true;
        c->read->ready = 1;
    }

    return n > 0 ? n + 1 : 1;
}


static void
ngx_http_aiproxy_opening_over(ngx_event_t *ev)
{
    auto c = (ngx_connection_t *) ev->data;
    auto r = (ngx_http_request_t *) c->data;
    auto ctx = (ngx_http_aiproxy_ctx_t *)
                   ngx_http_get_module_ctx(r, ngx_aiproxy_module);

    ctx->opening_over = true;
    c->read->handler(c->read);
}


/* its connection is given back, or closed */

void
ngx_http_aiproxy_opening_end(ngx_http_aiproxy_ctx_t *ctx)
{
    ctx->opening_over = false;
    ctx->opening_recv = NULL;

    if (ctx->opening_timer.timer_set) {
        ngx_del_timer(&ctx->opening_timer);
    }
}
