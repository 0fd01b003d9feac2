// SPDX-License-Identifier: MIT

#include "admin_daemon/key_command.h"

#include <cstdio>

#include "admin_daemon/api/objects.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/audit.h"
#include "admin_daemon/service/client_keys.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/users.h"
#include "core/base/id.h"

namespace aiproxy::admin {
namespace {

using service::ClientKey;
using service::ClientKeyChange;
using service::NewClientKey;
using store::Connection;

// Who did it, in the audit log.
constexpr char kTerminal[] = "(terminal)";
constexpr std::int64_t kMinuteMs = 60'000;

struct Work {
    explicit Work(const store::DatabaseOptions& options) : database(options) {
        // Daemons publish what changes; nobody waits for it here.
        publication.Published({0, INT64_MAX, 0, {}, {}}, {});
    }

    store::Database database;
    service::Publication publication;
    service::ClientKeys client_keys{database, publication, NowMs};
    service::Audit audit{database, NowMs};
};

Error NotThere(const std::string& what, const std::string& name) {
    return Error(ErrorCode::kNotFound, "there is no " + what + " " + name);
}

Result<ClientKey> Find(Work& work, const std::string& name) {
    return work.database.Read([&](Connection& c) -> Result<ClientKey> {
        const auto id = store::FindClientKeyIdByName(c, name);
        auto key = id ? store::FindClientKey(c, *id) : std::nullopt;
        if (!key) return NotThere("client key", name);
        return std::move(*key);
    });
}

// What a new one is made of, by the names of the rest.
Result<ClientKeyChange> NewKey(Work& work, const std::string& name,
                               const std::vector<std::string>& pool,
                               const std::string& user) {
    return work.database.Read([&](Connection& c) -> Result<ClientKeyChange> {
        ClientKeyChange change;
        change.name = name;
        change.pool.emplace();
        for (const std::string& key : pool) {
            const auto id = store::FindProviderKeyIdByName(c, key);
            if (!id) return NotThere("provider key", key);
            change.pool->push_back(*id);
        }
        if (user.empty()) return change;
        const auto owner = store::FindUserByName(c, user);
        if (!owner) return NotThere("user", user);
        change.user_id = owner->id;
        return change;
    });
}

// One write with its entry in the audit log.
template <class F>
Result<NewClientKey> Audited(Work& work, const char* action, int status,
                             const std::optional<ClientKey>& before,
                             F&& write) {
    service::AuditEntry entry;
    entry.request_id =
        FormatRequestId(MakeRequestId(NowMs(), service::RandomBytes<10>()));
    entry.username = kTerminal;
    entry.action = action;
    entry.object_type = "client-keys";
    if (before) {
        entry.object_id = std::to_string(before->id);
        entry.before = api::ClientKeyJson(*before).Dump();
    }
    const Status begun = work.audit.Begin(entry);
    if (!begun.ok()) return begun.error();
    Result<NewClientKey> written = write();
    if (!written.ok()) {
        (void)work.audit.Drop(entry);
        return written.error();
    }
    entry.object_id = std::to_string(written->row.id);
    entry.status = status;
    entry.after = api::ClientKeyJson(written->row).Dump();
    const Status finished = work.audit.Finish(entry);
    if (!finished.ok()) return finished.error();
    return written;
}

Result<NewClientKey> Create(Work& work, const ClientKeyChange& change) {
    return Audited(work, "create", 201, std::nullopt,
                   [&]() -> Result<NewClientKey> {
                       auto made = work.client_keys.Create(change);
                       if (!made.ok()) return made.error();
                       return std::move(made->value);
                   });
}

Result<NewClientKey> Enable(Work& work, const ClientKey& key, bool enabled) {
    return Audited(work, "update", 200, key, [&]() -> Result<NewClientKey> {
        ClientKeyChange change;
        change.is_enabled = enabled;
        auto updated = work.client_keys.Update(key.id, change);
        if (!updated.ok()) return updated.error();
        return NewClientKey{std::move(updated->value), ""};
    });
}

Result<NewClientKey> Rotate(Work& work, const ClientKey& key,
                            std::int64_t grace_ms) {
    return Audited(work, "rotate", 200, key, [&]() -> Result<NewClientKey> {
        auto rotated = work.client_keys.Rotate(key.id, grace_ms);
        if (!rotated.ok()) return rotated.error();
        return std::move(rotated->value);
    });
}

int Fail(const Error& error) {
    std::string text =
        error.detail.empty() ? std::string(error.text()) : error.detail;
    if (!error.field.empty()) text = error.field + ": " + text;
    std::fprintf(stderr, "aiproxy-admin: %s\n", text.c_str());
    return 1;
}

int PrintAll(Work& work, bool json) {
    Json list = Json::Array();
    service::Page page;
    for (page.limit = 500;;) {
        const auto keys = work.client_keys.List({}, page);
        if (!keys.ok()) return Fail(keys.error());
        for (const ClientKey& key : *keys) {
            if (json) {
                list.Append(api::ClientKeyJson(key));
            } else {
                std::printf("%-32s %-14s %3zu keys%s\n", key.name.c_str(),
                            key.prefix.c_str(), key.pool.size(),
                            key.is_enabled ? "" : "  disabled");
            }
        }
        if (keys->size() < 500) break;
        page.after_id = keys->back().id;
    }
    if (json) std::printf("%s\n", list.Dump().c_str());
    return 0;
}

}  // namespace

void KeyCommand::Add(CLI::App& app,
                     const std::function<void(CLI::App&)>& add_settings) {
    CLI::App* key = app.add_subcommand(
        "key", "See, make and change client keys; daemons may run");
    key->require_subcommand(1);
    auto add = [&](const char* name, const char* text, bool named) {
        CLI::App* command = key->add_subcommand(name, text);
        add_settings(*command);
        command->add_flag("--json", json_, "tell the result as JSON");
        if (named) {
            command->add_option("name", name_, "client key")->required();
        }
        command->callback([this, name] { action_ = name; });
        return command;
    };
    add("list", "List them", false);
    CLI::App* create = add("create", "Make one, and show it this once", true);
    create
        ->add_option("--provider-key", pool_,
                     "a provider key of its pool; once for each")
        ->type_name("NAME");
    create->add_option("--user", user_, "whose it is")->type_name("NAME");
    add("disable", "Disable", true);
    add("enable", "Enable", true);
    add("rotate", "Put a new one in its place, and show it this once", true)
        ->add_option("--grace-minutes", grace_minutes_,
                     "how long the old one works beside it (0)")
        ->type_name("N");
}

int KeyCommand::Run(const Settings& settings) const {
    auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) return Fail(options.error());
    options->connections = 1;
    Work work(*options);
    if (action_ == "list") return PrintAll(work, json_);
    auto act = [&]() -> Result<NewClientKey> {
        if (action_ == "create") {
            const auto change = NewKey(work, name_, pool_, user_);
            if (!change.ok()) return change.error();
            return Create(work, *change);
        }
        const auto key = Find(work, name_);
        if (!key.ok()) return key.error();
        if (action_ != "rotate") return Enable(work, *key, action_ == "enable");
        return Rotate(work, *key, grace_minutes_ * kMinuteMs);
    };
    const auto done = act();
    if (!done.ok()) return Fail(done.error());
    if (json_) {
        Json json = api::ClientKeyJson(done->row);
        if (!done->key.empty()) json.Set("key", done->key);
        std::printf("%s\n", json.Dump().c_str());
    } else if (!done->key.empty()) {
        std::printf("%s\n", done->key.c_str());
    }
    return 0;
}

}  // namespace aiproxy::admin
