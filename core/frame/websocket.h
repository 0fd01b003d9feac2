// SPDX-License-Identifier: MIT
//
// WebSocket frames (RFC 6455) of one direction, behind the handshake. Text
// messages are handed on piece by piece, however they are fragmented; control
// frames in between are passed. No extension: whoever forwards the handshake
// takes the offer of one out.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiproxy::frame {

class WebSocket {
 public:
    class Sink {
     public:
        virtual ~Sink() = default;

        // A piece of the present message.
        virtual void Data(std::string_view piece) = 0;
        virtual void End() = 0;
    };

    void Feed(std::string_view bytes, Sink& sink);

    // How many bytes were taken so far; in End(), to the end of its frame.
    std::uint64_t consumed() const { return consumed_; }

    // A close frame was seen.
    bool closed() const { return closed_; }

 private:
    void BeginFrame(Sink& sink);
    void EndFrame(Sink& sink);
    void Pass(std::string_view piece, Sink& sink);

    unsigned char head_[14] = {};
    std::size_t head_size_ = 0;
    bool in_payload_ = false;
    bool message_ = false;  // a data message is open
    bool closed_ = false;
    std::uint64_t left_ = 0;
    std::uint64_t taken_ = 0;  // of a masked payload
    std::uint64_t consumed_ = 0;
};

}  // namespace aiproxy::frame
