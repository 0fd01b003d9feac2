/* SPDX-License-Identifier: MIT
 *
 * Step 4, limits that nodes share: hiredis on nginx's event loop.  What the
 * requests of one turn of the event loop ask is written at once.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy_redis.h"

#include <openssl/sha.h>

#include <sys/ioctl.h>

namespace limit = aiproxy::limit;


#define NGX_HTTP_AIPROXY_REDIS_WATCH_MS   100
#define NGX_HTTP_AIPROXY_REDIS_SILENCE_MS 1000
#define NGX_HTTP_AIPROXY_REDIS_BACKOFF_MS 800  /* at the most */


ngx_http_aiproxy_redis_t  *ngx_http_aiproxy_redis;


static const char *const  ngx_http_aiproxy_redis_texts[] = {
    limit::kRedisAdmit, limit::kRedisSettle, limit::kRedisMore,
    limit::kRedisRenew
};


static void ngx_http_aiproxy_redis_connect(ngx_http_aiproxy_redis_t *redis);


void
ngx_http_aiproxy_redis_lost(ngx_http_aiproxy_redis_t *redis, const char *why)
{
    redis->ready = 0;

    if (!redis->away) {
        redis->away = 1;
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "aiproxy: redis is away, reason: %s", why);
    }
}


/* what hiredis asks of an event loop */

static void
ngx_http_aiproxy_redis_nothing(void *data)
{
}


static void
ngx_http_aiproxy_redis_add_write(void *data)
{
    auto redis = (ngx_http_aiproxy_redis_t *) data;

    redis->wants_write = 1;

    /* at the end of this turn: what others ask until then goes with it */

    if (redis->c != NULL && redis->c->write->ready) {
        ngx_post_event(redis->c->write, &ngx_posted_events);
    }
}


static void
ngx_http_aiproxy_redis_del_write(void *data)
{
    ((ngx_http_aiproxy_redis_t *) data)->wants_write = 0;
}


/* the descriptor is hiredis' to close */

static void
ngx_http_aiproxy_redis_cleanup(void *data)
{
    auto              redis = (ngx_http_aiproxy_redis_t *) data;
    ngx_connection_t *c = redis->c;

    if (c == NULL) {
        return;
    }

    if (ngx_del_conn) {
        ngx_del_conn(c, 0);

    } else {
        ngx_del_event(c->read, NGX_READ_EVENT, 0);
        ngx_del_event(c->write, NGX_WRITE_EVENT, 0);
    }

    if (c->read->posted) {
        ngx_delete_posted_event(c->read);
    }

    if (c->write->posted) {
        ngx_delete_posted_event(c->write);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;
    redis->c = NULL;
}


static void
ngx_http_aiproxy_redis_read(ngx_event_t *ev)
{
    auto c = (ngx_connection_t *) ev->data;
    auto redis = (ngx_http_aiproxy_redis_t *) c->data;

    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {
        redisAsyncContext *ac = redis->ac;
        int                more;

        /* the event comes once for all that is there */

        do {
            redisAsyncHandleRead(ac);
            more = 0;
        } while (redis->ac == ac && redis->c == c
                 && ioctl(c->fd, FIONREAD, &more) == 0 && more > 0);

        return (ngx_int_t) NGX_OK;
    });
}


static void
ngx_http_aiproxy_redis_write(ngx_event_t *ev)
{
    auto c = (ngx_connection_t *) ev->data;
    auto redis = (ngx_http_aiproxy_redis_t *) c->data;

    if (!redis->wants_write) {
        return;
    }

    /* what cannot be written now waits for the next event */

    ev->ready = 0;

    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {
        redisAsyncHandleWrite(redis->ac);
        return (ngx_int_t) NGX_OK;
    });

    if (redis->c == c && !redis->wants_write) {
        c->write->ready = 1;
    }
}


static void
ngx_http_aiproxy_redis_disconnected(const redisAsyncContext *ac, int status)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    redis->ac = NULL;
    redis->next = ngx_current_msec + redis->backoff;
    redis->backoff = ngx_min(redis->backoff * 2,
                             NGX_HTTP_AIPROXY_REDIS_BACKOFF_MS);
    ngx_http_aiproxy_redis_lost(redis, status == REDIS_OK ? "disconnected"
                                                          : ac->errstr);
}


static void
ngx_http_aiproxy_redis_connected(const redisAsyncContext *ac, int status)
{
    if (status != REDIS_OK) {
        ngx_http_aiproxy_redis_disconnected(ac, status);
    }
}


/* a reply that only has to be good */

static void
ngx_http_aiproxy_redis_good(redisAsyncContext *ac, void *data, void *what)
{
    auto reply = (redisReply *) data;

    ngx_http_aiproxy_redis->heard = ngx_current_msec;

    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "aiproxy: redis refused %s: %s", (char *) what,
                      reply->str);
        redisAsyncDisconnect(ac);
    }
}


