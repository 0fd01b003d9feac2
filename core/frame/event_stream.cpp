// SPDX-License-Identifier: MIT

#include "core/frame/event_stream.h"

#include <zlib.h>

#include <algorithm>

namespace aiproxy::frame {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kOverhead = kPreludeBytes + kChecksumBytes;

std::uint32_t Number(std::string_view bytes) {
    std::uint32_t value = 0;
    for (char c : bytes.substr(0, 4)) {
        value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
}

std::uint32_t Crc(std::uint32_t crc, std::string_view bytes) {
    return static_cast<std::uint32_t>(crc32_z(
        crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// Bytes of a value behind its type; nothing for those that carry their size.
std::size_t FixedBytes(unsigned char type) {
    constexpr std::size_t kBytes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
    return type < std::size(kBytes) ? kBytes[type] : 0;
}

}  // namespace

void EventStream::Feed(std::string_view bytes, Sink& sink) {
    while (!bytes.empty() && at_ != At::kBroken) {
        switch (at_) {
            case At::kPrelude:
                if (Gather(bytes, kPreludeBytes)) {
                    ReadPrelude();
                }
                break;
            case At::kHeaders: {
                const std::string_view piece = bytes.substr(0, headers_left_);
                held_.append(piece.substr(
                    0,
                    kMaxHeaderBytes - std::min(held_.size(), kMaxHeaderBytes)));
                Skip(piece);
                headers_left_ -= static_cast<std::uint32_t>(piece.size());
                bytes.remove_prefix(piece.size());
                if (headers_left_ == 0) {
                    ReadHeaders();
                }
                break;
            }
            case At::kPayload: {
                const std::string_view piece = bytes.substr(0, payload_left_);
                Skip(piece);
                sink.Data(piece);
                payload_left_ -= static_cast<std::uint32_t>(piece.size());
                bytes.remove_prefix(piece.size());
                at_ = payload_left_ == 0 ? At::kChecksum : At::kPayload;
                break;
            }
            default:
                if (Gather(bytes, kChecksumBytes)) {
                    ReadChecksum(sink);
                }
                break;
        }
    }
}

void EventStream::Skip(std::string_view bytes) {
    crc_ = Crc(crc_, bytes);
}

// Gathers size bytes in held_; true: they are there.
bool EventStream::Gather(std::string_view& bytes, std::size_t size) {
    const std::string_view piece = bytes.substr(0, size - held_.size());
    held_.append(piece);
    bytes.remove_prefix(piece.size());
    return held_.size() == size;
}

void EventStream::ReadPrelude() {
    const std::string_view prelude = held_;
    const std::uint32_t total = Number(prelude);
    const std::uint32_t headers = Number(prelude.substr(4));
    if (Crc(0, prelude.substr(0, 8)) != Number(prelude.substr(8)) ||
        total < kOverhead || total > kMaxMessageBytes ||
        headers > total - kOverhead) {
        at_ = At::kBroken;
        return;
    }
    crc_ = Crc(0, prelude);
    headers_left_ = headers;
    payload_left_ = total - headers - static_cast<std::uint32_t>(kOverhead);
    held_.clear();
    type_.clear();
    name_.clear();
    at_ = headers > 0         ? At::kHeaders
          : payload_left_ > 0 ? At::kPayload
                              : At::kChecksum;
}

// Passes type and value of a header; gives a string's text.
std::string_view EventStream::TakeValue(std::string_view& rest) {
    constexpr unsigned char kBytes = 6;
    constexpr unsigned char kString = 7;
    const auto type = static_cast<unsigned char>(rest[0]);
    rest.remove_prefix(1);
    std::size_t size = FixedBytes(type);
    if (type == kBytes || type == kString) {
        if (rest.size() < 2) {
            rest = {};
            return {};
        }
        size = static_cast<unsigned char>(rest[0]) * std::size_t{256} +
               static_cast<unsigned char>(rest[1]);
        rest.remove_prefix(2);
    }
    const std::string_view value = rest.substr(0, size);
    rest.remove_prefix(value.size());
    return type == kString ? value : std::string_view();
}

void EventStream::ReadHeaders() {
    std::string_view rest = held_;
    while (!rest.empty()) {
        const auto size = static_cast<unsigned char>(rest[0]);
        const std::string_view name = rest.substr(1, size);
        rest.remove_prefix(1 + name.size());
        if (rest.empty()) {
            break;
        }
        const std::string_view value = TakeValue(rest);
        if (name == ":message-type") {
            type_ = value;
        } else if (name == ":event-type" || name == ":exception-type" ||
                   name == ":error-code") {
            name_ = value;
        }
    }
    held_.clear();
    at_ = payload_left_ > 0 ? At::kPayload : At::kChecksum;
}

void EventStream::ReadChecksum(Sink& sink) {
    if (Number(held_) != crc_) {
        at_ = At::kBroken;
        return;
    }
    held_.clear();
    at_ = At::kPrelude;
    sink.End(type_, name_);
}

}  // namespace aiproxy::frame
