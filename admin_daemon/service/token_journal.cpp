// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token_journal.h"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "admin_daemon/files.h"
#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1 << 20;

std::string ContextOf(std::int64_t provider_key_id) {
    return "token_journal:" + std::to_string(provider_key_id);
}

std::string TextOf(const Json& json, const char* name) {
    const json_t* value = json_object_get(json.raw(), name);
    return std::string(json_string_value(value), json_string_length(value));
}

std::optional<TokenJournal::Entry> Decode(const std::string& text) {
    const auto json = Json::Parse(text);
    if (!json || !json_is_string(json_object_get(json->raw(), "access")) ||
        !json_is_string(json_object_get(json->raw(), "refresh"))) {
        return std::nullopt;
    }
    auto number = [&](const char* name) {
        return json_integer_value(json_object_get(json->raw(), name));
    };
    TokenJournal::Entry entry;
    entry.token_serial = number("serial");
    entry.received_at = number("received_at");
    entry.answer.access_token = TextOf(*json, "access");
    entry.answer.refresh_token = TextOf(*json, "refresh");
    if (json_is_integer(json_object_get(json->raw(), "expires_in_s"))) {
        entry.answer.expires_in_s = number("expires_in_s");
    }
    return entry;
}

}  // namespace

std::string TokenJournal::PathOf(std::int64_t provider_key_id) const {
    return folder_ + "/" + std::to_string(provider_key_id);
}

Status TokenJournal::Keep(const Entry& entry) const {
    Json json = Json::Object();
    json.Set("serial", entry.token_serial);
    json.Set("received_at", entry.received_at);
    json.Set("access", entry.answer.access_token);
    json.Set("refresh", entry.answer.refresh_token);
    json.Set("expires_in_s", entry.answer.expires_in_s);
    std::string text = json.Dump();
    const auto sealed = master_.Seal(ContextOf(entry.provider_key_id), text);
    Wipe(text);
    if (!sealed.ok()) return sealed.error();
    return WriteWholeFile(PathOf(entry.provider_key_id), *sealed, 0600, true);
}

void TokenJournal::Drop(std::int64_t provider_key_id) const {
    ::unlink(PathOf(provider_key_id).c_str());
}

std::vector<TokenJournal::Entry> TokenJournal::TakeLeft() const {
    std::vector<Entry> entries;
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(folder_, ignored)) {
        const std::string name = file.path().filename();
        std::int64_t id = 0;
        const auto [end, error] =
            std::from_chars(name.data(), name.data() + name.size(), id);
        if (error != std::errc() || end != name.data() + name.size()) continue;
        const auto bytes = ReadWholeFile(file.path(), kMostBytes);
        auto text = bytes.ok() ? master_.Open(ContextOf(id), *bytes)
                               : Result<std::string>(bytes.error());
        auto entry = text.ok() ? Decode(*text) : std::nullopt;
        if (text.ok()) Wipe(*text);
        if (entry) {
            entry->provider_key_id = id;
            entries.push_back(std::move(*entry));
        } else if (bytes.ok()) {
            Drop(id);
        }
    }
    return entries;
}

}  // namespace aiproxy::admin::service
