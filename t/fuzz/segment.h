// SPDX-License-Identifier: MIT
//
// Any bytes as what a segment holds, and any bytes as bodies that are appended
// to one and read again.

#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger/segment.h"

namespace aiproxy::fuzz {

// Frames never leave the bytes and always go on.
inline const char* WalkFrames(std::string_view bytes) {
    ledger::SegmentId id{};
    std::size_t offset = ledger::kHeaderBytes;
    while (!bytes.empty()) {
        ledger::Frame frame = ledger::ReadFrame(id, offset, bytes);
        if (frame.result != ledger::FrameResult::kFrame) {
            return nullptr;
        }
        if (frame.body.data() < bytes.data() ||
            frame.body.size() > bytes.size() || frame.next <= offset) {
            return "a frame leaves its bytes";
        }
        bytes.remove_prefix(std::min(frame.next - offset, bytes.size()));
        offset = frame.next;
    }
    return nullptr;
}

// The first byte of each body tells its length.
inline const char* AppendAndRead(std::string_view input) {
    static std::vector<std::uint64_t> memory(ledger::kSegmentBytes / 8);
    auto file = reinterpret_cast<std::byte*>(memory.data());
    std::memset(file, 0,
                std::min(ledger::kSegmentBytes,
                         ledger::kHeaderBytes + 32 * input.size()));
    ledger::FormatSegment(file, {});
    auto writer = ledger::SegmentWriter::Attach(file);
    std::vector<std::string_view> bodies;
    while (!input.empty()) {
        std::size_t length = static_cast<unsigned char>(input[0]) + 1u;
        std::string_view body = input.substr(0, length);
        input.remove_prefix(body.size());
        if (!writer->Append(body)) {
            break;
        }
        bodies.push_back(body);
    }
    std::size_t offset = ledger::kHeaderBytes;
    std::string_view bytes(reinterpret_cast<const char*>(file),
                           ledger::kSegmentBytes);
    for (std::string_view body : bodies) {
        ledger::Frame frame =
            ledger::ReadFrame({}, offset, bytes.substr(offset));
        if (frame.result != ledger::FrameResult::kFrame || frame.body != body) {
            return "a body was not read as it was appended";
        }
        offset = frame.next;
    }
    return nullptr;
}

inline const char* CheckSegment(std::string_view input) {
    (void)ledger::ReadSegmentHeader(input).ok();
    const char* wrong = WalkFrames(input);
    return wrong != nullptr ? wrong : AppendAndRead(input);
}

}  // namespace aiproxy::fuzz
