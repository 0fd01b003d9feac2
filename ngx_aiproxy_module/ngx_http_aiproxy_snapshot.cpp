/* SPDX-License-Identifier: MIT
 *
 * The worker's snapshot: loaded when the generation in the state file differs
 * from the one that was acted on; from the copy on disk while no daemon has
 * published one.  What cannot be used is refused, and the old one stays.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/stat.h>


#define NGX_HTTP_AIPROXY_SNAPSHOT_RETRY_MS  1000


typedef struct {
    std::string                       dir;
    std::string                       run_dir;
    ngx_http_aiproxy_snapshot_ref_t   current;
    /* earlier ones that a request may still hold */
    std::vector<std::weak_ptr<const ngx_http_aiproxy_snapshot_t>>  earlier;
    uint64_t                          wanted = 0;  /* generation, 0: disk */
    ngx_msec_t                        tried_at = 0;
    bool                              tried = false;
    bool                              failed = false;  /* tried again later */
} ngx_http_aiproxy_snapshots_t;


static ngx_http_aiproxy_snapshots_t  *ngx_http_aiproxy_snapshots;


static ngx_http_aiproxy_snapshot_ref_t ngx_http_aiproxy_snapshot_load(
    uint64_t generation, bool quiet);
static void ngx_http_aiproxy_snapshot_serve(void);


void
ngx_http_aiproxy_snapshot_init(const ngx_str_t &dir, const ngx_str_t &run_dir)
{
    ngx_http_aiproxy_snapshots = new ngx_http_aiproxy_snapshots_t;
    ngx_http_aiproxy_snapshots->dir = ngx_http_aiproxy_view(dir);
    ngx_http_aiproxy_snapshots->run_dir = ngx_http_aiproxy_view(run_dir);

    (void) ngx_http_aiproxy_snapshot_current();
}


void
ngx_http_aiproxy_snapshot_done(void)
{
    delete ngx_http_aiproxy_snapshots;
    ngx_http_aiproxy_snapshots = NULL;
}


ngx_http_aiproxy_snapshot_t::~ngx_http_aiproxy_snapshot_t()
{
    OPENSSL_cleanse(node_key.data(), node_key.size());
    munmap(file_, size_);
}


/*
 * One atomic load when nothing has changed.  A generation that cannot be used
 * is tried again, once a second at most; whoever has none takes the copy on
 * disk meanwhile.
 */

ngx_http_aiproxy_snapshot_ref_t
ngx_http_aiproxy_snapshot_current(void)
{
    ngx_http_aiproxy_snapshots_t *all = ngx_http_aiproxy_snapshots;

    if (all == NULL) {
        return nullptr;
    }

    aiproxy::state::State *shared = ngx_http_aiproxy_state();
    uint64_t               wanted = shared == NULL ? all->wanted
                            : shared->header().generation.load(
                                  std::memory_order_acquire);
    bool                   again = all->tried && wanted == all->wanted;

    if (again && (!all->failed || ngx_current_msec - all->tried_at
                                  < NGX_HTTP_AIPROXY_SNAPSHOT_RETRY_MS))
    {
        return all->current;
    }

    all->tried = true;
    all->tried_at = ngx_current_msec;
    all->wanted = wanted;

    /* said once while another one serves */

    bool  quiet = again && all->current != nullptr;
    auto  loaded = ngx_http_aiproxy_snapshot_load(wanted, quiet);

    all->failed = loaded == nullptr;

    if (all->failed && all->current == nullptr && wanted != 0) {
        loaded = ngx_http_aiproxy_snapshot_load(0, false);
    }

    if (loaded == nullptr) {
        return all->current;
    }

    if (all->current != nullptr) {
        all->earlier.push_back(all->current);
    }

    all->current = std::move(loaded);
    ngx_http_aiproxy_snapshot_serve();

    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                  "aiproxy: serves configuration, generation: %uL",
                  all->current->view.generation());

    return all->current;
}


int64_t
ngx_http_aiproxy_snapshot_age_ms(const aiproxy::snapshot::Snapshot &view)
{
    aiproxy::state::State *shared = ngx_http_aiproxy_state();
    int64_t                checked = 0;

    if (shared != NULL) {
        checked = shared->header().config_checked_ms;
    }

    int64_t  age = checked != 0
                   ? ngx_http_aiproxy_boot_ms() - checked
                   : ngx_http_aiproxy_unix_ms() - view.root().created_at_ms();

    return ngx_max(age, 0);
}


/* once a second: an idle worker lets an old one go too */

void
ngx_http_aiproxy_snapshot_check(void)
{
    if (ngx_http_aiproxy_snapshots != NULL
        && ngx_http_aiproxy_snapshots->current != nullptr)
    {
        (void) ngx_http_aiproxy_snapshot_current();
        ngx_http_aiproxy_snapshot_serve();
    }
}


