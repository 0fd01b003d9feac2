// SPDX-License-Identifier: MIT
//
// What was said in a request, as a worker leaves it for the daemon: a file of
// its own for each, RUN/payloads/<request id>, sealed under the node key with
// Context as its context (core/key/seal.h). Opened, it is, little endian:
//
//     0  "AIPXPAY1"       8  request id, 16 bytes
//    24  i64 client key  32  i64 started at, Unix time in ms
//    40  the request's part, then the answer's:
//         0  u8 flags: 1 there is one, 2 cut, 4 of a coding we cannot decode
//         1  u8 frame::Coding    2  u16 bytes of the content type
//         4  u32 bytes of the text    8  u64 bytes that passed
//        16  the content type, then the text
//
// The texts are as they passed: coded, and not redacted.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/frame/inflate.h"

namespace aiproxy::payload {

// Of a text, and of all that a worker holds of running requests.
inline constexpr std::size_t kMaxTextBytes = 1024 * 1024;
inline constexpr std::size_t kDefaultTextBytes = 64 * 1024;
inline constexpr std::size_t kMaxHeldBytes = 64 * 1024 * 1024;
// Of a worker's files that wait for the daemon.
inline constexpr std::uint32_t kMaxWaitingKib = 64 * 1024;
inline constexpr std::size_t kMaxContentTypeBytes = 128;

struct Part {
    bool is_cut = false;                  // there was more
    std::optional<frame::Coding> coding;  // nullopt: one we cannot decode
    std::uint64_t bytes = 0;              // that passed
    std::string content_type;
    std::string text;

    bool operator==(const Part&) const = default;
};

struct Payload {
    RequestId id{};
    std::int64_t client_key_id = 0;
    UnixMs started_at_ms = 0;
    std::optional<Part> request;
    std::optional<Part> answer;

    bool operator==(const Payload&) const = default;
};

std::string Context(const RequestId& id);

std::string Encode(const Payload& payload);
// nullopt: it is none.
std::optional<Payload> Decode(std::string_view bytes);

}  // namespace aiproxy::payload
