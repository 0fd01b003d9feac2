/* SPDX-License-Identifier: MIT
 *
 * The life of a worker: what it opens when it starts, looks at once a second,
 * and gives back when it ends.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


#define NGX_HTTP_AIPROXY_TICK_MS  1000


static void ngx_http_aiproxy_worker_tick(ngx_event_t *ev);


static ngx_event_t       ngx_http_aiproxy_tick;
static ngx_connection_t  ngx_http_aiproxy_tick_connection;
static bool              ngx_http_aiproxy_serving;


ngx_int_t
ngx_http_aiproxy_worker_init(ngx_cycle_t *cycle)
{
    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_cycle_get_module_main_conf(cycle,
                                                        ngx_aiproxy_module);
    if (amcf == NULL || !amcf->used) {
        return NGX_OK;
    }

    ngx_http_aiproxy_serving = true;

    /* debug logging reads the descriptor of what an event belongs to */

    ngx_http_aiproxy_tick_connection.fd = (ngx_socket_t) -1;
    ngx_http_aiproxy_tick.handler = ngx_http_aiproxy_worker_tick;
    ngx_http_aiproxy_tick.data = &ngx_http_aiproxy_tick_connection;
    ngx_http_aiproxy_tick.log = cycle->log;
    ngx_http_aiproxy_tick.cancelable = 1;

    ngx_add_timer(&ngx_http_aiproxy_tick, NGX_HTTP_AIPROXY_TICK_MS);

    return ngx_http_aiproxy_guard(cycle->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_state_init(cycle, amcf->run_dir);
        ngx_http_aiproxy_ledger_init(amcf->run_dir);
        ngx_http_aiproxy_payload_init(amcf->run_dir);
        ngx_http_aiproxy_snapshot_init(amcf->dir, amcf->run_dir);
        ngx_http_aiproxy_redis_init(cycle, amcf);
        return (ngx_int_t) NGX_OK;
    });
}


static void
ngx_http_aiproxy_worker_tick(ngx_event_t *ev)
{
    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_state_check();
        ngx_http_aiproxy_snapshot_check();
        ngx_http_aiproxy_status_publish();
        return (ngx_int_t) NGX_OK;
    });

    if (!ngx_exiting && !ngx_terminate) {
        ngx_add_timer(ev, NGX_HTTP_AIPROXY_TICK_MS);
    }
}


/* records first: the daemon reads our segment to its end after we left */

void
ngx_http_aiproxy_worker_exit(ngx_cycle_t *cycle)
{
    if (!ngx_http_aiproxy_serving) {
        return;
    }

    ngx_http_aiproxy_serving = false;

    (void) ngx_http_aiproxy_guard(cycle->log, NGX_ERROR, [&] {
        ngx_http_aiproxy_redis_done();
        ngx_http_aiproxy_ledger_done();
        ngx_http_aiproxy_snapshot_done();
        ngx_http_aiproxy_state_done();
        return (ngx_int_t) NGX_OK;
    });
}
