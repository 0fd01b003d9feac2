/* SPDX-License-Identifier: MIT
 *
 * Configuration: created, set, merged, and checked before a worker starts.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <linux/magic.h>
#include <sys/vfs.h>


#define NGX_HTTP_AIPROXY_BUFFER_SIZE   8192
#define NGX_HTTP_AIPROXY_MAX_BODY      (200 * 1024 * 1024)


static ngx_int_t ngx_http_aiproxy_check_run_dir(ngx_conf_t *cf,
    ngx_str_t *run_dir);
static ngx_int_t ngx_http_aiproxy_create_ssl(ngx_conf_t *cf,
    ngx_http_aiproxy_main_conf_t *amcf);

static ngx_str_t  ngx_http_aiproxy_no_headers[] = { ngx_null_string };


void *
ngx_http_aiproxy_create_main_conf(ngx_conf_t *cf)
{
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_pcalloc(cf->pool, sizeof(ngx_http_aiproxy_main_conf_t));
    if (amcf == NULL) {
        return NULL;
    }

    amcf->ledger_full = NGX_CONF_UNSET_UINT;
    amcf->keepalive = NGX_CONF_UNSET_UINT;
    amcf->keepalive_requests = NGX_CONF_UNSET_UINT;
    amcf->keepalive_timeout = NGX_CONF_UNSET_MSEC;
    amcf->redis_timeout = NGX_CONF_UNSET_MSEC;
    amcf->snapshot_max_age = NGX_CONF_UNSET_MSEC;
    amcf->upstream.peer.init = ngx_http_aiproxy_balancer_init;

    return amcf;
}


char *
ngx_http_aiproxy_init_main_conf(ngx_conf_t *cf, void *conf)
{
    auto amcf = (ngx_http_aiproxy_main_conf_t *) conf;

    if (amcf->dir.data == NULL) {
        ngx_str_set(&amcf->dir, "/var/lib/aiproxy");
    }

    if (amcf->run_dir.data == NULL) {
        ngx_str_set(&amcf->run_dir, "/run/aiproxy");
    }

    ngx_conf_init_uint_value(amcf->ledger_full, NGX_HTTP_AIPROXY_REFUSE);
    ngx_conf_init_uint_value(amcf->keepalive, 256);
    ngx_conf_init_uint_value(amcf->keepalive_requests, 1000);
    ngx_conf_init_msec_value(amcf->keepalive_timeout, 60000);
    ngx_conf_init_msec_value(amcf->redis_timeout, 100);
    ngx_conf_init_msec_value(amcf->snapshot_max_age, 0);

    if (!amcf->used) {
        return NGX_CONF_OK;
    }

    if (ngx_conf_full_name(cf->cycle, &amcf->dir, 0) != NGX_OK
        || ngx_conf_full_name(cf->cycle, &amcf->run_dir, 0) != NGX_OK
        || ngx_http_aiproxy_check_run_dir(cf, &amcf->run_dir) != NGX_OK
        || ngx_http_aiproxy_create_ssl(cf, amcf) != NGX_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/*
 * On a disk a page that is written back stalls the event loop, and a full
 * one kills the worker.  "nginx -t" accepts a folder that is not there yet
 * and creates nothing.
 */

static ngx_int_t
ngx_http_aiproxy_check_run_dir(ngx_conf_t *cf, ngx_str_t *run_dir)
{
    struct statfs  fs;

    /* "nginx -s stop" reads the configuration too, and starts nothing */

    if (ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_OK;
    }

    if (statfs((char *) run_dir->data, &fs) == -1) {
        if (ngx_errno == NGX_ENOENT && ngx_test_config) {
            return NGX_OK;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "aiproxy_run_dir \"%V\" cannot be used; create it "
                           "on tmpfs, e.g. with \"install -d -m 2770 -g "
                           "aiproxy %V\" (for good: a line in tmpfiles.d)",
                           run_dir, run_dir);
        return NGX_ERROR;
    }

    if (fs.f_type != TMPFS_MAGIC) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "aiproxy_run_dir \"%V\" is not on tmpfs; use a "
                           "folder under /run or /dev/shm", run_dir);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_aiproxy_create_ssl(ngx_conf_t *cf, ngx_http_aiproxy_main_conf_t *amcf)
{
    amcf->ssl = (ngx_ssl_t *) ngx_pcalloc(cf->pool, sizeof(ngx_ssl_t));
    if (amcf->ssl == NULL) {
        return NGX_ERROR;
    }

    amcf->ssl->log = cf->log;

    if (ngx_ssl_create(amcf->ssl, NGX_SSL_TLSv1_2|NGX_SSL_TLSv1_3, NULL)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_ssl_client_session_cache(cf, amcf->ssl, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        ngx_ssl_cleanup_ctx(amcf->ssl);
        return NGX_ERROR;
    }

    cln->handler = ngx_ssl_cleanup_ctx;
    cln->data = amcf->ssl;

    if (amcf->trusted_certificate.len) {
        return ngx_ssl_trusted_certificate(cf, amcf->ssl,
                                           &amcf->trusted_certificate, 4);
    }

    if (SSL_CTX_set_default_verify_paths(amcf->ssl->ctx) == 0) {
        ngx_ssl_error(NGX_LOG_EMERG, cf->log, 0,
                      (char *) "SSL_CTX_set_default_verify_paths() failed");
        return NGX_ERROR;
    }

    return NGX_OK;
}


void *
ngx_http_aiproxy_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_aiproxy_srv_conf_t));
}


