/* SPDX-License-Identifier: MIT
 *
 * Step 4, what callers are told of their limits: in headers how much is left,
 * and in refusals which limit it was.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <algorithm>

using aiproxy::ErrorCode;
using aiproxy::limit::Kind;
namespace state = aiproxy::state;
namespace limit = aiproxy::limit;


static ErrorCode
ngx_http_aiproxy_headroom_code(Kind kind)
{
    switch (kind) {

    case Kind::kRequestsPerSecond:
        return ErrorCode::kLimitRequestsPerSecond;

    case Kind::kRequestsPerMinute:
        return ErrorCode::kLimitRequestsPerMinute;

    case Kind::kRequestsPerDay:
        return ErrorCode::kLimitRequestsPerDay;

    case Kind::kTokensPerMinute:
        return ErrorCode::kLimitTokensPerMinute;

    case Kind::kTokensPerDay:
        return ErrorCode::kLimitTokensPerDay;

    case Kind::kCostPerDay:
        return ErrorCode::kLimitCostPerDay;

    case Kind::kCostPerMonth:
        return ErrorCode::kLimitCostPerMonth;

    case Kind::kInFlight:
        return ErrorCode::kLimitInFlight;

    default:
        return ErrorCode::kLimitUnknown;
    }
}


static std::string
ngx_http_aiproxy_headroom_amount(Kind kind, uint64_t value)
{
    if (kind != Kind::kCostPerDay && kind != Kind::kCostPerMonth) {
        return std::to_string(value);
    }

    return "$" + aiproxy::pricing::FormatUsd(
                     (int64_t) std::min<uint64_t>(value, INT64_MAX));
}


/* which limit, how much of it is used, and when there is room again */

ngx_int_t
ngx_http_aiproxy_headroom_refuse(ngx_http_aiproxy_ctx_t *ctx,
    const state::Verdict &verdict)
{
    const limit::Standing &at = verdict.standing;

    if (at.kind == Kind::kNone) {
        return ngx_http_aiproxy_error(ctx, ErrorCode::kLimitUnknown);
    }

    /* one of its own requests has to end first: nobody knows when */

    int64_t  reset_ms = at.kind == Kind::kInFlight ? 1000 : at.reset_ms;

    ctx->retry_after_s = std::max<int64_t>(1, (reset_ms + 999) / 1000);

    ctx->error_detail = " " + std::string(limit::Name(at.kind)) + " of the "
                        + (verdict.owner == state::Owner::kUser
                               ? "user" : "client key")
                        + ": "
                        + ngx_http_aiproxy_headroom_amount(at.kind, at.used)
                        + " of "
                        + ngx_http_aiproxy_headroom_amount(at.kind, at.limit)
                        + " used, reset in "
                        + std::to_string(ctx->retry_after_s) + " s.";

    return ngx_http_aiproxy_error(ctx, ngx_http_aiproxy_headroom_code(at.kind));
}


static ngx_int_t
ngx_http_aiproxy_headroom_header(ngx_http_request_t *r, const std::string &name,
    std::string_view value)
{
    ngx_list_part_t *part = &r->headers_out.headers.part;

    /* the provider's own, of the same name, is of no use to our caller */

    for ( /* void */ ; part != NULL; part = part->next) {
        auto h = (ngx_table_elt_t *) part->elts;

        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            if (h[i].key.len == name.size()
                && ngx_strncasecmp(h[i].key.data, (u_char *) name.data(),
                                   name.size()) == 0)
            {
                h[i].hash = 0;
            }
        }
    }

    return ngx_http_aiproxy_answer_header(r, name, value);
}


/* the names that SDKs of both families read */

static ngx_int_t
ngx_http_aiproxy_headroom_vendor(ngx_http_request_t *r,
    const limit::Standing &at, const char *what)
{
    std::string  family = std::string("-") + what;
    std::string  left = std::to_string(at.limit - std::min(at.used, at.limit));
    std::string  limit = std::to_string(at.limit);
    std::string  reset = std::to_string(at.reset_ms) + "ms";

    return ngx_http_aiproxy_headroom_header(r, "x-ratelimit-limit" + family,
                                            limit) == NGX_OK
           && ngx_http_aiproxy_headroom_header(
                  r, "x-ratelimit-remaining" + family, left) == NGX_OK
           && ngx_http_aiproxy_headroom_header(r, "x-ratelimit-reset" + family,
                                               reset) == NGX_OK
               ? NGX_OK : NGX_ERROR;
}


/* draft-ietf-httpapi-ratelimit-headers, and what SDKs know */

ngx_int_t
ngx_http_aiproxy_headroom_headers(ngx_http_request_t *r,
    const ngx_http_aiproxy_ctx_t *ctx)
{
    std::string  policy, left;

    for (const limit::Standing &at : {ctx->headroom.requests,
                                      ctx->headroom.tokens})
    {
        if (at.kind == Kind::kNone) {
            continue;
        }

        bool         tokens = at.kind == Kind::kTokensPerMinute
                              || at.kind == Kind::kTokensPerDay;
        std::string  name = "\"" + std::string(limit::Name(at.kind)) + "\"";
        const char  *comma = policy.empty() ? "" : ", ";

        policy += comma + name + ";q=" + std::to_string(at.limit) + ";w="
                  + std::to_string(limit::WindowSeconds(at.kind));
        left += comma + name + ";r="
                + std::to_string(at.limit - std::min(at.used, at.limit))
                + ";t=" + std::to_string((at.reset_ms + 999) / 1000);

        if (ngx_http_aiproxy_headroom_vendor(r, at,
                                             tokens ? "tokens" : "requests")
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (policy.empty()) {
        return NGX_OK;
    }

    return ngx_http_aiproxy_headroom_header(r, "RateLimit-Policy", policy)
               == NGX_OK
               ? ngx_http_aiproxy_headroom_header(r, "RateLimit", left)
               : NGX_ERROR;
}
