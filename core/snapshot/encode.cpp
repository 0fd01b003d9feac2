// SPDX-License-Identifier: MIT

#include "core/snapshot/encode.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/base/crc32c.h"
#include "core/snapshot/encode_rows.h"
#include "core/snapshot/file_header.h"
#include "core/snapshot/limit_rows.h"
#include "core/snapshot/price_rows.h"

namespace aiproxy::snapshot {
namespace {

std::string WithHeader(const FlatBufferBuilder& b, const Content& content) {
    std::string_view payload(
        reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize());
    FileHeader header{};
    std::memcpy(header.magic, kMagic, sizeof(header.magic));
    header.format = kFormat;
    header.header_bytes = kHeaderBytes;
    header.required_features =
        content.authentication.client_keys ? 0 : kFeatureClientKeysOff;
    header.generation = content.generation;
    header.payload_bytes = payload.size();
    header.checksum = Crc32c(payload);
    std::string file(reinterpret_cast<const char*>(&header), sizeof(header));
    file += payload;
    return file;
}

using ProviderRows = std::vector<Offset<wire::Provider>>;
using KeyRows = std::vector<Offset<wire::ProviderKey>>;
using ClientRows = std::vector<Offset<wire::ClientKey>>;

// Where the rows are that others name.
struct Places {
    Zones zones;
    Indices providers;
    Indices keys;
    Indices users;
    Indices clients;
};

Status WriteProviderKeys(FlatBufferBuilder& b, const Content& content,
                         Places& places, KeyRows& rows) {
    for (const ProviderKey& row : content.provider_keys) {
        auto provider = places.providers.find(row.provider_id);
        if (provider == places.providers.end()) {
            return Refused("provider key " + std::to_string(row.id) +
                           " names no provider");
        }
        places.keys[row.id] = static_cast<std::uint32_t>(rows.size());
        auto limits = WriteLimits(b, row.limits, row.time_zone, places.zones);
        rows.push_back(Write(b, row, provider->second, limits));
    }
    return {};
}

using ByDigest = std::vector<std::pair<std::uint64_t, const ClientKey*>>;

// The head decides nearly always, and is at hand: there may be many keys.
bool Before(const ByDigest::value_type& a, const ByDigest::value_type& b) {
    return a.first != b.first ? a.first < b.first
                              : a.second->digest < b.second->digest;
}

ByDigest SortedByDigest(const std::vector<ClientKey>& keys) {
    ByDigest order;
    order.reserve(keys.size());
    for (const ClientKey& key : keys) {
        order.emplace_back(key::Head(key.digest), &key);
    }
    std::sort(order.begin(), order.end(), Before);
    return order;
}

Status WriteClientKeys(FlatBufferBuilder& b, const ByDigest& order,
                       Places& places, ClientRows& rows) {
    places.clients.reserve(order.size());
    rows.reserve(order.size());
    ClientNames names{{}, places.providers, {}, 0};
    const ClientKey* last = nullptr;
    for (const auto& [head, row] : order) {
        if (last != nullptr && last->digest == row->digest) {
            return Refused("client keys " + std::to_string(last->id) + " and " +
                           std::to_string(row->id) + " have one digest");
        }
        last = row;
        names.pool.clear();
        for (std::int64_t id : row->pool) {
            auto key = places.keys.find(id);
            if (key == places.keys.end()) {
                return Refused("the pool of client key " +
                               std::to_string(row->id) +
                               " names no provider key");
            }
            names.pool.push_back(key->second);
        }
        names.user.reset();
        if (row->user_id && places.users.contains(*row->user_id)) {
            names.user = places.users.at(*row->user_id);
        }
        names.limits =
            WriteLimits(b, row->limits, row->time_zone, places.zones);
        places.clients[row->id] = static_cast<std::uint32_t>(rows.size());
        rows.push_back(Write(b, *row, names));
    }
    return {};
}

bool IsPresent(const ByDigest& order, const key::Digest& digest) {
    ClientKey wanted;
    wanted.digest = digest;
    return std::binary_search(
        order.begin(), order.end(),
        std::pair{key::Head(digest), static_cast<const ClientKey*>(&wanted)},
        Before);
}

// A digest that is another key's present one would never be looked for here.
Status WritePrevious(
    FlatBufferBuilder& b, const ByDigest& order, const Indices& clients,
    Offset<flatbuffers::Vector<const wire::PreviousDigest*>>& out) {
    std::map<key::Digest, wire::PreviousDigest> rows;
    for (const auto& [head, row] : order) {
        if (!row->previous) {
            continue;
        }
        wire::PreviousDigest to(
            flatbuffers::span<const std::uint8_t, 32>(
                row->previous->digest.data(), row->previous->digest.size()),
            row->previous->until_ms, clients.at(row->id));
        if (IsPresent(order, row->previous->digest) ||
            !rows.emplace(row->previous->digest, to).second) {
            return Refused("the previous digest of client key " +
                           std::to_string(row->id) + " is another's");
        }
    }
    std::vector<wire::PreviousDigest> list;
    for (const auto& [digest, row] : rows) {
        list.push_back(row);
    }
    out = list.empty() ? 0 : b.CreateVectorOfStructs(list);
    return {};
}

}  // namespace

Result<std::string> Encode(const Content& content) {
    FlatBufferBuilder b(1 << 20);
    Places places;
    std::vector<Offset<wire::Zone>> zone_rows;
    for (const Zone& row : content.zones) {
        places.zones[row.name] = static_cast<std::uint32_t>(zone_rows.size());
        zone_rows.push_back(Write(b, row));
    }
    std::vector<Offset<wire::User>> user_rows;
    for (const User& row : content.users) {
        places.users[row.id] = static_cast<std::uint32_t>(user_rows.size());
        user_rows.push_back(Write(b, row, places.zones));
    }
    ProviderRows provider_rows;
    for (const Provider& row : content.providers) {
        places.providers[row.id] =
            static_cast<std::uint32_t>(provider_rows.size());
        provider_rows.push_back(Write(b, row));
    }
    KeyRows key_rows;
    ClientRows client_rows;
    Offset<flatbuffers::Vector<const wire::PreviousDigest*>> previous;
    Offset<wire::Authentication> authentication;
    Status written = WriteProviderKeys(b, content, places, key_rows);
    const ByDigest by_digest = SortedByDigest(content.client_keys);
    if (written) {
        written = WriteClientKeys(b, by_digest, places, client_rows);
    }
    if (written) {
        written = WritePrevious(b, by_digest, places.clients, previous);
    }
    if (written) {
        written =
            Write(b, content.authentication, places.clients, authentication);
    }
    if (!written) {
        return written.error();
    }
    std::vector<Offset<wire::Price>> price_rows;
    for (const PriceRow* row : Sorted(content.prices, [](const PriceRow& p) {
             return std::tie(p.price_list, p.model);
         })) {
        price_rows.push_back(WritePrice(b, *row));
    }
    auto settings =
        wire::CreateSettings(b, Texts(b, content.settings.cors_origins),
                             content.settings.traceparent);
    auto zones = Rows(b, zone_rows);
    auto users = Rows(b, user_rows);
    std::vector<Offset<wire::Calibration>> calibrations;
    for (const Calibration* row :
         Sorted(content.calibrations, [](const Calibration& calibration) {
             return std::tie(calibration.model);
         })) {
        calibrations.push_back(wire::CreateCalibration(
            b, b.CreateString(row->model), row->ppm, row->error_ppm));
    }
    auto calibration_rows = Rows(b, calibrations);
    b.Finish(wire::CreateSnapshot(
        b, content.generation, content.created_at_ms,
        b.CreateVector(provider_rows), b.CreateVector(key_rows),
        b.CreateVector(client_rows), b.CreateVector(price_rows), previous,
        authentication, settings, zones, users, calibration_rows));
    return WithHeader(b, content);
}

}  // namespace aiproxy::snapshot