/* counters that are evicted would let too much pass */

static void
ngx_http_aiproxy_redis_policy(redisAsyncContext *ac, void *data, void *unused)
{
    auto reply = (redisReply *) data;

    ngx_http_aiproxy_redis->heard = ngx_current_msec;

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY
        || reply->elements != 2)
    {
        return;    /* it may not be asked: the operator answers for it */
    }

    if (std::string_view(reply->element[1]->str) != "noeviction") {
        ngx_http_aiproxy_redis->evicts = 1;
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "aiproxy: redis may evict counters, maxmemory-policy: "
                      "%s: set noeviction", reply->element[1]->str);
        redisAsyncDisconnect(ac);
    }
}


static void
ngx_http_aiproxy_redis_loaded(redisAsyncContext *ac, void *data, void *which)
{
    auto                      reply = (redisReply *) data;
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;
    size_t                    n = (size_t) which;

    redis->heard = ngx_current_msec;

    if (reply == NULL || reply->type != REDIS_REPLY_STRING) {
        ngx_http_aiproxy_redis_good(ac, data, (void *) "SCRIPT LOAD");
        return;
    }

    if (n + 1 == ngx_http_aiproxy_redis_scripts) {
        redis->loaded = 1;
        redis->ready = 1;
        redis->backoff = 50;

        ngx_uint_t  level = redis->away ? NGX_LOG_WARN : NGX_LOG_INFO;

        ngx_log_error(level, ngx_cycle->log, 0, "aiproxy: redis is there");
        redis->away = 0;
    }
}


void
ngx_http_aiproxy_redis_pong(redisAsyncContext *ac, void *reply, void *unused)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    redis->heard = ngx_current_msec;

    if (reply != NULL && redis->loaded) {
        redis->ready = 1;

        if (redis->away) {
            redis->away = 0;
            ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                          "aiproxy: redis is there");
        }
    }
}


/* signs in, looks, and loads the scripts: all in one write */

static void
ngx_http_aiproxy_redis_greet(ngx_http_aiproxy_redis_t *redis)
{
    ngx_http_aiproxy_main_conf_t *amcf = redis->amcf;
    redisAsyncContext            *ac = redis->ac;

    if (amcf->redis_password.len != 0) {
        redisAsyncCommand(ac, ngx_http_aiproxy_redis_good, (void *) "AUTH",
                          "AUTH %b", amcf->redis_password.data,
                          amcf->redis_password.len);
    }

    if (amcf->redis_database != 0) {
        redisAsyncCommand(ac, ngx_http_aiproxy_redis_good, (void *) "SELECT",
                          "SELECT %d", (int) amcf->redis_database);
    }

    redisAsyncCommand(ac, ngx_http_aiproxy_redis_policy, NULL,
                      "CONFIG GET maxmemory-policy");

    for (size_t i = 0; i < ngx_http_aiproxy_redis_scripts; i++) {
        redisAsyncCommand(ac, ngx_http_aiproxy_redis_loaded, (void *) i,
                          "SCRIPT LOAD %s", ngx_http_aiproxy_redis_texts[i]);
    }
}


static void
ngx_http_aiproxy_redis_connect(ngx_http_aiproxy_redis_t *redis)
{
    redisAsyncContext *ac = redisAsyncConnect(
        (char *) redis->amcf->redis_host.data, (int) redis->amcf->redis_port);

    redis->heard = ngx_current_msec;
    redis->next = ngx_current_msec + redis->backoff;

    if (ac == NULL || ac->err) {
        ngx_http_aiproxy_redis_lost(redis, ac ? ac->errstr : "no memory");

        if (ac != NULL) {
            redisAsyncFree(ac);
        }

        return;
    }

    ngx_connection_t *c = ngx_get_connection(ac->c.fd, ngx_cycle->log);

    if (c == NULL) {
        redisAsyncFree(ac);
        return;
    }

    c->data = redis;
    c->log = ngx_cycle->log;
    c->read->log = ngx_cycle->log;
    c->write->log = ngx_cycle->log;
    c->read->handler = ngx_http_aiproxy_redis_read;
    c->write->handler = ngx_http_aiproxy_redis_write;

    redis->c = c;
    redis->ac = ac;
    redis->serial++;
    redis->wants_write = 0;
    redis->loaded = 0;
    redis->evicts = 0;

    ac->ev.data = redis;
    ac->ev.addRead = ngx_http_aiproxy_redis_nothing;
    ac->ev.delRead = ngx_http_aiproxy_redis_nothing;
    ac->ev.addWrite = ngx_http_aiproxy_redis_add_write;
    ac->ev.delWrite = ngx_http_aiproxy_redis_del_write;
    ac->ev.cleanup = ngx_http_aiproxy_redis_cleanup;

    ngx_int_t rc = ngx_add_conn
                       ? ngx_add_conn(c)
                       : ngx_add_event(c->read, NGX_READ_EVENT, 0)
                         | ngx_add_event(c->write, NGX_WRITE_EVENT, 0);

    redisAsyncSetConnectCallback(ac, ngx_http_aiproxy_redis_connected);
    redisAsyncSetDisconnectCallback(ac, ngx_http_aiproxy_redis_disconnected);

    if (rc != NGX_OK) {
        redis->ac = NULL;
        redisAsyncFree(ac);
        return;
    }

    ngx_http_aiproxy_redis_greet(redis);
}


