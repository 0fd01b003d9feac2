// SPDX-License-Identifier: MIT

#include "admin_daemon/settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <functional>

#include "admin_daemon/client/network_guard.h"
#include "admin_daemon/client/redis_client.h"

namespace aiproxy::admin {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;

constexpr std::array kRows = {
    SettingRow{"listen", "HOST:PORT",
               "address of the API; loopback only (127.0.0.1:9091)"},
    SettingRow{"dir", "DIR", "folder on disk (/var/lib/aiproxy)"},
    SettingRow{"run_dir", "DIR", "folder on tmpfs (/run/aiproxy)"},
    SettingRow{"database", "URL",
               "sqlite:FILE or postgres://… (sqlite:DIR/aiproxy.db)"},
    SettingRow{"master_key_file", "FILE",
               "32 random bytes in base64url, made if missing "
               "(DIR/master.key)"},
    SettingRow{"node_name", "NAME",
               "what this node is called among others (the machine's name)"},
    SettingRow{"allowed_networks", "CIDRS",
               "private and special networks that URLs may lead to, such as "
               "127.0.0.0/8, 10.1.0.0/16 (none)"},
    SettingRow{"redis", "URL",
               "holds the limits that nodes share; none: of this node alone"},
    SettingRow{"log_level", "LEVEL", "debug, info, warn or error (info)"},
    SettingRow{"threads", "N", "threads that answer the API (16)"},
    SettingRow{"ledger_bytes", "BYTES",
               "quota of the ledger on tmpfs; k, m, g (1g)"},
    SettingRow{"spool_bytes", "BYTES", "quota of the spool on disk (4g)"},
    SettingRow{"ready_segments", "N", "segments prepared ahead (4)"},
    SettingRow{"keep_records", "DAYS",
               "how long records are kept; 0: for ever (0)"},
    SettingRow{"keep_quarters", "DAYS",
               "…and their sums by quarter of an hour (0)"},
    SettingRow{"keep_days", "DAYS", "…and by day (0)"},
    SettingRow{"archive", "FORMAT",
               "none, csv or jsonl.zst: a file per day, below dir, of records "
               "that are removed (none)"},
    SettingRow{"probe_seconds", "SECONDS",
               "between two probes of a provider key; 0: on demand only (300)"},
    SettingRow{"secret_variables", "NAMES",
               "variables of the environment that secrets of provider keys may "
               "be in, such as OPENAI_KEY, LLM_* (none)"},
    SettingRow{"secret_folders", "DIRS",
               "folders whose files they may be in (none)"},
    SettingRow{"secret_commands", "COMMANDS",
               "commands that may tell them, such as /usr/bin/vault-read llm; "
               "with * at the end: whatever follows (none)"},
    SettingRow{"secret_command_seconds", "SECONDS",
               "between two runs of such a command (300)"},
};

Error Bad(std::string_view name, std::string_view what) {
    return Error(ErrorCode::kValidation,
                 std::string(name) + ": " + std::string(what));
}

std::optional<std::int64_t> ParseNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

Status SetNumber(std::string_view name, std::string_view text,
                 std::int64_t least, std::int64_t most, auto& out) {
    const auto value = ParseNumber(text);
    if (!value || *value < least || *value > most) {
        return Bad(name, "not a number from " + std::to_string(least) + " to " +
                             std::to_string(most));
    }
    out = static_cast<std::remove_reference_t<decltype(out)>>(*value);
    return {};
}

Status SetBytes(std::string_view name, std::string text, std::int64_t& out) {
    std::int64_t unit = 1;
    const char last = text.empty()
                          ? ' '
                          : static_cast<char>(std::tolower(
                                static_cast<unsigned char>(text.back())));
    if (last == 'k') unit = 1024;
    if (last == 'm') unit = kMiB;
    if (last == 'g') unit = 1024 * kMiB;
    if (unit != 1) text.pop_back();
    const auto value = ParseNumber(text);
    if (!value || *value < 0 || *value > (1ll << 50) / unit) {
        return Bad(name, "not a number of bytes");
    }
    if (*value * unit < 16 * kMiB) return Bad(name, "less than 16m");
    out = *value * unit;
    return {};
}

// "127.0.0.1:9091", "[::1]:9091". Loopback only: nginx is the API's face.
Status SetListen(std::string_view text, Settings& settings) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return Bad("listen", "not HOST:PORT");
    std::string_view host = text.substr(0, colon);
    const auto port = ParseNumber(text.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) {
        return Bad("listen", "bad port");
    }
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    if (!host.starts_with("127.") && host != "::1" && host != "localhost") {
        return Bad("listen", "not a loopback address");
    }
    settings.listen_host = host == "localhost" ? "127.0.0.1" : host;
    settings.listen_port = static_cast<std::uint16_t>(*port);
    return {};
}

