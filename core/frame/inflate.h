// SPDX-License-Identifier: MIT
//
// Decodes a gzip or deflate coded answer for the meter, while the coded bytes
// pass to the caller. About 45 KB while it lives, made for coded answers only.
// What decodes to more than kMaxRatio times its size is no answer: it is given
// up, so that a few bytes cannot keep a worker busy.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace aiproxy::frame {

enum class Coding : std::uint8_t { kIdentity = 0, kGzip = 1, kDeflate = 2 };

// Of a Content-Encoding; nullopt: one that we cannot decode.
std::optional<Coding> CodingOf(std::string_view content_encoding);

class Inflate {
 public:
    static constexpr std::uint64_t kMaxRatio = 200;

    explicit Inflate(Coding coding);
    ~Inflate();
    Inflate(const Inflate&) = delete;
    Inflate& operator=(const Inflate&) = delete;

    // Calls take with the decoded bytes, piece by piece.
    void Feed(std::string_view coded,
              const std::function<void(std::string_view)>& take);

    // The bytes were not what the coding said, or too many.
    bool broken() const { return broken_; }
    bool done() const { return done_; }

 private:
    struct Stream;

    bool Begin(unsigned char first);

    Coding coding_;
    bool broken_ = false;
    bool done_ = false;
    std::uint64_t taken_ = 0;
    std::uint64_t given_ = 0;
    std::unique_ptr<Stream> stream_;
};

}  // namespace aiproxy::frame
