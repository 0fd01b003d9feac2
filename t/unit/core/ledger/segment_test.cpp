// SPDX-License-Identifier: MIT

#include "core/ledger/segment.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>
#include <string>
#include <vector>

#include "t/unit/core/golden_file.h"

namespace aiproxy::ledger {
namespace {

constexpr SegmentId kId = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
                           0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
constexpr std::size_t kMaxBody = kMaxFrameBytes - kFrameHeaderBytes;

class LedgerSegment : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LedgerSegment);
    CPPUNIT_TEST(NamesAreHex);
    CPPUNIT_TEST(BytesAreTheGolden);
    CPPUNIT_TEST(WhatIsAppendedIsRead);
    CPPUNIT_TEST(EveryCutOfTheBytesMeansMore);
    CPPUNIT_TEST(EveryFlippedBitIsDamageOrAnotherAnswer);
    CPPUNIT_TEST(AFrameElsewhereIsDamaged);
    CPPUNIT_TEST(LengthComesLast);
    CPPUNIT_TEST(RefusesWhatDoesNotFit);
    CPPUNIT_TEST(RoomIsKept);
    CPPUNIT_TEST(HeaderIsChecked);
    CPPUNIT_TEST(HeaderTellsWriterAndSeal);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        FormatSegment(file(), kId);
        writer_.emplace(*SegmentWriter::Attach(file()));
    }

    void NamesAreHex() {
        std::string name =
            "0001020304050607"
            "8899aabbccddeeff";
        CPPUNIT_ASSERT_EQUAL(name, Hex(kId));
        CPPUNIT_ASSERT(ParseHex(name) == kId);
        CPPUNIT_ASSERT(!ParseHex(name + "0"));
        CPPUNIT_ASSERT(!ParseHex(name.substr(1)));
        CPPUNIT_ASSERT(!ParseHex(""));
        name[31] = 'F';
        CPPUNIT_ASSERT(!ParseHex(name));
    }

    void BytesAreTheGolden() {
        writer_->SetWriter(5, 7);
        CPPUNIT_ASSERT(writer_->Append("one"));
        CPPUNIT_ASSERT(writer_->Append(std::string(8, 'x')));
        CPPUNIT_ASSERT(writer_->Append(std::string(17, '\0')));
        writer_->Seal();
        std::string written(Bytes(0).substr(0, 160));
        std::string golden = GoldenFile("segment/three_frames.bin", written);
        CPPUNIT_ASSERT(written == golden);

        auto header = ReadSegmentHeader(golden);
        CPPUNIT_ASSERT(header.ok());
        CPPUNIT_ASSERT(header->id == kId);
        CPPUNIT_ASSERT_EQUAL(5u, header->column);
        CPPUNIT_ASSERT_EQUAL(7u, header->claim);
        CPPUNIT_ASSERT(header->sealed);
        auto bodies = ReadAll(golden);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, bodies.size());
        CPPUNIT_ASSERT_EQUAL(std::string("one"), bodies[0]);
        CPPUNIT_ASSERT_EQUAL(std::string(17, '\0'), bodies[2]);
    }

    void WhatIsAppendedIsRead() {
        std::vector<std::string> bodies;
        for (std::size_t i = 1; i < 40; ++i) {
            bodies.emplace_back(i * i, static_cast<char>(i));
        }
        bodies.emplace_back(kMaxBody, 'z');
        for (const std::string& body : bodies) {
            CPPUNIT_ASSERT(writer_->Append(body));
        }
        CPPUNIT_ASSERT(ReadAll(Bytes(0)) == bodies);
    }

    void EveryCutOfTheBytesMeansMore() {
        std::string body = "a record of some bytes";
        writer_->Append(body);
        std::size_t whole = kFrameHeaderBytes + body.size();
        for (std::size_t size = 0; size < whole; ++size) {
            Frame frame = ReadFrame(kId, kHeaderBytes,
                                    Bytes(kHeaderBytes).substr(0, size));
            CPPUNIT_ASSERT(frame.result == FrameResult::kMore);
        }
        Frame frame =
            ReadFrame(kId, kHeaderBytes, Bytes(kHeaderBytes).substr(0, whole));
        CPPUNIT_ASSERT(frame.result == FrameResult::kFrame);
        CPPUNIT_ASSERT(frame.body == body);
        CPPUNIT_ASSERT_EQUAL(kHeaderBytes + 32, frame.next);
    }

    void EveryFlippedBitIsDamageOrAnotherAnswer() {
        std::string body = "a record of some bytes!!";
        writer_->Append(body);
        std::string bytes(Bytes(kHeaderBytes).substr(0, 64));
        for (std::size_t bit = 0; bit < 8 * (kFrameHeaderBytes + body.size());
             ++bit) {
            std::string flipped = bytes;
            flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
            CPPUNIT_ASSERT(ReadFrame(kId, kHeaderBytes, flipped).result !=
                           FrameResult::kFrame);
        }
    }

    void AFrameElsewhereIsDamaged() {
        writer_->Append("body");
        std::string_view bytes = Bytes(kHeaderBytes);
        SegmentId other = kId;
        other[15] ^= 1;
        CPPUNIT_ASSERT(ReadFrame(other, kHeaderBytes, bytes).result ==
                       FrameResult::kDamaged);
        CPPUNIT_ASSERT(ReadFrame(kId, kHeaderBytes + 8, bytes).result ==
                       FrameResult::kDamaged);
    }

    // A writer that is killed before it has written the length leaves nothing.
    void LengthComesLast() {
        writer_->Append("first");
        writer_->Append("second");
        std::memset(file() + kHeaderBytes + 16, 0, sizeof(std::uint32_t));
        auto bodies = ReadAll(Bytes(0));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bodies.size());
        CPPUNIT_ASSERT_EQUAL(std::string("first"), bodies[0]);
    }

    void RefusesWhatDoesNotFit() {
        CPPUNIT_ASSERT(!writer_->Append(""));
        CPPUNIT_ASSERT(!writer_->Append(std::string(kMaxBody + 1, 'x')));
        std::string body(kMaxBody, 'x');
        std::size_t frames = 0;
        while (writer_->Append(body)) {
            ++frames;
        }
        CPPUNIT_ASSERT_EQUAL((kSegmentBytes - kHeaderBytes) / kMaxFrameBytes,
                             frames);
        // Up to the last byte.
        std::size_t left =
            kSegmentBytes - kHeaderBytes - frames * kMaxFrameBytes;
        CPPUNIT_ASSERT(
            !writer_->Append(std::string(left - kFrameHeaderBytes + 1, 'y')));
        CPPUNIT_ASSERT(
            writer_->Append(std::string(left - kFrameHeaderBytes, 'y')));
        CPPUNIT_ASSERT(!writer_->Append("z"));
        CPPUNIT_ASSERT_EQUAL(frames + 1, ReadAll(Bytes(0)).size());
        CPPUNIT_ASSERT(ReadFrame(kId, kSegmentBytes, {}).result ==
                       FrameResult::kNothing);
    }

    void RoomIsKept() {
        std::size_t room = writer_->Room();
        CPPUNIT_ASSERT_EQUAL(std::size_t{255}, room);
        writer_->Append("x");
        for (room = writer_->Room(); room > 0; --room) {
            CPPUNIT_ASSERT(writer_->Append(std::string(kMaxBody, 'x')));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, writer_->Room());
    }

    void HeaderIsChecked() {
        for (std::size_t place : {0, 7, 8, 12, 32, 39}) {
            file()[place] ^= std::byte{1};
            CPPUNIT_ASSERT(!ReadSegmentHeader(Bytes(0)).ok());
            CPPUNIT_ASSERT(!SegmentWriter::Attach(file()).ok());
            file()[place] ^= std::byte{1};
        }
        CPPUNIT_ASSERT(ReadSegmentHeader(Bytes(0)).ok());
        CPPUNIT_ASSERT(!ReadSegmentHeader(Bytes(0).substr(0, 63)).ok());
        CPPUNIT_ASSERT(!ReadSegmentHeader("").ok());
    }

    void HeaderTellsWriterAndSeal() {
        auto header = ReadSegmentHeader(Bytes(0));
        CPPUNIT_ASSERT_EQUAL(0xffffffffu, header->column);
        CPPUNIT_ASSERT(!header->sealed);
        writer_->SetWriter(0, 3);
        writer_->Seal();
        header = ReadSegmentHeader(Bytes(0));
        CPPUNIT_ASSERT_EQUAL(0u, header->column);
        CPPUNIT_ASSERT_EQUAL(3u, header->claim);
        CPPUNIT_ASSERT(header->sealed);
        CPPUNIT_ASSERT(writer_->id() == kId);
        // Nothing follows a seal, so nobody may go on.
        CPPUNIT_ASSERT(!SegmentWriter::Attach(file()).ok());
    }

 private:
    std::byte* file() { return reinterpret_cast<std::byte*>(memory_.data()); }
    std::string_view Bytes(std::size_t from) {
        return {reinterpret_cast<const char*>(file()) + from,
                kSegmentBytes - from};
    }

    static std::vector<std::string> ReadAll(std::string_view segment) {
        std::vector<std::string> bodies;
        std::size_t offset = kHeaderBytes;
        for (;;) {
            Frame frame = ReadFrame(kId, offset, segment.substr(offset));
            if (frame.result != FrameResult::kFrame) {
                CPPUNIT_ASSERT(frame.result == FrameResult::kNothing);
                return bodies;
            }
            bodies.emplace_back(frame.body);
            offset = frame.next;
        }
    }

    std::vector<std::uint64_t> memory_ =
        std::vector<std::uint64_t>(kSegmentBytes / 8);
    std::optional<SegmentWriter> writer_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(LedgerSegment);

}  // namespace
}  // namespace aiproxy::ledger
