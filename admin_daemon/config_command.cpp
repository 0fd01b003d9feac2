// SPDX-License-Identifier: MIT

#include "admin_daemon/config_command.h"

#include <sys/stat.h>

#include <cinttypes>
#include <cstdio>

#include "admin_daemon/document/document.h"
#include "admin_daemon/files.h"
#include "admin_daemon/schema.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin {
namespace {

using document::Report;

constexpr std::size_t kMostBytes = 256 * 1024 * 1024;
constexpr int kFailed = 1;
constexpr int kDiffers = 1;
constexpr int kDiffFailed = 2;  // as diff(1) has it

int Fail(const Error& error, int status = kFailed) {
    std::fprintf(stderr, "aiproxy-admin: %s\n",
                 error.detail.empty() ? std::string(error.text()).c_str()
                                      : error.detail.c_str());
    return status;
}

Result<store::DatabaseOptions> OptionsOf(const std::string& url) {
    auto options = store::ParseDatabaseUrl(url);
    if (!options.ok()) return options.error();
    options->connections = 1;
    options->statement_ms = 3'600'000;
    return options;
}

// A name that is mistyped makes no database.
Status CheckIsThere(const std::string& url) {
    struct stat at {};
    const bool sqlite = url.starts_with("sqlite:");
    if (!sqlite || ::stat(url.substr(7).c_str(), &at) == 0) return {};
    return Error(ErrorCode::kNotFound,
                 "there is no database " + url.substr(7) +
                     ": start the daemon, or import into it");
}

service::ReferenceRules RulesOf(const Settings& settings) {
    return {settings.secret_variables, settings.secret_folders,
            settings.secret_commands,
            std::chrono::seconds(settings.secret_command_seconds)};
}

service::SealingKey RandomKey() {
    key::SealKey key;
    service::FillRandom(key);
    return service::SealingKey(key);
}

Result<service::SealingKey> KeyOf(const Settings& settings, bool make) {
    const std::string path = settings.master_key_path();
    struct stat at {};
    if (::stat(path.c_str(), &at) == 0) {
        return service::SealingKey::Follow(path);
    }
    if (make) return service::LoadMasterKey(path);
    // Where no key is, nothing is sealed.
    return RandomKey();
}

Result<document::Yaml> ReadDocument(const std::string& file) {
    const auto text = ReadWholeFile(file, kMostBytes);
    if (!text.ok()) return text.error();
    auto parsed = document::ParseYaml(*text);
    if (!parsed.ok()) {
        Error error = parsed.error();
        error.detail = file + ": " + error.detail;
        return error;
    }
    return parsed;
}

Json ReportJson(const Report& report, bool written) {
    std::int64_t counts[3] = {};
    Json items = Json::Array();
    for (const document::Item& item : report.items) {
        ++counts[item.state == "added" ? 0 : item.state == "changed" ? 1 : 2];
        Json row = Json::Object();
        row.Set("section", item.section);
        row.Set("name", item.name);
        row.Set("state", item.state);
        row.Set("before", item.before);
        row.Set("after", item.after);
        items.Append(row);
    }
    Json problems = Json::Array();
    for (const document::Problem& problem : report.problems) {
        Json row = Json::Object();
        row.Set("line", problem.line);
        row.Set("field", problem.field);
        row.Set("message", problem.text);
        problems.Append(row);
    }
    Json made = Json::Array();
    for (const document::NewSecret& secret : report.made) {
        Json row = Json::Object();
        row.Set("section", secret.section);
        row.Set("name", secret.name);
        row.Set("key", secret.secret);
        made.Append(row);
    }
    Json json = Json::Object();
    json.Set("ok", report.problems.empty());
    json.Set("written", written);
    json.Set("added", counts[0]);
    json.Set("changed", counts[1]);
    json.Set("removed", counts[2]);
    json.Set("unchanged", report.unchanged);
    json.Set("items", items);
    json.Set("made", made);
    json.Set("problems", problems);
    return json;
}

std::string Shown(json_t* value) {
    if (value == nullptr || json_is_null(value)) return "none";
    if (json_is_string(value)) return json_string_value(value);
    return Json(json_incref(value)).Dump();
}

// "weight 1 -> 2": members of after that before has not, or otherwise.
std::string Differences(const document::Item& item) {
    std::string text;
    auto add = [&](const char* name, json_t* was, json_t* is) {
        if (json_equal(was, is) != 0) return;
        text += text.empty() ? "" : ", ";
        text += std::string(name) + " " + Shown(was) + " -> " + Shown(is);
    };
    const char* name;
    json_t* value;
    json_object_foreach(item.after.raw(), name, value) {
        add(name, json_object_get(item.before.raw(), name), value);
    }
    json_object_foreach(item.before.raw(), name, value) {
        if (json_object_get(item.after.raw(), name) == nullptr) {
            add(name, value, nullptr);
        }
    }
    return text;
}

void Print(const Report& report, bool written) {
    std::size_t counts[3] = {};
    for (const document::Item& item : report.items) {
        const std::string what =
            item.section + (item.name.empty() ? "" : " " + item.name);
        if (item.state == "added") {
            ++counts[0];
            std::printf("+ %s\n", what.c_str());
        } else if (item.state == "removed") {
            ++counts[2];
            std::printf("- %s\n", what.c_str());
        } else {
            ++counts[1];
            std::printf("~ %s: %s\n", what.c_str(), Differences(item).c_str());
        }
    }
    for (const document::NewSecret& secret : report.made) {
        std::printf("key of %s %s, shown this once: %s\n",
                    secret.section.c_str(), secret.name.c_str(),
                    secret.secret.c_str());
    }
    std::printf("%zu added, %zu changed, %zu removed, %" PRId64
                " unchanged%s\n",
                counts[0], counts[1], counts[2], report.unchanged,
                written ? "" : "; nothing was written");
}

}  // namespace

