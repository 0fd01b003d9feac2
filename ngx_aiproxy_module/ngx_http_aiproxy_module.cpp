/* SPDX-License-Identifier: MIT
 *
 * The table of contents: directives, phases, life of a worker.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"


static ngx_int_t ngx_http_aiproxy_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_aiproxy_postconfiguration(ngx_conf_t *cf);


static ngx_conf_enum_t  ngx_http_aiproxy_ledger_full[] = {
    { ngx_string("refuse"), NGX_HTTP_AIPROXY_REFUSE },
    { ngx_string("count"), NGX_HTTP_AIPROXY_COUNT },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_aiproxy_commands[] = {

    { ngx_string("aiproxy"),
      NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_http_aiproxy_flag,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_loc_conf_t, enable),
      NULL },

    { ngx_string("aiproxy_dir"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, dir),
      NULL },

    { ngx_string("aiproxy_run_dir"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, run_dir),
      NULL },

    { ngx_string("aiproxy_ledger_full"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, ledger_full),
      ngx_http_aiproxy_ledger_full },

    { ngx_string("aiproxy_trusted_certificate"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, trusted_certificate),
      NULL },

    { ngx_string("aiproxy_keepalive"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, keepalive),
      NULL },

    { ngx_string("aiproxy_keepalive_requests"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, keepalive_requests),
      NULL },

    { ngx_string("aiproxy_keepalive_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, keepalive_timeout),
      NULL },

    { ngx_string("aiproxy_redis"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_aiproxy_redis_url,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("aiproxy_redis_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, redis_timeout),
      NULL },

    { ngx_string("aiproxy_snapshot_max_age"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_aiproxy_main_conf_t, snapshot_max_age),
      NULL },

    { ngx_string("aiproxy_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_aiproxy_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    ngx_null_command
};


static ngx_http_module_t  ngx_http_aiproxy_module_ctx = {
    ngx_http_aiproxy_variables_add,        /* preconfiguration */
    ngx_http_aiproxy_postconfiguration,    /* postconfiguration */

    ngx_http_aiproxy_create_main_conf,     /* create main configuration */
    ngx_http_aiproxy_init_main_conf,       /* init main configuration */

    ngx_http_aiproxy_create_srv_conf,      /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_aiproxy_create_loc_conf,      /* create location configuration */
    ngx_http_aiproxy_merge_loc_conf        /* merge location configuration */
};


extern "C" {

ngx_module_t  ngx_aiproxy_module = {
    NGX_MODULE_V1,
    &ngx_http_aiproxy_module_ctx,          /* module context */
    ngx_http_aiproxy_commands,             /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_aiproxy_init_module,          /* init module */
    ngx_http_aiproxy_worker_init,          /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_aiproxy_worker_exit,          /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};

}


static ngx_int_t
ngx_http_aiproxy_init_module(ngx_cycle_t *cycle)
{
    if (ngx_http_aiproxy_credential_watch(cycle) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_aiproxy_spool_init(cycle);
}


static ngx_int_t
ngx_http_aiproxy_push(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler)
{
    auto cmcf = (ngx_http_core_main_conf_t *)
                    ngx_http_conf_get_module_main_conf(cf,
                                                       ngx_http_core_module);

    auto h = (ngx_http_handler_pt *)
                 ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


/* before the handlers of nginx's own modules; its access log is one of them */

static ngx_int_t
ngx_http_aiproxy_push_first(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler)
{
    if (ngx_http_aiproxy_push(cf, phase, handler) != NGX_OK) {
        return NGX_ERROR;
    }

    auto cmcf = (ngx_http_core_main_conf_t *)
                    ngx_http_conf_get_module_main_conf(cf,
                                                       ngx_http_core_module);

    auto h = (ngx_http_handler_pt *) cmcf->phases[phase].handlers.elts;

    ngx_memmove(h + 1, h, (cmcf->phases[phase].handlers.nelts - 1)
                          * sizeof(ngx_http_handler_pt));
    h[0] = handler;

    return NGX_OK;
}


/*
 * The log phase begins with hiding what no log may print.  Rewrite comes first: the dialect must be known before anything can be
 * refused in it.  Access precedes the body, so that a stranger's body is
 * never read.  The route step sets the content handler, which runs body,
 * limit and the rest.
 */

static ngx_int_t
ngx_http_aiproxy_postconfiguration(ngx_conf_t *cf)
{
    if (ngx_http_aiproxy_push_first(cf, NGX_HTTP_LOG_PHASE,
                                    ngx_http_aiproxy_credential_hide) != NGX_OK
        || ngx_http_aiproxy_push(cf, NGX_HTTP_REWRITE_PHASE,
                                 ngx_http_aiproxy_route_handler) != NGX_OK
        || ngx_http_aiproxy_push(cf, NGX_HTTP_ACCESS_PHASE,
                                 ngx_http_aiproxy_access_handler) != NGX_OK
        || ngx_http_aiproxy_push(cf, NGX_HTTP_LOG_PHASE,
                                 ngx_http_aiproxy_log_handler) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_aiproxy_error_init_filters();

    return NGX_OK;
}
