// SPDX-License-Identifier: MIT
//
// What the daemon is told from outside. Each setting can be given as a flag
// (--run-dir), an environment variable (AIPROXY_RUN_DIR) or a line of the
// configuration file (run_dir = …); the first of these that is there counts.
// Read once, by main().

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aiproxy::admin {

struct Settings {
    std::string listen_host = "127.0.0.1";
    std::uint16_t listen_port = 9091;
    std::string dir = "/var/lib/aiproxy";
    std::string run_dir = "/run/aiproxy";
    std::string database;         // empty: sqlite:DIR/aiproxy.db
    std::string master_key_file;  // empty: DIR/master.key
    std::string allowed_networks;
    std::string node_name;  // empty: the machine's
    std::string redis;      // empty: limits are of this node alone
    std::string log_level = "info";
    int threads = 16;
    std::int64_t ledger_bytes = 1024ll * 1024 * 1024;
    std::int64_t spool_bytes = 4096ll * 1024 * 1024;
    int ready_segments = 4;
    // Days; 0: for ever.
    std::int64_t keep_records = 0;
    std::int64_t keep_quarters = 0;
    std::int64_t keep_days = 0;
    std::string archive;               // empty: none
    std::int64_t probe_seconds = 300;  // 0: on demand only
    // What references of secrets may name; empty: nothing.
    std::vector<std::string> secret_variables;
    std::vector<std::string> secret_folders;
    std::vector<std::string> secret_commands;
    std::int64_t secret_command_seconds = 300;

    std::string listen() const;
    std::string name_of_node() const;
    std::string database_url() const {
        return database.empty() ? "sqlite:" + dir + "/aiproxy.db" : database;
    }
    std::string master_key_path() const {
        return master_key_file.empty() ? dir + "/master.key" : master_key_file;
    }
};

struct SettingRow {
    std::string_view name;  // "run_dir"
    std::string_view value_name;
    std::string_view text;  // one line for --help and the README
};
std::span<const SettingRow> SettingRows();

struct SettingValue {
    std::string value;
    std::string where;  // "--threads", "AIPROXY_THREADS", "FILE: line 3"
};
using SettingValues = std::map<std::string, SettingValue, std::less<>>;

// Lines "name = value"; "#" begins a comment. Errors: kValidation, naming file
// and line, for an unknown or doubled name.
Result<SettingValues> ParseSettingsFile(std::string_view content,
                                        const std::string& path);

// The environment's values, by a function that looks one up.
SettingValues SettingsFromEnvironment(const char* (*find)(const char* name));

// True for the URL of a database with a password in it.
bool HasPassword(std::string_view database_url);

// Errors: kValidation, naming the setting and where it stands, for a value
// that is not valid, and for a password in a flag.
Result<Settings> MakeSettings(const SettingValues& flags,
                              const SettingValues& environment,
                              const SettingValues& file);

}  // namespace aiproxy::admin
