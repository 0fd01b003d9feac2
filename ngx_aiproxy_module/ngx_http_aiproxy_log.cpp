/* SPDX-License-Identifier: MIT
 *
 * Step 10, behind the last byte or in the log phase: one record per request,
 * admitted or refused.  In this order: the record is appended, its entry
 * marked as recorded, what it held given back.  A kill between any two loses
 * and doubles nothing.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


using aiproxy::ErrorCode;
namespace ledger = aiproxy::ledger;


/* refusals without a client key beyond this are counted, not recorded */

#define NGX_HTTP_AIPROXY_STRANGERS_PER_SECOND  100


static ledger::Record &ngx_http_aiproxy_log_record(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
static void ngx_http_aiproxy_log_usage(ngx_http_aiproxy_ctx_t *ctx,
    ledger::Record &record);


static bool
ngx_http_aiproxy_log_stranger_passes(void)
{
    static time_t      second;
    static ngx_uint_t  recorded, left_out;

    if (second != ngx_time()) {
        if (left_out != 0) {
            ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                          "aiproxy: refusals without a client key were not "
                          "recorded, number: %ui", left_out);
        }

        second = ngx_time();
        recorded = left_out = 0;
    }

    if (recorded < NGX_HTTP_AIPROXY_STRANGERS_PER_SECOND) {
        recorded++;
        return true;
    }

    left_out++;
    return false;
}


static void
ngx_http_aiproxy_log_lost(void)
{
    if (ngx_http_aiproxy_state() != NULL) {
        ngx_http_aiproxy_state()->header().records_lost.fetch_add(1);
    }
}


/* attempts are lent: modules that log after us may ask for our variables */

static bool
ngx_http_aiproxy_log_append(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    ledger::Record &record = ngx_http_aiproxy_log_record(r, ctx);
    bool            kept = ngx_http_aiproxy_ledger_append(record);

    ctx->attempts = std::move(record.attempts);

    return kept;
}


ngx_int_t
ngx_http_aiproxy_log_handler(ngx_http_request_t *r)
{
    return ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r);

        if (ctx == NULL || ctx->logged
            || (ctx->client_id == 0 && !ngx_http_aiproxy_log_stranger_passes()))
        {
            return (ngx_int_t) NGX_OK;
        }

        ctx->logged = true;

        /* a refusal may not take the room of those that were admitted */

        if (!ctx->room) {
            ctx->room = ngx_http_aiproxy_ledger_reserve();
        }

        bool  kept = ctx->room && ngx_http_aiproxy_log_append(r, ctx);

        if (!ctx->room && ctx->error != ErrorCode::kLedgerFull) {
            ngx_http_aiproxy_log_lost();
        }

        aiproxy::state::State *shared = ngx_http_aiproxy_state_of(ctx->entry);

        if (shared != NULL && kept) {
            shared->Recorded(*ctx->entry);
        }

        ngx_http_aiproxy_quota_settle(ctx, shared, ctx->cost);

        if (shared != NULL) {
            shared->Finish(*ctx->entry);
            ctx->entry = NULL;
        }

        if (ctx->payload != NULL) {
            ngx_http_aiproxy_payload_write(r, ctx);
        }

        return (ngx_int_t) NGX_OK;
    });
}


/*
 * All has been sent.  The log phase may be seconds away: nginx lingers until
 * a caller who asked for no keepalive has closed, and what the request holds
 * would stay taken, or its usage be lost with the worker.  What still counts
 * tokens, or is waited for otherwise, is left to the log phase.
 */

void
ngx_http_aiproxy_log_sent(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->logged || r != r->main || r->count != 1 || r->blocked
        || r->buffered || r->connection->buffered || r->connection->error)
    {
        return;
    }

    (void) ngx_http_aiproxy_log_handler(r);
}


/* for a request whose log phase never came */

