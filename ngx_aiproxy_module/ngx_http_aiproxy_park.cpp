/* SPDX-License-Identifier: MIT
 *
 * Step 4, when all keys of the pool rest and the client key allows a wait:
 * the request is parked until one may be had, or its deadline.  Client keys
 * take turns, so that none waits behind the many requests of another.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <list>
#include <map>


/* what others do to a key just now: how often we look whether they did */

#define NGX_HTTP_AIPROXY_PARK_LOOK_MS  20


struct ngx_http_aiproxy_parked_s {
    ngx_http_aiproxy_ctx_t  *ctx;
    ngx_msec_t               deadline;
    uint64_t                 since_us;
};

typedef std::list<ngx_http_aiproxy_parked_t>  ngx_http_aiproxy_queue_t;


/* of this worker; the client key whose turn is next, by id */

typedef struct {
    std::map<int64_t, ngx_http_aiproxy_queue_t>  queues;
    int64_t                                      turn;
    ngx_event_t                                  timer;
    ngx_connection_t                             dummy;
} ngx_http_aiproxy_park_t;


static void ngx_http_aiproxy_park_look(ngx_event_t *ev);


static ngx_http_aiproxy_park_t *
ngx_http_aiproxy_park_all(void)
{
    static auto *park = new ngx_http_aiproxy_park_t();

    if (park->timer.handler == NULL) {
        park->dummy.fd = (ngx_socket_t) -1;
        park->timer.handler = ngx_http_aiproxy_park_look;
        park->timer.data = &park->dummy;
        park->timer.log = ngx_cycle->log;
    }

    return park;
}


/* the next look: when a key may be had, or the first deadline */

static void
ngx_http_aiproxy_park_wake(ngx_http_aiproxy_park_t *park,
    const ngx_http_aiproxy_parked_t &parked)
{
    ngx_msec_int_t  left = parked.deadline - ngx_current_msec;
    int64_t         wait = ngx_http_aiproxy_candidates_free_at(parked.ctx)
                           - ngx_http_aiproxy_boot_ms();

    for (const auto &candidate : parked.ctx->candidates) {
        if (candidate.exclusion == aiproxy::pool::Exclusion::kTrial
            || candidate.exclusion == aiproxy::pool::Exclusion::kFull
            || candidate.exclusion == aiproxy::pool::Exclusion::kRefreshing)
        {
            wait = NGX_HTTP_AIPROXY_PARK_LOOK_MS;
        }
    }

    wait = ngx_max(ngx_min(wait, (int64_t) left), 1);

    if (park->timer.timer_set
        && (ngx_msec_int_t) (park->timer.timer.key - ngx_current_msec) <= wait)
    {
        return;
    }

    ngx_add_timer(&park->timer, (ngx_msec_t) wait);
}


/* in the order of their deadlines: the head of a queue is looked at */

static void
ngx_http_aiproxy_park_enter(ngx_http_aiproxy_ctx_t *ctx, ngx_msec_t ms)
{
    ngx_http_aiproxy_park_t *park = ngx_http_aiproxy_park_all();
    auto                    &queue = park->queues[ctx->client_id];
    auto                     at = queue.end();
    ngx_msec_t               deadline = ngx_current_msec + ms;

    while (at != queue.begin()
           && (ngx_msec_int_t) (std::prev(at)->deadline - deadline) > 0)
    {
        at--;
    }

    at = queue.insert(at, {ctx, deadline, ngx_http_aiproxy_now_us()});
    ctx->parked = &*at;

    ngx_http_aiproxy_park_wake(park, *ctx->parked);
}


/* from peer.get: its keys rest, and it was tried before */

void
ngx_http_aiproxy_park_between(ngx_http_aiproxy_ctx_t *ctx, ngx_msec_t ms)
{
    ngx_http_aiproxy_park_enter(ctx, ms);
}


bool
ngx_http_aiproxy_park(ngx_http_request_t *r, ngx_http_aiproxy_ctx_t *ctx)
{
    int64_t  patience = ngx_http_aiproxy_refresh_patience(ctx)
                        - (int64_t) ctx->parked_us / 1000;

    if (patience <= 0 || ngx_http_aiproxy_candidates_free_at(ctx) == 0) {
        return false;
    }

    ngx_http_aiproxy_park_enter(ctx, patience);

    /* a caller that leaves ends the request, which then leaves the queue */

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return true;
}


