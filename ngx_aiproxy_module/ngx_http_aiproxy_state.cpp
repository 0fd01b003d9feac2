/* SPDX-License-Identifier: MIT
 *
 * The state file: this worker's mapping of it and its column.  The file is
 * made by whoever comes first, a worker or the daemon; once a second a worker
 * looks whether the path is still the file that it has mapped.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/mman.h>

#include <algorithm>
#include <vector>

namespace state = aiproxy::state;


static uint64_t
ngx_http_aiproxy_state_clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}


namespace {

/* one state file that this worker has mapped, and its column there */

struct ngx_http_aiproxy_state_file_t final : state::Environment {
    ngx_http_aiproxy_state_file_t(int fd, std::byte *bytes)
        : fd(fd), bytes(bytes) {}

    ~ngx_http_aiproxy_state_file_t() override
    {
        munmap(bytes, state::kMapBytes);
        close(fd);
    }

    bool ColumnAlive(uint32_t column) override
    {
        if (shared && shared->column() == column) {
            return true;    /* our own lock is no conflict to us */
        }

        struct flock  lock = lock_of(column);

        /* what cannot be told is alive: its holder is not robbed */
        return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
    }

    uint64_t MonotonicNs() override
    {
        return ngx_http_aiproxy_state_clock_ns();
    }

    static struct flock lock_of(uint32_t column)
    {
        struct flock  lock = {};

        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = state::LockByte(column);
        lock.l_len = 1;

        return lock;
    }

    int                          fd;
    std::byte                   *bytes;
    std::optional<state::State>  shared;
    ino_t                        inode = 0;
    dev_t                        device = 0;
    bool                         complained = false;
};

}


/*
 * The last one is the present one.  Those before it are files that somebody
 * replaced while requests of ours had entries there.
 */

static std::vector<std::unique_ptr<ngx_http_aiproxy_state_file_t>>
    ngx_http_aiproxy_state_files;

static std::string  ngx_http_aiproxy_state_path;
static uint32_t     ngx_http_aiproxy_state_entries;


static int
ngx_http_aiproxy_state_allocate(int fd, off_t offset, off_t size)
{
    int  rc;

    do {
        rc = posix_fallocate(fd, offset, size);
    } while (rc == EINTR);

    return rc;
}


static std::byte *
ngx_http_aiproxy_state_map(int fd)
{
    void *p = mmap(NULL, state::kMapBytes, PROT_READ|PROT_WRITE,
                   MAP_SHARED|MAP_NORESERVE, fd, 0);

    return p == MAP_FAILED ? NULL : (std::byte *) p;
}


/* completed under a temporary name, then put in place if nobody was faster */

static ngx_err_t
ngx_http_aiproxy_state_fill(int fd)
{
    ngx_err_t  err = ngx_http_aiproxy_state_allocate(fd, 0,
                                                     state::kColumnsOffset);
    if (err == 0) {
        err = ngx_http_aiproxy_state_allocate(
                  fd, state::kSlotsOffset,
                  state::FileBytes(state::kFirstSlots) - state::kSlotsOffset);
    }

    if (err != 0) {
        return err;
    }

    if (fchmod(fd, 0660) != 0) {
        return ngx_errno;
    }

    std::byte *bytes = ngx_http_aiproxy_state_map(fd);
    if (bytes == NULL) {
        return ngx_errno;
    }

    uint64_t  id[2];

    if (RAND_bytes((u_char *) id, sizeof(id)) != 1) {
        munmap(bytes, state::kMapBytes);
        return EIO;
    }

    state::Format(bytes, id[0], id[1], ngx_http_aiproxy_unix_ms(),
                  state::kFirstSlots);
    munmap(bytes, state::kMapBytes);

    return 0;
}


static void
ngx_http_aiproxy_state_create(ngx_log_t *log)
{
    std::string  name = ngx_http_aiproxy_state_path + ".new."
                        + std::to_string(ngx_pid) + "."
                        + std::to_string(ngx_http_aiproxy_state_clock_ns());

    int fd = open(name.c_str(), O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0660);
    if (fd == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "aiproxy: cannot create \"%s\": may the workers' group "
                      "write to the directory?", name.c_str());
        return;
    }

    ngx_err_t  err = ngx_http_aiproxy_state_fill(fd);

    if (err == 0
        && link(name.c_str(), ngx_http_aiproxy_state_path.c_str()) != 0
        && ngx_errno != NGX_EEXIST)
    {
        err = ngx_errno;
    }

    if (err != 0) {
        ngx_log_error(NGX_LOG_ALERT, log, err, "aiproxy: cannot make \"%s\"",
                      ngx_http_aiproxy_state_path.c_str());
    }

    unlink(name.c_str());
    close(fd);
}


/* maps the file at the path; false: there is none, or it is not ours */

