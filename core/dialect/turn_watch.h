// SPDX-License-Identifier: MIT
//
// Where a turn ends in what a provider says on a WebSocket: the response is
// done, nothing is cut in two, and whoever may no longer go on can be told.
// Any split of the same bytes gives the same places.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/frame/websocket.h"
#include "core/json/path.h"

namespace aiproxy::dialect {

class TurnWatch : private frame::WebSocket::Sink {
 public:
    TurnWatch();

    // How many of the bytes it takes to the end of the first frame that ends
    // a turn; nullopt: none does.
    std::optional<std::size_t> Feed(std::string_view bytes);

 private:
    void Data(std::string_view piece) override;
    void End() override;

    frame::WebSocket socket_;
    json::PathScanner message_;
    std::uint64_t fed_ = 0;
    std::optional<std::size_t> end_;
};

}  // namespace aiproxy::dialect
