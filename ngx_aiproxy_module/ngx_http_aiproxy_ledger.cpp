/* SPDX-License-Identifier: MIT
 *
 * The ledger's writer: the segments that this worker holds, and the room in
 * them that running requests have reserved.  Segments are prepared by the
 * daemon; a worker that finds none makes its own within the quota.  All of
 * it is on tmpfs: nothing here waits for a disk.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/mman.h>

#include <deque>

#include "core/ledger/segment.h"

namespace ledger = aiproxy::ledger;


/* how long to wait before room is looked for again when there was none */

#define NGX_HTTP_AIPROXY_LEDGER_RETRY_MS  50

#define NGX_HTTP_AIPROXY_LEDGER_TOUCH     (64 * 1024)


namespace {

struct ngx_http_aiproxy_segment_t {
    ngx_http_aiproxy_segment_t(int fd, std::byte *bytes,
                               ledger::SegmentWriter writer)
        : fd(fd), bytes(bytes), writer(writer) {}

    ~ngx_http_aiproxy_segment_t()
    {
        munmap(bytes, ledger::kSegmentBytes);
        close(fd);    /* and gives its lock back */
    }

    int                    fd;
    std::byte             *bytes;
    ledger::SegmentWriter  writer;
    size_t                 touched = 0;    /* so many bytes have pages */
};

}


static std::string  ngx_http_aiproxy_ledger_dir;
static std::deque<std::unique_ptr<ngx_http_aiproxy_segment_t>>
    ngx_http_aiproxy_ledger_segments;
static std::unique_ptr<ledger::Encoder>  ngx_http_aiproxy_ledger_encoder;
static size_t      ngx_http_aiproxy_ledger_reserved;
static ngx_msec_t  ngx_http_aiproxy_ledger_retry;
static bool        ngx_http_aiproxy_ledger_is_full;
static time_t      ngx_http_aiproxy_ledger_checked;
static time_t      ngx_http_aiproxy_ledger_complained;


/* once a second at most: a full ledger meets every request */

static void
ngx_http_aiproxy_ledger_complain(ngx_err_t err, const char *what)
{
    if (ngx_http_aiproxy_ledger_complained == ngx_time()) {
        return;
    }

    ngx_http_aiproxy_ledger_complained = ngx_time();
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, err,
                  "aiproxy: ledger \"%s\": %s",
                  ngx_http_aiproxy_ledger_dir.c_str(), what);
}


static bool
ngx_http_aiproxy_ledger_lock(int fd)
{
    struct flock  lock = {};

    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;

    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}


/*
 * Not populated: most of what is held is room for running requests, and an
 * open stream would cost the worker 16 KiB.
 */

static std::byte *
ngx_http_aiproxy_ledger_map(int fd)
{
    void *p = mmap(NULL, ledger::kSegmentBytes, PROT_READ|PROT_WRITE,
                   MAP_SHARED, fd, 0);

    return p == MAP_FAILED ? NULL : (std::byte *) p;
}


/* takes over fd, which is locked and has the full size */

static bool
ngx_http_aiproxy_ledger_hold(int fd, std::byte *bytes)
{
    auto writer = ledger::SegmentWriter::Attach(bytes);

    if (!writer) {
        munmap(bytes, ledger::kSegmentBytes);
        close(fd);
        return false;
    }

    aiproxy::state::State *shared = ngx_http_aiproxy_state();

    if (shared != NULL) {
        writer->SetWriter(shared->column(),
                          shared->head(shared->column()).claim);
    }

    ngx_http_aiproxy_ledger_segments.push_back(
        std::make_unique<ngx_http_aiproxy_segment_t>(fd, bytes, *writer));

    return true;
}


/* false: another worker was faster, or the file is not what it should be */

