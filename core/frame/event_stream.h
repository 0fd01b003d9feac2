// SPDX-License-Identifier: MIT
//
// AWS event stream (application/vnd.amazon.eventstream): binary messages of
// headers and a payload, each with two checksums. The payload is handed on as
// it comes and never gathered. All numbers are big endian:
//
//   u32 total | u32 headers | u32 CRC of the eight bytes before
//   headers: u8 size, name, u8 type, value     payload     u32 CRC of all
//
// What does not check ends the reading: where the next message begins nobody
// knows.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aiproxy::frame {

class EventStream {
 public:
    // Headers that are kept; more of them are passed.
    static constexpr std::size_t kMaxHeaderBytes = 4096;
    static constexpr std::uint32_t kMaxMessageBytes = 64u << 20;

    class Sink {
     public:
        virtual ~Sink() = default;

        // A piece of the present message's payload.
        virtual void Data(std::string_view piece) = 0;

        // The message is over. type: "event", "exception" or "error"; name:
        // of the event or the exception.
        virtual void End(std::string_view type, std::string_view name) = 0;
    };

    void Feed(std::string_view bytes, Sink& sink);

    // A checksum or a length was wrong.
    bool broken() const { return at_ == At::kBroken; }
    // Between two messages: nothing is missing.
    bool whole() const { return at_ == At::kPrelude && held_.empty(); }

 private:
    enum class At : unsigned char {
        kPrelude,
        kHeaders,
        kPayload,
        kChecksum,
        kBroken,
    };

    void ReadPrelude();
    void ReadHeaders();
    void ReadChecksum(Sink& sink);
    bool Gather(std::string_view& bytes, std::size_t size);
    std::string_view TakeValue(std::string_view& rest);
    void Skip(std::string_view bytes);

    At at_ = At::kPrelude;
    std::string held_;  // prelude, headers or checksum, as far as they came
    std::uint32_t headers_left_ = 0;
    std::uint32_t payload_left_ = 0;
    std::uint32_t crc_ = 0;  // of the message so far
    std::string type_;
    std::string name_;
};

}  // namespace aiproxy::frame
