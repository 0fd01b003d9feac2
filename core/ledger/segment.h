// SPDX-License-Identifier: MIT
//
// A segment of the ledger: an append-only file on tmpfs with one writer, a
// worker that has it mapped, and one reader, the daemon, which reads it with
// pread. No segment is used twice. Nothing here does I/O.
//
// File (little endian), kSegmentBytes, allocated in full before it is mapped:
//
//     0  magic "AIPXLEDG"        8  u32 format (1)     12  u32 header bytes
//    16  id, 16 random bytes    32  u64 required features
//    40  u32 column of the writer + 1    44  u32 its claim
//    48  u32 sealed (1: nothing follows) 52  reserved, zero, up to 64
//
// then frames, each at a multiple of 8:
//
//     0  u32 length of the body  4  u32 CRC32C of the body, seeded with the
//                                   segment's id and the frame's offset
//     8  body, padded with zero bytes
//
// A frame becomes visible by its length, which is written last. A length of 0
// means: nothing here yet.
//
// Names in RUN/ledger: "<32 hex>.ready" is prepared and free; a worker makes
// it its own by renaming it to "<32 hex>.live", opening it and taking an OFD
// write lock on its byte 0, in this order, and writes column and claim after
// that. A live segment whose lock can be had, and which is older than a
// second, has lost its writer.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::ledger {

inline constexpr char kMagic[] = "AIPXLEDG";
inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::size_t kSegmentBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kHeaderBytes = 64;
inline constexpr std::size_t kFrameHeaderBytes = 8;
// The greatest frame, its header included; longer trails are cut and say so.
inline constexpr std::size_t kMaxFrameBytes = 16 * 1024;
inline constexpr std::int64_t kDefaultQuotaBytes = 1024ll * 1024 * 1024;

using SegmentId = std::array<std::uint8_t, 16>;

std::string Hex(const SegmentId& id);  // 32 characters
std::optional<SegmentId> ParseHex(std::string_view text);

struct SegmentHeader {
    char magic[8];
    std::uint32_t format;
    std::uint32_t header_bytes;
    SegmentId id;
    std::uint64_t required_features;
    std::uint32_t column_plus_1;
    std::uint32_t claim;
    std::atomic<std::uint32_t> sealed;
    std::uint8_t reserved[12];
};
static_assert(sizeof(SegmentHeader) == kHeaderBytes);

// Writes the header. REQUIRES: file has kSegmentBytes, allocated and zero.
void FormatSegment(std::byte* file, const SegmentId& id);

class SegmentWriter {
 public:
    // Errors: kInternal when the header is not ours.
    static Result<SegmentWriter> Attach(std::byte* file);

    void SetWriter(std::uint32_t column, std::uint32_t claim);
    // False when it does not fit: seal this segment and take the next.
    // REQUIRES: 0 < body.size() <= kMaxFrameBytes - kFrameHeaderBytes.
    bool Append(std::string_view body);
    // How many greatest frames fit for sure.
    std::size_t Room() const;
    // Where the next frame goes.
    std::size_t offset() const { return offset_; }
    void Seal();
    const SegmentId& id() const;

 private:
    explicit SegmentWriter(std::byte* file) : file_(file) {}

    std::byte* file_;
    std::size_t offset_ = kHeaderBytes;
};

// Reads frames out of bytes of a segment that the caller has read.
struct ReadHeader {
    SegmentId id;
    std::uint32_t column;  // state::kNoColumn's value when not yet written
    std::uint32_t claim;
    bool sealed;
};
// Errors: kInternal for a foreign or damaged header.
Result<ReadHeader> ReadSegmentHeader(std::string_view first_64_bytes);

enum class FrameResult : std::uint8_t {
    kFrame,    // body is set; next is the offset of the following frame
    kNothing,  // no frame here yet
    kMore,     // the bytes end within the frame: read on from here
    kDamaged,  // length or checksum is wrong
};
struct Frame {
    FrameResult result;
    std::string_view body;  // points into bytes
    std::size_t next = 0;
};
// bytes: what the segment holds from offset on. offset: of the frame in the
// segment; at or beyond kSegmentBytes - kFrameHeaderBytes gives kNothing.
Frame ReadFrame(const SegmentId& id, std::size_t offset,
                std::string_view bytes);

}  // namespace aiproxy::ledger