void ConfigCommand::Add(CLI::App& app,
                        const std::function<void(CLI::App&)>& add_settings) {
    auto add = [&](const char* name, const char* text) {
        CLI::App* command = app.add_subcommand(name, text);
        add_settings(*command);
        command->add_flag("--json", json_, "tell the result as JSON");
        command->callback([this, name] { action_ = name; });
        return command;
    };
    CLI::App* write =
        add("export", "Write the configuration as YAML; daemons may run");
    write->add_option("file", file_, "file to write, mode 0600 (stdout)");
    write
        ->add_option("--secrets", secrets_,
                     "none, or sealed: under the master key, for a database "
                     "with the same one (none)")
        ->type_name("WHICH");
    CLI::App* import = add("import",
                           "Bring a file of export's form into the database, "
                           "all or nothing; daemons may run");
    import->add_flag("--dry-run", dry_run_, "only show what would change");
    CLI::App* check =
        add("check", "Say what is wrong with a file, with line and field");
    check->add_flag("--alone", alone_,
                    "against an empty database, without touching any");
    CLI::App* diff =
        add("diff", "Show what an import would change; status 1 when it would");
    for (CLI::App* command : {import, check, diff}) {
        command->add_option("file", file_, "YAML")->required();
    }
    for (CLI::App* command : {import, diff}) {
        command->add_flag("--prune", prune_,
                          "remove what the file's sections do not name");
    }
}

int ConfigCommand::Run(const Settings& settings) const {
    return action_ == "export" ? Export(settings) : Import(settings);
}

int ConfigCommand::Export(const Settings& settings) const {
    if (secrets_ != "none" && secrets_ != "sealed") {
        return Fail(Error(ErrorCode::kValidation,
                          "--secrets: neither none nor sealed"));
    }
    const auto options = OptionsOf(settings.database_url());
    if (!options.ok()) return Fail(options.error());
    const Status there = CheckIsThere(settings.database_url());
    if (!there.ok()) return Fail(there.error());
    const bool sealed = secrets_ == "sealed";
    auto master = sealed
                      ? service::SealingKey::Follow(settings.master_key_path())
                      : Result<service::SealingKey>(RandomKey());
    if (!master.ok()) return Fail(master.error());
    document::Work work(*options, *master, RulesOf(settings));
    const auto written = document::Write(
        work, sealed ? document::Secrets::kSealed : document::Secrets::kNone);
    if (!written.ok()) return Fail(written.error());
    const std::string text =
        json_ ? written->Dump() + "\n" : document::FormatYaml(*written);
    if (file_.empty()) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return 0;
    }
    const Status saved = WriteWholeFile(file_, text, 0600, true);
    return saved.ok() ? 0 : Fail(saved.error());
}

int ConfigCommand::Import(const Settings& settings) const {
    const int failed = action_ == "diff" ? kDiffFailed : kFailed;
    const auto file = ReadDocument(file_);
    if (!file.ok() && json_ && file.code() == ErrorCode::kValidation) {
        Report report;
        report.problems.push_back({1, "", file.error().detail});
        std::printf("%s\n", ReportJson(report, false).Dump().c_str());
        return failed;
    }
    if (!file.ok()) return Fail(file.error(), failed);
    const std::string url =
        alone_ ? "sqlite::memory:" : settings.database_url();
    const auto options = OptionsOf(url);
    if (!options.ok()) return Fail(options.error(), failed);
    const bool writes = action_ == "import" && !dry_run_;
    if (!alone_ && action_ != "import") {
        const Status there = CheckIsThere(url);
        if (!there.ok()) return Fail(there.error(), failed);
    }
    const auto master = alone_ ? Result<service::SealingKey>(RandomKey())
                               : KeyOf(settings, writes);
    if (!master.ok()) return Fail(master.error(), failed);
    document::Work work(*options, *master, RulesOf(settings));
    if (alone_ || action_ == "import") {
        const Status migrated = Migrate(work.database);
        if (!migrated.ok()) return Fail(migrated.error(), failed);
    }
    const auto report = document::Import(work, *file, {writes, prune_});
    if (!report.ok()) return Fail(report.error(), failed);
    const bool good = report->problems.empty();
    if (json_) {
        std::printf("%s\n", ReportJson(*report, writes && good).Dump().c_str());
    } else if (good && action_ != "check") {
        Print(*report, writes);
    }
    for (const document::Problem& problem : report->problems) {
        if (json_) break;
        std::fprintf(stderr, "%s: line %d: %s: %s\n", file_.c_str(),
                     problem.line, problem.field.c_str(), problem.text.c_str());
    }
    if (!good) return failed;
    return action_ == "diff" && !report->items.empty() ? kDiffers : 0;
}

}  // namespace aiproxy::admin
