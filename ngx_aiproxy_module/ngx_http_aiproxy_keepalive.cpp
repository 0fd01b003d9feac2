/* SPDX-License-Identifier: MIT
 *
 * Idle connections to providers, kept by worker and origin.  An origin is
 * scheme, host, port and TLS name, not an address: two names behind one
 * address must never share a TLS connection.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <unordered_map>


#define NGX_HTTP_AIPROXY_IDLE_PER_ORIGIN  64
#define NGX_HTTP_AIPROXY_IDLE_MS          60000
#define NGX_HTTP_AIPROXY_MAX_REQUESTS     1000


/* c->data of an idle connection points at its origin's list */

typedef struct {
    std::vector<ngx_connection_t *>  connections;
} ngx_http_aiproxy_idle_t;


static void ngx_http_aiproxy_keepalive_read(ngx_event_t *rev);
static void ngx_http_aiproxy_keepalive_write(ngx_event_t *wev);
static void ngx_http_aiproxy_keepalive_close(ngx_connection_t *c);


/* origins are rows of configuration, so their number is bounded */

static std::unordered_map<std::string, ngx_http_aiproxy_idle_t> &
ngx_http_aiproxy_keepalive_idle(void)
{
    static auto *idle =
        new std::unordered_map<std::string, ngx_http_aiproxy_idle_t>;

    return *idle;
}


/* the youngest one: it is the least likely to be closed by the provider */

ngx_connection_t *
ngx_http_aiproxy_keepalive_take(std::string_view origin)
{
    auto found = ngx_http_aiproxy_keepalive_idle().find(std::string(origin));

    if (found == ngx_http_aiproxy_keepalive_idle().end()
        || found->second.connections.empty())
    {
        return NULL;
    }

    ngx_connection_t *c = found->second.connections.back();

    found->second.connections.pop_back();

    if (c->read->timer_set) {
        ngx_del_timer(c->read);
    }

    c->idle = 0;
    c->sent = 0;
    c->data = NULL;

    return c;
}


void
ngx_http_aiproxy_keepalive_put(std::string_view origin, ngx_connection_t *c)
{
    auto &idle = ngx_http_aiproxy_keepalive_idle()[std::string(origin)];

    if (idle.connections.size() >= NGX_HTTP_AIPROXY_IDLE_PER_ORIGIN
        || c->requests >= NGX_HTTP_AIPROXY_MAX_REQUESTS
        || ngx_exiting || ngx_terminate
        || ngx_handle_read_event(c->read, 0) != NGX_OK)
    {
        c->data = NULL;
        ngx_http_aiproxy_keepalive_close(c);
        return;
    }

    idle.connections.push_back(c);

    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }

    c->read->handler = ngx_http_aiproxy_keepalive_read;
    c->write->handler = ngx_http_aiproxy_keepalive_write;
    c->data = &idle;
    c->idle = 1;
    c->log = ngx_cycle->log;
    c->read->log = ngx_cycle->log;
    c->write->log = ngx_cycle->log;
    c->pool->log = ngx_cycle->log;

    ngx_add_timer(c->read, NGX_HTTP_AIPROXY_IDLE_MS);

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

    auto idle = (ngx_http_aiproxy_idle_t *) c->data;

    std::erase(idle->connections, c);

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
