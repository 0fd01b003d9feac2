/*
 * What nginx looks up in a dynamic module.  In C and with default
 * visibility; everything else of the module is hidden.
 */

#include <ngx_config.h>
#include <ngx_core.h>


extern ngx_module_t  ngx_aiproxy_module;

__attribute__((visibility("default")))
ngx_module_t *ngx_modules[] = {
    &ngx_aiproxy_module,
    NULL
};

__attribute__((visibility("default")))
char *ngx_module_names[] = {
    "ngx_aiproxy_module",
    NULL
};

__attribute__((visibility("default")))
char *ngx_module_order[] = {
    NULL
};
