// SPDX-License-Identifier: MIT
//
// aiproxy-admin: the management API and the tasks beside nginx. Everything is
// built here in order and taken down in reverse; nothing is global.

#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "admin_daemon/embedded.h"
#include "admin_daemon/files.h"
#include "admin_daemon/http/server.h"
#include "admin_daemon/log.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/seed.h"
#include "admin_daemon/settings.h"
#include "admin_daemon/task/address.h"
#include "admin_daemon/task/ingest.h"
#include "admin_daemon/task/publish.h"

namespace aiproxy::admin {
namespace {

const char* FindVariable(const char* name) {
    return std::getenv(name);
}

// Flags, then the environment, then the file they name.
Result<Settings> ReadSettings(const SettingValues& flags,
                              const std::string& config) {
    SettingValues file;
    if (!config.empty()) {
        const auto content = ReadWholeFile(config, 1024 * 1024);
        if (!content.ok()) return content.error();
        auto parsed = ParseSettingsFile(*content);
        if (!parsed.ok()) {
            return Error(ErrorCode::kValidation,
                         config + ": " + parsed.error().detail);
        }
        file = std::move(*parsed);
    }
    return MakeSettings(flags, SettingsFromEnvironment(FindVariable), file);
}

Status PrepareFolders(const Settings& settings) {
    const std::pair<std::string, mode_t> folders[] = {
        {settings.dir, 02770},
        {settings.run_dir, 02770},
        {settings.dir + "/spool", 02770},
        {settings.run_dir + "/ledger", 02770},
        // Workers read here, and cannot write over what they have mapped.
        {settings.run_dir + "/snapshots", 02750},
    };
    for (const auto& [path, mode] : folders) {
        const Status status = EnsureFolder(path, mode);
        if (!status.ok()) return status;
    }
    if (!IsOnTmpfs(settings.run_dir)) {
        return Error(ErrorCode::kInternal,
                     settings.run_dir +
                         " is not on tmpfs: choose a folder below /run or "
                         "/dev/shm");
    }
    return {};
}

// Held until the process ends.
Result<File> LockRunDir(const std::string& run_dir) {
    const std::string path = run_dir + "/daemon.lock";
    File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660));
    if (!file.is_open()) return SystemError("open", path);
    ::fchmod(file.fd(), 0660);
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
        return Error(ErrorCode::kInternal, "another daemon serves " + run_dir);
    }
    return file;
}

Status Migrate(store::Database& database) {
    std::vector<store::Migration> migrations;
    for (const EmbeddedFile& file : EmbeddedFiles()) {
        if (file.name.starts_with("sql/")) {
            migrations.push_back({file.name, file.content});
        }
    }
    return database.Migrate(migrations);
}

// Everything that lives as long as the daemon serves.
class Daemon {
 public:
    Daemon(const Settings& settings, const Log& log)
        : settings_(settings), log_(log) {}

    // Serves until a signal comes.
    Status Serve(const sigset_t& signals);

 private:
    Status ServeWith(const sigset_t& signals, service::SealingKey& master,
                     service::SealingKey& node, const std::string& node_id,
                     store::Database& database, store::Database& writer);

    const Settings& settings_;
    const Log& log_;
};

Status Daemon::Serve(const sigset_t& signals) {
    Status status = PrepareFolders(settings_);
    if (!status.ok()) return status;
    auto lock = LockRunDir(settings_.run_dir);
    if (!lock.ok()) return lock.error();
    auto master = service::LoadMasterKey(settings_.master_key_path());
    if (!master.ok()) return master.error();
    auto node = service::LoadNodeKey(settings_.dir + "/node.key");
    if (!node.ok()) return node.error();
    auto node_id = service::LoadNodeId(settings_.dir + "/node.id");
    if (!node_id.ok()) return node_id.error();
    auto options = store::ParseDatabaseUrl(settings_.database_url());
    if (!options.ok()) return options.error();
    store::Database database(*options);
    // Ingestion has its own connections, so that neither starves the other.
    options->connections = 2;
    options->statement_ms = 30'000;
    store::Database writer(*options);
    status = Migrate(database);
    if (!status.ok()) return status;
    return ServeWith(signals, *master, *node, *node_id, database, writer);
}

