// SPDX-License-Identifier: MIT

#include "admin_daemon/task/segment_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "admin_daemon/files.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

std::vector<char> ReadAt(const File& file, std::size_t offset,
                         std::size_t most = kReadBytes) {
    std::vector<char> bytes(most);
    const ssize_t n =
        ::pread(file.fd(), bytes.data(), most, static_cast<off_t>(offset));
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

}  // namespace

Status MakeReadySegment(const std::string& folder) {
    const ledger::SegmentId id = service::RandomBytes<16>();
    const std::string path = folder + "/" + ledger::Hex(id);
    const std::string temporary = path + ".tmp";
    const File file(
        ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660));
    if (!file.is_open()) return SystemError("open", temporary);
    ::fchmod(file.fd(), 0660);
    errno = ::posix_fallocate(file.fd(), 0, ledger::kSegmentBytes);
    void* bytes = MAP_FAILED;
    if (errno == 0) {
        // Cleared here, for a worker would wait for it.
        bytes = ::mmap(nullptr, ledger::kSegmentBytes, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, file.fd(), 0);
    }
    if (bytes == MAP_FAILED) {
        const Error error = SystemError("allocate", temporary);
        ::unlink(temporary.c_str());
        return error;
    }
    ledger::FormatSegment(static_cast<std::byte*>(bytes), id);
    ::munmap(bytes, ledger::kSegmentBytes);
    if (::rename(temporary.c_str(), (path + ".ready").c_str()) != 0) {
        const Error error = SystemError("rename", temporary);
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

SegmentRead ReadFrames(const std::string& path, const ledger::SegmentId& id,
                       std::int64_t position, std::size_t most) {
    SegmentRead read;
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return read;
    auto offset = std::max<std::size_t>(ledger::kHeaderBytes,
                                        static_cast<std::size_t>(position));
    std::string_view left;
    while (read.frames.size() < most) {
        const ledger::Frame frame = ledger::ReadFrame(id, offset, left);
        if (frame.result == ledger::FrameResult::kMore) {
            std::vector<char> chunk = ReadAt(file, offset);
            // A copy in the spool ends where it ends.
            if (chunk.size() <= left.size()) return read;
            read.chunks.push_back(std::move(chunk));
            left = {read.chunks.back().data(), read.chunks.back().size()};
            continue;
        }
        if (frame.result == ledger::FrameResult::kDamaged) {
            read.damaged = true;
            read.rest = left.substr(0, ledger::kMaxFrameBytes);
            return read;
        }
        if (frame.result != ledger::FrameResult::kFrame) return read;
        read.frames.push_back({0, static_cast<std::int64_t>(offset),
                               static_cast<std::int64_t>(frame.next),
                               frame.body});
        left.remove_prefix(std::min(left.size(), frame.next - offset));
        offset = frame.next;
    }
    read.more = true;
    return read;
}

std::int64_t EndOfFrames(const std::string& path, const ledger::SegmentId& id,
                         std::int64_t position) {
    std::int64_t end = position;
    for (;;) {
        const SegmentRead read = ReadFrames(path, id, end, 1000);
        if (read.frames.empty()) return end;
        end = read.frames.back().next;
    }
}

Status AppendToSpool(const std::string& from, const std::string& to,
                     std::int64_t begin, std::int64_t end) {
    const File source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!source.is_open()) return SystemError("open", from);
    const File target(::open(to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0660));
    if (!target.is_open()) return SystemError("open", to);
    ::fchmod(target.fd(), 0660);
    while (begin < end) {
        const auto most = std::min<std::size_t>(
            kReadBytes, static_cast<std::size_t>(end - begin));
        const std::vector<char> bytes =
            ReadAt(source, static_cast<std::size_t>(begin), most);
        if (bytes.empty()) return SystemError("read", from);
        const ssize_t n = ::pwrite(target.fd(), bytes.data(), bytes.size(),
                                   static_cast<off_t>(begin));
        if (n <= 0) return SystemError("write", to);
        begin += n;
    }
    if (::fdatasync(target.fd()) != 0) return SystemError("sync", to);
    return {};
}

}  // namespace aiproxy::admin::task
