// SPDX-License-Identifier: MIT
//
// Where the events of a recorded stream end, found without the code under test
// and only good for recordings: offsets behind the last byte of each event.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace aiproxy::dialect {

// Lines, or events of SSE whose separator does not occur within one.
std::vector<std::size_t> EndsOfText(std::string_view stream,
                                    std::string_view separator);

// Elements of a JSON array whose strings have no brace.
std::vector<std::size_t> EndsOfElements(std::string_view array);

// Messages of application/vnd.amazon.eventstream.
std::vector<std::size_t> EndsOfMessages(std::string_view stream);

// Frames that a server sends (RFC 6455, 5.2), below 64 KiB.
std::vector<std::size_t> EndsOfFrames(std::string_view socket);

}  // namespace aiproxy::dialect
