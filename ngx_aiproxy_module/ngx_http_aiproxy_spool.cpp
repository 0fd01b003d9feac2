/* SPDX-License-Identifier: MIT
 *
 * The ledger while no daemon holds the run directory.  nginx's cache manager
 * process, which may wait for a disk as workers may not, prepares segments and
 * copies what is written to the spool, where the daemon finds it.  A segment
 * that nobody writes any more and that is in the spool whole is removed from
 * tmpfs.  With "master_process off" there is no such process.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

#include <map>
#include <vector>

#include "core/ledger/segment.h"

namespace ledger = aiproxy::ledger;


#define NGX_HTTP_AIPROXY_SPOOL_ROUND_MS   100
#define NGX_HTTP_AIPROXY_SPOOL_LOOK_MS    1000    /* a daemon runs */
#define NGX_HTTP_AIPROXY_SPOOL_READY      4
#define NGX_HTTP_AIPROXY_SPOOL_BYTES      (4096LL * 1024 * 1024)
#define NGX_HTTP_AIPROXY_SPOOL_READ       (256 * 1024)


namespace {

class ngx_http_aiproxy_fd_t {
 public:
    explicit ngx_http_aiproxy_fd_t(int fd) : fd_(fd) {}
    ~ngx_http_aiproxy_fd_t() { if (fd_ != -1) close(fd_); }
    ngx_http_aiproxy_fd_t(const ngx_http_aiproxy_fd_t &) = delete;
    int get() const { return fd_; }

 private:
    int  fd_;
};

struct ngx_http_aiproxy_spool_segment_t {
    ledger::SegmentId  id = {};
    size_t             end = ledger::kHeaderBytes;     /* of whole frames */
    size_t             copied = ledger::kHeaderBytes;
    time_t             seen = 0;
    bool               damaged = false;
};

struct ngx_http_aiproxy_spool_t {
    std::string  ledger;
    std::string  spool;
    std::string  lock;
    std::string  state;
    std::map<std::string, ngx_http_aiproxy_spool_segment_t>  segments;
    time_t       complained = 0;
    bool         alone = false;
};

}


static ngx_msec_t ngx_http_aiproxy_spool_manager(void *data);
static ngx_msec_t ngx_http_aiproxy_spool_round(ngx_http_aiproxy_spool_t &s);
static void ngx_http_aiproxy_spool_segments(ngx_http_aiproxy_spool_t &s);
static bool ngx_http_aiproxy_spool_copy(ngx_http_aiproxy_spool_t &s,
    const std::string &name, ngx_http_aiproxy_spool_segment_t &segment);
static bool ngx_http_aiproxy_spool_gone(int fd,
    const ngx_http_aiproxy_spool_segment_t &segment, bool sealed);
static bool ngx_http_aiproxy_spool_read(int fd,
    ngx_http_aiproxy_spool_segment_t &segment);
static bool ngx_http_aiproxy_spool_write(ngx_http_aiproxy_spool_t &s, int from,
    const std::string &name, ngx_http_aiproxy_spool_segment_t &segment);
static bool ngx_http_aiproxy_spool_has_room(ngx_http_aiproxy_spool_t &s,
    size_t more);
static void ngx_http_aiproxy_spool_prepare(ngx_http_aiproxy_spool_t &s);
static bool ngx_http_aiproxy_spool_make(ngx_http_aiproxy_spool_t &s);


/*
 * After nginx has made the folders of all paths: it would take the run
 * directory for a cache of its own and change its owner.
 */

ngx_int_t
ngx_http_aiproxy_spool_init(ngx_cycle_t *cycle)
{
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_cycle_get_module_main_conf(cycle,
                                                        ngx_aiproxy_module);
    if (amcf == NULL || !amcf->used || ngx_test_config) {
        return NGX_OK;
    }

    auto path = (ngx_path_t *) ngx_pcalloc(cycle->pool, sizeof(ngx_path_t));
    auto slot = (ngx_path_t **) ngx_array_push(&cycle->paths);

    if (path == NULL || slot == NULL) {
        return NGX_ERROR;
    }

    path->name = amcf->run_dir;
    path->manager = ngx_http_aiproxy_spool_manager;
    path->data = amcf;
    *slot = path;

    return NGX_OK;
}