/* tells the daemon which the oldest generation is that we still hold */

static void
ngx_http_aiproxy_snapshot_serve(void)
{
    ngx_http_aiproxy_snapshots_t *all = ngx_http_aiproxy_snapshots;
    aiproxy::state::State        *shared = ngx_http_aiproxy_state();

    if (all == NULL || shared == NULL || all->current == nullptr) {
        return;
    }

    uint64_t  oldest = all->current->view.generation();

    std::erase_if(all->earlier, [](const auto &ref) { return ref.expired(); });

    for (const auto &ref : all->earlier) {
        if (auto held = ref.lock()) {
            oldest = ngx_min(oldest, held->view.generation());
        }
    }

    shared->Serve(oldest);
}


static bool
ngx_http_aiproxy_snapshot_read(int fd, void *to, size_t size)
{
    size_t  done = 0;

    while (done < size) {
        ssize_t n = pread(fd, (char *) to + done, size - done, done);

        if (n <= 0) {
            return false;
        }

        done += n;
    }

    return true;
}


static bool
ngx_http_aiproxy_snapshot_node_key(const std::string &dir,
    aiproxy::key::SealKey &key)
{
    std::string  path = dir + "/node.key";
    int          fd = open(path.c_str(), O_RDONLY|O_CLOEXEC);
    struct stat  st;
    bool         ok = fd != -1 && fstat(fd, &st) == 0
                      && st.st_size == (off_t) key.size()
                      && ngx_http_aiproxy_snapshot_read(fd, key.data(),
                                                        key.size());
    if (!ok) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, ngx_errno,
                      "aiproxy: node key \"%s\" cannot be read", path.c_str());
    }

    if (fd != -1) {
        close(fd);
    }

    return ok;
}


static void
ngx_http_aiproxy_snapshot_refuse(const std::string &path, const char *why,
    bool quiet)
{
    if (quiet) {
        return;
    }

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "aiproxy: \"%s\" is refused: %s", path.c_str(), why);

    if (ngx_http_aiproxy_state() != NULL) {
        ngx_http_aiproxy_state()->header().snapshots_refused.fetch_add(1);
        ngx_http_aiproxy_event_snapshot(path, why);
    }
}


/*
 * On tmpfs the file is mapped, and so in memory once per node.  The copy on
 * disk is read: a cold page or a disk error must not meet a request.
 */

static std::byte *
ngx_http_aiproxy_snapshot_map(const std::string &path, bool on_disk,
    bool quiet, size_t *size)
{
    int          fd = open(path.c_str(), O_RDONLY|O_CLOEXEC);
    struct stat  st;

    if (fd == -1 || fstat(fd, &st) != 0) {
        if (!quiet) {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, ngx_errno,
                          "aiproxy: no configuration at \"%s\"; is the daemon "
                          "running (aiproxy-admin serve), with the same "
                          "folders?", path.c_str());
        }

        if (fd != -1) {
            close(fd);
        }

        return NULL;
    }

    if (st.st_size == 0) {
        ngx_http_aiproxy_snapshot_refuse(path, "it is empty", quiet);
        close(fd);
        return NULL;
    }

    *size = (size_t) st.st_size;

    void *map = on_disk ? mmap(NULL, *size, PROT_READ|PROT_WRITE,
                               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)
                        : mmap(NULL, *size, PROT_READ,
                               MAP_SHARED|MAP_POPULATE, fd, 0);

    if (map != MAP_FAILED && on_disk
        && !ngx_http_aiproxy_snapshot_read(fd, map, *size))
    {
        munmap(map, *size);
        map = MAP_FAILED;
    }

    close(fd);

    return map == MAP_FAILED ? NULL : (std::byte *) map;
}


static aiproxy::provider::HeadRules
ngx_http_aiproxy_snapshot_rules(
    const aiproxy::snapshot::wire::Provider &provider)
{
    aiproxy::provider::HeadRules  rules;
    std::vector<std::pair<std::string_view, std::string_view>>  required;

    rules.path_prefix = provider.path_prefix()->string_view();
    rules.credential_in_query = provider.credential_location()
        == aiproxy::snapshot::wire::CredentialLocation::kQuery;
    rules.credential_name = provider.credential_name()->string_view();
    rules.credential_prefix = provider.credential_prefix()->string_view();

    if (provider.allowed_headers() != nullptr) {
        for (const auto *name : *provider.allowed_headers()) {
            rules.allowed.push_back(name->string_view());
        }
    }

    if (provider.required_headers() != nullptr) {
        for (const auto *header : *provider.required_headers()) {
            required.emplace_back(header->name()->string_view(),
                                  header->value()->string_view());
            rules.required.push_back(required.back().first);

            /* the demo provider may be asked for faults */

            if (required.back().first == "x-demo-allow") {
                rules.allowed.push_back("x-demo-*");
            }
        }
    }

    rules.fixed = aiproxy::provider::FixedLines(
        provider.tls(), provider.host()->string_view(), provider.port(),
        required);

    return rules;
}


