// SPDX-License-Identifier: MIT
//
// Writers that are killed in mid-append while a reader reads the file with
// pread, as the daemon does.

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "core/ledger/segment.h"

namespace aiproxy::ledger {
namespace {

constexpr int kRounds = 200;
constexpr int kMost = 1000;

// A body that tells its number and of which every byte is known.
std::string BodyOf(std::uint32_t number) {
    std::string body = std::to_string(number) + ":";
    body.append(number * 131 % 700, static_cast<char>('a' + number % 26));
    return body;
}

class LedgerSegmentKill : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LedgerSegmentKill);
    CPPUNIT_TEST(EveryAcknowledgedRecordIsReadOnce);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        void* map =
            mmap(nullptr, sizeof(*acknowledged_), PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        CPPUNIT_ASSERT(map != MAP_FAILED);
        acknowledged_ = new (map) std::atomic<std::uint32_t>();
    }

    void tearDown() override { munmap(acknowledged_, sizeof(*acknowledged_)); }

    void EveryAcknowledgedRecordIsReadOnce() {
        std::uint32_t torn = 0;
        // On a busy machine a writer may be done before it is killed: then
        // more rounds, until some died in mid-append.
        for (int round = 0; round < kRounds || (torn == 0 && round < kMost);
             ++round) {
            MakeSegment(static_cast<std::uint8_t>(round));
            *acknowledged_ = 0;
            pid_t writer = StartWriter();
            auto wanted = static_cast<std::uint32_t>(rand() % 1000);
            next_ = kHeaderBytes;
            read_ = 0;
            while (*acknowledged_ < wanted) {
                ReadOn(false);  // while it is written
            }
            kill(writer, SIGKILL);
            CPPUNIT_ASSERT(waitpid(writer, nullptr, 0) == writer);
            ReadOn(true);
            std::uint32_t acknowledged = *acknowledged_;
            // One may be whole without having been acknowledged.
            CPPUNIT_ASSERT(read_ == acknowledged || read_ == acknowledged + 1);
            torn += SomethingFollows() ? 1 : 0;
            close(descriptor_);
        }
    }

 private:
    void MakeSegment(std::uint8_t number) {
        id_ = {number, 1, 2, 3};
        char path[] = "/dev/shm/aiproxy.XXXXXX";
        descriptor_ = mkstemp(path);
        CPPUNIT_ASSERT(descriptor_ >= 0);
        unlink(path);
        CPPUNIT_ASSERT(posix_fallocate(descriptor_, 0, kSegmentBytes) == 0);
        std::byte* file = Map();
        FormatSegment(file, id_);
        munmap(file, kSegmentBytes);
    }

    std::byte* Map() const {
        void* map = mmap(nullptr, kSegmentBytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED, descriptor_, 0);
        CPPUNIT_ASSERT(map != MAP_FAILED);
        return static_cast<std::byte*>(map);
    }

    pid_t StartWriter() {
        pid_t writer = fork();
        CPPUNIT_ASSERT(writer >= 0);
        if (writer != 0) {
            return writer;
        }
        auto segment = SegmentWriter::Attach(Map());
        for (std::uint32_t number = 0; segment->Append(BodyOf(number));
             ++number) {
            acknowledged_->store(number + 1, std::memory_order_release);
        }
        pause();
        _exit(1);
    }

    // ended: the writer is dead, so damage at the tail cannot be "not yet".
    void ReadOn(bool ended) {
        for (;;) {
            ssize_t got = pread(descriptor_, bytes_, sizeof(bytes_),
                                static_cast<off_t>(next_));
            CPPUNIT_ASSERT(got >= 0);
            std::string_view left(bytes_, static_cast<std::size_t>(got));
            Frame frame = ReadFrame(id_, next_, left);
            bool some = frame.result == FrameResult::kFrame;
            while (frame.result == FrameResult::kFrame) {
                CPPUNIT_ASSERT_EQUAL(BodyOf(read_), std::string(frame.body));
                read_ += 1;
                left.remove_prefix(frame.next - next_);
                next_ = frame.next;
                frame = ReadFrame(id_, next_, left);
            }
            if (frame.result == FrameResult::kMore && some) {
                continue;
            }
            CPPUNIT_ASSERT(!ended || frame.result == FrameResult::kNothing);
            return;
        }
    }

    // Bytes of an append that was not ended.
    bool SomethingFollows() const {
        char bytes[kFrameHeaderBytes + 64] = {};
        ssize_t got =
            pread(descriptor_, bytes, sizeof(bytes), static_cast<off_t>(next_));
        return std::string_view(bytes, static_cast<std::size_t>(got))
                   .find_first_not_of('\0') != std::string_view::npos;
    }

    SegmentId id_{};
    int descriptor_ = -1;
    std::size_t next_ = 0;
    std::uint32_t read_ = 0;
    std::atomic<std::uint32_t>* acknowledged_ = nullptr;
    char bytes_[64 * 1024];
};

CPPUNIT_TEST_SUITE_REGISTRATION(LedgerSegmentKill);

}  // namespace
}  // namespace aiproxy::ledger