static ngx_msec_t
ngx_http_aiproxy_spool_manager(void *data)
{
    static std::unique_ptr<ngx_http_aiproxy_spool_t>  spool;

    auto        amcf = (ngx_http_aiproxy_main_conf_t *) data;
    ngx_msec_t  next = NGX_HTTP_AIPROXY_SPOOL_LOOK_MS;

    (void) ngx_http_aiproxy_guard(ngx_cycle->log, NGX_ERROR, [&] {
        if (!spool) {
            std::string  dir(ngx_http_aiproxy_view(amcf->dir));
            std::string  run_dir(ngx_http_aiproxy_view(amcf->run_dir));

            spool = std::make_unique<ngx_http_aiproxy_spool_t>();
            spool->ledger = run_dir + "/ledger";
            spool->spool = dir + "/spool";
            spool->lock = run_dir + "/daemon.lock";
            spool->state = run_dir + "/state."
                           + std::to_string(aiproxy::state::kMajor);
        }

        next = ngx_http_aiproxy_spool_round(*spool);
        return (ngx_int_t) NGX_OK;
    });

    return next;
}


/* once a minute at most */

static void
ngx_http_aiproxy_spool_complain(ngx_http_aiproxy_spool_t &s, ngx_err_t err,
    const char *what)
{
    if (s.complained != 0 && ngx_time() - s.complained < 60) {
        return;
    }

    s.complained = ngx_time();
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, err,
                  "aiproxy: spool \"%s\": %s", s.spool.c_str(), what);
}


/*
 * The lock is held for this round only, and a daemon that starts waits for it:
 * never do both read the same segment.
 */

static ngx_msec_t
ngx_http_aiproxy_spool_round(ngx_http_aiproxy_spool_t &s)
{
    ngx_http_aiproxy_fd_t  lock(open(s.lock.c_str(), O_RDWR|O_CREAT|O_CLOEXEC,
                                     0660));

    if (lock.get() == -1) {
        ngx_http_aiproxy_spool_complain(s, ngx_errno,
                                        "cannot open daemon.lock");
        return NGX_HTTP_AIPROXY_SPOOL_LOOK_MS;
    }

    (void) fchmod(lock.get(), 0660);

    if (flock(lock.get(), LOCK_EX|LOCK_NB) != 0) {
        s.alone = false;
        s.segments.clear();
        return NGX_HTTP_AIPROXY_SPOOL_LOOK_MS;
    }

    if (!s.alone) {
        s.alone = true;
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "aiproxy: no daemon runs: the ledger is copied to \"%s\"",
                      s.spool.c_str());
    }

    ngx_http_aiproxy_spool_segments(s);
    ngx_http_aiproxy_spool_prepare(s);

    return NGX_HTTP_AIPROXY_SPOOL_ROUND_MS;
}


/* the names in a folder that end so, without that end */

static std::vector<std::string>
ngx_http_aiproxy_spool_list(const std::string &folder, std::string_view end)
{
    std::vector<std::string>  names;

    DIR *dir = opendir(folder.c_str());
    if (dir == NULL) {
        return names;
    }

    while (struct dirent *de = readdir(dir)) {
        std::string_view  name = de->d_name;

        if (name.size() == 32 + end.size() && name.ends_with(end)) {
            names.emplace_back(name.substr(0, 32));
        }
    }

    closedir(dir);

    return names;
}


static void
ngx_http_aiproxy_spool_segments(ngx_http_aiproxy_spool_t &s)
{
    std::map<std::string, ngx_http_aiproxy_spool_segment_t>  left;

    for (const std::string &name
         : ngx_http_aiproxy_spool_list(s.ledger, ".live"))
    {
        auto  id = ledger::ParseHex(name);

        if (!id) {
            continue;
        }

        auto &segment = s.segments[name];

        if (segment.seen == 0) {
            segment.id = *id;
            segment.seen = ngx_time();
        }

        if (ngx_http_aiproxy_spool_copy(s, name, segment)) {
            left.emplace(name, segment);
        }
    }

    s.segments.swap(left);
}


