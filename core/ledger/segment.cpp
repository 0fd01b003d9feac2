// SPDX-License-Identifier: MIT

#include "core/ledger/segment.h"

#include <cstring>

#include "core/base/crc32c.h"

namespace aiproxy::ledger {
namespace {

constexpr std::size_t kMaxBodyBytes = kMaxFrameBytes - kFrameHeaderBytes;

struct FrameHeader {
    std::uint32_t length;
    std::uint32_t checksum;
};
static_assert(sizeof(FrameHeader) == kFrameHeaderBytes);

constexpr std::size_t Padded(std::size_t size) {
    return (size + 7) & ~7ul;
}

// Seeded with the segment and the offset, so that bytes of another segment or
// of another place never pass for a record.
std::uint32_t Checksum(const SegmentId& id, std::size_t offset,
                       std::string_view body) {
    std::uint64_t place = offset;
    char seed[sizeof(SegmentId) + sizeof(place)];
    std::memcpy(seed, id.data(), id.size());
    std::memcpy(seed + id.size(), &place, sizeof(place));
    return Crc32c(body, Crc32c({seed, sizeof(seed)}));
}

SegmentHeader& HeaderOf(std::byte* file) {
    return *reinterpret_cast<SegmentHeader*>(file);
}

std::atomic_ref<std::uint32_t> LengthAt(std::byte* file, std::size_t offset) {
    return std::atomic_ref<std::uint32_t>(
        reinterpret_cast<FrameHeader*>(file + offset)->length);
}

bool HeaderIsOurs(const SegmentHeader& header) {
    return std::memcmp(header.magic, kMagic, sizeof(header.magic)) == 0 &&
           header.format == kFormat && header.header_bytes == kHeaderBytes &&
           header.required_features == 0;
}

}  // namespace

std::string Hex(const SegmentId& id) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * id.size());
    for (std::uint8_t byte : id) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<SegmentId> ParseHex(std::string_view text) {
    SegmentId id{};
    if (text.size() != 2 * id.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                           : -1;
        if (value < 0) {
            return std::nullopt;
        }
        id[i / 2] = static_cast<std::uint8_t>(id[i / 2] << 4 | value);
    }
    return id;
}

void FormatSegment(std::byte* file, const SegmentId& id) {
    SegmentHeader& header = HeaderOf(file);
    std::memcpy(header.magic, kMagic, sizeof(header.magic));
    header.format = kFormat;
    header.header_bytes = kHeaderBytes;
    header.id = id;
}

Result<SegmentWriter> SegmentWriter::Attach(std::byte* file) {
    const SegmentHeader& header = HeaderOf(file);
    if (!HeaderIsOurs(header) || header.sealed != 0) {
        return Error(ErrorCode::kInternal, "segment has a foreign header");
    }
    return SegmentWriter(file);
}

void SegmentWriter::SetWriter(std::uint32_t column, std::uint32_t claim) {
    HeaderOf(file_).claim = claim;
    std::atomic_ref<std::uint32_t>(HeaderOf(file_).column_plus_1)
        .store(column + 1, std::memory_order_release);
}

bool SegmentWriter::Append(std::string_view body) {
    std::size_t size = kFrameHeaderBytes + Padded(body.size());
    if (body.empty() || body.size() > kMaxBodyBytes ||
        size > kSegmentBytes - offset_) {
        return false;
    }
    std::memcpy(file_ + offset_ + kFrameHeaderBytes, body.data(), body.size());
    reinterpret_cast<FrameHeader*>(file_ + offset_)->checksum =
        Checksum(HeaderOf(file_).id, offset_, body);
    // The length makes the frame visible: everything before it must be there.
    LengthAt(file_, offset_)
        .store(static_cast<std::uint32_t>(body.size()),
               std::memory_order_release);
    offset_ += size;
    return true;
}

std::size_t SegmentWriter::Room() const {
    return (kSegmentBytes - offset_) / kMaxFrameBytes;
}

void SegmentWriter::Seal() {
    HeaderOf(file_).sealed.store(1, std::memory_order_release);
}

const SegmentId& SegmentWriter::id() const {
    return HeaderOf(file_).id;
}

Result<ReadHeader> ReadSegmentHeader(std::string_view first_64_bytes) {
    if (first_64_bytes.size() < kHeaderBytes) {
        return Error(ErrorCode::kInternal, "segment is shorter than a header");
    }
    alignas(SegmentHeader) std::byte copy[sizeof(SegmentHeader)];
    std::memcpy(copy, first_64_bytes.data(), sizeof(copy));
    const SegmentHeader& header = HeaderOf(copy);
    if (!HeaderIsOurs(header)) {
        return Error(ErrorCode::kInternal, "segment has a foreign header");
    }
    return ReadHeader{header.id, header.column_plus_1 - 1, header.claim,
                      header.sealed != 0};
}

Frame ReadFrame(const SegmentId& id, std::size_t offset,
                std::string_view bytes) {
    if (offset >= kSegmentBytes - kFrameHeaderBytes) {
        return {FrameResult::kNothing, {}, offset};
    }
    if (bytes.size() < kFrameHeaderBytes) {
        return {FrameResult::kMore, {}, offset};
    }
    FrameHeader header;
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (header.length == 0) {
        return {FrameResult::kNothing, {}, offset};
    }
    std::size_t next = offset + kFrameHeaderBytes + Padded(header.length);
    if (header.length > kMaxBodyBytes || next > kSegmentBytes) {
        return {FrameResult::kDamaged, {}, offset};
    }
    if (bytes.size() - kFrameHeaderBytes < header.length) {
        return {FrameResult::kMore, {}, offset};
    }
    std::string_view body = bytes.substr(kFrameHeaderBytes, header.length);
    if (Checksum(id, offset, body) != header.checksum) {
        return {FrameResult::kDamaged, {}, offset};
    }
    return {FrameResult::kFrame, body, next};
}

}  // namespace aiproxy::ledger
