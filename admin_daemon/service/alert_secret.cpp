// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_secret.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kLeastKey = 24;
constexpr std::size_t kMostKey = 64;

std::optional<std::string> FromBase64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size =
        ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

}  // namespace

std::string Base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                          reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string NewWebhookSecret() {
    const auto bytes = RandomBytes<32>();
    return std::string(kPrefix) +
           Base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::string> WebhookKey(const std::string& secret) {
    if (!secret.starts_with(kPrefix)) {
        if (secret.size() < kLeastKey) return std::nullopt;
        return secret;
    }
    auto key = FromBase64(std::string_view(secret).substr(kPrefix.size()));
    if (!key || key->size() < kLeastKey || key->size() > kMostKey) {
        return std::nullopt;
    }
    return key;
}

std::string SignWebhook(std::string_view key, std::string_view id,
                        std::int64_t seconds, std::string_view body) {
    std::string content(id);
    content += "." + std::to_string(seconds) + ".";
    content += body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(content.data()),
           content.size(), digest.data(), &size);
    return "v1," + Base64({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace aiproxy::admin::service