void *
ngx_http_aiproxy_create_loc_conf(ngx_conf_t *cf)
{
    auto alcf = (ngx_http_aiproxy_loc_conf_t *)
                    ngx_pcalloc(cf->pool, sizeof(ngx_http_aiproxy_loc_conf_t));
    if (alcf == NULL) {
        return NULL;
    }

    alcf->enable = NGX_CONF_UNSET;
    alcf->upstream.hide_headers = (ngx_array_t *) NGX_CONF_UNSET_PTR;
    alcf->upstream.pass_headers = (ngx_array_t *) NGX_CONF_UNSET_PTR;

    return alcf;
}


char *
ngx_http_aiproxy_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char *rv = ngx_conf_set_flag_slot(cf, cmd, conf);

    if (rv == NGX_CONF_OK && ((ngx_http_aiproxy_loc_conf_t *) conf)->enable) {
        auto amcf = (ngx_http_aiproxy_main_conf_t *)
                        ngx_http_conf_get_module_main_conf(cf,
                                                          ngx_aiproxy_module);
        auto ascf = (ngx_http_aiproxy_srv_conf_t *)
                        ngx_http_conf_get_module_srv_conf(cf,
                                                          ngx_aiproxy_module);
        amcf->used = 1;
        ascf->used = 1;
    }

    return rv;
}


/*
 * One upstream configuration for all providers; what a provider's row says
 * (timeouts, TLS) is put into each request's copy by the balancer.
 */

char *
ngx_http_aiproxy_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    auto prev = (ngx_http_aiproxy_loc_conf_t *) parent;
    auto conf = (ngx_http_aiproxy_loc_conf_t *) child;

    ngx_conf_merge_value(conf->enable, prev->enable, 0);

    ngx_http_upstream_conf_t *up = &conf->upstream;

    up->buffering = 0;
    up->request_buffering = 1;
    up->pass_request_headers = 1;
    up->pass_request_body = 1;
    up->buffer_size = NGX_HTTP_AIPROXY_BUFFER_SIZE;
    up->connect_timeout = 5000;
    up->send_timeout = 60000;
    up->read_timeout = 120000;
    up->next_upstream = NGX_HTTP_UPSTREAM_FT_ERROR
                        |NGX_HTTP_UPSTREAM_FT_TIMEOUT
                        |NGX_HTTP_UPSTREAM_FT_INVALID_HEADER
                        |NGX_HTTP_UPSTREAM_FT_NON_IDEMPOTENT;
    up->socket_keepalive = 1;
    up->ssl_server_name = 1;
    up->ssl_session_reuse = 1;    /* by our own peer.set_session */
    ngx_str_set(&up->module, "aiproxy");

    ngx_hash_init_t  hash;

    hash.max_size = 512;
    hash.bucket_size = ngx_align(64, ngx_cacheline_size);
    hash.name = (char *) "aiproxy_headers_hash";

    if (ngx_http_upstream_hide_headers_hash(cf, up, &prev->upstream,
                                            ngx_http_aiproxy_no_headers, &hash)
        != NGX_OK)
    {
        return (char *) NGX_CONF_ERROR;
    }

    if (conf->enable) {
        auto clcf = (ngx_http_core_loc_conf_t *)
                        ngx_http_conf_get_module_loc_conf(cf,
                                                         ngx_http_core_module);

        /* nginx's default of 1 MB refuses a picture */

        if (clcf->client_max_body_size == 1 * 1024 * 1024) {
            clcf->client_max_body_size = NGX_HTTP_AIPROXY_MAX_BODY;
        }
    }

    return NGX_CONF_OK;
}


/* redis://[:password@]address:port[/database] */

char *
ngx_http_aiproxy_redis_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    auto              amcf = (ngx_http_aiproxy_main_conf_t *) conf;
    auto              value = (ngx_str_t *) cf->args->elts;
    std::string_view  text = ngx_http_aiproxy_view(value[1]);
    std::string_view  scheme = "redis://";

    if (amcf->redis_host.data != NULL) {
        return (char *) "is duplicate";
    }

    bool  good = text.starts_with(scheme);

    text.remove_prefix(good ? scheme.size() : 0);

    size_t  at = text.rfind('@');

    if (at != text.npos) {
        std::string_view  user = text.substr(0, at);

        good = good && user.starts_with(':') && user.size() > 1;
        amcf->redis_password = ngx_http_aiproxy_copy(
                                   cf->pool, user.substr(good ? 1 : 0));
        text.remove_prefix(at + 1);
    }

    std::string_view  database = text.substr(std::min(text.size(),
                                                      text.find('/')));

    text.remove_suffix(database.size());

    size_t     colon = text.rfind(':');
    ngx_int_t  port = colon == text.npos
                          ? NGX_ERROR
                          : ngx_atoi((u_char *) text.data() + colon + 1,
                                     text.size() - colon - 1);
    ngx_int_t  number = database.size() < 2
                            ? 0 : ngx_atoi((u_char *) database.data() + 1,
                                           database.size() - 1);

    if (!good || colon == 0 || port < 1 || port > 65535 || number < 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the value must be "
                           "\"redis://[:password@]address:port[/database]\"");
        return (char *) NGX_CONF_ERROR;
    }

    std::string  host(text.substr(0, colon));

    /* a name would be looked up in the event loop */

    if (ngx_inet_addr((u_char *) host.data(), host.size()) == INADDR_NONE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "redis must be given by its IPv4 address");
        return (char *) NGX_CONF_ERROR;
    }

    host += '\0';
    amcf->redis_host = ngx_http_aiproxy_copy(cf->pool, host);
    amcf->redis_port = (in_port_t) port;
    amcf->redis_database = (ngx_uint_t) number;

    return amcf->redis_host.data == NULL ? (char *) NGX_CONF_ERROR
                                         : NGX_CONF_OK;
}
