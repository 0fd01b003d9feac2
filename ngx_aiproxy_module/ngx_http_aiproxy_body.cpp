/* SPDX-License-Identifier: MIT
 *
 * Step 3, content handler: reads the request body, into memory or into
 * nginx's temporary file, and finds model and stream flag in it by one scan.
 * Answers 400 and, through nginx, 413.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/frame/inflate.h"
#include "core/provider/model_rule.h"


/* decoding takes about a millisecond per 300 KB */

#define NGX_HTTP_AIPROXY_MAX_DECODED  (4 * 1024 * 1024)


static void ngx_http_aiproxy_body_ready(ngx_http_request_t *r);
static ngx_int_t ngx_http_aiproxy_body_read(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);


ngx_int_t
ngx_http_aiproxy_body_handler(ngx_http_request_t *r)
{
    r->request_body_in_single_buf = 1;

    ngx_int_t rc = ngx_http_read_client_request_body(r,
                                                ngx_http_aiproxy_body_ready);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


/* the rest of the request's way to the provider begins here */

static void
ngx_http_aiproxy_body_ready(ngx_http_request_t *r)
{
    ngx_int_t rc = ngx_http_aiproxy_guard(r->connection->log,
                                          NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);
        ngx_int_t               step = ngx_http_aiproxy_body_read(r, ctx);

        if (step == NGX_OK) {
            step = ngx_http_aiproxy_limit_admit(r, ctx);
        }

        return step == NGX_OK ? ngx_http_aiproxy_balancer_start(r, ctx) : step;
    });

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


/* what was read, whether the caller announced its length or not */

off_t
ngx_http_aiproxy_body_size(ngx_http_request_t *r)
{
    off_t  size = 0;

    if (r->request_body != NULL) {
        for (ngx_chain_t *cl = r->request_body->bufs; cl; cl = cl->next) {
            size += ngx_buf_size(cl->buf);
        }
    }

    return size;
}


/* a request of a dialect that names no model gets one we do not know */

static bool
ngx_http_aiproxy_body_allowed(const ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->model.empty() && !ngx_http_aiproxy_socket_asked(ctx->request)
        && (ctx->route.dialect == aiproxy::dialect::Dialect::kOther
            || !(ctx->request->method & NGX_HTTP_POST)))
    {
        return true;
    }

    return aiproxy::snapshot::AllowsModel(*ctx->client, ctx->model);
}


/*
 * What a coded body says, in memory that is let go at once.  Empty when it
 * cannot be told: such a body passes, unless the client key's models matter.
 */

static std::string_view
ngx_http_aiproxy_body_decode(std::optional<aiproxy::frame::Coding> coding,
    std::string_view coded, std::string &plain)
{
    if (!coding) {
        return {};
    }

    aiproxy::frame::Inflate  inflate(*coding);
    bool                     fits = true;

    for (size_t at = 0; at < coded.size() && fits; at += 16384) {
        inflate.Feed(coded.substr(at, 16384), [&](std::string_view piece) {
            fits = fits && plain.size() + piece.size()
                           <= NGX_HTTP_AIPROXY_MAX_DECODED;

            if (fits) {
                plain += piece;
            }
        });
    }

    return fits && inflate.done() && !inflate.broken()
               ? std::string_view(plain) : std::string_view();
}


/* by the provider's own rules if it has any, else by the dialect's */

static std::string
ngx_http_aiproxy_body_model(const ngx_http_aiproxy_ctx_t *ctx,
    std::string_view body)
{
    const auto       &view = ctx->snapshot->view;
    std::string_view  uri = ngx_http_aiproxy_route_uri(ctx);
    std::string_view  path = uri.substr(0, uri.find('?'));

    for (uint32_t index : *ctx->client->pool()) {
        uint32_t    provider = view.provider_key(index).provider();
        const auto *rules = view.provider(provider).model_rules();

        if (!ngx_http_aiproxy_route_takes(ctx, provider)) {
            continue;
        }

        for (size_t i = 0; rules != nullptr && i < rules->size(); i++) {
            const aiproxy::provider::ModelRule  rule = {
                static_cast<aiproxy::provider::ModelSource>(
                    rules->Get(i)->source()),
                rules->Get(i)->name()->string_view()
            };
            std::string  model = aiproxy::provider::FindModel(
                {&rule, 1}, path, ngx_http_aiproxy_view(ctx->request->args),
                body);

            if (!model.empty()) {
                return model;
            }
        }

        break;
    }

    return ctx->fields.model;
}


