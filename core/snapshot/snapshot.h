// SPDX-License-Identifier: MIT
//
// A snapshot in memory: the whole configuration that the data plane needs,
// immutable and position-independent. Called by nginx's workers for every
// request and by the daemon to check what it wrote. Holds no copy: the bytes
// must outlive it.
//
// File: a header of 64 bytes, little endian, then the FlatBuffers payload.
//
//     0  magic "AIPXSNAP"        8  u32 format (1)      12  u32 header bytes
//    16  u64 required features  24  u64 generation      32  u64 payload bytes
//    40  u32 CRC32C of payload  44  20 reserved bytes, zero
//
// A reader refuses a format or a required feature that it does not know.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/dialect/estimate.h"
#include "core/http/address.h"
#include "core/key/digest.h"
#include "core/pricing/price.h"
#include "core/retry/judge.h"
#include "core/snapshot/snapshot_generated.h"

namespace aiproxy::snapshot {

inline constexpr char kMagic[] = "AIPXSNAP";
inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::size_t kHeaderBytes = 64;

// Bits of required_features, of the file and of its rows, known to this code.
inline constexpr std::uint64_t kFeatureClientKeysOff = 1;  // of the file
inline constexpr std::uint64_t kKnownFileFeatures = kFeatureClientKeysOff;

inline constexpr std::uint64_t kFeatureEgress = 1;  // of a provider
inline constexpr std::uint64_t kKnownProviderFeatures = kFeatureEgress;

inline constexpr std::uint64_t kFeatureOwnLimits = 1;  // of a provider key
inline constexpr std::uint64_t kFeatureCredentialState = 2;
inline constexpr std::uint64_t kFeatureOwner = 4;
inline constexpr std::uint64_t kFeatureMoreLimits = 8;  // in "limits"
inline constexpr std::uint64_t kKnownProviderKeyFeatures =
    kFeatureOwnLimits | kFeatureCredentialState | kFeatureOwner |
    kFeatureMoreLimits;

inline constexpr std::uint64_t kFeatureUserDisabled = 1;  // of a client key
inline constexpr std::uint64_t kFeatureAddresses = 2;
inline constexpr std::uint64_t kFeatureModels = 4;
inline constexpr std::uint64_t kFeatureProviders = 8;
inline constexpr std::uint64_t kFeatureLimits = 16;  // its own, its user's
inline constexpr std::uint64_t kKnownClientKeyFeatures =
    kFeatureUserDisabled | kFeatureAddresses | kFeatureModels |
    kFeatureProviders | kFeatureLimits;

// The restrictions of a client key. True when it has none of that kind.
bool AllowsAddress(const wire::ClientKey& client, const http::Address& from);
// A name that ends with "*" stands for all that begin like it.
bool AllowsModel(const wire::ClientKey& client, std::string_view model);
// provider: its index.
bool AllowsProvider(const wire::ClientKey& client, std::uint32_t provider);

// A provider's own rows of the verdict table; they point into the snapshot.
std::vector<retry::Rule> VerdictRules(const wire::Provider& provider);
// Its column: its own, else the family's.
retry::Table VerdictTable(const wire::Provider& provider,
                          dialect::Family family);

// Parts of the authentication. nullptr: not there.
const wire::Issuer* FindIssuer(const wire::Authentication& authentication,
                               std::string_view issuer);
// kid: empty when the token names none; then the only key without one.
const wire::VerificationKey* FindVerificationKey(const wire::Issuer& issuer,
                                                 std::string_view kid);
bool IsRevoked(const wire::Authentication& authentication,
               std::string_view token_id);

class Snapshot {
 public:
    // Checks header, size and checksum, verifies the FlatBuffer (max_tables
    // from the file's size) and that every index in it is in range, that every
    // digest has 32 bytes and that what is searched is sorted. Once per load;
    // ~22 ms for 200,000 client keys. Errors: kInternal with a detail that says
    // what is wrong.
    static Result<Snapshot> Open(std::span<const std::byte> file);

    std::uint64_t generation() const { return root_->generation(); }
    const wire::Snapshot& root() const { return *root_; }

    // nullptr: no such key. O(log n); the last comparison is constant time.
    const wire::ClientKey* FindClientKey(const key::Digest& digest) const;

    // The same by the digest that a client key had before it was rotated,
    // until its grace ends.
    const wire::ClientKey* FindPrevious(const key::Digest& digest,
                                        UnixMs now) const;

    // The client key that a claim's value names. nullptr: none.
    const wire::ClientKey* FindByClaim(const wire::Issuer& issuer,
                                       std::string_view value) const;

    // nullptr: only client keys are taken, as before there were other ways.
    const wire::Authentication* authentication() const {
        return root_->authentication();
    }
    const wire::Settings* settings() const { return root_->settings(); }

    // REQUIRES: index < provider_keys()->size(); Open has checked pools.
    const wire::ProviderKey& provider_key(std::uint32_t index) const {
        return *root_->provider_keys()->Get(index);
    }
    const wire::Provider& provider(std::uint32_t index) const {
        return *root_->providers()->Get(index);
    }

    // The price of a model at a time for a class of service: the row with the
    // exact name, else the one whose name is the model's without a date at its
    // end ("gpt-4o-2024-08-06" -> "gpt-4o"), else the longest beginning with a
    // "*" behind it. Of several rows the one for that class of service counts,
    // then the newest in effect, then the one for that hour. nullopt:
    // unpriced, which is not free.
    std::optional<pricing::Price> FindPrice(
        std::string_view price_list, std::string_view model, UnixMs at,
        usage::Tier tier = usage::Tier::kUnknown) const;

    // By which tokens of that model are estimated; as they are measured when
    // nothing was learned of it.
    dialect::Calibration FindCalibration(std::string_view model) const;

 private:
    friend class Prices;  // looks into a copy of the prices alone
    explicit Snapshot(const wire::Snapshot* root) : root_(root) {}

    const wire::Snapshot* root_;
};

}  // namespace aiproxy::snapshot