Status Daemon::ServeWith(const sigset_t& signals, service::SealingKey& master,
                         service::SealingKey& node, const std::string& node_id,
                         store::Database& database, store::Database& writer) {
    const service::Clock clock = NowMs;
    service::Publication publication;
    service::Addresses addresses(settings_.listen_host, settings_.listen_port);
    service::Auth auth(database, master.Derive("aiproxy access token"),
                       settings_.dir + "/admin_password", clock);
    service::Providers providers(database, publication, addresses, clock);
    service::ProviderKeys provider_keys(database, publication, master, clock);
    service::ClientKeys client_keys(database, publication, clock);
    service::Records records(database);
    service::LedgerFigures figures;

    Status status = service::Seed(
        database, providers, FindEmbedded("conf/providers.json").value_or("[]"),
        FindEmbedded("conf/prices.csv").value_or(""), NowMs());
    if (!status.ok()) return status;
    const auto first = auth.CreateFirstUser();
    if (!first.ok()) return first.error();
    if (*first) {
        log_.Info("first_user",
                  {{"username", "admin"},
                   {"password_file", settings_.dir + "/admin_password"}});
    }
    auto state =
        service::NodeState::Open(settings_.run_dir, settings_.ledger_bytes);
    if (!state.ok()) return state.error();
    service::ProviderAddressBook book(database, node_id);
    status = book.Load(addresses);
    if (!status.ok()) return status;
    service::Configuration configuration(database, master, node, addresses,
                                         log_);
    task::Address address(addresses, book, publication, log_);
    task::Publish publish(configuration, publication, **state, address,
                          settings_.dir, settings_.run_dir, log_);
    status = publish.First();
    if (!status.ok()) return status;
    service::Ingestion ingestion(writer, node_id, clock, log_);
    task::Ingest ingest(
        ingestion, **state, figures,
        {settings_.run_dir, settings_.dir, settings_.ledger_bytes,
         settings_.spool_bytes, settings_.ready_segments},
        log_);
    ingest.Prepare();

    const bool sqlite = database.backend() == store::Backend::kSqlite;
    service::Services services{auth,          providers,
                               provider_keys, client_keys,
                               records,       publication,
                               **state,       figures,
                               node_id,       sqlite ? "sqlite" : "postgres",
                               NowMs()};
    http::Server server(services, log_);
    status = server.Start(settings_.listen(), settings_.threads);
    if (!status.ok()) return status;
    std::jthread address_thread([&](std::stop_token s) { address.Run(s); });
    std::jthread publish_thread([&](std::stop_token s) { publish.Run(s); });
    std::jthread ingest_thread([&](std::stop_token s) { ingest.Run(s); });
    log_.Info("ready", {{"listen", settings_.listen()},
                        {"node_id", node_id},
                        {"generation", publication.view().generation},
                        {"version", AIPROXY_VERSION}});

    // Upkeep in between, once a second.
    for (int signal = -1, seconds = 0; signal < 0; ++seconds) {
        const timespec second{1, 0};
        signal = ::sigtimedwait(&signals, nullptr, &second);
        (*state)->KeepUp();
        if (seconds % 3600 == 3599 && !auth.RemoveOld().ok()) {
            log_.Warn("old_sessions_not_removed");
        }
    }
    log_.Info("stopping");
    server.Stop();
    ingest_thread.request_stop();
    publish_thread.request_stop();
    address_thread.request_stop();
    return {};
}

int Run(int argc, char** argv) {
    CLI::App app(
        "The management API of the AI gateway, and the tasks beside "
        "nginx");
    app.set_version_flag("--version", "aiproxy-admin " AIPROXY_VERSION);
    app.require_subcommand(1);
    CLI::App* serve = app.add_subcommand("serve", "run in the foreground");
    std::string config;
    serve->add_option("--config", config, "file of \"name = value\" lines");
    SettingValues flags;
    for (const SettingRow& row : SettingRows()) {
        std::string flag = "--" + std::string(row.name);
        std::replace(flag.begin(), flag.end(), '_', '-');
        serve
            ->add_option_function<std::string>(
                flag,
                [&flags, name = std::string(row.name)](const std::string& v) {
                    flags[name] = v;
                },
                std::string(row.text))
            ->type_name(std::string(row.value_name));
    }
    CLI11_PARSE(app, argc, argv);

    const auto settings = ReadSettings(flags, config);
    if (!settings.ok()) {
        std::fprintf(stderr, "aiproxy-admin: %s\n",
                     settings.error().detail.c_str());
        return 2;
    }
    ::umask(0007);
    std::signal(SIGPIPE, SIG_IGN);
    // Before any thread is there, so that all of them leave them to main.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    if (::sodium_init() < 0) return 1;
    ::json_object_seed(0);

    const Log log(settings->log_level);
    Daemon daemon(*settings, log);
    const Status status = daemon.Serve(signals);
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