static ngx_int_t
ngx_http_aiproxy_body_read(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ngx_http_aiproxy_body_t  body(r);

    if (body.failed) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->client->payload_parts() != 0) {
        ngx_http_aiproxy_payload_start(r, ctx, body.bytes);
    }

    std::string  plain;
    auto         coding = aiproxy::frame::CodingOf(
                              ngx_http_aiproxy_header(r, "content-encoding"));
    bool         coded = coding != aiproxy::frame::Coding::kIdentity;

    if (coded) {
        body.bytes = ngx_http_aiproxy_body_decode(coding, body.bytes, plain);
    }

    if (!coded || !body.bytes.empty()) {
        auto fields = aiproxy::dialect::ReadRequest(ctx->route, body.bytes);
        if (!fields) {
            return ngx_http_aiproxy_error(ctx, fields.code());
        }

        ctx->fields = *std::move(fields);
    }

    ctx->model = ngx_http_aiproxy_body_model(ctx, body.bytes);

    if (ctx->model.empty() && ngx_http_aiproxy_socket_asked(r)) {
        ctx->model = ngx_http_aiproxy_socket_model(r);
    }

    ngx_http_aiproxy_use_read(ctx, body.bytes);

    ctx->streaming = ctx->fields.streaming || ctx->route.streaming_by_path;
    ctx->edit = aiproxy::dialect::AskForUsage(body.bytes, ctx->fields);

    if (!ngx_http_aiproxy_body_allowed(ctx)) {
        return ngx_http_aiproxy_error(ctx, aiproxy::ErrorCode::kAuthModel);
    }

    /* a coded body passes as it is */

    if (coded || !aiproxy::dialect::MustAskForUsage(ctx->route.dialect)) {
        ctx->edit.reset();
    }

    return NGX_OK;
}


ngx_http_aiproxy_body_t::ngx_http_aiproxy_body_t(ngx_http_request_t *r)
{
    ngx_http_request_body_t *rb = r->request_body;

    if (rb == NULL || rb->bufs == NULL) {
        return;
    }

    if (rb->temp_file != NULL) {
        ngx_fd_t         fd = rb->temp_file->file.fd;
        ngx_file_info_t  info;

        /* nginx's own offset grows as the body is sent */

        if (ngx_fd_info(fd, &info) != NGX_FILE_ERROR) {
            size_ = (size_t) ngx_file_size(&info);
            mapped_ = mmap(NULL, size_, PROT_READ, MAP_PRIVATE, fd, 0);
        }

        failed = mapped_ == MAP_FAILED;

        if (failed) {
            ngx_log_error(NGX_LOG_ALERT, r->connection->log, ngx_errno,
                          "aiproxy: request body cannot be mapped");
            return;
        }

        bytes = {(const char *) mapped_, size_};
        return;
    }

    ngx_buf_t *b = rb->bufs->buf;

    bytes = ngx_http_aiproxy_view(b->pos, b->last);

    if (rb->bufs->next == NULL) {
        return;
    }

    joined_.reserve((size_t) ngx_http_aiproxy_body_size(r));

    for (ngx_chain_t *cl = rb->bufs; cl; cl = cl->next) {
        joined_.append(ngx_http_aiproxy_view(cl->buf->pos, cl->buf->last));
    }

    bytes = joined_;
}


ngx_http_aiproxy_body_t::~ngx_http_aiproxy_body_t()
{
    if (mapped_ != MAP_FAILED) {
        munmap(mapped_, size_);
    }
}
