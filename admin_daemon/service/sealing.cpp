// SPDX-License-Identifier: MIT

#include "admin_daemon/service/sealing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <vector>

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

Result<key::SealKey> FromBytes(std::string& bytes, const std::string& path) {
    if (bytes.size() != 32) {
        return Error(
            ErrorCode::kInternal,
            path + " does not hold 32 bytes: restore it from a backup");
    }
    key::SealKey key;
    std::copy(bytes.begin(), bytes.end(), key.begin());
    Wipe(bytes);
    return key;
}

std::string DeriveFrom(const key::SealKey& key, std::string_view purpose) {
    unsigned char out[32];
    unsigned int size = sizeof(out);
    ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(purpose.data()),
           purpose.size(), out, &size);
    return std::string(reinterpret_cast<char*>(out), size);
}

constexpr std::size_t kMostKeyFile = 4096;

}  // namespace

// The first one seals.
struct SealingKey::Ring {
    std::vector<key::SealKey> keys;

    ~Ring() {
        for (auto& key : keys) ::sodium_memzero(key.data(), key.size());
    }
    static Result<std::shared_ptr<const Ring>> Read(std::string& text,
                                                    const std::string& path) {
        auto ring = std::make_shared<Ring>();
        std::string_view rest = text;
        while (!rest.empty()) {
            const std::string_view line = FirstLine(rest);
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            if (line.empty()) continue;
            auto bytes = FromBase64Url(line);
            if (!bytes) {
                return Error(ErrorCode::kInternal, path + " is not base64url");
            }
            const auto key = FromBytes(*bytes, path);
            if (!key.ok()) return key.error();
            ring->keys.push_back(*key);
        }
        Wipe(text);
        if (ring->keys.empty()) {
            return Error(ErrorCode::kInternal, path + " holds no key");
        }
        return std::shared_ptr<const Ring>(std::move(ring));
    }
};

struct SealingKey::Source {
    std::string path;  // empty: the ring never changes
    std::mutex mutex;
    std::shared_ptr<const Ring> ring;
    struct stat seen {};
};

SealingKey::SealingKey() : source_(std::make_unique<Source>()) {}
SealingKey::~SealingKey() = default;
SealingKey::SealingKey(SealingKey&&) noexcept = default;

SealingKey::SealingKey(const key::SealKey& key) : SealingKey() {
    auto ring = std::make_shared<Ring>();
    ring->keys.push_back(key);
    source_->ring = std::move(ring);
}

Result<SealingKey> SealingKey::Follow(const std::string& path) {
    SealingKey key;
    key.source_->path = path;
    ::stat(path.c_str(), &key.source_->seen);
    auto text = ReadWholeFile(path, kMostKeyFile);
    if (!text.ok()) return text.error();
    auto ring = Ring::Read(*text, path);
    if (!ring.ok()) return ring.error();
    key.source_->ring = std::move(*ring);
    return key;
}

// What cannot be read, or is no key file, leaves the keys as they were.
std::shared_ptr<const SealingKey::Ring> SealingKey::Current() const {
    const std::lock_guard lock(source_->mutex);
    struct stat now {};
    const struct stat& seen = source_->seen;
    if (source_->path.empty() || ::stat(source_->path.c_str(), &now) != 0 ||
        (now.st_ino == seen.st_ino && now.st_size == seen.st_size &&
         now.st_mtim.tv_sec == seen.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == seen.st_mtim.tv_nsec)) {
        return source_->ring;
    }
    auto text = ReadWholeFile(source_->path, kMostKeyFile);
    if (!text.ok()) return source_->ring;
    auto ring = Ring::Read(*text, source_->path);
    if (!ring.ok()) return source_->ring;
    source_->ring = std::move(*ring);
    source_->seen = now;
    return source_->ring;
}

Result<std::string> SealingKey::Seal(std::string_view context,
                                     std::string_view secret) const {
    const auto ring = Current();
    const key::SealKey& key = ring->keys.front();
    return key::Seal(key, key::IdOf(key), RandomBytes<12>(), context, secret);
}

Result<std::string> SealingKey::SealAlike(std::string_view context,
                                          std::string_view secret) const {
    const auto ring = Current();
    const key::SealKey& key = ring->keys.front();
    std::string text = std::string(context) + '\0' + std::string(secret);
    unsigned char mac[32];
    unsigned int size = sizeof(mac);
    const std::string nonce_key = DeriveFrom(key, "aiproxy nonce");
    ::HMAC(EVP_sha256(), nonce_key.data(), static_cast<int>(nonce_key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           mac, &size);
    Wipe(text);
    key::Nonce nonce;
    std::copy_n(mac, nonce.size(), nonce.begin());
    return key::Seal(key, key::IdOf(key), nonce, context, secret);
}

Result<std::string> SealingKey::Open(std::string_view context,
                                     std::string_view blob) const {
    const auto ring = Current();
    for (const key::SealKey& key : ring->keys) {
        if (key::SealKeyId(blob) != key::IdOf(key)) continue;
        std::string secret(key::SecretBytes(blob), '\0');
        const Status status = key::Open(key, context, blob, secret);
        if (!status.ok()) return status.error();
        return secret;
    }
    return Error(ErrorCode::kInternal,
                 "sealed under another key: " + std::string(context) +
                     ": put the master key of then back in its file");
}

bool SealingKey::HasSealed(std::string_view blob) const {
    return key::SealKeyId(blob) == key::IdOf(Current()->keys.front());
}

std::string SealingKey::Derive(std::string_view purpose) const {
    return DeriveFrom(Current()->keys.front(), purpose);
}

Result<SealingKey> LoadMasterKey(const std::string& path) {
    auto text = ReadOrCreateFile(path, 0600, MakeTextKey);
    if (!text.ok()) return text.error();
    Wipe(*text);
    return SealingKey::Follow(path);
}

namespace {

// The file keeps its owner, who is the daemon's user.
Status ReplaceKeyFile(const std::string& path, std::string& text) {
    struct stat owner {};
    if (::stat(path.c_str(), &owner) != 0) return SystemError("stat", path);
    const Status status = WriteWholeFile(path, text, 0600, true);
    Wipe(text);
    if (!status.ok()) return status;
    if (::geteuid() == 0 &&
        ::chown(path.c_str(), owner.st_uid, owner.st_gid) != 0) {
        return SystemError("chown", path);
    }
    return {};
}

}  // namespace

Status AddMasterKey(const std::string& path) {
    auto text = ReadWholeFile(path, kMostKeyFile);
    if (!text.ok()) return text.error();
    const auto good = SealingKey::Follow(path);
    if (!good.ok()) return good.error();
    std::string both = MakeTextKey() + *text;
    Wipe(*text);
    return ReplaceKeyFile(path, both);
}

Status DropOldMasterKeys(const std::string& path) {
    auto text = ReadWholeFile(path, kMostKeyFile);
    if (!text.ok()) return text.error();
    std::string first = std::string(FirstLine(*text)) + "\n";
    Wipe(*text);
    return ReplaceKeyFile(path, first);
}

Result<SealingKey> LoadNodeKey(const std::string& path) {
    auto bytes = ReadOrCreateFile(path, 0640, MakeRawKey);
    if (!bytes.ok()) return bytes.error();
    auto key = FromBytes(*bytes, path);
    if (!key.ok()) return key.error();
    SealingKey sealing(*key);
    ::sodium_memzero(key->data(), key->size());
    return sealing;
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
