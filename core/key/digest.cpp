// SPDX-License-Identifier: MIT

#include "core/key/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>

namespace aiproxy::key {
namespace {

constexpr std::string_view kScheme = "aip_";
constexpr std::size_t kNameChars = 8;

// Fetched once: a fetch per call costs several times the digest itself.
const EVP_MD* FetchedSha256() {
    static const EVP_MD* const fetched =
        EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

void AppendBase64Url(std::string& out, std::span<const std::uint8_t> bytes) {
    constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::uint32_t window = 0;
    int bits = 0;
    for (std::uint8_t byte : bytes) {
        window = window << 8 | byte;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out += kAlphabet[window >> bits & 63];
        }
    }
    if (bits > 0) {
        out += kAlphabet[window << (6 - bits) & 63];
    }
}

}  // namespace

Digest Sha256(std::string_view bytes) {
    Digest digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size,
                   FetchedSha256(), nullptr) != 1 ||
        size != digest.size()) {
        // Only without memory. A digest that is not one would let a wrong key
        // in or a right one out.
        std::abort();
    }
    return digest;
}

struct Hasher::Context {
    Context() : md(EVP_MD_CTX_new()) {}
    ~Context() { EVP_MD_CTX_free(md); }
    Context(const Context&) = delete;

    EVP_MD_CTX* md;
};

Hasher::Hasher() : context_(std::make_unique<Context>()) {}
Hasher::~Hasher() = default;

Digest Hasher::Sha256(std::string_view bytes) {
    Digest digest{};
    unsigned int size = 0;
    if (EVP_DigestInit_ex2(context_->md, FetchedSha256(), nullptr) != 1 ||
        EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context_->md, digest.data(), &size) != 1 ||
        size != digest.size()) {
        std::abort();  // as in Sha256
    }
    return digest;
}

bool Equal(const Digest& a, const Digest& b) {
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::uint64_t Head(const Digest& digest) {
    std::uint64_t head = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        head = head << 8 | digest[i];
    }
    return head;
}

std::string MakeClientKey(std::span<const std::uint8_t, 6> name,
                          std::span<const std::uint8_t, 32> secret) {
    std::string key(kScheme);
    key.reserve(kScheme.size() + kNameChars + 1 + 43);
    AppendBase64Url(key, name);
    key += '_';
    AppendBase64Url(key, secret);
    return key;
}

std::string_view ClientKeyPrefix(std::string_view client_key) {
    // By position: the eight characters may hold "_" themselves.
    constexpr std::size_t kPrefix = kScheme.size() + kNameChars;
    if (client_key.size() <= kPrefix || client_key[kPrefix] != '_' ||
        !client_key.starts_with(kScheme)) {
        return {};
    }
    return client_key.substr(0, kPrefix);
}

}  // namespace aiproxy::key