Status SetFolder(std::string_view name, std::string_view text,
                 std::string& out) {
    while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
    if (!text.starts_with('/')) return Bad(name, "not an absolute path");
    out = text;
    return {};
}

std::string_view Trim(std::string_view text) {
    while (!text.empty() &&
           std::isspace(static_cast<unsigned char>(text.front()))) {
        text.remove_prefix(1);
    }
    while (!text.empty() &&
           std::isspace(static_cast<unsigned char>(text.back()))) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<std::string> Split(std::string_view list) {
    std::vector<std::string> items;
    while (!list.empty()) {
        const std::string_view item = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), item.size() + 1));
        if (!Trim(item).empty()) items.emplace_back(Trim(item));
    }
    return items;
}

// What references of secrets may name: nothing that opens everything.
Status SetAllowed(std::string_view name, std::string_view text,
                  std::vector<std::string>& out) {
    out = Split(text);
    for (std::string& item : out) {
        const bool variable = name == "secret_variables";
        if (variable && (item == "*" || item.find('=') != item.npos)) {
            return Bad(name, "not a list such as OPENAI_KEY, LLM_*");
        }
        if (variable) continue;
        while (item.size() > 1 && item.ends_with('/')) item.pop_back();
        if (!item.starts_with('/') || item == "/") {
            return Bad(name, "not a list of absolute paths: " + item);
        }
    }
    return {};
}

