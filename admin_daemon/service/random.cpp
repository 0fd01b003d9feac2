// SPDX-License-Identifier: MIT

#include "admin_daemon/service/random.h"

#include <sodium.h>

#include "core/key/digest.h"

namespace aiproxy::admin::service {

void FillRandom(std::span<std::uint8_t> out) {
    ::randombytes_buf(out.data(), out.size());
}

std::string Base64Url(std::string_view bytes) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    ::sodium_bin2base64(text.data(), text.size(),
                        reinterpret_cast<const unsigned char*>(bytes.data()),
                        bytes.size(), variant);
    text.pop_back();  // the terminating NUL
    return text;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const int failed = ::sodium_base642bin(
        reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
        text.data(), text.size(), nullptr, &size, nullptr,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::string RandomToken() {
    const auto bytes = RandomBytes<32>();
    return Base64Url(std::string_view(
        reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::string HexSha256(std::string_view bytes) {
    const key::Digest digest = key::Sha256(bytes);
    std::string hex(digest.size() * 2 + 1, '\0');
    ::sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

void Wipe(std::string& secret) {
    ::sodium_memzero(secret.data(), secret.size());
}

}  // namespace aiproxy::admin::service
