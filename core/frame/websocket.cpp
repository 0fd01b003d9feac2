// SPDX-License-Identifier: MIT

#include "core/frame/websocket.h"

#include <algorithm>

namespace aiproxy::frame {
namespace {

constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kMasked = 0x80;
constexpr unsigned char kControl = 0x08;
constexpr unsigned char kClose = 0x08;

std::size_t LengthBytes(unsigned char second) {
    const int size = second & 0x7f;
    return size == 127 ? 8 : size == 126 ? 2 : 0;
}

// How many bytes the frame's head has, by its first two.
std::size_t HeadBytes(unsigned char second) {
    return 2 + LengthBytes(second) + ((second & kMasked) != 0 ? 4 : 0);
}

}  // namespace

void WebSocket::Feed(std::string_view bytes, Sink& sink) {
    while (!bytes.empty()) {
        if (!in_payload_) {
            head_[head_size_++] = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            ++consumed_;
            if (head_size_ >= 2 && head_size_ == HeadBytes(head_[1])) {
                BeginFrame(sink);
            }
            continue;
        }
        const std::string_view piece =
            bytes.substr(0, static_cast<std::size_t>(
                                std::min<std::uint64_t>(left_, bytes.size())));
        Pass(piece, sink);
        bytes.remove_prefix(piece.size());
        left_ -= piece.size();
        consumed_ += piece.size();
        if (left_ == 0) {
            EndFrame(sink);
        }
    }
}

void WebSocket::BeginFrame(Sink& sink) {
    const std::size_t size_bytes = LengthBytes(head_[1]);
    left_ = head_[1] & 0x7f;
    if (size_bytes > 0) {
        left_ = 0;
        for (std::size_t i = 0; i < size_bytes; ++i) {
            left_ = left_ << 8 | head_[2 + i];
        }
    }
    taken_ = 0;
    in_payload_ = true;
    closed_ |= (head_[0] & 0x0f) == kClose;
    if (left_ == 0) {
        EndFrame(sink);
    }
}

void WebSocket::EndFrame(Sink& sink) {
    in_payload_ = false;
    head_size_ = 0;
    if ((head_[0] & kControl) != 0) {
        return;
    }
    message_ = (head_[0] & kFinal) == 0;
    if (!message_) {
        sink.End();
    }
}

void WebSocket::Pass(std::string_view piece, Sink& sink) {
    if ((head_[0] & kControl) != 0) {
        return;
    }
    if ((head_[1] & kMasked) == 0) {
        sink.Data(piece);
        return;
    }
    const unsigned char* mask = head_ + 2 + LengthBytes(head_[1]);
    char plain[256];
    while (!piece.empty()) {
        const std::size_t size = std::min(piece.size(), sizeof(plain));
        for (std::size_t i = 0; i < size; ++i, ++taken_) {
            plain[i] = static_cast<char>(piece[i] ^ mask[taken_ % 4]);
        }
        sink.Data({plain, size});
        piece.remove_prefix(size);
    }
}

}  // namespace aiproxy::frame
