// SPDX-License-Identifier: MIT

#include "core/key/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>

#include "core/key/digest.h"

namespace aiproxy::key {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHead = 5;  // version and key id: authenticated
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kOverhead = kHead + kNonceBytes + kTagBytes;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const {
        EVP_CIPHER_CTX_free(context);
    }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once, as in digest.cpp.
const EVP_CIPHER* FetchedAesGcm() {
    static const EVP_CIPHER* const fetched =
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return fetched;
}

const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool IsBlob(std::string_view blob) {
    return blob.size() >= kOverhead && blob.size() <= INT_MAX &&
           static_cast<std::uint8_t>(blob[0]) == kVersion;
}

bool Authenticate(EVP_CIPHER_CTX* gcm, std::string_view bytes) {
    int size = 0;
    return EVP_CipherUpdate(gcm, nullptr, &size, Bytes(bytes),
                            static_cast<int>(bytes.size())) == 1;
}

// The head and the context, one behind the other: in one call if they are
// short, for a call costs more than their bytes.
bool Authenticate(EVP_CIPHER_CTX* gcm, std::string_view head,
                  std::string_view context) {
    std::array<char, 64> both;
    if (head.size() + context.size() > both.size()) {
        return Authenticate(gcm, head) && Authenticate(gcm, context);
    }
    char* end = std::copy(head.begin(), head.end(), both.data());
    end = std::copy(context.begin(), context.end(), end);
    return Authenticate(
        gcm, {both.data(), static_cast<std::size_t>(end - both.data())});
}

bool Encrypt(const SealKey& key, const Nonce& nonce, std::string_view context,
             std::string_view secret, std::string& blob) {
    Context gcm(EVP_CIPHER_CTX_new());
    int size = 0;
    auto* out = reinterpret_cast<unsigned char*>(blob.data());
    return gcm &&
           EVP_EncryptInit_ex2(gcm.get(), FetchedAesGcm(), key.data(),
                               nonce.data(), nullptr) == 1 &&
           Authenticate(gcm.get(), std::string_view(blob).substr(0, kHead),
                        context) &&
           EVP_EncryptUpdate(gcm.get(), out + kHead + kNonceBytes, &size,
                             Bytes(secret),
                             static_cast<int>(secret.size())) == 1 &&
           EVP_EncryptFinal_ex(gcm.get(), out + blob.size() - kTagBytes,
                               &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                               out + blob.size() - kTagBytes) == 1;
}

// key: null when the context has it already.
bool Decrypt(EVP_CIPHER_CTX* gcm, const SealKey* key, std::string_view context,
             std::string_view blob, std::span<char> out) {
    std::string_view tag = blob.substr(blob.size() - kTagBytes);
    int size = 0;
    unsigned char end[16];
    return gcm != nullptr &&
           EVP_DecryptInit_ex2(gcm, key == nullptr ? nullptr : FetchedAesGcm(),
                               key == nullptr ? nullptr : key->data(),
                               Bytes(blob) + kHead, nullptr) == 1 &&
           Authenticate(gcm, blob.substr(0, kHead), context) &&
           EVP_DecryptUpdate(gcm, reinterpret_cast<unsigned char*>(out.data()),
                             &size, Bytes(blob) + kHead + kNonceBytes,
                             static_cast<int>(out.size())) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                               const_cast<char*>(tag.data())) == 1 &&
           EVP_DecryptFinal_ex(gcm, end, &size) == 1;
}

Status OpenWith(EVP_CIPHER_CTX* gcm, const SealKey* key,
                std::string_view context, std::string_view blob,
                std::span<char> out) {
    if (IsBlob(blob) && out.size() == SecretBytes(blob) &&
        context.size() <= INT_MAX && Decrypt(gcm, key, context, blob, out)) {
        return {};
    }
    // GCM writes plain text before it knows whether it is genuine.
    OPENSSL_cleanse(out.data(), out.size());
    return Error(ErrorCode::kInternal,
                 "a sealed secret does not open: other key, other context, or "
                 "changed bytes");
}

}  // namespace

std::uint32_t IdOf(const SealKey& key) {
    const Digest digest = Sha256(std::string_view(
        reinterpret_cast<const char*>(key.data()), key.size()));
    const auto id = static_cast<std::uint32_t>(Head(digest));
    return id == 0 ? 1 : id;
}

std::string SnapshotContext(std::int64_t provider_key_id) {
    return "snapshot.provider_key:" + std::to_string(provider_key_id);
}

Result<std::string> Seal(const SealKey& key, std::uint32_t key_id,
                         const Nonce& nonce, std::string_view context,
                         std::string_view secret) {
    if (secret.size() > INT_MAX - kOverhead || context.size() > INT_MAX) {
        return Error(ErrorCode::kInternal, "secret too long to seal");
    }
    std::string blob(kOverhead + secret.size(), '\0');
    blob[0] = static_cast<char>(kVersion);
    for (std::size_t i = 0; i < 4; ++i) {
        blob[1 + i] = static_cast<char>(key_id >> (24 - 8 * i) & 0xff);
    }
    std::copy(nonce.begin(), nonce.end(), blob.begin() + kHead);
    if (!Encrypt(key, nonce, context, secret, blob)) {
        return Error(ErrorCode::kInternal, "cannot seal a secret");
    }
    return blob;
}

std::size_t SecretBytes(std::string_view blob) {
    return IsBlob(blob) ? blob.size() - kOverhead : 0;
}

std::uint32_t SealKeyId(std::string_view blob) {
    if (!IsBlob(blob)) {
        return 0;
    }
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        id = id << 8 | static_cast<std::uint8_t>(blob[1 + i]);
    }
    return id;
}

Status Open(const SealKey& key, std::string_view context, std::string_view blob,
            std::span<char> out) {
    Context gcm(EVP_CIPHER_CTX_new());
    return OpenWith(gcm.get(), &key, context, blob, out);
}

struct Opener::Parts {
    Context gcm{EVP_CIPHER_CTX_new()};
};

Opener::Opener(const SealKey& key) : parts_(std::make_unique<Parts>()) {
    // Without memory nothing opens.
    if (parts_->gcm && EVP_DecryptInit_ex2(parts_->gcm.get(), FetchedAesGcm(),
                                           key.data(), nullptr, nullptr) != 1) {
        parts_->gcm.reset();
    }
}

Opener::~Opener() = default;

Status Opener::Open(std::string_view context, std::string_view blob,
                    std::span<char> out) {
    return OpenWith(parts_->gcm.get(), nullptr, context, blob, out);
}

}  // namespace aiproxy::key
