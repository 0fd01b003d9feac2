// SPDX-License-Identifier: MIT

#include "core/payload/payload.h"

#include <algorithm>
#include <type_traits>

namespace aiproxy::payload {
namespace {

constexpr std::string_view kMagic = "AIPXPAY1";
constexpr std::uint8_t kPresent = 1;
constexpr std::uint8_t kCut = 2;
constexpr std::uint8_t kUnknownCoding = 4;

template <class T>
void Put(std::string& out, T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        out += static_cast<char>(bits >> (8 * i) & 0xff);
    }
}

void PutPart(std::string& out, const std::optional<Part>& part) {
    const Part none;
    const Part& from = part ? *part : none;
    std::uint8_t flags = part ? kPresent : 0;
    if (from.is_cut) flags |= kCut;
    if (part && !from.coding) flags |= kUnknownCoding;
    const std::string_view type =
        std::string_view(from.content_type).substr(0, kMaxContentTypeBytes);
    const auto coding = from.coding.value_or(frame::Coding::kIdentity);
    Put(out, flags);
    Put(out, static_cast<std::uint8_t>(coding));
    Put(out, static_cast<std::uint16_t>(type.size()));
    Put(out, static_cast<std::uint32_t>(from.text.size()));
    Put(out, from.bytes);
    out += type;
    out += from.text;
}

class Reader {
 public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}

    template <class T>
    T Take() {
        std::make_unsigned_t<T> bits = 0;
        const std::string_view bytes = Take(sizeof(T));
        for (std::size_t i = bytes.size(); i > 0; --i) {
            bits = static_cast<std::make_unsigned_t<T>>(
                bits << 8 | static_cast<unsigned char>(bytes[i - 1]));
        }
        return static_cast<T>(bits);
    }
    std::string_view Take(std::size_t size) {
        failed_ = failed_ || size > left_.size();
        if (failed_) return {};
        const std::string_view bytes = left_.substr(0, size);
        left_.remove_prefix(size);
        return bytes;
    }
    bool whole() const { return !failed_ && left_.empty(); }

 private:
    std::string_view left_;
    bool failed_ = false;
};

std::optional<Part> TakePart(Reader& reader) {
    Part part;
    const auto flags = reader.Take<std::uint8_t>();
    const auto coding = reader.Take<std::uint8_t>();
    const auto type = reader.Take<std::uint16_t>();
    const auto size = reader.Take<std::uint32_t>();
    part.bytes = reader.Take<std::uint64_t>();
    part.content_type = reader.Take(type);
    part.text = reader.Take(size);
    part.is_cut = (flags & kCut) != 0;
    const bool known =
        coding <= static_cast<std::uint8_t>(frame::Coding::kDeflate);
    if (known && (flags & kUnknownCoding) == 0) {
        part.coding = static_cast<frame::Coding>(coding);
    }
    if ((flags & kPresent) == 0) return std::nullopt;
    return part;
}

}  // namespace

std::string Context(const RequestId& id) {
    return "payloads:" + FormatRequestId(id);
}

std::string Encode(const Payload& payload) {
    std::string out(kMagic);
    out.append(reinterpret_cast<const char*>(payload.id.data()),
               payload.id.size());
    Put(out, payload.client_key_id);
    Put(out, payload.started_at_ms);
    PutPart(out, payload.request);
    PutPart(out, payload.answer);
    return out;
}

std::optional<Payload> Decode(std::string_view bytes) {
    Reader reader(bytes);
    if (reader.Take(kMagic.size()) != kMagic) return std::nullopt;
    Payload payload;
    const std::string_view id = reader.Take(payload.id.size());
    std::copy(id.begin(), id.end(), payload.id.begin());
    payload.client_key_id = reader.Take<std::int64_t>();
    payload.started_at_ms = reader.Take<std::int64_t>();
    payload.request = TakePart(reader);
    payload.answer = TakePart(reader);
    if (!reader.whole()) return std::nullopt;
    return payload;
}

}  // namespace aiproxy::payload