static bool
ngx_http_aiproxy_ledger_adopt(const std::string &id)
{
    std::string  ready = ngx_http_aiproxy_ledger_dir + "/" + id + ".ready";
    std::string  live = ngx_http_aiproxy_ledger_dir + "/" + id + ".live";
    struct stat  sb;

    if (rename(ready.c_str(), live.c_str()) != 0) {
        return false;
    }

    int fd = open(live.c_str(), O_RDWR|O_CLOEXEC);
    if (fd == -1) {
        return false;
    }

    std::byte *bytes = NULL;

    if (fstat(fd, &sb) == 0 && sb.st_size == (off_t) ledger::kSegmentBytes
        && ngx_http_aiproxy_ledger_lock(fd))
    {
        bytes = ngx_http_aiproxy_ledger_map(fd);
    }

    if (bytes == NULL) {
        close(fd);
        return false;
    }

    return ngx_http_aiproxy_ledger_hold(fd, bytes);
}


static bool
ngx_http_aiproxy_ledger_take(void)
{
    DIR *dir = opendir(ngx_http_aiproxy_ledger_dir.c_str());
    if (dir == NULL) {
        return false;
    }

    bool  taken = false;

    while (struct dirent *de = readdir(dir)) {
        std::string_view  name = de->d_name;

        if (name.size() == 38 && name.ends_with(".ready")
            && ngx_http_aiproxy_ledger_adopt(std::string(name.substr(0, 32))))
        {
            taken = true;
            break;
        }
    }

    closedir(dir);

    return taken;
}


/* our own, within the quota: allocated in full before it is mapped */

static std::byte *
ngx_http_aiproxy_ledger_fill(int fd, const ledger::SegmentId &id)
{
    int  rc;

    do {
        rc = posix_fallocate(fd, 0, ledger::kSegmentBytes);
    } while (rc == EINTR);

    if (rc != 0) {
        ngx_http_aiproxy_ledger_complain(rc, "no room for a segment");
        return NULL;
    }

    if (fchmod(fd, 0660) != 0 || !ngx_http_aiproxy_ledger_lock(fd)) {
        return NULL;
    }

    std::byte *bytes = ngx_http_aiproxy_ledger_map(fd);

    if (bytes != NULL) {
        ledger::FormatSegment(bytes, id);
    }

    return bytes;
}


/*
 * The daemon may come later, and an operator may have removed it; the group
 * must get at it whatever the umask.
 */

static void
ngx_http_aiproxy_ledger_folder(void)
{
    if (mkdir(ngx_http_aiproxy_ledger_dir.c_str(), 02770) == 0) {
        chmod(ngx_http_aiproxy_ledger_dir.c_str(), 02770);
    }
}


static bool
ngx_http_aiproxy_ledger_make(void)
{
    aiproxy::state::State *shared = ngx_http_aiproxy_state();
    ledger::SegmentId      id;

    if (shared == NULL || RAND_bytes(id.data(), id.size()) != 1) {
        return false;
    }

    auto    &header = shared->header();
    int64_t  quota = header.ledger_quota_bytes;

    if (header.ledger_bytes + (int64_t) ledger::kSegmentBytes
        > (quota > 0 ? quota : ledger::kDefaultQuotaBytes))
    {
        ngx_http_aiproxy_ledger_complain(0, "the quota is used up; is "
                                            "aiproxy-admin running?");
        return false;
    }

    std::string  base = ngx_http_aiproxy_ledger_dir + "/" + ledger::Hex(id);
    std::string  name = base + ".new";

    ngx_http_aiproxy_ledger_folder();

    int fd = open(name.c_str(), O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0660);
    if (fd == -1) {
        ngx_http_aiproxy_ledger_complain(ngx_errno, "cannot make a segment");
        return false;
    }

    std::byte   *bytes = ngx_http_aiproxy_ledger_fill(fd, id);
    std::string  live = base + ".live";

    if (bytes == NULL || rename(name.c_str(), live.c_str()) != 0) {
        if (bytes != NULL) {
            munmap(bytes, ledger::kSegmentBytes);
        }

        unlink(name.c_str());
        close(fd);
        return false;
    }

    header.ledger_bytes.fetch_add(ledger::kSegmentBytes);

    return ngx_http_aiproxy_ledger_hold(fd, bytes);
}


