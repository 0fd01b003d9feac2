/* SPDX-License-Identifier: MIT
 *
 * Between steps 8 and 10: the counts that the provider did not tell.  What
 * the model wrote was counted as it came; the prompt is counted only now, in
 * slices between which the worker serves others.  The answer is out, and the
 * request is kept until it can be recorded.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/frame/inflate.h"

namespace dialect = aiproxy::dialect;


/*
 * Tokens of 2 KiB take at most 160 microseconds, of letters without sense.
 * A prompt beyond 1 MiB is measured only, which takes as long for 32 KiB; one
 * beyond 8 MiB is taken to go on as it began.
 */

#define NGX_HTTP_AIPROXY_PROMPT_SLICE     2048
#define NGX_HTTP_AIPROXY_PROMPT_COUNTED   (1024 * 1024)
#define NGX_HTTP_AIPROXY_PROMPT_MEASURE   32768
#define NGX_HTTP_AIPROXY_PROMPT_MEASURED  (8 * 1024 * 1024)


class ngx_http_aiproxy_prompt_t {
public:
    ngx_http_aiproxy_prompt_t(ngx_http_request_t *r,
                              const aiproxy::bpe::Tokenizer *tokenizer);
    ~ngx_http_aiproxy_prompt_t();

    /* one slice; false: that was the last */
    bool Next();
    /* nullopt: there was no text that could be read */
    std::optional<int64_t> Tokens(const dialect::Calibration &calibration)
        const;

    ngx_event_t  event{};

private:
    ngx_http_aiproxy_body_t                 body_;
    std::optional<aiproxy::frame::Inflate>  inflate_;
    dialect::PromptCounter                  counter_;
    size_t                                  slice_;
    size_t                                  end_;
    size_t                                  at_ = 0;
};


static void ngx_http_aiproxy_prompt_handler(ngx_event_t *ev);
static void ngx_http_aiproxy_prompt_done(ngx_http_aiproxy_ctx_t *ctx);


/* of a stored answer, or an error, nothing is made up */

void
ngx_http_aiproxy_prompt_settle(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    dialect::Reading &reading = *ctx->reading;

    if (ctx->draining && ctx->complete) {
        dialect::MarkDrained(reading);
    }

    if (!(r->method & NGX_HTTP_POST)
        || reading.source == aiproxy::usage::UsageSource::kReported
        || reading.source == aiproxy::usage::UsageSource::kDrained
        || r->upstream->headers_in.status_n >= 300)
    {
        return;
    }

    /*
     * A prompt is billed once the answer has begun, said or not; an error in
     * its place is no answer.
     */

    bool  begun = !reading.complete && ctx->meter->events() > 0
                  && (reading.content || !reading.error)
                  && ctx->route.dialect != dialect::Dialect::kOther;
    bool  wanted = dialect::LacksInput(reading)
                   && (reading.output_text.any() || reading.usage.output
                       || begun);

    /* a request that nginx frees already cannot wait */

    if (!wanted || r->main->count == 0 || r->request_body == NULL) {
        dialect::FillIn(reading, ctx->calibration, std::nullopt);
        return;
    }

    auto encoding = aiproxy::bpe::EncodingOf(ctx->model);

    ctx->prompt = ngx_http_aiproxy_make<ngx_http_aiproxy_prompt_t>(
        r->pool, r,
        encoding && ngx_http_aiproxy_body_size(r)
                    <= NGX_HTTP_AIPROXY_PROMPT_COUNTED
            ? aiproxy::bpe::Tokenizer::Get(*encoding) : nullptr);

    if (ctx->prompt == NULL || !ctx->prompt->Next()) {
        ngx_http_aiproxy_prompt_done(ctx);
        return;
    }

    /* nginx does not free what is blocked, and closes it when it no longer is */

    r->main->count++;
    r->main->blocked++;

    ctx->prompt->event.data = r;
    ctx->prompt->event.log = r->connection->log;
    ctx->prompt->event.handler = ngx_http_aiproxy_prompt_handler;

    ngx_post_event(&ctx->prompt->event, &ngx_posted_next_events);
}


static void
ngx_http_aiproxy_prompt_done(ngx_http_aiproxy_ctx_t *ctx)
{
    std::optional<int64_t>  tokens;

    if (ctx->prompt != NULL) {
        tokens = ctx->prompt->Tokens(ctx->calibration);
    }

    if (tokens && !ctx->reading->usage.output
        && !ctx->reading->output_text.any())
    {
        ctx->reading->usage.output = 0;
    }

    dialect::FillIn(*ctx->reading, ctx->calibration, tokens);
}


static void
ngx_http_aiproxy_prompt_handler(ngx_event_t *ev)
{
    auto              r = (ngx_http_request_t *) ev->data;
    ngx_connection_t *c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_int_t rc = ngx_http_aiproxy_guard(c->log, NGX_ERROR, [&] {
        auto ctx = (ngx_http_aiproxy_ctx_t *)
                       ngx_http_get_module_ctx(r, ngx_aiproxy_module);

        if (ctx->prompt->Next()) {
            return (ngx_int_t) NGX_AGAIN;
        }

        ngx_http_aiproxy_prompt_done(ctx);

        return (ngx_int_t) NGX_OK;
    });

    if (rc == NGX_AGAIN) {
        ngx_post_event(ev, &ngx_posted_next_events);
        return;
    }

    /* a caller who left was waited for: it is up to us to end the request */

    r->main->blocked--;

    ngx_http_finalize_request(r, c->error ? NGX_ERROR : NGX_DONE);
    ngx_http_run_posted_requests(c);
}


/* a coded body grows when it is read: its slices are smaller */

ngx_http_aiproxy_prompt_t::ngx_http_aiproxy_prompt_t(ngx_http_request_t *r,
    const aiproxy::bpe::Tokenizer *tokenizer)
    : body_(r), counter_(tokenizer),
      slice_(tokenizer != NULL ? NGX_HTTP_AIPROXY_PROMPT_SLICE
                               : NGX_HTTP_AIPROXY_PROMPT_MEASURE),
      end_(ngx_min(body_.bytes.size(),
                   (size_t) NGX_HTTP_AIPROXY_PROMPT_MEASURED))
{
    auto coding = aiproxy::frame::CodingOf(
                      ngx_http_aiproxy_header(r, "content-encoding"));

    if (!coding) {
        end_ = 0;

    } else if (coding != aiproxy::frame::Coding::kIdentity) {
        inflate_.emplace(*coding);
        slice_ /= 4;
    }
}


ngx_http_aiproxy_prompt_t::~ngx_http_aiproxy_prompt_t()
{
    if (event.posted) {
        ngx_delete_posted_event(&event);
    }
}


bool
ngx_http_aiproxy_prompt_t::Next()
{
    std::string_view  slice = body_.bytes.substr(at_, ngx_min(slice_,
                                                              end_ - at_));

    at_ += slice.size();

    if (inflate_) {
        inflate_->Feed(slice, [this](std::string_view piece) {
            counter_.Feed(piece);
        });

    } else {
        counter_.Feed(slice);
    }

    return at_ < end_;
}


std::optional<int64_t>
ngx_http_aiproxy_prompt_t::Tokens(const dialect::Calibration &calibration) const
{
    int64_t  tokens = counter_.Tokens(calibration);

    if (tokens == 0) {
        return std::nullopt;
    }

    if (end_ == body_.bytes.size()) {
        return tokens;
    }

    return (int64_t) ((double) tokens * ((double) body_.bytes.size()
                                         / (double) end_));
}
