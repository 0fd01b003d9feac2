// SPDX-License-Identifier: MIT
//
// A few names of headers, in lower case. Most names that are asked for are not
// among them, which their length and first letter tell.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiproxy::http {

template <std::size_t N>
class NameSet {
 public:
    // No name is empty or has 64 letters or more.
    constexpr explicit NameSet(const std::array<std::string_view, N>& names)
        : names_(names) {
        for (std::string_view name : names) {
            lengths_ |= std::uint64_t{1} << name.size();
            letters_ |= Letter(name[0]);
        }
    }

    constexpr bool Contains(std::string_view name) const {
        return !name.empty() && name.size() < 64 &&
               (lengths_ >> name.size() & 1) != 0 &&
               (letters_ & Letter(name[0])) != 0 &&
               std::find(names_.begin(), names_.end(), name) != names_.end();
    }

 private:
    static constexpr std::uint32_t Letter(char c) {
        return std::uint32_t{1} << (static_cast<unsigned char>(c) & 31);
    }

    std::array<std::string_view, N> names_;
    std::uint64_t lengths_ = 0;
    std::uint32_t letters_ = 0;
};

}  // namespace aiproxy::http
