// SPDX-License-Identifier: MIT

#include "t/unit/core/dialect/event_ends.h"

namespace aiproxy::dialect {

std::vector<std::size_t> EndsOfText(std::string_view stream,
                                    std::string_view separator) {
    std::vector<std::size_t> ends;
    for (std::size_t at = stream.find(separator); at != std::string_view::npos;
         at = stream.find(separator, at)) {
        at += separator.size();
        ends.push_back(at);
    }
    return ends;
}

std::vector<std::size_t> EndsOfElements(std::string_view array) {
    std::vector<std::size_t> ends;
    int depth = 0;
    for (std::size_t i = 0; i < array.size(); ++i) {
        depth += array[i] == '{' ? 1 : array[i] == '}' ? -1 : 0;
        if (array[i] == '}' && depth == 0) {
            ends.push_back(i + 1);
        }
    }
    return ends;
}

std::vector<std::size_t> EndsOfMessages(std::string_view stream) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at + 4 <= stream.size();) {
        std::size_t length = 0;
        for (int i = 0; i < 4; ++i) {
            length = length << 8 | static_cast<unsigned char>(stream[at + i]);
        }
        ends.push_back(at += length);
    }
    return ends;
}

std::vector<std::size_t> EndsOfFrames(std::string_view socket) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at + 2 <= socket.size();) {
        auto byte = [&](std::size_t i) {
            return std::size_t{static_cast<unsigned char>(socket[at + i])};
        };
        const std::size_t length = byte(1) & 127;
        at += length == 126 ? 4 + (byte(2) << 8 | byte(3)) : 2 + length;
        ends.push_back(at);
    }
    return ends;
}

}  // namespace aiproxy::dialect