void
ngx_http_aiproxy_park_leave(ngx_http_aiproxy_ctx_t *ctx)
{
    if (ctx->parked == NULL) {
        return;
    }

    ngx_http_aiproxy_park_t *park = ngx_http_aiproxy_park_all();
    auto                     found = park->queues.find(ctx->client_id);

    ctx->waited_us = ngx_http_aiproxy_now_us() - ctx->parked->since_us;
    ctx->parked_us += ctx->waited_us;

    found->second.remove_if([&](const ngx_http_aiproxy_parked_t &parked) {
        return &parked == ctx->parked;
    });

    ctx->parked = NULL;

    if (found->second.empty()) {
        park->queues.erase(found);
    }
}


/* true: peer.get goes on, and finds a key or says that there is none */

static bool
ngx_http_aiproxy_park_resume_between(ngx_http_aiproxy_ctx_t *ctx, bool late)
{
    ngx_log_t *log = ctx->request->connection->log;
    ngx_int_t  rc = ngx_http_aiproxy_guard(log, NGX_ERROR, [&] {
        return ngx_http_aiproxy_limit_look(ctx) || late
               || ngx_http_aiproxy_candidates_free_at(ctx) == 0
                   ? NGX_OK : NGX_AGAIN;
    });

    if (rc == NGX_AGAIN) {
        return false;
    }

    ngx_http_aiproxy_park_leave(ctx);
    ngx_http_aiproxy_wait_end(ctx);

    return true;
}


/* true: it goes on, to a provider or with an error */

static bool
ngx_http_aiproxy_park_resume(const ngx_http_aiproxy_parked_t &parked)
{
    ngx_http_aiproxy_ctx_t *ctx = parked.ctx;
    ngx_http_request_t     *r = ctx->request;
    ngx_connection_t       *c = r->connection;
    bool                    late =
        (ngx_msec_int_t) (parked.deadline - ngx_current_msec) <= 0;

    ngx_http_set_log_request(c->log, r);

    if (ctx->waiting) {
        return ngx_http_aiproxy_park_resume_between(ctx, late);
    }

    ngx_int_t rc = ngx_http_aiproxy_guard(c->log,
                                          NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        ngx_int_t step = ngx_http_aiproxy_limit_again(r, ctx);

        if (step == NGX_AGAIN || step == NGX_BUSY) {
            return late || (step == NGX_AGAIN
                            && ngx_http_aiproxy_candidates_free_at(ctx) == 0)
                       ? ngx_http_aiproxy_limit_no_key(ctx) : step;
        }

        return step;
    });

    if (rc == NGX_AGAIN || rc == NGX_BUSY) {
        return false;
    }

    ngx_http_aiproxy_park_leave(ctx);

    if (rc == NGX_OK) {
        rc = ngx_http_aiproxy_guard(c->log, NGX_HTTP_INTERNAL_SERVER_ERROR,
                                    [&] {
            return ngx_http_aiproxy_balancer_start(r, ctx);
        });
    }

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);

    return true;
}


/* one request of the client key whose turn it is; false: none goes on */

static bool
ngx_http_aiproxy_park_turn(ngx_http_aiproxy_park_t *park)
{
    size_t  keys = park->queues.size();

    for (size_t i = 0; i < keys; i++) {
        auto  at = park->queues.upper_bound(park->turn);

        if (at == park->queues.end()) {
            at = park->queues.begin();
        }

        park->turn = at->first;

        if (ngx_http_aiproxy_park_resume(at->second.front())) {
            return true;
        }
    }

    return false;
}


static void
ngx_http_aiproxy_park_look(ngx_event_t *ev)
{
    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_park_t *park = ngx_http_aiproxy_park_all();

        while (!park->queues.empty() && ngx_http_aiproxy_park_turn(park)) {
            /* void */
        }

        /* the head of a queue is the one that waits longest */

        for (const auto &entry : park->queues) {
            ngx_http_aiproxy_park_wake(park, entry.second.front());
        }

        return (ngx_int_t) NGX_OK;
    });
}
