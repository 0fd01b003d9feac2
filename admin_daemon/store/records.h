// SPDX-License-Identifier: MIT
//
// Records of requests (table proxy_tracing). Called by service/records and
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

struct Record {
    std::int64_t id = 0;
    std::int64_t day = 0;
    std::string request_id;
    std::string node_id;
    UnixMs started_at = 0;
    UnixMs ended_at = 0;
    std::string method;
    std::string path;
    std::string dialect;
    std::optional<std::string> model;
    std::optional<std::string> model_served;
    bool streaming = false;
    std::int64_t status = 0;
    std::string outcome;
    std::optional<std::string> error_code;
    std::optional<std::string> error_class;  // none: success
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> user_id;  // who owned the client key
    std::optional<std::int64_t> provider_id;
    std::optional<std::int64_t> provider_key_id;
    std::optional<std::int64_t> input_tokens;
    std::optional<std::int64_t> cache_read_tokens;
    std::optional<std::int64_t> cache_write_5m_tokens;
    std::optional<std::int64_t> cache_write_1h_tokens;
    std::optional<std::int64_t> cache_write_30m_tokens;
    std::optional<std::int64_t> cache_write_12h_tokens;
    std::optional<std::int64_t> output_tokens;
    std::optional<std::int64_t> reasoning_tokens;
    std::optional<std::string> usage_more;  // JSON: counts that few have
    std::string usage_source;
    std::optional<std::int64_t> cost;  // pico-USD
    std::optional<std::int64_t> price_version_id;
    std::int64_t config_generation = 0;
    std::int64_t attempts = 0;
    std::optional<std::int64_t> first_byte_us;
    std::int64_t duration_us = 0;
    std::int64_t request_bytes = 0;
    std::int64_t response_bytes = 0;
    std::string client_ip;
    std::string user_agent;
    std::optional<std::string> provider_request_id;
    std::string attempt_list;             // JSON
    std::optional<std::string> decision;  // JSON
    // The provider's id of an answer that can be fetched again.
    std::optional<std::string> response_id;
    bool stored = false;       // it was fetched; not a column
    bool limits_owed = false;  // Redis was not told of it; not a column
    // Read only: present names, of deleted objects too.
    std::optional<std::string> client_key_name;
    std::optional<std::string> provider_name;
    std::optional<std::string> provider_key_name;
};

// What is there already is left alone. Returns which ones were new.
std::vector<bool> InsertRecords(Connection& connection,
                                std::span<const Record> records);

// A place in the list: behind this record.
struct RecordPosition {
    UnixMs started_at = 0;
    std::int64_t id = 0;
};

struct RecordFilter {
    std::optional<UnixMs> from;
    std::optional<UnixMs> to;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> user_id;
    std::optional<std::int64_t> provider_id;
    std::optional<std::int64_t> provider_key_id;
    std::optional<std::string> model;
    std::optional<std::int64_t> status;
    std::optional<std::string> outcome;
    std::optional<std::string> error_class;
    std::optional<std::string> usage_source;
    std::optional<std::string> request_id;  // lower case; with its day
    std::optional<std::int64_t> request_day;
    std::optional<std::string> prefix;    // of the path or the model
    std::optional<std::string> contains;  // in one of the texts
    bool oldest_first = false;
    bool whole = false;  // every column, attempt_list and decision among them
    std::optional<RecordPosition> after;  // what comes behind it in the list
};

struct RecordPage {
    std::vector<Record> rows;
    // Where to go on; nullopt: this was all. A page may have fewer rows than
    // asked for, or none, and go on all the same: a search looks at so many
    // records and no more.
    std::optional<RecordPosition> next;
};

// Newest first unless said otherwise.
RecordPage ListRecords(Connection& connection, const RecordFilter& filter,
                       std::int64_t limit);
// A transaction that stores records on Postgres holds this advisory lock, plus
// the number of the record that was stored last when it began.
inline constexpr std::int64_t kStoringLock = std::int64_t{0x6169} << 48;
inline constexpr std::int64_t kMaxStoring = (std::int64_t{1} << 48) - 1;

// Up to here every number is stored, or never will be.
std::int64_t FindSettledRecord(Connection& connection);

struct RecordTail {
    std::vector<Record> rows;
    std::int64_t last = 0;  // where to go on
};
// Those with a number behind this one, up to what was settled before this
// transaction began, as they were stored.
RecordTail ListStoredAfter(Connection& connection, const RecordFilter& filter,
                           std::int64_t stored_after, std::int64_t settled,
                           std::int64_t limit);
// The first and the last start, and the first day; nullopt without records.
std::optional<UnixMs> FindFirstStart(Connection& connection);
std::optional<UnixMs> FindLastStart(Connection& connection);
std::optional<std::int64_t> FindFirstRecordDay(Connection& connection);
bool HasRecord(Connection& connection, std::int64_t day,
               const std::string& request_id);
std::optional<Record> FindRecord(Connection& connection, std::int64_t id);
std::optional<Record> FindRecordByRequestId(Connection& connection,
                                            std::int64_t day,
                                            const std::string& request_id);

// What it costs by other prices, unless somebody else changed that since it was
// read, or it is gone: false.
bool UpdateRecordCost(Connection& connection, const Record& record,
                      std::optional<std::int64_t> cost,
                      std::optional<std::int64_t> price_version_id);

// Of [from, to), by when they started.
std::int64_t CountRecords(Connection& connection, UnixMs from, UnixMs to);

// Whether a record has the usage of that answer already. Until the end of the
// transaction no other node can find out the same.
bool HasUsageOf(Connection& connection, std::int64_t provider_id,
                const std::string& response_id);

// Names of providers and provider keys, of deleted ones too.
std::optional<std::string> FindProviderName(Connection& connection,
                                            std::int64_t id);
std::optional<std::string> FindProviderKeyName(Connection& connection,
                                               std::int64_t id);
std::optional<std::string> FindClientKeyName(Connection& connection,
                                             std::int64_t id);
std::optional<std::string> FindUserName(Connection& connection,
                                        std::int64_t id);
// Whose it is now.
std::optional<std::int64_t> FindClientKeyUser(Connection& connection,
                                              std::int64_t id);

}  // namespace aiproxy::admin::store
