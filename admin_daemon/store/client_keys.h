// SPDX-License-Identifier: MIT
//
// Client keys and their pools. Of the key itself there is only the digest.
// Called by service/client_keys and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/limits.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"
#include "core/payload/redact.h"

namespace aiproxy::admin::store {

// What is kept of what a client key's requests say.
struct PayloadLog {
    std::string parts = "both";             // request, answer
    std::optional<std::int64_t> max_bytes;  // of each
    payload::Rules hide;

    bool operator==(const PayloadLog&) const = default;
};

struct ClientKey {
    std::int64_t id = 0;
    std::string name;
    std::string prefix;
    std::optional<std::string> digest;  // SHA-256 in hex; none once deleted
    // The one before the last rotation, and how long it works.
    std::optional<std::string> previous_digest;
    std::optional<UnixMs> previous_until;
    std::optional<std::int64_t> user_id;  // whose it is
    std::vector<std::int64_t> pool;       // ids of provider keys
    // Absent: no restriction. Empty: nothing is allowed.
    std::optional<std::vector<std::string>> allowed_addresses;
    std::optional<std::vector<std::string>> allowed_models;
    std::optional<std::vector<std::int64_t>> allowed_providers;
    std::string strategy = "round_robin";
    std::optional<std::string> sticky_source;
    std::optional<std::string> sticky_header;
    std::optional<std::int64_t> max_attempts;
    std::optional<std::int64_t> attempts_within_ms;
    std::optional<std::int64_t> retry_percent;
    std::optional<std::int64_t> park_ms;
    std::string on_abort = "cut";
    std::optional<std::int64_t> drain_ms;
    std::optional<std::int64_t> drain_bytes;
    std::optional<std::int64_t> requests_per_minute;
    Limits limits;
    bool retry_after_timeout = true;
    bool is_enabled = true;
    std::optional<UnixMs> expires_at;
    std::optional<UnixMs> not_before;  // of tokens
    std::optional<PayloadLog> payload_log;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
};

// Not deleted.
std::optional<ClientKey> FindClientKey(Connection& connection, std::int64_t id);
std::optional<std::int64_t> FindClientKeyIdByName(Connection& connection,
                                                  const std::string& name);
// Of the key as it is, or as it was before a rotation whose grace runs.
std::optional<std::int64_t> FindClientKeyIdByDigest(Connection& connection,
                                                    const std::string& digest,
                                                    UnixMs now);
// Not deleted.
struct ClientKeyFilter {
    std::optional<std::int64_t> user_id;
    std::optional<bool> is_enabled;
    bool limited = false;  // those alone that may have a limit
};
std::vector<ClientKey> ListClientKeys(Connection& connection,
                                      const ClientKeyFilter& filter,
                                      const Page& page);
// Deleted ones too, of a later version.
std::vector<ClientKey> ListClientKeysSince(Connection& connection,
                                           std::int64_t version);
void InsertClientKey(Connection& connection, ClientKey& key);  // sets id
void UpdateClientKey(Connection& connection, const ClientKey& key);
void DeleteClientKey(Connection& connection, std::int64_t id,
                     std::int64_t version, UnixMs now);

}  // namespace aiproxy::admin::store
