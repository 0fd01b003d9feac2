/* SPDX-License-Identifier: MIT
 *
 * Step 8, input_filter: forwards each byte as it comes and meters a copy of
 * it.  Only where we asked for usage the unit is the event, so that what we
 * asked for can be hidden again.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

namespace dialect = aiproxy::dialect;

static ngx_int_t ngx_http_aiproxy_stream_plain(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ssize_t bytes);
static ngx_int_t ngx_http_aiproxy_stream_chunked(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ssize_t bytes);
static ngx_int_t ngx_http_aiproxy_stream_pass(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, u_char *begin, u_char *end);
static ngx_chain_t *ngx_http_aiproxy_stream_held(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);


/* Bedrock tells its counts in headers too */

static void
ngx_http_aiproxy_stream_headers(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_list_part_t *part = &r->upstream->headers_in.headers.part;

    if (ctx->route.family != dialect::Family::kBedrock) {
        return;
    }

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            ctx->meter->Header({(char *) h[i].lowcase_key, h[i].key.len},
                               ngx_http_aiproxy_view(h[i].value));
        }
    }
}


/*
 * The answer passes.  From here on the request needs its prices only, and how
 * its model's tokens are estimated: it lets its snapshot go, or an hour-long
 * stream would keep it in memory.
 */

void
ngx_http_aiproxy_stream_init(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    const auto &view = ctx->snapshot->view;
    const auto &key = view.provider_key(*ctx->key_index);
    const auto &provider = view.provider(key.provider());

    ctx->price_list = provider.price_list()->str();

    ctx->prices = ctx->snapshot->prices;
    ctx->calibration = view.FindCalibration(ctx->model);
    ctx->mapping = ctx->target->mapping;

    bool  ends_at_limit = ctx->client->ends_at_limit();

    ctx->client = nullptr;
    ctx->target = nullptr;
    ctx->snapshot.reset();

    /* of what is fetched with GET only stored answers have counts */

    if (!ctx->coding
        || (!(r->method & NGX_HTTP_POST) && ctx->route.stored_id.empty()))
    {
        return;
    }

    auto framing = dialect::FramingOf(ctx->route, ctx->streaming,
                                      ctx->content_type);
    auto encoding = aiproxy::bpe::EncodingOf(ctx->model);

    ctx->meter.emplace(dialect::Meter::Settings{
        ctx->route.dialect, ctx->route.family, framing, *ctx->coding,
        encoding ? aiproxy::bpe::Tokenizer::Get(*encoding) : nullptr,
        ctx->mapping.get()});

    ngx_http_aiproxy_stream_headers(r, ctx);

    /* a prompt in a file may have to be counted at the end */

    if (ctx->route.dialect != dialect::Dialect::kOther) {
        r->preserve_body = 1;
    }

    if (ends_at_limit && ctx->output_bound != 0
        && framing == dialect::Framing::kSse
        && dialect::EndsEarly(ctx->route.dialect)
        && ctx->coding == aiproxy::frame::Coding::kIdentity
        && r->upstream->headers_in.status_n < 300
        && r->upstream->headers_in.content_length_n < 0)
    {
        ctx->ending.emplace(ctx->route.dialect);
    }

    /* what comes coded though it should not cannot be taken out again */

    if (ctx->ask_usage && framing == dialect::Framing::kSse
        && ctx->coding == aiproxy::frame::Coding::kIdentity
        && r->upstream->headers_in.status_n < 300)
    {
        ctx->hider.emplace();
    }
}


/* the hidden event makes a length that the provider stated wrong */

ngx_int_t
ngx_http_aiproxy_stream_filter_init(void *data)
{
    auto                    r = (ngx_http_request_t *) data;
    ngx_http_upstream_t    *u = r->upstream;

    if (u->headers_in.status_n == NGX_HTTP_NO_CONTENT
        || u->headers_in.status_n == NGX_HTTP_NOT_MODIFIED
        || r->method == NGX_HTTP_HEAD)
    {
        u->length = 0;
        u->keepalive = !u->headers_in.connection_close;

    } else if (u->headers_in.chunked) {
        u->length = 1;

    } else if (u->headers_in.content_length_n == 0) {
        u->length = 0;
        u->keepalive = !u->headers_in.connection_close;

    } else {
        u->length = u->headers_in.content_length_n;
    }

    ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);

    ctx->complete = u->length == 0;
    ctx->upstream_conf.read_timeout =
        ngx_http_aiproxy_balancer_time(ctx, ctx->idle_ms);

    return NGX_OK;
}