/* false: it is in the spool whole, and gone from tmpfs */

static bool
ngx_http_aiproxy_spool_copy(ngx_http_aiproxy_spool_t &s,
    const std::string &name, ngx_http_aiproxy_spool_segment_t &segment)
{
    std::string            path = s.ledger + "/" + name + ".live";
    char                   bytes[ledger::kHeaderBytes];
    ngx_http_aiproxy_fd_t  live(open(path.c_str(), O_RDWR|O_CLOEXEC));

    if (live.get() == -1
        || pread(live.get(), bytes, sizeof(bytes), 0) != sizeof(bytes))
    {
        return true;
    }

    auto  header = ledger::ReadSegmentHeader({bytes, sizeof(bytes)});

    if (!header.ok() || segment.damaged) {
        return true;    /* the daemon will say what is wrong */
    }

    /* asked before reading: what was written before that is read */

    bool  gone = ngx_http_aiproxy_spool_gone(live.get(), segment,
                                             header->sealed);

    if (!ngx_http_aiproxy_spool_read(live.get(), segment)) {
        segment.damaged = true;
    }

    if (segment.end > segment.copied
        && !ngx_http_aiproxy_spool_write(s, live.get(), name, segment))
    {
        return true;
    }

    if (!gone || segment.damaged) {
        return true;
    }

    (void) unlink(path.c_str());

    return false;
}


/* sealed, or renamed a while ago and locked by nobody */

static bool
ngx_http_aiproxy_spool_gone(int fd,
    const ngx_http_aiproxy_spool_segment_t &segment, bool sealed)
{
    struct flock  lock = {};

    if (sealed) {
        return true;
    }

    if (ngx_time() - segment.seen < 2) {
        return false;
    }

    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;

    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
}


/* moves the end behind all whole frames; false: what follows is none */

static bool
ngx_http_aiproxy_spool_read(int fd, ngx_http_aiproxy_spool_segment_t &segment)
{
    std::vector<char>  bytes(NGX_HTTP_AIPROXY_SPOOL_READ);

    for ( ;; ) {
        ssize_t  n = pread(fd, bytes.data(), bytes.size(),
                           (off_t) segment.end);
        if (n <= 0) {
            return true;
        }

        std::string_view  left(bytes.data(), (size_t) n);
        size_t            begin = segment.end;

        for ( ;; ) {
            auto  frame = ledger::ReadFrame(segment.id, segment.end, left);

            if (frame.result == ledger::FrameResult::kDamaged) {
                return false;
            }

            if (frame.result == ledger::FrameResult::kNothing) {
                return true;
            }

            if (frame.result == ledger::FrameResult::kMore) {
                break;
            }

            left.remove_prefix(std::min(left.size(),
                                        frame.next - segment.end));
            segment.end = frame.next;
        }

        if (segment.end == begin) {
            return true;
        }
    }
}


/* the same bytes at the same place, and on the disk when it returns */

static bool
ngx_http_aiproxy_spool_write(ngx_http_aiproxy_spool_t &s, int from,
    const std::string &name, ngx_http_aiproxy_spool_segment_t &segment)
{
    if (!ngx_http_aiproxy_spool_has_room(s, segment.end - segment.copied)) {
        ngx_http_aiproxy_spool_complain(s, 0, "it is full");
        return false;
    }

    std::string            path = s.spool + "/" + name;
    ngx_http_aiproxy_fd_t  to(open(path.c_str(), O_WRONLY|O_CREAT|O_CLOEXEC,
                                   0660));
    ngx_http_aiproxy_fd_t  folder(open(s.spool.c_str(),
                                       O_RDONLY|O_DIRECTORY|O_CLOEXEC));

    if (to.get() == -1 || folder.get() == -1) {
        ngx_http_aiproxy_spool_complain(s, ngx_errno, "cannot be written");
        return false;
    }

    (void) fchmod(to.get(), 0660);

    std::vector<char>  bytes(NGX_HTTP_AIPROXY_SPOOL_READ);
    size_t             at = segment.copied;

    while (at < segment.end) {
        ssize_t  n = pread(from, bytes.data(),
                           std::min(bytes.size(), segment.end - at),
                           (off_t) at);

        if (n <= 0 || pwrite(to.get(), bytes.data(), (size_t) n, (off_t) at)
                      != n)
        {
            ngx_http_aiproxy_spool_complain(s, ngx_errno, "cannot be written");
            return false;
        }

        at += (size_t) n;
    }

    if (fdatasync(to.get()) != 0 || fsync(folder.get()) != 0) {
        ngx_http_aiproxy_spool_complain(s, ngx_errno, "cannot be synced");
        return false;
    }

    segment.copied = segment.end;

    return true;
}