/* who runs is renewed before its time is over */

static void
ngx_http_aiproxy_redis_renew_all(ngx_http_aiproxy_redis_t *redis)
{
    redis->renewed = ngx_current_msec;

    if (redis->running.empty()) {
        return;
    }

    ngx_http_aiproxy_redis_call_t  call(ngx_http_aiproxy_redis_renew,
                                        redis->running.size());

    for (const auto *ctx : redis->running) {
        call.AddKey('q', ngx_http_aiproxy_redis_id(ctx));
    }

    call.Add(NGX_HTTP_AIPROXY_REDIS_FLIGHT_MS);
    call.Add(limit::kRedisChargeMs);

    for (const auto *ctx : redis->running) {
        call.Add(ngx_http_aiproxy_redis_id(ctx));
    }

    call.Send(NULL, NULL);
}


static void
ngx_http_aiproxy_redis_watch(ngx_event_t *ev)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    (void) ngx_http_aiproxy_guard(ev->log, NGX_ERROR, [&] {
        if (redis->ac == NULL) {
            if ((ngx_msec_int_t) (redis->next - ngx_current_msec) <= 0) {
                ngx_http_aiproxy_redis_connect(redis);
            }

        } else if (!redis->ready
                   && ngx_current_msec - redis->heard
                      > NGX_HTTP_AIPROXY_REDIS_SILENCE_MS)
        {
            redisAsyncContext *ac = redis->ac;

            redisAsyncFree(ac);    /* all that wait get their answer: none */

            if (redis->ac == ac) {
                redis->ac = NULL;
                redis->next = ngx_current_msec;
            }

        } else if (redis->ready
                   && ngx_current_msec - redis->renewed
                      > NGX_HTTP_AIPROXY_REDIS_RENEW_MS)
        {
            ngx_http_aiproxy_redis_renew_all(redis);
        }

        return (ngx_int_t) NGX_OK;
    });

    ngx_add_timer(ev, NGX_HTTP_AIPROXY_REDIS_WATCH_MS);
}


/*
 * A script is called by the digest of its text, which is known before Redis has
 * it: what a new worker's first requests ask goes behind the greeting.
 */

static void
ngx_http_aiproxy_redis_name(ngx_http_aiproxy_redis_t *redis)
{
    for (size_t i = 0; i < ngx_http_aiproxy_redis_scripts; i++) {
        u_char      digest[SHA_DIGEST_LENGTH], hex[2 * SHA_DIGEST_LENGTH];
        const char *text = ngx_http_aiproxy_redis_texts[i];

        SHA1((const u_char *) text, ngx_strlen(text), digest);
        ngx_hex_dump(hex, digest, sizeof(digest));
        redis->sha[i].assign((char *) hex, sizeof(hex));
    }
}


void
ngx_http_aiproxy_redis_init(ngx_cycle_t *cycle,
    ngx_http_aiproxy_main_conf_t *amcf)
{
    if (amcf->redis_host.len == 0) {
        return;
    }

    auto redis = new ngx_http_aiproxy_redis_t();

    ngx_http_aiproxy_redis = redis;
    redis->amcf = amcf;
    redis->backoff = 50;
    ngx_http_aiproxy_redis_name(redis);
    redis->dummy.fd = (ngx_socket_t) -1;
    redis->watch.handler = ngx_http_aiproxy_redis_watch;
    redis->watch.data = &redis->dummy;
    redis->watch.log = cycle->log;
    redis->watch.cancelable = 1;

    ngx_http_aiproxy_redis_connect(redis);
    ngx_add_timer(&redis->watch, NGX_HTTP_AIPROXY_REDIS_WATCH_MS);
}


/* what was settled last goes out before the worker ends */

void
ngx_http_aiproxy_redis_done(void)
{
    ngx_http_aiproxy_redis_t *redis = ngx_http_aiproxy_redis;

    if (redis == NULL || redis->ac == NULL) {
        return;
    }

    if (redis->wants_write && !redis->away) {
        redisAsyncHandleWrite(redis->ac);
    }

    if (redis->ac != NULL) {
        redisAsyncFree(redis->ac);
    }
}


bool
ngx_http_aiproxy_redis_used(void)
{
    return ngx_http_aiproxy_redis != NULL;
}
