// SPDX-License-Identifier: MIT

#include "admin_daemon/user_command.h"

#include <cstdio>

#include "admin_daemon/api/users.h"
#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/audit.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/users.h"
#include "core/base/id.h"

namespace aiproxy::admin {
namespace {

using service::User;
using service::UserChange;

// Who did it, in the audit log.
constexpr char kTerminal[] = "(terminal)";

struct Work {
    explicit Work(const store::DatabaseOptions& options) : database(options) {
        // Daemons publish what changes; nobody waits for it here.
        publication.Published({0, INT64_MAX, 0, {}, {}}, {});
    }

    store::Database database;
    service::Publication publication;
    service::Passwords passwords;
    service::Users users{database, publication, passwords, NowMs};
    service::Audit audit{database, NowMs};
};

Result<std::optional<User>> Find(Work& work, const std::string& name) {
    service::Page page;
    page.limit = 1000;
    page.search = name;
    auto found = work.users.List({}, page);
    if (!found.ok()) return found.error();
    for (User& user : *found) {
        if (user.username == name) return std::optional(std::move(user));
    }
    return std::optional<User>();
}

struct Done {
    User user;
    std::string password;  // a new one, shown once
};

// Makes or changes one, with an entry in the audit log.
Result<Done> Change(Work& work, const std::optional<User>& user,
                    const UserChange& change) {
    service::AuditEntry entry;
    entry.request_id =
        FormatRequestId(MakeRequestId(NowMs(), service::RandomBytes<10>()));
    entry.username = kTerminal;
    entry.action = user ? "update" : "create";
    entry.object_type = "users";
    if (user) {
        entry.object_id = std::to_string(user->id);
        entry.before = api::UserJson(*user).Dump();
    }
    const Status begun = work.audit.Begin(entry);
    if (!begun.ok()) return begun.error();
    auto written =
        user ? work.users.Update(user->id, change) : work.users.Create(change);
    if (!written.ok()) {
        (void)work.audit.Drop(entry);
        return written.error();
    }
    entry.object_id = std::to_string(written->value.id);
    entry.status = user ? 200 : 201;
    entry.after = api::UserJson(written->value).Dump();
    const Status finished = work.audit.Finish(entry);
    if (!finished.ok()) return finished.error();
    return Done{std::move(written->value), change.password.value_or("")};
}

Result<Done> Act(Work& work, const std::string& action, const std::string& name,
                 const std::string& role) {
    const auto user = Find(work, name);
    if (!user.ok()) return user.error();
    if (!*user && action != "add") {
        return Error(ErrorCode::kNotFound, "there is no user " + name);
    }
    UserChange change;
    if (action == "add" || action == "reset-password") {
        change.password = service::RandomToken().substr(0, 20);
    }
    if (action == "add") {
        if (*user) {
            return Error(ErrorCode::kConflict, "there is a user " + name);
        }
        change.username = name;
        change.role = role;
    }
    if (action == "enable" || action == "reset-password") {
        change.is_enabled = true;
    }
    if (action == "disable") change.is_enabled = false;
    return Change(work, *user, change);
}

Result<Json> ListAll(Work& work) {
    Json list = Json::Array();
    service::Page page;
    for (page.limit = 500;;) {
        const auto users = work.users.List({}, page);
        if (!users.ok()) return users.error();
        for (const User& user : *users) list.Append(api::UserJson(user));
        if (users->size() < 500) return list;
        page.after_id = users->back().id;
    }
}

void PrintList(const Json& list) {
    std::size_t i;
    json_t* user;
    json_array_foreach(list.raw(), i, user) {
        auto text = [&](const char* name) {
            return json_string_value(json_object_get(user, name));
        };
        const bool enabled = json_is_true(json_object_get(user, "is_enabled"));
        std::printf("%-32s %-10s%s\n", text("username"), text("role"),
                    enabled ? "" : "disabled");
    }
}

int Fail(const Error& error) {
    std::fprintf(stderr, "aiproxy-admin: %s\n",
                 error.detail.empty() ? std::string(error.text()).c_str()
                                      : error.detail.c_str());
    return 1;
}

}  // namespace

void UserCommand::Add(CLI::App& app,
                      const std::function<void(CLI::App&)>& add_settings) {
    CLI::App* user = app.add_subcommand(
        "user", "See and change users, for when nobody can sign in");
    user->require_subcommand(1);
    auto add = [&](const char* name, const char* text, bool named) {
        CLI::App* command = user->add_subcommand(name, text);
        add_settings(*command);
        command->add_flag("--json", json_, "tell the result as JSON");
        if (named) {
            command->add_option("name", name_, "user name")->required();
        }
        command->callback([this, name] { action_ = name; });
        return command;
    };
    add("list", "List them", false);
    add("add", "Make one, with a random password", true)
        ->add_option("--role", role_, "admin, operator, viewer or user");
    add("reset-password", "Give a random password, and enable", true);
    add("enable", "Enable", true);
    add("disable", "Disable, and end the sessions", true);
}

int UserCommand::Run(const Settings& settings) const {
    auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) return Fail(options.error());
    options->connections = 1;
    Work work(*options);
    if (action_ == "list") {
        const auto list = ListAll(work);
        if (!list.ok()) return Fail(list.error());
        if (json_) std::printf("%s\n", list->Dump().c_str());
        if (!json_) PrintList(*list);
        return 0;
    }
    const auto done = Act(work, action_, name_, role_);
    if (!done.ok()) return Fail(done.error());
    Json json = api::UserJson(done->user);
    if (!done->password.empty()) json.Set("password", done->password);
    if (json_) {
        std::printf("%s\n", json.Dump().c_str());
    } else if (!done->password.empty()) {
        std::printf("%s\n", done->password.c_str());
    }
    return 0;
}

}  // namespace aiproxy::admin
