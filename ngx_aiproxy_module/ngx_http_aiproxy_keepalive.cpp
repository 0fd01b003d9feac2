/* SPDX-License-Identifier: MIT
 *
 * Idle connections to providers, kept by worker and origin.  An origin is
 * scheme, host, port and TLS name, not an address: two names behind one
 * address must never share a TLS connection.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <unordered_map>


static void ngx_http_aiproxy_keepalive_read(ngx_event_t *rev);
static void ngx_http_aiproxy_keepalive_write(ngx_event_t *wev);
static void ngx_http_aiproxy_keepalive_close(ngx_connection_t *c);


static uint32_t  ngx_http_aiproxy_keepalive_number;


uint32_t
ngx_http_aiproxy_keepalive_count(void)
{
    return ngx_http_aiproxy_keepalive_number;
}


/*
 * Made once for each name, which are rows of configuration: their number is
 * bounded.
 */

ngx_http_aiproxy_origin_t *
ngx_http_aiproxy_keepalive_origin(std::string_view name)
{
    static auto *origins =
        new std::unordered_map<std::string, ngx_http_aiproxy_origin_t>;

    return &(*origins)[std::string(name)];
}


/* the youngest one: it is the least likely to be closed by the provider */

ngx_connection_t *
ngx_http_aiproxy_keepalive_take(ngx_http_aiproxy_origin_t *origin)
{
    if (origin->idle.empty()) {
        return NULL;
    }

    ngx_connection_t *c = origin->idle.back();

    origin->idle.pop_back();
    ngx_http_aiproxy_keepalive_number--;

    if (c->read->timer_set) {
        ngx_del_timer(c->read);
    }

    c->idle = 0;
    c->sent = 0;
    c->data = NULL;

    return c;
}


void
ngx_http_aiproxy_keepalive_put(ngx_http_aiproxy_origin_t *origin,
    ngx_connection_t *c)
{
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_cycle_get_module_main_conf(ngx_cycle,
                                                        ngx_aiproxy_module);

    if (origin->idle.size() >= amcf->keepalive
        || c->requests >= amcf->keepalive_requests
        || ngx_exiting || ngx_terminate
        || ngx_handle_read_event(c->read, 0) != NGX_OK)
    {
        c->data = NULL;
        ngx_http_aiproxy_keepalive_close(c);
        return;
    }

    origin->idle.push_back(c);
    ngx_http_aiproxy_keepalive_number++;

    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }

    c->read->handler = ngx_http_aiproxy_keepalive_read;
    c->write->handler = ngx_http_aiproxy_keepalive_write;
    c->data = origin;
    c->idle = 1;
    c->log = ngx_cycle->log;
    c->read->log = ngx_cycle->log;
    c->write->log = ngx_cycle->log;
    c->pool->log = ngx_cycle->log;

    ngx_add_timer(c->read, amcf->keepalive_timeout);

    if (c->read->ready) {
        ngx_http_aiproxy_keepalive_read(c->read);
    }
}


/* an idle connection that says anything, or is to close, is closed */

static void
ngx_http_aiproxy_keepalive_read(ngx_event_t *rev)
{
    char              byte;
    auto              c = (ngx_connection_t *) rev->data;

    if (!c->close && !rev->timedout) {
        ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK);

        if (n == -1 && ngx_socket_errno == NGX_EAGAIN) {
            rev->ready = 0;

            if (ngx_handle_read_event(rev, 0) == NGX_OK) {
                return;
            }
        }
    }

    auto origin = (ngx_http_aiproxy_origin_t *) c->data;

    std::erase(origin->idle, c);
    ngx_http_aiproxy_keepalive_number--;

    ngx_http_aiproxy_keepalive_close(c);
}


static void
ngx_http_aiproxy_keepalive_write(ngx_event_t *wev)
{
    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, wev->log, 0,
                   "aiproxy: idle connection is writable");
}


static void
ngx_http_aiproxy_keepalive_close(ngx_connection_t *c)
{
    if (c->ssl) {
        c->ssl->no_wait_shutdown = 1;
        c->ssl->no_send_shutdown = 1;

        if (ngx_ssl_shutdown(c) == NGX_AGAIN) {
            c->ssl->handler = ngx_http_aiproxy_keepalive_close;
            return;
        }
    }

    ngx_destroy_pool(c->pool);
    ngx_close_connection(c);
}