ngx_http_aiproxy_ctx_t::~ngx_http_aiproxy_ctx_t()
{
    ngx_http_aiproxy_credential_forget(this);
    ngx_http_aiproxy_request_give(this);
    ngx_http_aiproxy_opening_end(this);
    ngx_http_aiproxy_park_leave(this);

    ngx_http_aiproxy_redis_leave(this);

    if (busy.posted) {
        ngx_delete_posted_event(&busy);
    }

    if (busy.timer_set) {
        ngx_del_timer(&busy);
    }

    if (auto shared = ngx_http_aiproxy_state_of(entry)) {
        shared->Settle(*entry, aiproxy::state::State::Spent(*entry),
                       ngx_http_aiproxy_quota_now());
        shared->Finish(*entry);
    }

    if (room) {
        ngx_http_aiproxy_ledger_unreserve();
    }
}


static ledger::RequestOutcome
ngx_http_aiproxy_log_outcome(const ngx_http_aiproxy_ctx_t *ctx,
    ngx_uint_t status)
{
    if (ctx->aborted || status == NGX_HTTP_CLIENT_CLOSED_REQUEST) {
        return ledger::RequestOutcome::kAborted;
    }

    if (ctx->attempts.empty()) {
        return ledger::RequestOutcome::kRejected;
    }

    return ctx->passing && ctx->complete && status < 400
               && (!ctx->reading || !ctx->reading->error)
               ? ledger::RequestOutcome::kSuccess
               : ledger::RequestOutcome::kFailed;
}


static void
ngx_http_aiproxy_log_decision(const ngx_http_aiproxy_ctx_t *ctx,
    ledger::Record &record)
{
    record.strategy = ctx->strategy;
    record.candidates = (uint16_t) ctx->candidates.size();
    record.sticky = ctx->decision.sticky;

    for (const auto &ranked : ctx->decision.order) {
        const auto &candidate = ctx->candidates[ranked.candidate];

        /* the limits may have left it out since */

        if (candidate.exclusion != aiproxy::pool::Exclusion::kNone) {
            continue;
        }

        record.ranked.push_back({candidate.key_id, ranked.score});
    }

    if (ctx->parked_us != 0) {
        record.parked_us = ctx->parked_us;
    }

    for (const auto &candidate : ctx->candidates) {
        if (candidate.exclusion == aiproxy::pool::Exclusion::kNone) {
            continue;
        }

        ledger::Excluded  excluded;

        excluded.provider_key_id = candidate.key_id;
        excluded.reason = candidate.exclusion;

        int64_t  left = candidate.rest_until_ms == 0
                            ? 0
                            : candidate.rest_until_ms
                              - ngx_http_aiproxy_boot_ms();

        if (left > 0) {
            excluded.rest_left_ms = left;
        }

        record.excluded.push_back(excluded);
    }
}


static std::string_view
ngx_http_aiproxy_log_user_agent(ngx_http_request_t *r)
{
    return r->headers_in.user_agent == NULL
               ? std::string_view()
               : ngx_http_aiproxy_view(r->headers_in.user_agent->value);
}


/* in one record that keeps its memory: texts are assigned, not made */