static bool
ngx_http_aiproxy_state_open(ngx_log_t *log)
{
    struct stat  sb;
    const char  *path = ngx_http_aiproxy_state_path.c_str();

    int fd = open(path, O_RDWR|O_CLOEXEC);
    if (fd == -1) {
        return false;
    }

    if (fstat(fd, &sb) != 0
        || (size_t) sb.st_size < state::FileBytes(state::kFirstSlots))
    {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "aiproxy: \"%s\" is too short: remove it", path);
        close(fd);
        return false;
    }

    std::byte *bytes = ngx_http_aiproxy_state_map(fd);
    if (bytes == NULL) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "aiproxy: mmap(\"%s\") failed", path);
        close(fd);
        return false;
    }

    auto file = std::make_unique<ngx_http_aiproxy_state_file_t>(fd, bytes);
    auto attached = state::State::Attach(bytes, file.get());

    if (!attached) {
        ngx_log_error(NGX_LOG_ALERT, log, 0, "aiproxy: \"%s\" is refused: %s",
                      path, attached.error().detail.c_str());
        return false;
    }

    file->shared.emplace(std::move(*attached));
    file->inode = sb.st_ino;
    file->device = sb.st_dev;
    ngx_http_aiproxy_state_files.push_back(std::move(file));

    return true;
}


/*
 * Only an empty column is taken: the daemon makes records of what a dead one
 * left behind.  Its memory is given back first, so that it is zero.
 */

static bool
ngx_http_aiproxy_state_take(ngx_http_aiproxy_state_file_t &file,
    uint32_t column)
{
    struct flock  lock = file.lock_of(column);

    if (file.shared->head(column).entries != 0
        || fcntl(file.fd, F_OFD_SETLK, &lock) != 0)
    {
        return false;
    }

    off_t  offset = state::ColumnOffset(column);

    if (file.shared->head(column).entries == 0) {
        fallocate(file.fd, FALLOC_FL_PUNCH_HOLE|FALLOC_FL_KEEP_SIZE, offset,
                  state::kColumnBytes);

        if (ngx_http_aiproxy_state_allocate(
                file.fd, offset,
                state::ColumnAllocation(ngx_http_aiproxy_state_entries)) == 0)
        {
            file.shared->ClaimColumn(column, ngx_http_aiproxy_state_entries,
                                     ngx_pid, ngx_http_aiproxy_unix_ms());
            return true;
        }
    }

    lock.l_type = F_UNLCK;
    fcntl(file.fd, F_OFD_SETLK, &lock);

    return false;
}


static void
ngx_http_aiproxy_state_claim(ngx_http_aiproxy_state_file_t &file,
    ngx_log_t *log)
{
    for (uint32_t i = 0; i < state::kColumns; i++) {
        if (ngx_http_aiproxy_state_take(file, (ngx_pid + i) % state::kColumns))
        {
            file.complained = false;
            return;
        }
    }

    if (!file.complained) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "aiproxy: no column of \"%s\" is free: requests are "
                      "refused; is aiproxy-admin running, and has the file "
                      "system room?", ngx_http_aiproxy_state_path.c_str());
        file.complained = true;
    }
}


state::State *
ngx_http_aiproxy_state(void)
{
    if (ngx_http_aiproxy_state_files.empty()) {
        return NULL;
    }

    auto &shared = ngx_http_aiproxy_state_files.back()->shared;

    return shared->column() == state::kNoColumn ? NULL : &*shared;
}


/* the state that an entry of ours belongs to: not always the present one */

state::State *
ngx_http_aiproxy_state_of(const state::Entry *entry)
{
    for (auto &file : ngx_http_aiproxy_state_files) {
        auto at = (const std::byte *) entry;

        if (at >= file->bytes && at < file->bytes + state::kMapBytes) {
            return &*file->shared;
        }
    }

    return NULL;
}


void
ngx_http_aiproxy_state_check(void)
{
    struct stat  sb;
    ngx_log_t   *log = ngx_cycle->log;
    bool         there = stat(ngx_http_aiproxy_state_path.c_str(), &sb) == 0;

    if (!there) {
        ngx_http_aiproxy_state_create(log);
    }

    auto &files = ngx_http_aiproxy_state_files;

    if (files.empty() || !there || files.back()->inode != sb.st_ino
        || files.back()->device != sb.st_dev)
    {
        if (!files.empty()) {
            ngx_log_error(NGX_LOG_WARN, log, 0,
                          "aiproxy: \"%s\" was replaced, the new one is used",
                          ngx_http_aiproxy_state_path.c_str());
        }

        if (!ngx_http_aiproxy_state_open(log)) {
            return;
        }
    }

    if (files.back()->shared->column() == state::kNoColumn) {
        ngx_http_aiproxy_state_claim(*files.back(), log);
    }
}


void
ngx_http_aiproxy_state_init(ngx_cycle_t *cycle, const ngx_str_t &run_dir)
{
    ngx_http_aiproxy_state_path = std::string(ngx_http_aiproxy_view(run_dir))
                                  + "/state." + std::to_string(state::kMajor);
    ngx_http_aiproxy_state_entries =
        std::min<uint32_t>(state::kMaxEntries, 2 * cycle->connection_n);

    ngx_http_aiproxy_state_check();
}


void
ngx_http_aiproxy_state_done(void)
{
    for (auto &file : ngx_http_aiproxy_state_files) {
        file->shared->LeaveColumn();
    }

    ngx_http_aiproxy_state_files.clear();
}
