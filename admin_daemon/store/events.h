// SPDX-License-Identifier: MIT
//
// Events. Called by service/events and, within a batch of the ledger, by
// service/ingestion.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Event {
    std::int64_t id = 0;
    std::string node_id;
    UnixMs occurred_at = 0;
    std::string kind;  // "key.rest", "record.refused", …
    std::optional<std::string> request_id;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> provider_id;
    std::optional<std::int64_t> provider_key_id;
    std::string detail;
    // Read only: present names, of deleted objects too.
    std::optional<std::string> client_key_name;
    std::optional<std::string> provider_name;
    std::optional<std::string> provider_key_name;
};

void InsertEvents(Connection& connection, std::span<const Event> events);

struct EventFilter {
    std::optional<UnixMs> from;
    std::optional<UnixMs> to;
    std::optional<std::string> kind;
    std::optional<std::int64_t> provider_key_id;
    // Those that come after this one in the list.
    std::optional<UnixMs> before_occurred_at;
    std::optional<std::int64_t> before_id;
};

// Newest first.
std::vector<Event> ListEvents(Connection& connection, const EventFilter& filter,
                              std::int64_t limit);
// At most limit; returns how many.
std::int64_t DeleteOldEvents(Connection& connection, UnixMs before,
                             std::int64_t limit);

}  // namespace aiproxy::admin::store