static ledger::Record &
ngx_http_aiproxy_log_record(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    static const ledger::Record  empty;
    static auto                 *kept = new ledger::Record;

    ledger::Record   &record = *kept;
    std::string_view  path = ngx_http_aiproxy_view(r->unparsed_uri);

    record = empty;
    record.id = ctx->id;
    record.started_at_ms = ctx->started_ms;
    record.duration_us = ngx_http_aiproxy_now_us() - ctx->started_us;
    record.method = ngx_http_aiproxy_view(r->method_name);
    record.path = path.substr(0, path.find('?'));
    record.family = ctx->route.family;
    record.dialect = ctx->route.dialect;
    record.streaming = ctx->streaming;
    record.model_asked = ctx->model;
    record.client_ip = ngx_http_aiproxy_view(r->connection->addr_text);
    record.user_agent = ngx_http_aiproxy_log_user_agent(r);
    record.request_bytes = (uint64_t) ngx_http_aiproxy_body_size(r);
    record.response_bytes = ctx->body_bytes;
    record.provider_request_id = ctx->provider_request_id;
    record.generation = ctx->generation;
    record.access = ctx->access;
    record.limits_owed = ngx_http_aiproxy_redis_owed(ctx);

    bool        left = ctx->aborted && !ctx->passing;
    ngx_uint_t  status = left || r->headers_out.status == 0
                             ? NGX_HTTP_CLIENT_CLOSED_REQUEST
                             : r->headers_out.status;

    record.status = (uint16_t) (ctx->aborted ? NGX_HTTP_CLIENT_CLOSED_REQUEST
                                             : status);
    record.outcome = ngx_http_aiproxy_log_outcome(ctx, record.status);

    if (ctx->error != ErrorCode::kNone) {
        record.error_code = aiproxy::Describe(ctx->error).name;
    }

    if (ctx->first_byte_us != 0) {
        record.first_byte_us = ctx->first_byte_us;
    }

    if (ctx->client_id != 0) {
        record.client_key_id = ctx->client_id;
    }

    if (!ctx->attempts.empty()) {
        record.provider_id = ctx->attempts.back().provider_id;
        record.provider_key_id = ctx->attempts.back().provider_key_id;
    }

    ngx_http_aiproxy_log_decision(ctx, record);
    record.attempts = std::move(ctx->attempts);
    ngx_http_aiproxy_log_usage(ctx, record);

    return record;
}


/* the model that answered has the price; if it is not said, the one asked */

aiproxy::snapshot::Rated
ngx_http_aiproxy_log_rate(const ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->prices == nullptr || !ctx->reading
        || ctx->reading->source == aiproxy::usage::UsageSource::kNone)
    {
        return {};
    }

    aiproxy::snapshot::RatedUsage  used;

    used.price_list = ctx->price_list;
    used.model = ctx->reading->model;
    used.asked_model = ctx->model;
    used.at = ctx->started_ms;
    used.usage = &ctx->reading->usage;
    used.others = ctx->reading->others;

    return ctx->prices->Rate(used);
}


/* an answer that nobody waited for any more */

static ledger::OnAbort
ngx_http_aiproxy_log_on_abort(const ngx_http_aiproxy_ctx_t *ctx)
{
    if (!ctx->aborted || !ctx->key_index) {
        return ledger::OnAbort::kNone;
    }

    return !ctx->draining ? ledger::OnAbort::kCut
           : ctx->complete ? ledger::OnAbort::kDrained
                           : ledger::OnAbort::kDrainCut;
}


static void
ngx_http_aiproxy_log_usage(ngx_http_aiproxy_ctx_t *ctx, ledger::Record &record)
{
    record.on_abort = ngx_http_aiproxy_log_on_abort(ctx);

    if (ctx->draining) {
        record.drained_bytes = ctx->drained_bytes;
    }

    if (!ctx->reading) {
        return;
    }

    const aiproxy::dialect::Reading &reading = *ctx->reading;

    record.response_id = reading.response_id;

    if (!ctx->route.stored_id.empty()) {
        record.response_id = ctx->route.stored_id;
        record.stored = true;
    }

    if (reading.source == aiproxy::usage::UsageSource::kEstimated) {
        record.calibration_ppm = ctx->calibration.ppm;
        record.calibration_error_ppm = ctx->calibration.error_ppm;
    }

    record.observed_ppm = aiproxy::dialect::ObservedPpm(reading);
    record.model_served = reading.model;
    record.usage = reading.usage;
    record.other_models = reading.others;
    record.usage_source = reading.source;

    aiproxy::snapshot::Rated rated = ngx_http_aiproxy_log_rate(ctx);

    record.cost_pico = rated.cost;
    ctx->cost = rated.cost;
    record.price_version = rated.price_version;
}
