// SPDX-License-Identifier: MIT
//
// aiproxy-admin: the management API and the tasks beside nginx. Here is the
// command line and what the process is; daemon.cpp is what it does.

#include <jansson.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "admin_daemon/commands.h"
#include "admin_daemon/config_command.h"
#include "admin_daemon/daemon.h"
#include "admin_daemon/doctor_command.h"
#include "admin_daemon/files.h"
#include "admin_daemon/key_command.h"
#include "admin_daemon/log.h"
#include "admin_daemon/prices_command.h"
#include "admin_daemon/reseal_command.h"
#include "admin_daemon/settings.h"
#include "admin_daemon/user_command.h"

namespace aiproxy::admin {
namespace {

constexpr rlim_t kFiles = 65536;

constexpr char kFooter[] =
    "Each setting is a flag (--run-dir), an environment variable "
    "(AIPROXY_RUN_DIR)\nor a line of the file (run_dir = …); the first of "
    "these that is there counts.\nA password belongs in the file or the "
    "variable: flags are seen by everybody on\nthe machine. SIGTERM and "
    "SIGINT stop it in peace. The log is JSON on stderr.";

const char* FindVariable(const char* name) {
    return std::getenv(name);
}

Result<Settings> ReadSettings(const SettingValues& flags,
                              const std::string& config) {
    SettingValues file;
    if (!config.empty()) {
        const auto content = ReadWholeFile(config, 1024 * 1024);
        if (!content.ok()) return content.error();
        auto parsed = ParseSettingsFile(*content, config);
        if (!parsed.ok()) return parsed.error();
        file = std::move(*parsed);
        struct stat info {};
        const auto database = file.find("database");
        if (database != file.end() && HasPassword(database->second.value) &&
            ::stat(config.c_str(), &info) == 0 && (info.st_mode & 0007) != 0) {
            return Error(ErrorCode::kValidation,
                         config +
                             " holds a password and may be read by "
                             "others: take their rights (chmod o= FILE)");
        }
    }
    return MakeSettings(flags, SettingsFromEnvironment(FindVariable), file);
}

void AddFlags(CLI::App& serve, SettingValues& flags) {
    for (const SettingRow& row : SettingRows()) {
        std::string flag = "--" + std::string(row.name);
        std::replace(flag.begin(), flag.end(), '_', '-');
        serve
            .add_option_function<std::string>(
                flag,
                [&flags, flag,
                 name = std::string(row.name)](const std::string& v) {
                    flags[name] = {v, flag};
                },
                std::string(row.text))
            ->type_name(std::string(row.value_name));
    }
}

// No core and no debugger shows the keys in memory; many connections may be
// open; a peer that left is an error, not the end.
void PrepareProcess() {
    ::umask(0007);
    ::prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kFiles) {
        files.rlim_cur = std::min(files.rlim_max, kFiles);
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

// Before any thread is there, so that all of them leave them to main.
sigset_t BlockSignals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

void AddFlags(CLI::App& reseal, ResealOptions& options) {
    reseal.add_flag("--rows-only", options.rows_only,
                    "the file's first key is new already; leave the file");
    reseal.add_flag("--keep-old", options.keep_old,
                    "leave the old keys in the file");
    reseal.add_flag("--json", options.json, "tell the result as JSON");
}

int Run(int argc, char** argv) {
    CLI::App app(
        "The management API of the AI gateway, and the tasks beside nginx");
    app.set_version_flag("--version", "aiproxy-admin " AIPROXY_VERSION);
    app.require_subcommand(1);
    app.footer("\"aiproxy-admin serve --help\" lists the settings.");
    CLI::App* serve = app.add_subcommand(
        "serve", "Serve the API and run the tasks, in the foreground");
    serve->footer(kFooter);
    std::string config;
    serve->add_option("--config", config, "file of \"name = value\" lines")
        ->type_name("FILE");
    SettingValues flags;
    AddFlags(*serve, flags);
    const auto add_settings = [&](CLI::App& command) {
        command
            .add_option("--config", config, "file of \"name = value\" lines")
            ->type_name("FILE");
        AddFlags(command, flags);
    };
    Commands commands;
    commands.Add(app, add_settings);
    CLI::App* reseal = app.add_subcommand(
        "reseal",
        "Put a new master key in the place of the old one; daemons may run");
    add_settings(*reseal);
    ResealOptions reseal_options;
    AddFlags(*reseal, reseal_options);
    UserCommand user;
    user.Add(app, add_settings);
    PricesCommand prices;
    prices.Add(app, add_settings);
    KeyCommand key;
    key.Add(app, add_settings);
    DoctorCommand doctor;
    doctor.Add(app, add_settings);
    ConfigCommand config_command;
    config_command.Add(app, add_settings);
    CLI11_PARSE(app, argc, argv);

    const auto settings = ReadSettings(flags, config);
    if (!settings.ok()) {
        std::fprintf(stderr, "aiproxy-admin: %s\n",
                     settings.error().detail.c_str());
        return 2;
    }
    PrepareProcess();
    const sigset_t signals = BlockSignals();
    if (::sodium_init() < 0) return 1;
    ::json_object_seed(0);

    if (user.chosen()) return user.Run(*settings);
    if (prices.chosen()) return prices.Run(*settings);
    if (key.chosen()) return key.Run(*settings);
    if (doctor.chosen()) return doctor.Run(*settings);
    if (config_command.chosen()) return config_command.Run(*settings);
    if (reseal->parsed()) return RunReseal(*settings, reseal_options);
    const Log log(settings->log_level);
    if (commands.chosen()) return commands.Run(*settings, log);
    const Status status = Serve(*settings, log, signals);
    if (!status.ok()) {
        log.Error("failed", {{"reason", status.error().detail},
                             {"code", Describe(status.code()).name}});
        return 1;
    }
    log.Info("stopped");
    return 0;
}

}  // namespace
}  // namespace aiproxy::admin

int main(int argc, char** argv) {
    try {
        return aiproxy::admin::Run(argc, argv);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "aiproxy-admin: %s\n", e.what());
        return 1;
    }
}
