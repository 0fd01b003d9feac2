// SPDX-License-Identifier: MIT
//
// The SSE parser beside one that has the whole text: the same events from any
// split. The first byte chooses the split.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sse/parser.h"
#include "t/fuzz/pieces.h"

namespace aiproxy::fuzz {

using Events = std::vector<std::pair<std::string, std::string>>;

class EventList : public sse::Sink {
 public:
    void Data(std::string_view piece) override { data_ += piece; }
    void End(std::string_view name) override {
        events.emplace_back(name, std::exchange(data_, {}));
    }

    Events events;

 private:
    std::string data_;
};

inline Events Parse(const Pieces& pieces) {
    sse::Parser parser;
    EventList list;
    for (std::string_view piece : pieces) {
        parser.Feed(piece, list);
    }
    parser.Finish(list);
    return list.events;
}

// By lines, as the standard puts it.
class PlainParser {
 public:
    Events Parse(std::string_view text) {
        // A part of a byte order mark is taken for one as well: no field
        // begins so.
        for (char c : std::string_view("\xef\xbb\xbf")) {
            if (!text.starts_with(c)) {
                break;
            }
            text.remove_prefix(1);
        }
        while (!text.empty()) {
            const std::size_t end = text.find_first_of("\r\n");
            Line(text.substr(0, end));
            if (end == std::string_view::npos) {
                break;
            }
            text.remove_prefix(end);
            text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
        }
        Dispatch();
        return events_;
    }

 private:
    void Line(std::string_view line) {
        if (line.empty()) {
            Dispatch();
        } else if (bare_ || (!has_data_ && line[0] == '{')) {
            bare_ = true;
            Append(line);
        } else {
            const std::size_t colon = line.find(':');
            std::string_view field = line.substr(0, colon);
            std::string_view value;
            if (colon != std::string_view::npos) {
                value = line.substr(colon + 1);
                value.remove_prefix(value.starts_with(' ') ? 1 : 0);
            }
            if (field == "data") {
                Append(value);
            } else if (field == "event" && colon != std::string_view::npos) {
                name_ = value.substr(0, sse::Parser::kMaxNameBytes);
            }
        }
    }

    void Append(std::string_view value) {
        data_ += has_data_ ? "\n" : "";
        data_ += value;
        has_data_ = true;
    }

    void Dispatch() {
        if (has_data_) {
            events_.emplace_back(name_, data_);
        }
        name_.clear();
        data_.clear();
        has_data_ = false;
        bare_ = false;
    }

    Events events_;
    std::string name_;
    std::string data_;
    bool has_data_ = false;
    bool bare_ = false;
};

inline const char* CheckSse(std::string_view input) {
    if (input.empty()) {
        return nullptr;
    }
    const auto seed = static_cast<unsigned char>(input[0]);
    input.remove_prefix(1);
    const Events wanted = PlainParser().Parse(input);
    for (const Pieces& pieces :
         {Pieces{input}, Bytes(input), Cut(input, seed)}) {
        if (Parse(pieces) != wanted) {
            return "other events";
        }
    }
    return nullptr;
}

}  // namespace aiproxy::fuzz