ngx_int_t
ngx_http_aiproxy_stream_filter(void *data, ssize_t bytes)
{
    auto r = (ngx_http_request_t *) data;

    return ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);

        if (ctx->first_byte_us == 0) {
            ctx->first_byte_us = ngx_http_aiproxy_now_us() - ctx->started_us;
        }

        /* nginx waits so long for what comes next */

        ctx->upstream_conf.read_timeout =
            ngx_http_aiproxy_balancer_time(ctx, ctx->idle_ms);

        return r->upstream->headers_in.chunked
                   ? ngx_http_aiproxy_stream_chunked(r, ctx, bytes)
                   : ngx_http_aiproxy_stream_plain(r, ctx, bytes);
    });
}


static ngx_int_t
ngx_http_aiproxy_stream_plain(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ssize_t bytes)
{
    ngx_http_upstream_t *u = r->upstream;
    u_char              *begin = u->buffer.last;

    u->buffer.last += bytes;

    if (u->length == -1) {
        return ngx_http_aiproxy_stream_pass(r, ctx, begin, u->buffer.last);
    }

    off_t  size = ngx_min((off_t) bytes, u->length);

    if (bytes > u->length) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "aiproxy: provider sent more than it announced");
    }

    u->length -= size;

    if (u->length == 0) {
        u->keepalive = !u->headers_in.connection_close && size == bytes;
        ctx->complete = true;
    }

    return ngx_http_aiproxy_stream_pass(r, ctx, begin, begin + size);
}


static ngx_int_t
ngx_http_aiproxy_stream_chunked(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ssize_t bytes)
{
    ngx_http_upstream_t *u = r->upstream;
    ngx_buf_t           *buf = &u->buffer;

    buf->pos = buf->last;
    buf->last += bytes;

    for ( ;; ) {
        ngx_int_t rc = ngx_http_aiproxy_parse_chunked(r, buf, &ctx->chunked);

        if (rc == NGX_OK) {
            u_char *end = buf->last - buf->pos >= ctx->chunked.size
                              ? buf->pos + ctx->chunked.size : buf->last;

            ctx->chunked.size -= end - buf->pos;

            rc = ngx_http_aiproxy_stream_pass(r, ctx, buf->pos, end);

            if (rc != NGX_OK) {
                return rc;
            }

            buf->pos = end;

        } else if (rc == NGX_DONE) {
            u->keepalive = !u->headers_in.connection_close
                           && buf->pos == buf->last;
            u->length = 0;
            ctx->complete = true;
            return NGX_OK;

        } else if (rc == NGX_AGAIN) {
            return NGX_OK;

        } else {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "aiproxy: provider sent invalid chunked bytes");
            return NGX_ERROR;
        }
    }
}


/* appends a buffer with these bytes to what is to be sent */

static ngx_chain_t *
ngx_http_aiproxy_stream_link(ngx_http_request_t *r)
{
    ngx_http_upstream_t  *u = r->upstream;
    ngx_chain_t         **last = &u->out_bufs;

    while (*last != NULL) {
        last = &(*last)->next;
    }

    ngx_chain_t *cl = ngx_chain_get_free_buf(r->pool, &u->free_bufs);

    if (cl != NULL) {
        cl->buf->flush = 1;
        cl->buf->memory = 1;
        cl->buf->tag = u->output.tag;
        cl->next = NULL;
        *last = cl;
    }

    return cl;
}


/*
 * A stream that has used what its client key may use ends here, behind an
 * event: how much of these bytes still passes, and in "events" what ends it.
 */

static size_t
ngx_http_aiproxy_stream_limit(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string_view passing, std::string &events)
{
    if (ngx_http_aiproxy_quota_more(
            ctx, (uint64_t) ctx->meter->output_so_far()))
    {
        ctx->ending->Feed(passing);
        return passing.size();
    }

    size_t  whole = ctx->ending->WholeEvents(passing);

    if (whole == 0 && !ctx->ending->at_border()) {
        ctx->ending->Feed(passing);
        return passing.size();
    }

    ctx->ending->Feed(passing.substr(0, whole));

    auto  progress = ctx->meter->Peek();
    auto  prompt = (int64_t) ctx->prompt_bound;

    /* the meter must know what was used, whether or not the caller asked */

    ctx->meter->Feed("\n\n");
    ctx->meter->Feed(ctx->ending->Events(progress, prompt, ngx_time(), true));

    events = ctx->ending->Events(progress, prompt, ngx_time(),
                                 !ctx->hider && ctx->fields.usage_asked);
    ctx->ended = true;
    ctx->complete = true;

    r->upstream->length = 0;
    r->upstream->keepalive = 0;

    return whole;
}


