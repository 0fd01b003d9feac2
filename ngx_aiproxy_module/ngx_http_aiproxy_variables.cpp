/* SPDX-License-Identifier: MIT
 *
 * $aiproxy_*: what is known of a request, for log_format, map and limit_req.
 * A variable is empty ("-" in a log) until its step has run.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/pricing/price.h"

namespace ledger = aiproxy::ledger;
namespace usage = aiproxy::usage;


/* false: not known */

typedef bool (*ngx_http_aiproxy_variable_pt)(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text);


static bool
ngx_http_aiproxy_variable_request_id(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    text.assign(ctx->id_text, sizeof(ctx->id_text));
    return true;
}


/*
 * limit_req and map may ask before the access phase: the key is looked up
 * then.  Who is refused later has an id too.
 */

static bool
ngx_http_aiproxy_variable_client_key_id(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (ctx->generation == 0) {
        (void) ngx_http_aiproxy_access_identify(ctx);
    }

    text = std::to_string(ctx->client_id);
    return ctx->client_id != 0;
}


/* its name; the id if it has been removed meanwhile */

static bool
ngx_http_aiproxy_variable_provider(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (ctx->attempts.empty()) {
        return false;
    }

    int64_t  id = ctx->attempts.back().provider_id;
    auto     snapshot = ngx_http_aiproxy_snapshot_current();

    text = std::to_string(id);

    if (snapshot != nullptr) {
        for (const auto *provider : *snapshot->view.root().providers()) {
            if (provider->id() == id) {
                text = provider->name()->string_view();
            }
        }
    }

    return true;
}


static bool
ngx_http_aiproxy_variable_provider_key_id(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (ctx->attempts.empty()) {
        return false;
    }

    text = std::to_string(ctx->attempts.back().provider_key_id);
    return true;
}


static bool
ngx_http_aiproxy_variable_model(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    text = ctx->model;
    return !text.empty();
}


static bool
ngx_http_aiproxy_variable_attempts(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    text = std::to_string(ctx->attempts.size());
    return true;
}


static bool
ngx_http_aiproxy_variable_input_tokens(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (!ctx->reading || !ctx->reading->usage.input) {
        return false;
    }

    text = std::to_string(*ctx->reading->usage.input);
    return true;
}


static bool
ngx_http_aiproxy_variable_output_tokens(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (!ctx->reading || !ctx->reading->usage.output) {
        return false;
    }

    text = std::to_string(*ctx->reading->usage.output);
    return true;
}


static bool
ngx_http_aiproxy_variable_usage_source(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (!ctx->reading) {
        return false;
    }

    text = usage::Name(ctx->reading->source);
    return true;
}


static bool
ngx_http_aiproxy_variable_cost(ngx_http_aiproxy_ctx_t *ctx, std::string &text)
{
    auto cost = ngx_http_aiproxy_log_rate(ctx).cost;

    if (!cost) {
        return false;
    }

    text = aiproxy::pricing::FormatUsd(*cost);
    return true;
}


/* in seconds, as nginx's own times are */

static bool
ngx_http_aiproxy_variable_first_byte_time(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    u_char   buffer[NGX_INT64_LEN + 5];
    uint64_t us = ctx->first_byte_us;

    u_char *last = ngx_sprintf(buffer, "%uL.%03uL", us / 1000000,
                               us / 1000 % 1000);

    text = ngx_http_aiproxy_view(buffer, last);
    return us != 0;
}


static bool
ngx_http_aiproxy_variable_error_code(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    if (ctx->error == aiproxy::ErrorCode::kNone) {
        return false;
    }

    text = aiproxy::Describe(ctx->error).name;
    return true;
}


/* what became of one provider key: its last status, or why there is none */

static std::string
ngx_http_aiproxy_variable_fate(const ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::pool::Candidate &candidate)
{
    if (candidate.exclusion != aiproxy::pool::Exclusion::kNone) {
        return std::string(aiproxy::pool::Name(candidate.exclusion));
    }

    std::string  fate = "unused";

    for (const auto &attempt : ctx->attempts) {
        if (attempt.provider_key_id == candidate.key_id) {
            fate = attempt.status ? std::to_string(*attempt.status)
                                  : "no_answer";
        }
    }

    return fate;
}


/* "3=resting 4=429 5=200 6=unused": ids of provider keys, as in the pool */

static bool
ngx_http_aiproxy_variable_decision(ngx_http_aiproxy_ctx_t *ctx,
    std::string &text)
{
    for (const auto &candidate : ctx->candidates) {
        text += text.empty() ? "" : " ";
        text += std::to_string(candidate.key_id);
        text += '=';
        text += ngx_http_aiproxy_variable_fate(ctx, candidate);
    }

    return !text.empty();
}


static ngx_int_t
ngx_http_aiproxy_variable_get(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    v->not_found = 1;

    return ngx_http_aiproxy_guard(r->connection->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_ctx_t *ctx = ngx_http_aiproxy_ctx(r->main);
        std::string             text;

        if (ctx == NULL
            || !((ngx_http_aiproxy_variable_pt) data)(ctx, text))
        {
            return (ngx_int_t) NGX_OK;
        }

        ngx_str_t  copy = ngx_http_aiproxy_copy(r->pool, text);
        if (copy.data == NULL) {
            return (ngx_int_t) NGX_ERROR;
        }

        v->data = copy.data;
        v->len = copy.len;
        v->valid = 1;
        v->no_cacheable = 0;
        v->not_found = 0;

        return (ngx_int_t) NGX_OK;
    });
}


/* what a later step may still change is not kept */

#define ngx_http_aiproxy_variable(name)                                       \
    { ngx_string("aiproxy_" #name), NULL, ngx_http_aiproxy_variable_get,      \
      (uintptr_t) ngx_http_aiproxy_variable_ ## name,                         \
      NGX_HTTP_VAR_NOCACHEABLE, 0 }

static ngx_http_variable_t  ngx_http_aiproxy_variables[] = {

    ngx_http_aiproxy_variable(request_id),
    ngx_http_aiproxy_variable(client_key_id),
    ngx_http_aiproxy_variable(provider),
    ngx_http_aiproxy_variable(provider_key_id),
    ngx_http_aiproxy_variable(model),
    ngx_http_aiproxy_variable(attempts),
    ngx_http_aiproxy_variable(decision),
    ngx_http_aiproxy_variable(input_tokens),
    ngx_http_aiproxy_variable(output_tokens),
    ngx_http_aiproxy_variable(usage_source),
    ngx_http_aiproxy_variable(cost),
    ngx_http_aiproxy_variable(first_byte_time),
    ngx_http_aiproxy_variable(error_code)
};


ngx_int_t
ngx_http_aiproxy_variables_add(ngx_conf_t *cf)
{
    for (ngx_http_variable_t &row : ngx_http_aiproxy_variables) {
        ngx_http_variable_t *variable =
            ngx_http_add_variable(cf, &row.name, row.flags);

        if (variable == NULL) {
            return NGX_ERROR;
        }

        variable->get_handler = row.get_handler;
        variable->data = row.data;
    }

    return NGX_OK;
}