/* the quota, and a twentieth of the disk for everybody else */

static bool
ngx_http_aiproxy_spool_has_room(ngx_http_aiproxy_spool_t &s, size_t more)
{
    struct statvfs  fs;
    struct stat     sb;
    int64_t         bytes = (int64_t) more;

    if (statvfs(s.spool.c_str(), &fs) == 0
        && fs.f_bavail < fs.f_blocks / 20)
    {
        return false;
    }

    for (const std::string &name : ngx_http_aiproxy_spool_list(s.spool, "")) {
        if (stat((s.spool + "/" + name).c_str(), &sb) == 0) {
            bytes += (int64_t) sb.st_blocks * 512;
        }
    }

    return bytes <= NGX_HTTP_AIPROXY_SPOOL_BYTES;
}


/* as the daemon does: segments ahead, within the quota, and the bytes counted */

static void
ngx_http_aiproxy_spool_prepare(ngx_http_aiproxy_spool_t &s)
{
    ngx_http_aiproxy_fd_t  file(open(s.state.c_str(), O_RDWR|O_CLOEXEC));

    if (file.get() == -1) {
        return;
    }

    void *p = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (p == MAP_FAILED) {
        return;
    }

    auto     header = (aiproxy::state::Header *) p;
    int64_t  quota = header->ledger_quota_bytes;
    size_t   ready = ngx_http_aiproxy_spool_list(s.ledger, ".ready").size();
    int64_t  bytes = (int64_t) (ledger::kSegmentBytes
                     * (ready + ngx_http_aiproxy_spool_list(s.ledger, ".live")
                                .size()));

    if (quota <= 0) {
        quota = ledger::kDefaultQuotaBytes;
    }

    while (ready < NGX_HTTP_AIPROXY_SPOOL_READY
           && bytes + (int64_t) ledger::kSegmentBytes <= quota
           && ngx_http_aiproxy_spool_make(s))
    {
        ready++;
        bytes += ledger::kSegmentBytes;
    }

    header->ledger_bytes = bytes;
    munmap(p, 4096);
}


static bool
ngx_http_aiproxy_spool_make(ngx_http_aiproxy_spool_t &s)
{
    ledger::SegmentId  id;

    if (RAND_bytes(id.data(), id.size()) != 1) {
        return false;
    }

    std::string            base = s.ledger + "/" + ledger::Hex(id);
    std::string            name = base + ".tmp";
    ngx_http_aiproxy_fd_t  file(open(name.c_str(),
                                     O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0660));

    if (file.get() == -1) {
        return false;
    }

    void *p = MAP_FAILED;

    if (posix_fallocate(file.get(), 0, ledger::kSegmentBytes) == 0
        && fchmod(file.get(), 0660) == 0)
    {
        p = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, file.get(), 0);
    }

    if (p != MAP_FAILED) {
        ledger::FormatSegment((std::byte *) p, id);
        munmap(p, 4096);
    }

    if (p == MAP_FAILED
        || rename(name.c_str(), (base + ".ready").c_str()) != 0)
    {
        ngx_http_aiproxy_spool_complain(s, ngx_errno,
                                        "no room for a segment of the ledger");
        (void) unlink(name.c_str());
        return false;
    }

    return true;
}
