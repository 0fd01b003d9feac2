/* SPDX-License-Identifier: MIT
 *
 * The border between nginx and C++: strings, exceptions, ownership.  The
 * one place that includes nginx's headers.
 */

#pragma once

extern "C" {
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>
}

#include <exception>
#include <new>
#include <string_view>
#include <utility>


#if (nginx_version >= 1027002)
#define ngx_http_aiproxy_parse_chunked(r, b, ctx)                             \
    ngx_http_parse_chunked(r, b, ctx, 0)
#else
#define ngx_http_aiproxy_parse_chunked(r, b, ctx)                             \
    ngx_http_parse_chunked(r, b, ctx)
#endif


inline std::string_view
ngx_http_aiproxy_view(const ngx_str_t &s)
{
    return {(const char *) s.data, s.len};
}


inline std::string_view
ngx_http_aiproxy_view(const u_char *begin, const u_char *end)
{
    return {(const char *) begin, (size_t) (end - begin)};
}


/* a copy in the pool; "data" is NULL when there is no memory */

inline ngx_str_t
ngx_http_aiproxy_copy(ngx_pool_t *pool, std::string_view s)
{
    ngx_str_t  copy;

    copy.len = s.size();
    copy.data = (u_char *) ngx_pnalloc(pool, s.size() + 1);

    if (copy.data != NULL) {
        *ngx_cpymem(copy.data, s.data(), s.size()) = '\0';
    }

    return copy;
}


/*
 * Runs C++ code for a function that nginx calls.  No exception passes into
 * nginx's C frames: it is logged, and "failed" is returned in its place.
 */

template <class F>
ngx_int_t
ngx_http_aiproxy_guard(ngx_log_t *log, ngx_int_t failed, F &&f) noexcept
{
    try {
        return std::forward<F>(f)();

    } catch (const std::exception &e) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "aiproxy: unexpected exception: %s", e.what());

    } catch (...) {
        ngx_log_error(NGX_LOG_ALERT, log, 0, "aiproxy: unexpected exception");
    }

    return failed;
}


/* a C++ object that the pool owns; NULL when there is no memory */

template <class T, class... Args>
T *
ngx_http_aiproxy_make(ngx_pool_t *pool, Args &&...args)
{
    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(pool, sizeof(T));
    if (cln == NULL) {
        return NULL;
    }

    T *object = new (cln->data) T(std::forward<Args>(args)...);

    cln->handler = [](void *data) { static_cast<T *>(data)->~T(); };

    return object;
}
