// SPDX-License-Identifier: MIT
//
// Writes a snapshot file from plain structs. Called by the daemon's publish
// task. Writing is strict: what cannot be represented is refused here, never
// left out.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/dialect/dialect.h"
#include "core/key/digest.h"
#include "core/pricing/price.h"

namespace aiproxy::snapshot {

struct Provider {
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::vector<dialect::Dialect> dialects;
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    std::string path_prefix;
    std::vector<std::string> addresses;
    bool tls_verify = true;
    std::string tls_name;
    bool credential_in_query = false;
    std::string credential_name;
    std::string credential_prefix;
    std::vector<std::pair<std::string, std::string>> required_headers;
    std::optional<std::uint32_t> connect_timeout_ms;
    std::optional<std::uint32_t> first_byte_timeout_ms;
    std::optional<std::uint32_t> idle_timeout_ms;
    std::optional<std::uint32_t> total_timeout_ms;
    bool ask_usage = false;
    std::string price_list;
};

struct ProviderKey {
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::int64_t provider_id = 0;
    std::optional<std::uint32_t> slot;
    std::uint32_t weight = 1;
    std::optional<UnixMs> expires_at_ms;
    std::string sealed;
};

struct ClientKey {
    key::Digest digest{};
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::optional<std::int64_t> user_id;
    std::optional<std::uint32_t> slot;
    std::optional<UnixMs> expires_at_ms;
    bool weighted = false;           // else round robin
    std::vector<std::int64_t> pool;  // ids of provider keys
    std::optional<std::uint32_t> requests_per_minute;
    bool retry_after_timeout = true;
};

struct PriceRow {
    std::string price_list;
    std::string model;
    std::optional<UnixMs> effective_from_ms;
    pricing::Price price;
};

struct Content {
    std::uint64_t generation = 0;
    UnixMs created_at_ms = 0;
    std::vector<Provider> providers;
    std::vector<ProviderKey> provider_keys;
    std::vector<ClientKey> client_keys;
    std::vector<PriceRow> prices;
};

// The bytes of the whole file. Errors: kInternal, naming the row, when a
// provider key names a provider that is not there, a pool names a key that is
// not there, or two client keys have one digest.
Result<std::string> Encode(const Content& content);

}  // namespace aiproxy::snapshot