static bool
ngx_http_aiproxy_ledger_add(void)
{
    if (ngx_http_aiproxy_ledger_is_full
        && (ngx_msec_int_t) (ngx_current_msec - ngx_http_aiproxy_ledger_retry)
           < 0)
    {
        return false;
    }

    ngx_http_aiproxy_ledger_is_full = !ngx_http_aiproxy_ledger_take()
                                      && !ngx_http_aiproxy_ledger_make();
    ngx_http_aiproxy_ledger_retry = ngx_current_msec
                                    + NGX_HTTP_AIPROXY_LEDGER_RETRY_MS;

    return !ngx_http_aiproxy_ledger_is_full;
}


/* segments whose files somebody removed would take records to nowhere */

static void
ngx_http_aiproxy_ledger_check(void)
{
    if (ngx_http_aiproxy_ledger_checked == ngx_time()) {
        return;
    }

    ngx_http_aiproxy_ledger_checked = ngx_time();

    std::erase_if(ngx_http_aiproxy_ledger_segments, [](const auto &segment) {
        struct stat  sb;

        return fstat(segment->fd, &sb) == 0 && sb.st_nlink == 0;
    });
}


/*
 * Room is counted in greatest frames, so whoever holds a reservation finds
 * place for its record an hour later.
 */

bool
ngx_http_aiproxy_ledger_reserve(void)
{
    ngx_http_aiproxy_ledger_check();

    for ( ;; ) {
        size_t  room = 0;

        for (const auto &segment : ngx_http_aiproxy_ledger_segments) {
            room += segment->writer.Room();
        }

        if (room > ngx_http_aiproxy_ledger_reserved) {
            ngx_http_aiproxy_ledger_reserved++;
            return true;
        }

        if (!ngx_http_aiproxy_ledger_add()) {
            ngx_http_aiproxy_ledger_complain(0, "there is no room for another "
                                                "record");
            return false;
        }
    }
}


void
ngx_http_aiproxy_ledger_unreserve(void)
{
    if (ngx_http_aiproxy_ledger_reserved > 0) {
        ngx_http_aiproxy_ledger_reserved--;
    }
}


/* the pages that come next, some at a time: a fault for each costs more */

static void
ngx_http_aiproxy_ledger_touch(ngx_http_aiproxy_segment_t &segment)
{
    if (segment.writer.offset() + ledger::kMaxFrameBytes <= segment.touched
        || segment.touched == ledger::kSegmentBytes)
    {
        return;
    }

#ifdef MADV_POPULATE_WRITE
    (void) madvise(segment.bytes + segment.touched,
                   NGX_HTTP_AIPROXY_LEDGER_TOUCH, MADV_POPULATE_WRITE);
#endif

    segment.touched += NGX_HTTP_AIPROXY_LEDGER_TOUCH;
}


bool
ngx_http_aiproxy_ledger_append(const ledger::Record &record)
{
    auto              &segments = ngx_http_aiproxy_ledger_segments;
    std::string_view   body = ngx_http_aiproxy_ledger_encoder->Encode(record);

    while (!segments.empty() || ngx_http_aiproxy_ledger_add()) {

        ngx_http_aiproxy_ledger_touch(*segments.front());

        if (segments.front()->writer.Append(body)) {
            return true;
        }

        segments.front()->writer.Seal();
        segments.pop_front();
    }

    aiproxy::state::State *shared = ngx_http_aiproxy_state();

    if (shared != NULL) {
        shared->header().records_lost.fetch_add(1);
    }

    ngx_http_aiproxy_ledger_complain(0, "a record was lost, it is counted");

    return false;
}


void
ngx_http_aiproxy_ledger_init(const ngx_str_t &run_dir)
{
    ngx_http_aiproxy_ledger_encoder = std::make_unique<ledger::Encoder>();
    ngx_http_aiproxy_ledger_dir = std::string(ngx_http_aiproxy_view(run_dir))
                                  + "/ledger";

    ngx_http_aiproxy_ledger_folder();
}


/* sealed: the daemon need not wait for us to be dead */

void
ngx_http_aiproxy_ledger_done(void)
{
    for (auto &segment : ngx_http_aiproxy_ledger_segments) {
        segment->writer.Seal();
    }

    ngx_http_aiproxy_ledger_segments.clear();
    ngx_http_aiproxy_ledger_encoder.reset();
    ngx_http_aiproxy_ledger_reserved = 0;
}