static ngx_int_t
ngx_http_aiproxy_stream_pass(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, u_char *begin, u_char *end)
{
    if (begin == end || ctx->ended) {
        return NGX_OK;
    }

    std::string  events;

    std::string_view  bytes = ngx_http_aiproxy_view(begin, end);

    if (ctx->meter) {
        ctx->meter->Feed(bytes);
        ngx_http_aiproxy_quota_spent(ctx);
    }

    if (ctx->draining) {
        return ngx_http_aiproxy_drain_count(ctx, bytes.size());
    }

    if (ctx->hider) {
        ctx->hider->Feed(bytes, ctx->held);

        if (ctx->ending) {
            ctx->held.resize(ngx_http_aiproxy_stream_limit(r, ctx, ctx->held,
                                                           events));
            ctx->held += events;
        }

        if (ctx->payload != nullptr) {
            ngx_http_aiproxy_payload_answer(ctx, ctx->held);
        }

        return ctx->held.empty()
               || ngx_http_aiproxy_stream_held(r, ctx) != NULL
                   ? NGX_OK : NGX_ERROR;
    }

    if (ctx->ending) {
        end = begin + ngx_http_aiproxy_stream_limit(r, ctx, bytes, events);
    }

    if (end != begin) {
        ngx_chain_t *cl = ngx_http_aiproxy_stream_link(r);

        if (cl == NULL) {
            return NGX_ERROR;
        }

        ctx->body_bytes += end - begin;
        cl->buf->pos = begin;
        cl->buf->last = end;
    }

    if (ctx->payload != nullptr) {
        ngx_http_aiproxy_payload_answer(ctx,
                                        ngx_http_aiproxy_view(begin, end));
        ngx_http_aiproxy_payload_answer(ctx, events);
    }

    ctx->held = std::move(events);

    return ctx->held.empty() || ngx_http_aiproxy_stream_held(r, ctx) != NULL
               ? NGX_OK : NGX_ERROR;
}


/*
 * What came out of the hider is copied to memory that the buffer keeps and
 * uses again; upstream's own buffer will be overwritten.
 */

static ngx_chain_t *
ngx_http_aiproxy_stream_held(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_chain_t *cl = ngx_http_aiproxy_stream_link(r);

    if (cl == NULL) {
        return NULL;
    }

    ngx_buf_t *b = cl->buf;
    size_t     size = ctx->held.size();

    if ((size_t) (b->end - b->start) < size) {
        size_t  room = ngx_max(size * 2, (size_t) 1024);

        b->start = (u_char *) ngx_palloc(r->pool, room);
        if (b->start == NULL) {
            return NULL;
        }

        b->end = b->start + room;
    }

    b->pos = b->start;
    b->last = ngx_cpymem(b->start, ctx->held.data(), size);
    ctx->body_bytes += size;
    ctx->held.clear();

    return cl;
}


/*
 * The end, however it came.  At the end of an answer that the provider
 * closes, and at a broken one, input_filter is not called: what is held goes
 * out here.
 */

void
ngx_http_aiproxy_stream_finalize(ngx_http_request_t *r, ngx_int_t rc)
{
    (void) ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
        ngx_http_upstream_t    *u = r->upstream;

        ngx_http_aiproxy_request_wipe(ctx);

        ctx->aborted = rc == NGX_HTTP_CLIENT_CLOSED_REQUEST
                       || rc == NGX_HTTP_REQUEST_TIME_OUT
                       || r->connection->error;

        if (!ctx->passing) {
            return (ngx_int_t) NGX_OK;
        }

        bool  closes = rc == 0 && u->length == -1;

        if (closes) {
            ctx->complete = true;
        }

        if (ctx->meter) {
            ctx->reading = ctx->meter->Finish(ctx->complete);

            /* the close says nothing of what was lost: the dialect does */

            if (closes && !ctx->ended && !ctx->reading->complete
                && !ctx->reading->error)
            {
                ctx->complete = false;
            }

            if (ctx->ended) {
                ctx->reading->source =
                    aiproxy::usage::UsageSource::kEstimated;
            }

            ngx_http_aiproxy_prompt_settle(r, ctx);
        }

        if (!ctx->complete && !ctx->aborted) {
            ctx->error = rc == NGX_HTTP_GATEWAY_TIME_OUT
                             ? aiproxy::ErrorCode::kUpstreamTimeout
                             : aiproxy::ErrorCode::kUpstreamClosed;
        }

        /* under a status that said all was well */

        if (ctx->complete && !ctx->aborted && ctx->reading
            && ctx->reading->error && u->headers_in.status_n < 300)
        {
            ctx->error = aiproxy::ErrorCode::kUpstreamErrorEvent;
        }

        if (ctx->hider && !ctx->aborted && !ctx->ended) {
            ctx->hider->Finish(ctx->held);

            if (ctx->payload != nullptr) {
                ngx_http_aiproxy_payload_answer(ctx, ctx->held);
            }

            if (!ctx->held.empty()
                && ngx_http_aiproxy_stream_held(r, ctx) != NULL)
            {
                ngx_chain_t *out = u->out_bufs;

                u->out_bufs = NULL;
                return ngx_http_output_filter(r, out);
            }
        }

        return (ngx_int_t) NGX_OK;
    });
}
