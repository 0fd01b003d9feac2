// SPDX-License-Identifier: MIT

#include "admin_daemon/service/sealing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>

#include "admin_daemon/files.h"
#include "admin_daemon/service/random.h"
#include "core/key/digest.h"

namespace aiproxy::admin::service {
namespace {

std::string MakeRawKey() {
    const auto bytes = RandomBytes<32>();
    return std::string(reinterpret_cast<const char*>(bytes.data()),
                       bytes.size());
}

std::string MakeTextKey() {
    return RandomToken() + "\n";
}

std::string MakeNodeId() {
    const auto bytes = RandomBytes<16>();
    return HexSha256(
               std::string_view(reinterpret_cast<const char*>(bytes.data()),
                                bytes.size()))
               .substr(0, 32) +
           "\n";
}

std::string_view FirstLine(std::string_view text) {
    return text.substr(0, text.find_first_of("\r\n"));
}

Result<SealingKey> FromBytes(std::string& bytes, const std::string& path) {
    if (bytes.size() != 32) {
        return Error(
            ErrorCode::kInternal,
            path + " does not hold 32 bytes: restore it from a backup");
    }
    key::SealKey key;
    std::copy(bytes.begin(), bytes.end(), key.begin());
    Wipe(bytes);
    SealingKey sealing(key);
    ::sodium_memzero(key.data(), key.size());
    return sealing;
}

}  // namespace

SealingKey::SealingKey(const key::SealKey& key) : key_(key) {
    const key::Digest digest = key::Sha256(std::string_view(
        reinterpret_cast<const char*>(key.data()), key.size()));
    id_ = static_cast<std::uint32_t>(key::Head(digest));
    if (id_ == 0) id_ = 1;
}

SealingKey::~SealingKey() {
    ::sodium_memzero(key_.data(), key_.size());
}

Result<std::string> SealingKey::Seal(std::string_view context,
                                     std::string_view secret) const {
    return key::Seal(key_, id_, RandomBytes<12>(), context, secret);
}

Result<std::string> SealingKey::Open(std::string_view context,
                                     std::string_view blob) const {
    if (key::SealKeyId(blob) != id_) {
        return Error(ErrorCode::kInternal,
                     "sealed under another key: " + std::string(context) +
                         ": put the master key of then back in its file");
    }
    std::string secret(key::SecretBytes(blob), '\0');
    const Status status = key::Open(key_, context, blob, secret);
    if (!status.ok()) return status.error();
    return secret;
}

std::string SealingKey::Derive(std::string_view purpose) const {
    unsigned char out[32];
    unsigned int size = sizeof(out);
    ::HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(purpose.data()),
           purpose.size(), out, &size);
    return std::string(reinterpret_cast<char*>(out), size);
}

Result<SealingKey> LoadMasterKey(const std::string& path) {
    auto text = ReadOrCreateFile(path, 0600, MakeTextKey);
    if (!text.ok()) return text.error();
    auto bytes = FromBase64Url(FirstLine(*text));
    Wipe(*text);
    if (!bytes) {
        return Error(ErrorCode::kInternal, path + " is not base64url");
    }
    return FromBytes(*bytes, path);
}

Result<SealingKey> LoadNodeKey(const std::string& path) {
    auto bytes = ReadOrCreateFile(path, 0640, MakeRawKey);
    if (!bytes.ok()) return bytes.error();
    return FromBytes(*bytes, path);
}

Result<std::string> LoadNodeId(const std::string& path) {
    const auto text = ReadOrCreateFile(path, 0644, MakeNodeId);
    if (!text.ok()) return text.error();
    const std::string id(FirstLine(*text));
    const bool hex =
        id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (id.size() != 32 || !hex) {
        return Error(ErrorCode::kInternal, path + " does not hold a node id");
    }
    return id;
}

}  // namespace aiproxy::admin::service
