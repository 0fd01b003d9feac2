/* SPDX-License-Identifier: MIT
 *
 * The ledger's events: what operators, and the daemon for the other nodes,
 * want to know at once and not when the request ends.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

namespace ledger = aiproxy::ledger;


/* attempts that failed over, beyond which their records alone tell of them */

#define NGX_HTTP_AIPROXY_NEXT_PER_SECOND  100


/* an event takes no room of those that run */

static void
ngx_http_aiproxy_event_append(ledger::Record &event)
{
    event.kind = ledger::Kind::kEvent;
    event.started_at_ms = ngx_http_aiproxy_unix_ms();

    if (!ngx_http_aiproxy_ledger_reserve()) {
        return;
    }

    (void) ngx_http_aiproxy_ledger_append(event);
    ngx_http_aiproxy_ledger_unreserve();
}


static bool
ngx_http_aiproxy_event_passes(void)
{
    static time_t      second;
    static ngx_uint_t  told;

    if (second != ngx_time()) {
        second = ngx_time();
        told = 0;
    }

    return told++ < NGX_HTTP_AIPROXY_NEXT_PER_SECOND;
}


/* of the present attempt, in its words */

void
ngx_http_aiproxy_event_attempt(const ngx_http_aiproxy_ctx_t *ctx,
    ngx_http_aiproxy_event_e event)
{
    static constexpr const char  *names[] = {
        "attempt.next", "key.rest", "key.ready"
    };

    if (event == ngx_http_aiproxy_event_next
        && !ngx_http_aiproxy_event_passes())
    {
        return;
    }

    const ledger::Attempt &attempt = ctx->attempts.back();
    ledger::Record         record;

    record.id = ctx->id;
    record.event = names[event];
    record.generation = ctx->generation;
    record.model_asked = ctx->model;
    record.client_key_id = ctx->client_id;
    record.provider_id = attempt.provider_id;
    record.provider_key_id = attempt.provider_key_id;
    record.attempts.push_back(attempt);

    ngx_http_aiproxy_event_append(record);
}


void
ngx_http_aiproxy_event_snapshot(const std::string &path, const char *why)
{
    ledger::Record  record;

    record.event = "snapshot.refused";
    record.detail = path + ": " + why;

    ngx_http_aiproxy_event_append(record);
}
