// SPDX-License-Identifier: MIT

#include "core/frame/inflate.h"

#include <zlib.h>

#include "core/http/header.h"

namespace aiproxy::frame {
namespace {

constexpr std::size_t kPieceBytes = 4096;
// Before the ratio counts: a short text of one letter is no attack.
constexpr std::uint64_t kFreeBytes = 1 << 20;

}  // namespace

struct Inflate::Stream {
    z_stream z{};
    ~Stream() { inflateEnd(&z); }
};

std::optional<Coding> CodingOf(std::string_view content_encoding) {
    if (content_encoding.empty() ||
        http::EqualsIgnoreCase(content_encoding, "identity")) {
        return Coding::kIdentity;
    }
    if (http::EqualsIgnoreCase(content_encoding, "gzip") ||
        http::EqualsIgnoreCase(content_encoding, "x-gzip")) {
        return Coding::kGzip;
    }
    if (http::EqualsIgnoreCase(content_encoding, "deflate")) {
        return Coding::kDeflate;
    }
    return std::nullopt;
}

Inflate::Inflate(Coding coding) : coding_(coding) {}
Inflate::~Inflate() = default;

// "deflate" is sent with zlib's header by some and without it by others: the
// first byte tells.
bool Inflate::Begin(unsigned char first) {
    constexpr int kGzipWindow = 15 + 16;
    const bool has_header = (first & 0x0f) == 8;
    const int window = coding_ == Coding::kGzip ? kGzipWindow
                       : has_header             ? 15
                                                : -15;
    auto stream = std::make_unique<Stream>();
    if (inflateInit2(&stream->z, window) != Z_OK) {
        return false;
    }
    stream_ = std::move(stream);
    return true;
}

void Inflate::Feed(std::string_view coded,
                   const std::function<void(std::string_view)>& take) {
    if (coded.empty() || broken_ || done_) {
        return;
    }
    if (!stream_ && !Begin(static_cast<unsigned char>(coded[0]))) {
        broken_ = true;
        return;
    }
    z_stream& z = stream_->z;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));
    z.avail_in = static_cast<uInt>(coded.size());
    taken_ += coded.size();
    char piece[kPieceBytes];
    do {
        z.next_out = reinterpret_cast<Bytef*>(piece);
        z.avail_out = kPieceBytes;
        const int rc = inflate(&z, Z_NO_FLUSH);
        const std::size_t size = kPieceBytes - z.avail_out;
        given_ += size;
        done_ = rc == Z_STREAM_END;
        broken_ = (rc != Z_OK && rc != Z_BUF_ERROR && !done_) ||
                  given_ > kFreeBytes + taken_ * kMaxRatio;
        if (size > 0) {
            take({piece, size});
        }
    } while (!done_ && !broken_ && z.avail_out == 0);
}

}  // namespace aiproxy::frame
