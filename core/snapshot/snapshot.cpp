// SPDX-License-Identifier: MIT

#include "core/snapshot/snapshot.h"

#include <algorithm>
#include <cstring>

#include "core/base/crc32c.h"
#include "core/snapshot/file_header.h"

namespace aiproxy::snapshot {
namespace {

Error Refused(std::string why) {
    return Error(ErrorCode::kInternal, "snapshot: " + std::move(why));
}

template <class T>
std::optional<T> Plain(const flatbuffers::Optional<T>& value) {
    return value.has_value() ? std::optional<T>(value.value()) : std::nullopt;
}

key::Digest DigestOf(const wire::PreviousDigest& row) {
    key::Digest digest;
    std::memcpy(digest.data(), row.digest()->data(), digest.size());
    return digest;
}

bool TextBefore(const flatbuffers::String* a, const flatbuffers::String* b) {
    return a->string_view() < b->string_view();
}

Status CheckHeader(std::span<const std::byte> file, FileHeader& header) {
    if (file.size() < sizeof(FileHeader)) {
        return Refused("shorter than its header");
    }
    std::memcpy(&header, file.data(), sizeof(header));
    if (std::memcmp(header.magic, kMagic, sizeof(header.magic)) != 0) {
        return Refused("foreign magic");
    }
    if (header.format != kFormat || header.header_bytes != kHeaderBytes) {
        return Refused("format " + std::to_string(header.format) +
                       " is not known");
    }
    if ((header.required_features & ~kKnownFileFeatures) != 0) {
        return Refused("needs a feature that is not known");
    }
    static constexpr char kZero[sizeof(header.reserved)] = {};
    if (header.payload_bytes != file.size() - kHeaderBytes ||
        std::memcmp(header.reserved, kZero, sizeof(kZero)) != 0) {
        return Refused("size is wrong");
    }
    if (Crc32c({reinterpret_cast<const char*>(file.data()) + kHeaderBytes,
                file.size() - kHeaderBytes}) != header.checksum) {
        return Refused("checksum is wrong");
    }
    return {};
}

// What FlatBuffers' verifier cannot know: that indices are in range and that
// the list which is searched is sorted.
Status CheckRows(const wire::Snapshot& root) {
    for (const wire::ProviderKey* key : *root.provider_keys()) {
        if (key->provider() >= root.providers()->size()) {
            return Refused("a provider key names no provider");
        }
    }
    std::uint64_t last = 0;
    for (const wire::ClientKey* key : *root.client_keys()) {
        if (key->digest()->size() != sizeof(key::Digest) ||
            key->digest_head() < last) {
            return Refused("client keys are not in order");
        }
        last = key->digest_head();
        if (key->pool() == nullptr) {
            continue;
        }
        for (std::uint32_t index : *key->pool()) {
            if (index >= root.provider_keys()->size()) {
                return Refused("a pool names no provider key");
            }
        }
    }
    return {};
}

bool HasZone(const wire::Snapshot& root, const wire::Limits* limits) {
    return limits == nullptr || !limits->zone().has_value() ||
           (root.zones() != nullptr &&
            limits->zone().value() < root.zones()->size());
}

// Users and zones that limits name, and that borders are in order.
Status CheckLimits(const wire::Snapshot& root) {
    bool good = true;
    const std::size_t users =
        root.users() == nullptr ? 0 : root.users()->size();
    for (const wire::ProviderKey* key : *root.provider_keys()) {
        good &= HasZone(root, key->limits());
    }
    for (const wire::ClientKey* key : *root.client_keys()) {
        good &= HasZone(root, key->limits());
        good &= !key->user().has_value() || key->user().value() < users;
    }
    for (std::size_t i = 0; i < users; ++i) {
        good &= HasZone(
            root, root.users()->Get(static_cast<std::uint32_t>(i))->limits());
    }
    const std::size_t zones =
        root.zones() == nullptr ? 0 : root.zones()->size();
    for (std::size_t i = 0; i < zones; ++i) {
        const auto* zone = root.zones()->Get(static_cast<std::uint32_t>(i));
        good &= std::is_sorted(zone->days()->begin(), zone->days()->end());
        good &= std::is_sorted(zone->months()->begin(), zone->months()->end());
    }
    return good ? Status() : Refused("limits name what is not there");
}

Status CheckPrevious(const wire::Snapshot& root) {
    const wire::PreviousDigest* last = nullptr;
    if (root.previous_digests() == nullptr) {
        return {};
    }
    for (const wire::PreviousDigest* row : *root.previous_digests()) {
        if (row->client_key() >= root.client_keys()->size() ||
            (last != nullptr && !(DigestOf(*last) < DigestOf(*row)))) {
            return Refused("previous digests are not in order");
        }
        last = row;
    }
    return {};
}

Status CheckIssuer(const wire::Issuer& issuer, std::size_t client_keys) {
    std::string_view last;
    if (issuer.clients() == nullptr) {
        return {};
    }
    for (const wire::ClaimClient* row : *issuer.clients()) {
        std::string_view value = row->value()->string_view();
        if (row->client_key() >= client_keys || value < last) {
            return Refused("clients of an issuer are not in order");
        }
        last = value;
    }
    return {};
}

Status CheckAuthentication(const wire::Snapshot& root) {
    const wire::Authentication* authentication = root.authentication();
    if (authentication == nullptr) {
        return {};
    }
    if (authentication->issuers() != nullptr) {
        for (const wire::Issuer* issuer : *authentication->issuers()) {
            Status sound = CheckIssuer(*issuer, root.client_keys()->size());
            if (!sound) {
                return sound;
            }
        }
    }
    const auto* revoked = authentication->revoked();
    if (revoked != nullptr &&
        !std::is_sorted(revoked->begin(), revoked->end(), TextBefore)) {
        return Refused("revoked tokens are not in order");
    }
    return {};
}

Status CheckCalibrations(const wire::Snapshot& root) {
    const auto* rows = root.calibrations();
    const bool sorted =
        rows == nullptr ||
        std::is_sorted(rows->begin(), rows->end(),
                       [](const auto* a, const auto* b) {
                           return TextBefore(a->model(), b->model());
                       });
    return sorted ? Status() : Refused("calibrations are not in order");
}

}  // namespace

Result<Snapshot> Snapshot::Open(std::span<const std::byte> file) {
    FileHeader header;
    Status sound = CheckHeader(file, header);
    if (!sound) {
        return sound.error();
    }
    auto payload =
        reinterpret_cast<const std::uint8_t*>(file.data()) + kHeaderBytes;
    // No table is smaller than four bytes, so the size bounds their number.
    flatbuffers::Verifier verifier(
        payload, header.payload_bytes, 64,
        static_cast<flatbuffers::uoffset_t>(header.payload_bytes / 4 + 1));
    if (!wire::VerifySnapshotBuffer(verifier)) {
        return Refused("content is damaged");
    }
    const wire::Snapshot* root = wire::GetSnapshot(payload);
    if (root->generation() != header.generation) {
        return Refused("two generations in one file");
    }
    // The checksum does not cover the header.
    bool keys_off = root->authentication() != nullptr &&
                    !root->authentication()->client_keys();
    if (header.required_features != (keys_off ? kFeatureClientKeysOff : 0)) {
        return Refused("its features are not those of its content");
    }
    for (auto check : {CheckRows, CheckLimits, CheckPrevious,
                       CheckAuthentication, CheckCalibrations}) {
        sound = check(*root);
        if (!sound) {
            return sound.error();
        }
    }
    return Snapshot(root);
}

const wire::ClientKey* Snapshot::FindClientKey(
    const key::Digest& digest) const {
    const auto& keys = *root_->client_keys();
    std::uint64_t head = key::Head(digest);
    auto at =
        std::lower_bound(keys.begin(), keys.end(), head,
                         [](const wire::ClientKey* left, std::uint64_t wanted) {
                             return left->digest_head() < wanted;
                         });
    for (; at != keys.end() && at->digest_head() == head; ++at) {
        key::Digest known;
        std::memcpy(known.data(), at->digest()->data(), known.size());
        if (key::Equal(known, digest)) {
            return *at;
        }
    }
    return nullptr;
}

const wire::ClientKey* Snapshot::FindPrevious(const key::Digest& digest,
                                              UnixMs now) const {
    const auto* rows = root_->previous_digests();
    if (rows == nullptr) {
        return nullptr;
    }
    auto at = std::lower_bound(
        rows->begin(), rows->end(), digest,
        [](const wire::PreviousDigest* left, const key::Digest& wanted) {
            return DigestOf(*left) < wanted;
        });
    if (at == rows->end() || !key::Equal(DigestOf(**at), digest) ||
        at->until_ms() <= now) {
        return nullptr;
    }
    return root_->client_keys()->Get(at->client_key());
}

dialect::Calibration Snapshot::FindCalibration(std::string_view model) const {
    dialect::Calibration calibration;
    const auto* rows = root_->calibrations();
    if (rows == nullptr) {
        return calibration;
    }
    auto at = std::lower_bound(
        rows->begin(), rows->end(), model,
        [](const wire::Calibration* left, std::string_view wanted) {
            return left->model()->string_view() < wanted;
        });
    if (at != rows->end() && at->model()->string_view() == model) {
        calibration.ppm = at->ppm();
        calibration.error_ppm = at->error_ppm();
    }
    return calibration;
}

const wire::ClientKey* Snapshot::FindByClaim(const wire::Issuer& issuer,
                                             std::string_view value) const {
    const auto* rows = issuer.clients();
    if (rows == nullptr) {
        return nullptr;
    }
    auto at = std::lower_bound(
        rows->begin(), rows->end(), value,
        [](const wire::ClaimClient* left, std::string_view wanted) {
            return left->value()->string_view() < wanted;
        });
    if (at == rows->end() || at->value()->string_view() != value) {
        return nullptr;
    }
    return root_->client_keys()->Get(at->client_key());
}

}  // namespace aiproxy::snapshot
