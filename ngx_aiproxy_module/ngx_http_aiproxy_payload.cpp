/* SPDX-License-Identifier: MIT
 *
 * Of steps 3, 8 and 10: what was said, for client keys that ask for it to be
 * kept.  The first bytes of what passes are copied, and once the record is
 * written they are left, sealed, in a file of their own on tmpfs, where the
 * daemon takes them.  Nothing here may harm a request: what finds no room is
 * dropped and counted.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/statvfs.h>

#include "core/payload/payload.h"

namespace payload = aiproxy::payload;


#define NGX_HTTP_AIPROXY_PAYLOAD_REQUEST  1
#define NGX_HTTP_AIPROXY_PAYLOAD_ANSWER   2


static std::string  ngx_http_aiproxy_payload_dir;
static size_t       ngx_http_aiproxy_payload_held;    /* by this worker */
static time_t       ngx_http_aiproxy_payload_complained;


class ngx_http_aiproxy_payload_t {
public:
    ngx_http_aiproxy_payload_t() = default;
    ngx_http_aiproxy_payload_t(const ngx_http_aiproxy_payload_t &) = delete;
    ~ngx_http_aiproxy_payload_t() { Drop(); }

    void Add(payload::Part &part, std::string_view bytes);
    void Drop();

    payload::Payload  content;
    size_t            most = payload::kDefaultTextBytes;
    bool              dropped = false;

private:
    size_t            held_ = 0;
};


void
ngx_http_aiproxy_payload_t::Add(payload::Part &part, std::string_view bytes)
{
    part.bytes += bytes.size();

    size_t  room = most - part.text.size();

    if (bytes.size() > room) {
        part.is_cut = true;
        bytes = bytes.substr(0, room);
    }

    if (bytes.empty() || dropped) {
        return;
    }

    if (ngx_http_aiproxy_payload_held + bytes.size() > payload::kMaxHeldBytes)
    {
        Drop();
        dropped = true;
        return;
    }

    ngx_http_aiproxy_payload_held += bytes.size();
    held_ += bytes.size();
    part.text.append(bytes);
}


void
ngx_http_aiproxy_payload_t::Drop()
{
    ngx_http_aiproxy_payload_held -= held_;
    held_ = 0;

    for (auto *part : {&content.request, &content.answer}) {
        if (part->has_value()) {
            OPENSSL_cleanse((*part)->text.data(), (*part)->text.size());
            std::string().swap((*part)->text);
        }
    }
}


/* once a second at most */

static void
ngx_http_aiproxy_payload_dropped(ngx_err_t err, const char *why)
{
    aiproxy::state::State *shared = ngx_http_aiproxy_state();

    if (shared != NULL) {
        shared->header().payloads_dropped.fetch_add(1);
    }

    if (ngx_http_aiproxy_payload_complained != ngx_time()) {
        ngx_http_aiproxy_payload_complained = ngx_time();
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, err,
                      "aiproxy: texts were not kept: %s", why);
    }
}


/* a WebSocket's messages are not kept */

void
ngx_http_aiproxy_payload_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string_view body)
{
    if (ngx_http_aiproxy_socket_asked(r)) {
        return;
    }

    uint8_t  parts = ctx->client->payload_parts();
    auto    *kept = ngx_http_aiproxy_make<ngx_http_aiproxy_payload_t>(r->pool);

    if (kept == NULL) {
        ngx_http_aiproxy_payload_dropped(0, "no memory");
        return;
    }

    if (auto bytes = ctx->client->payload_bytes()) {
        kept->most = ngx_min((size_t) *bytes, payload::kMaxTextBytes);
    }

    if (parts & NGX_HTTP_AIPROXY_PAYLOAD_REQUEST) {
        payload::Part  &part = kept->content.request.emplace();

        part.content_type = ngx_http_aiproxy_header(r, "content-type");
        part.coding = aiproxy::frame::CodingOf(
                          ngx_http_aiproxy_header(r, "content-encoding"));
        kept->Add(part, body);
    }

    if (parts & NGX_HTTP_AIPROXY_PAYLOAD_ANSWER) {
        kept->content.answer.emplace();
    }

    ctx->payload = kept;
}


void
ngx_http_aiproxy_payload_answer(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view bytes)
{
    if (ctx->payload->content.answer) {
        ctx->payload->Add(*ctx->payload->content.answer, bytes);
    }
}


