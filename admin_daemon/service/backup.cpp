// SPDX-License-Identifier: MIT

#include "admin_daemon/service/backup.h"

#include <sys/stat.h>

#include <numeric>

#include "admin_daemon/files.h"
#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::TableCounts;

constexpr std::size_t kMaxManifest = 1024 * 1024;

std::int64_t SumOf(const TableCounts& counts) {
    return std::accumulate(
        counts.begin(), counts.end(), std::int64_t{0},
        [](std::int64_t sum, const auto& at) { return sum + at.second; });
}

const char* KindOf(const std::string& url) {
    return url.starts_with("sqlite:") ? "sqlite" : "postgres";
}

Result<TableCounts> Count(const std::string& url) {
    auto options = store::ParseDatabaseUrl(url);
    if (!options.ok()) return options.error();
    options->statement_ms = 3'600'000;
    store::Database database(*options);
    return database.Read([](Connection& c) -> Result<TableCounts> {
        return store::CountTables(c);
    });
}

std::string FormatManifest(const std::string& url, const TableCounts& counts,
                           UnixMs now) {
    Json tables = Json::Object();
    for (const auto& [name, n] : counts) tables.Set(name, n);
    Json json = Json::Object();
    json.Set("format", 1);
    json.Set("database", KindOf(url));
    json.Set("created_at", FormatTime(now));
    json.Set("tables", tables);
    return json.Dump() + "\n";
}

Result<TableCounts> ReadManifest(const std::string& url,
                                 const std::string& folder) {
    const std::string path = folder + "/manifest.json";
    const auto text = ReadWholeFile(path, kMaxManifest);
    if (!text.ok()) return text.error();
    const auto json = Json::Parse(*text);
    json_t* tables = json ? json_object_get(json->raw(), "tables") : nullptr;
    json_t* kind = json ? json_object_get(json->raw(), "database") : nullptr;
    if (!json_is_object(tables) || !json_is_string(kind)) {
        return Error(ErrorCode::kValidation, path + " is no manifest");
    }
    if (json_string_value(kind) != std::string(KindOf(url))) {
        return Error(ErrorCode::kValidation,
                     path + " is of another kind of database: " +
                         json_string_value(kind));
    }
    TableCounts counts;
    const char* name;
    json_t* value;
    json_object_foreach(tables, name, value) {
        counts[name] = json_integer_value(value);
    }
    return counts;
}

// A database that nobody has worked with yet may be replaced.
Status RefuseUsed(const std::string& url) {
    struct stat at {};
    const bool sqlite = std::string(KindOf(url)) == "sqlite";
    if (sqlite && ::stat(url.substr(7).c_str(), &at) != 0) return {};
    auto counts = Count(url);
    if (!counts.ok()) return counts.error();
    for (const char* table : {"users", "client_keys", "proxy_tracing"}) {
        if ((*counts)[table] == 0) continue;
        return Error(ErrorCode::kConflict,
                     std::string("the database has rows in ") + table +
                         ": --force replaces it");
    }
    return {};
}

}  // namespace

Result<std::int64_t> BackUp(const std::string& database_url,
                            const std::string& folder, UnixMs now) {
    if (::mkdir(folder.c_str(), 0700) != 0) return SystemError("make", folder);
    const auto counts = store::BackUp(database_url, folder);
    if (!counts.ok()) return counts.error();
    // Last: without it a folder is no backup.
    const Status written =
        WriteWholeFile(folder + "/manifest.json",
                       FormatManifest(database_url, *counts, now), 0600, true);
    if (!written.ok()) return written.error();
    return SumOf(*counts);
}

Result<std::int64_t> RestoreBackup(const std::string& database_url,
                                   const std::string& folder, bool force) {
    const auto wanted = ReadManifest(database_url, folder);
    if (!wanted.ok()) return wanted.error();
    if (!force) {
        const Status status = RefuseUsed(database_url);
        if (!status.ok()) return status.error();
    }
    const Status restored = store::Restore(database_url, folder, *wanted);
    if (!restored.ok()) return restored.error();
    auto there = Count(database_url);
    if (!there.ok()) return there.error();
    for (const auto& [name, n] : *wanted) {
        if ((*there)[name] == n) continue;
        return Error(ErrorCode::kInternal,
                     name + " has " + std::to_string((*there)[name]) +
                         " rows, and had " + std::to_string(n));
    }
    return SumOf(*there);
}

}  // namespace aiproxy::admin::service
