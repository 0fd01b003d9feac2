/* SPDX-License-Identifier: MIT
 *
 * Memory for credentials in clear.  It is left out of core dumps, wiped when
 * it is given back, and never given to anything else.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>
#include <sys/mman.h>


#define NGX_HTTP_AIPROXY_SECRET_BLOCK   512
#define NGX_HTTP_AIPROXY_SECRET_REGION  (64 * 1024)


static u_char *
ngx_http_aiproxy_secret_map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ|PROT_WRITE,
                   MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED) {
        return NULL;
    }

    if (madvise(p, size, MADV_DONTDUMP) != 0) {
        munmap(p, size);
        return NULL;
    }

    return (u_char *) p;
}


/* blocks that are free; as many as ever were in use at once */

static std::vector<u_char *> &
ngx_http_aiproxy_secret_free(void)
{
    static auto *blocks = new std::vector<u_char *>;

    return *blocks;
}


u_char *
ngx_http_aiproxy_secret_take(size_t size)
{
    auto &blocks = ngx_http_aiproxy_secret_free();

    /* hardly any is so long */

    if (size > NGX_HTTP_AIPROXY_SECRET_BLOCK) {
        return ngx_http_aiproxy_secret_map(size);
    }

    if (blocks.empty()) {
        u_char *p = ngx_http_aiproxy_secret_map(NGX_HTTP_AIPROXY_SECRET_REGION);
        if (p == NULL) {
            return NULL;
        }

        for (size_t at = 0; at < NGX_HTTP_AIPROXY_SECRET_REGION;
             at += NGX_HTTP_AIPROXY_SECRET_BLOCK)
        {
            blocks.push_back(p + at);
        }
    }

    u_char *block = blocks.back();

    blocks.pop_back();

    return block;
}


void
ngx_http_aiproxy_secret_give(u_char *block, size_t size)
{
    OPENSSL_cleanse(block, size);

    if (size > NGX_HTTP_AIPROXY_SECRET_BLOCK) {
        munmap(block, size);
        return;
    }

    ngx_http_aiproxy_secret_free().push_back(block);
}
