// SPDX-License-Identifier: MIT
//
// The rows of a snapshot, one by one. For encode.cpp, which puts them in
// order and knows which of them name others.

#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/snapshot/encode.h"

namespace aiproxy::snapshot {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using Indices = std::unordered_map<std::int64_t, std::uint32_t>;

inline Error Refused(std::string why) {
    return Error(ErrorCode::kInternal, "snapshot: " + std::move(why));
}

template <class T>
flatbuffers::Optional<T> Wire(const std::optional<T>& value) {
    return value ? flatbuffers::Optional<T>(*value)
                 : flatbuffers::Optional<T>();
}

template <class T>
std::vector<const T*> Sorted(const std::vector<T>& rows, auto key) {
    std::vector<const T*> order;
    for (const T& row : rows) {
        order.push_back(&row);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](const T* a, const T* b) { return key(*a) < key(*b); });
    return order;
}

// Absent texts take no room.
inline Offset<flatbuffers::String> Text(FlatBufferBuilder& b,
                                        const std::string& text) {
    return text.empty() ? 0 : b.CreateSharedString(text);
}

inline Offset<flatbuffers::Vector<std::uint8_t>> Bytes(FlatBufferBuilder& b,
                                                       std::string_view bytes) {
    return b.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          bytes.size());
}

// Absent when there are none.
using TextList = Offset<flatbuffers::Vector<Offset<flatbuffers::String>>>;
inline TextList Texts(FlatBufferBuilder& b,
                      const std::vector<std::string>& texts) {
    return texts.empty() ? 0 : b.CreateVectorOfStrings(texts);
}

template <class T>
Offset<flatbuffers::Vector<Offset<T>>> Rows(
    FlatBufferBuilder& b, const std::vector<Offset<T>>& rows) {
    return rows.empty() ? 0 : b.CreateVector(rows);
}

Offset<wire::Provider> Write(FlatBufferBuilder& b, const Provider& from);
// provider: its index.
Offset<wire::ProviderKey> Write(FlatBufferBuilder& b, const ProviderKey& from,
                                std::uint32_t provider,
                                Offset<wire::Limits> limits);
// What a client key's row names, by index.
struct ClientNames {
    std::vector<std::uint32_t> pool;  // provider keys
    const Indices& providers;
    std::optional<std::uint32_t> user;
    Offset<wire::Limits> limits;
};
Offset<wire::ClientKey> Write(FlatBufferBuilder& b, const ClientKey& from,
                              const ClientNames& names);
// clients: index of each id.
Status Write(FlatBufferBuilder& b, const Authentication& from,
             const Indices& clients, Offset<wire::Authentication>& out);

}  // namespace aiproxy::snapshot