/* a quarter of the file system is left to the ledger, whatever waits */

static bool
ngx_http_aiproxy_payload_has_room(size_t size)
{
    struct statvfs         fs;
    aiproxy::state::State *shared = ngx_http_aiproxy_state();

    if (shared == NULL
        || shared->head(shared->column()).payload_kib
           > payload::kMaxWaitingKib
        || statvfs(ngx_http_aiproxy_payload_dir.c_str(), &fs) != 0)
    {
        return false;
    }

    return fs.f_blocks == 0
           || (uint64_t) fs.f_bavail * fs.f_frsize
              >= size + (uint64_t) fs.f_blocks * fs.f_frsize / 4;
}


static bool
ngx_http_aiproxy_payload_put(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t n = write(fd, bytes.data(), bytes.size());

        if (n == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        if (n <= 0) {
            return false;
        }

        bytes.remove_prefix((size_t) n);
    }

    return true;
}


/* it appears whole or not at all */

static bool
ngx_http_aiproxy_payload_file(std::string_view id, std::string_view bytes)
{
    std::string  path = ngx_http_aiproxy_payload_dir + "/" + std::string(id);
    std::string  temp = path + ".new";

    int fd = open(temp.c_str(), O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0660);
    if (fd == -1) {
        return false;
    }

    bool  good = fchmod(fd, 0660) == 0
                 && ngx_http_aiproxy_payload_put(fd, bytes);

    good = close(fd) == 0 && good;
    good = good && rename(temp.c_str(), path.c_str()) == 0;

    if (!good) {
        ngx_err_t err = ngx_errno;

        unlink(temp.c_str());
        ngx_set_errno(err);
    }

    return good;
}


static std::optional<std::string>
ngx_http_aiproxy_payload_seal(const payload::Payload &content)
{
    auto                 snapshot = ngx_http_aiproxy_snapshot_current();
    aiproxy::key::Nonce  nonce;

    if (snapshot == nullptr || RAND_bytes(nonce.data(), nonce.size()) != 1) {
        return std::nullopt;
    }

    std::string  plain = payload::Encode(content);
    auto         sealed = aiproxy::key::Seal(
                              snapshot->node_key,
                              aiproxy::key::IdOf(snapshot->node_key), nonce,
                              payload::Context(content.id), plain);

    OPENSSL_cleanse(plain.data(), plain.size());

    return sealed ? std::optional(std::move(*sealed)) : std::nullopt;
}


/* REQUIRES: the record is written, and what the request held given back */

void
ngx_http_aiproxy_payload_write(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx)
{
    payload::Payload  &content = ctx->payload->content;

    if (ctx->payload->dropped) {
        ngx_http_aiproxy_payload_dropped(0, "too many are held");
        return;
    }

    content.id = ctx->id;
    content.client_key_id = ctx->client_id;
    content.started_at_ms = ctx->started_ms;

    if (content.answer) {
        content.answer->coding = ctx->coding;
        content.answer->content_type = ctx->content_type;

        if (content.answer->bytes == 0) {
            content.answer.reset();
        }
    }

    auto  sealed = ngx_http_aiproxy_payload_seal(content);

    ctx->payload->Drop();

    if (!sealed) {
        ngx_http_aiproxy_payload_dropped(0, "they could not be sealed");

    } else if (!ngx_http_aiproxy_payload_has_room(sealed->size())) {
        ngx_http_aiproxy_payload_dropped(0, "no room in the run directory");

    } else if (!ngx_http_aiproxy_payload_file(
                   {ctx->id_text, sizeof(ctx->id_text)}, *sealed))
    {
        ngx_http_aiproxy_payload_dropped(ngx_errno, "no file could be made");

    } else {
        aiproxy::state::State *shared = ngx_http_aiproxy_state();

        shared->head(shared->column()).payload_kib.fetch_add(
            (uint32_t) (sealed->size() / 1024 + 1));
    }
}


/* the daemon may come later; the group must get at it whatever the umask */

void
ngx_http_aiproxy_payload_init(const ngx_str_t &run_dir)
{
    ngx_http_aiproxy_payload_dir =
        std::string(ngx_http_aiproxy_view(run_dir)) + "/payloads";

    if (mkdir(ngx_http_aiproxy_payload_dir.c_str(), 02770) == 0) {
        chmod(ngx_http_aiproxy_payload_dir.c_str(), 02770);
    }
}