Status Set(std::string_view name, const std::string& text, Settings& s) {
    if (name == "listen") return SetListen(text, s);
    if (name == "dir") return SetFolder(name, text, s.dir);
    if (name == "run_dir") return SetFolder(name, text, s.run_dir);
    if (name == "master_key_file") {
        return SetFolder(name, text, s.master_key_file);
    }
    if (name == "threads") return SetNumber(name, text, 1, 256, s.threads);
    if (name == "keep_records") {
        return SetNumber(name, text, 0, 36'500, s.keep_records);
    }
    if (name == "keep_quarters") {
        return SetNumber(name, text, 0, 36'500, s.keep_quarters);
    }
    if (name == "keep_days") {
        return SetNumber(name, text, 0, 36'500, s.keep_days);
    }
    if (name == "probe_seconds") {
        return SetNumber(name, text, 0, 86'400, s.probe_seconds);
    }
    if (name == "secret_variables") {
        return SetAllowed(name, text, s.secret_variables);
    }
    if (name == "secret_folders") {
        return SetAllowed(name, text, s.secret_folders);
    }
    if (name == "secret_commands") {
        return SetAllowed(name, text, s.secret_commands);
    }
    if (name == "secret_command_seconds") {
        return SetNumber(name, text, 1, 86'400, s.secret_command_seconds);
    }
    if (name == "archive") {
        if (text != "none" && text != "csv" && text != "jsonl.zst") {
            return Bad(name, "neither none, csv nor jsonl.zst");
        }
        s.archive = text == "none" ? "" : text;
        return {};
    }
    if (name == "ready_segments") {
        return SetNumber(name, text, 1, 64, s.ready_segments);
    }
    if (name == "ledger_bytes") return SetBytes(name, text, s.ledger_bytes);
    if (name == "spool_bytes") return SetBytes(name, text, s.spool_bytes);
    if (name == "database") {
        s.database = text;
        return {};
    }
    if (name == "node_name") {
        const bool good =
            !text.empty() && text.size() <= 64 &&
            std::all_of(text.begin(), text.end(), [](unsigned char c) {
                return std::isalnum(c) || c == '-' || c == '_' || c == '.';
            });
        if (!good) {
            return Bad(name, "not 1 to 64 letters, digits, '-', '_' or '.'");
        }
        s.node_name = text;
        return {};
    }
    if (name == "allowed_networks") {
        if (!client::ParseNetworks(text)) {
            return Bad(name, "not a list such as 127.0.0.0/8, 10.1.0.0/16");
        }
        s.allowed_networks = text;
        return {};
    }
    if (name == "redis") {
        if (!text.empty() && !client::ParseRedisUrl(text)) {
            return Bad(name, "not redis://[:password@]address:port[/database]");
        }
        s.redis = text;
        return {};
    }
    if (name == "log_level") {
        constexpr std::array levels = {"debug", "info", "warn", "error"};
        if (std::find(levels.begin(), levels.end(), text) == levels.end()) {
            return Bad(name, "not debug, info, warn or error");
        }
        s.log_level = text;
        return {};
    }
    return Bad(name, "unknown setting");
}

bool IsSetting(std::string_view name) {
    return std::any_of(kRows.begin(), kRows.end(),
                       [&](const SettingRow& row) { return row.name == name; });
}

}  // namespace

std::string Settings::listen() const {
    const bool v6 = listen_host.find(':') != listen_host.npos;
    return (v6 ? "[" + listen_host + "]" : listen_host) + ":" +
           std::to_string(listen_port);
}

std::string Settings::name_of_node() const {
    if (!node_name.empty()) return node_name;
    std::array<char, 65> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "node";
    return name.data();
}

std::span<const SettingRow> SettingRows() {
    return kRows;
}

Result<SettingValues> ParseSettingsFile(std::string_view content,
                                        const std::string& path) {
    SettingValues values;
    for (int line_number = 1; !content.empty(); ++line_number) {
        std::string_view line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(content.size(), line.size() + 1));
        line = Trim(line);
        if (line.empty() || line.starts_with('#')) continue;
        const std::string where =
            path + ": line " + std::to_string(line_number);
        const std::size_t equals = line.find('=');
        if (equals == line.npos) return Bad(where, "not \"name = value\"");
        const std::string name(Trim(line.substr(0, equals)));
        if (!IsSetting(name)) return Bad(where, "unknown setting " + name);
        std::string value(Trim(line.substr(equals + 1)));
        const bool fresh =
            values.emplace(name, SettingValue{std::move(value), where}).second;
        if (!fresh) return Bad(where, name + " is there twice");
    }
    return values;
}

SettingValues SettingsFromEnvironment(const char* (*find)(const char* name)) {
    SettingValues values;
    for (const SettingRow& row : kRows) {
        std::string name = "AIPROXY_" + std::string(row.name);
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return static_cast<char>(
                std::toupper(static_cast<unsigned char>(c)));
        });
        const char* value = find(name.c_str());
        if (value != nullptr) {
            values.emplace(row.name, SettingValue{value, name});
        }
    }
    return values;
}

bool HasPassword(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos) return false;
    if (url.find("password=") != url.npos) return true;
    const std::string_view rest = url.substr(scheme + 3);
    const std::size_t at = rest.rfind('@');
    return at != rest.npos && rest.substr(0, at).find(':') != rest.npos;
}

Result<Settings> MakeSettings(const SettingValues& flags,
                              const SettingValues& environment,
                              const SettingValues& file) {
    const auto database = flags.find("database");
    if (database != flags.end() && HasPassword(database->second.value)) {
        return Bad(database->second.where,
                   "a password in a flag is seen by everybody on the machine: "
                   "put it in the file or in AIPROXY_DATABASE");
    }
    Settings settings;
    // The weakest first.
    for (const SettingValues* values : {&file, &environment, &flags}) {
        for (const auto& [name, value] : *values) {
            const Status status = Set(name, value.value, settings);
            if (!status.ok()) {
                return Bad(value.where, status.error().detail);
            }
        }
    }
    return settings;
}

}  // namespace aiproxy::admin