/* what each request would have to make of a provider's row */

static ngx_http_aiproxy_target_t
ngx_http_aiproxy_snapshot_target(
    const aiproxy::snapshot::wire::Provider &provider, ngx_pool_t *pool)
{
    ngx_http_aiproxy_target_t  target = {};
    std::string                host = provider.host()->str();
    std::string                port = std::to_string(provider.port());

    /* nginx takes a TLS name to its first colon, but for one in brackets */

    target.tls_name = provider.tls_name()->str();

    if (target.tls_name.find(':') != std::string::npos) {
        target.tls_name = "[" + target.tls_name + "]";
    }

    target.origin = ngx_http_aiproxy_keepalive_origin(
        (provider.tls() ? "https://" : "http://") + host + ":" + port
        + (provider.tls_verify() ? "|" : "|unverified|") + target.tls_name);

    target.rules = ngx_http_aiproxy_snapshot_rules(provider);

    if (provider.addresses() == nullptr) {
        return target;
    }

    for (const auto *text : *provider.addresses()) {
        ngx_addr_t  parsed;
        ngx_str_t   copy = ngx_http_aiproxy_copy(pool, text->string_view());

        if (copy.data == NULL
            || ngx_parse_addr_port(pool, &parsed, copy.data, copy.len)
               != NGX_OK)
        {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                          "aiproxy: bad address in the snapshot, provider: %L",
                          provider.id());
            continue;
        }

        auto &address = target.addresses.emplace_back();

        ngx_memcpy(&address.sockaddr, parsed.sockaddr, parsed.socklen);
        address.socklen = parsed.socklen;
        address.name = text->str();
    }

    if (provider.usage_mapping() != nullptr) {
        auto mapping = aiproxy::dialect::Mapping::Parse(
                           provider.usage_mapping()->string_view());

        if (mapping) {
            target.mapping =
                std::make_shared<const aiproxy::dialect::Mapping>(
                    *std::move(mapping));

        } else {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                          "aiproxy: usage mapping is not understood, "
                          "provider: %L", provider.id());
        }
    }

    return target;
}


static void
ngx_http_aiproxy_snapshot_prepare(ngx_http_aiproxy_snapshot_t &loaded)
{
    auto        &current = ngx_http_aiproxy_snapshots->current;
    ngx_pool_t  *pool = ngx_create_pool(4096, ngx_cycle->log);

    if (pool == NULL) {
        throw std::bad_alloc();
    }

    for (const auto *provider : *loaded.view.root().providers()) {
        loaded.targets.push_back(
            ngx_http_aiproxy_snapshot_target(*provider, pool));
    }

    ngx_destroy_pool(pool);

    loaded.prices = std::make_shared<const aiproxy::snapshot::Prices>(
                        loaded.view);

    if (current != nullptr && *current->prices == *loaded.prices) {
        loaded.prices = current->prices;
    }
}


static ngx_http_aiproxy_snapshot_ref_t
ngx_http_aiproxy_snapshot_load(uint64_t generation, bool quiet)
{
    ngx_http_aiproxy_snapshots_t *all = ngx_http_aiproxy_snapshots;

    std::string  path = generation == 0
                            ? all->dir + "/snapshot"
                            : all->run_dir + "/snapshots/snapshot."
                              + std::to_string(generation);
    size_t       size = 0;
    std::byte   *file = ngx_http_aiproxy_snapshot_map(path, generation == 0,
                                                      quiet, &size);
    if (file == NULL) {
        return nullptr;
    }

    auto                   view = aiproxy::snapshot::Snapshot::Open({file, size});
    aiproxy::key::SealKey  node_key;

    if (view && ngx_http_aiproxy_snapshot_node_key(all->dir, node_key)) {
        auto loaded = std::make_shared<ngx_http_aiproxy_snapshot_t>(
                          file, size, *view, node_key);

        OPENSSL_cleanse(node_key.data(), node_key.size());
        ngx_http_aiproxy_snapshot_prepare(*loaded);

        return loaded;
    }

    ngx_http_aiproxy_snapshot_refuse(
        path, view ? "its node key cannot be read"
                   : view.error().detail.c_str(), quiet);
    munmap(file, size);

    return nullptr;
}
