// SPDX-License-Identifier: MIT

#include "admin_daemon/daemon.h"

#include <chrono>
#include <thread>

#include "admin_daemon/daemon_parts.h"
#include "admin_daemon/embedded.h"
#include "admin_daemon/files.h"
#include "admin_daemon/folders.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/schema.h"
#include "admin_daemon/service/seed.h"

namespace aiproxy::admin {
namespace {

Result<Keys> LoadKeys(const Settings& settings) {
    auto master = service::LoadMasterKey(settings.master_key_path());
    if (!master.ok()) return master.error();
    auto node = service::LoadNodeKey(settings.dir + "/node.key");
    if (!node.ok()) return node.error();
    auto node_id = service::LoadNodeId(settings.dir + "/node.id");
    if (!node_id.ok()) return node_id.error();
    return Keys{std::move(*master), std::move(*node), std::move(*node_id)};
}

}  // namespace

Status Daemon::CreateFirstUser() {
    const auto made = auth_.CreateFirstUser();
    if (!made.ok()) return made.error();
    if (*made) {
        log_.Info("first_user",
                  {{"username", "admin"},
                   {"password_file", settings_.dir + "/admin_password"}});
    }
    return {};
}

Status Daemon::Prepare() {
    Status status = Migrate(database_);
    if (!status.ok()) return status;
    status =
        service::Seed(database_, providers_,
                      FindEmbedded("conf/providers.json").value_or("[]"),
                      FindEmbedded("conf/prices.csv").value_or(""), NowMs());
    if (!status.ok()) return status;
    status = CreateFirstUser();
    if (!status.ok()) return status;
    status = token_signer_.KeepUp();
    if (!status.ok()) return status;
    status = book_.Load(addresses_);
    if (!status.ok()) return status;
    status = publish_.First();
    if (!status.ok()) return status;
    ingest_.Prepare();
    return {};
}

Status Daemon::Run(const sigset_t& signals) {
    const Status status = server_.Start(settings_.listen(), settings_.threads);
    if (!status.ok()) return status;
    std::jthread address([&](std::stop_token s) { address_.Run(s); });
    std::jthread publish([&](std::stop_token s) { publish_.Run(s); });
    std::jthread ingest([&](std::stop_token s) { ingest_.Run(s); });
    std::jthread payloads([&](std::stop_token s) { payloads_task_.Run(s); });
    std::jthread jwks([&](std::stop_token s) { jwks_.Run(s); });
    std::jthread references([&](std::stop_token s) { references_.Run(s); });
    std::jthread tellers(
        [&](std::stop_token s) { references_.RunCommands(s); });
    std::jthread refresh([&](std::stop_token s) { refresh_.Run(s); });
    std::jthread jobs([&](std::stop_token s) { jobs_task_.Run(s); });
    std::jthread retention([&](std::stop_token s) { retention_task_.Run(s); });
    std::jthread rests([&](std::stop_token s) { learn_rests_.Run(s); });
    std::jthread nodes([&](std::stop_token s) { report_node_.Run(s); });
    std::jthread probes([&](std::stop_token s) { probes_.Run(s); });
    std::jthread demanded([&](std::stop_token s) { probes_.RunDemanded(s); });
    std::jthread alerts([&](std::stop_token s) { alerts_task_.Run(s); });
    std::jthread deliveries(
        [&](std::stop_token s) { alerts_task_.RunDeliveries(s); });
    for (int i = 0; figures_.rounds == 0 && i < 100; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    RebuildLimits();
    log_.Info("ready", {{"listen", settings_.listen()},
                        {"node_id", node_id_},
                        {"generation", publication_.view().generation},
                        {"version", AIPROXY_VERSION}});
    WaitForSignal(signals);
    log_.Info("stopping");
    // The tasks go on meanwhile: a running write waits for its publication.
    server_.Stop();
    alerts.request_stop();
    deliveries.request_stop();
    retention.request_stop();
    jobs.request_stop();
    jwks.request_stop();
    probes.request_stop();
    demanded.request_stop();
    refresh.request_stop();
    references.request_stop();
    tellers.request_stop();
    rests.request_stop();
    nodes.request_stop();
    payloads.request_stop();
    ingest.request_stop();
    publish.request_stop();
    address.request_stop();
    return {};
}

void Daemon::KeepUp(bool hourly) {
    {
        service::TaskBoard::Run run(task_board_, "upkeep");
        run.Next(1000);
        state_->KeepUp();
        RebuildLimits();
        if (hourly) run.Check(RemoveOld());
    }
    const Status written = task_board_.KeepUp();
    if (!written.ok()) {
        log_.Debug("tasks_not_written", {{"reason", written.error().detail}});
    }
}

// With upkeep in between, once a second.
void Daemon::WaitForSignal(const sigset_t& signals) {
    for (int signal = -1, seconds = 0; signal < 0; ++seconds) {
        const timespec second{1, 0};
        signal = ::sigtimedwait(&signals, nullptr, &second);
        KeepUp(seconds % 3600 == 3599);
    }
}

// What stood in the ledger when this was called is in the database then, unless
// that is away.
void Daemon::WaitForRounds(std::int64_t rounds) {
    const std::int64_t till = figures_.rounds + rounds;
    for (int i = 0; figures_.rounds < till && i < 50; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

// Once what waits in the spool is in the database.
void Daemon::RebuildLimits() {
    if (figures_.rounds == 0) return;
    if (redis_) {
        const auto filled =
            limits_.RebuildRedis(*redis_, [this] { WaitForRounds(2); });
        if (!filled.ok()) {
            redis_away_.Begin(filled.error().detail);
        } else if (redis_away_.End(); *filled) {
            log_.Info("redis_rebuilt");
        }
        bool answers = filled.ok();
        for (const Status& settled :
             {limits_.SettleDead(*redis_), owed_limits_.Settle(*redis_)}) {
            answers = answers && settled.ok();
            if (!settled.ok()) redis_away_.Begin(settled.error().detail);
        }
        monitor_.SetRedis(answers ? service::Monitor::Redis::kAnswers
                                  : service::Monitor::Redis::kAway);
    }
    const Status ended = limits_.EndRaises();
    if (!ended.ok()) {
        log_.Warn("raises_not_ended", {{"reason", ended.error().detail}});
    }
    const auto rebuilt = limits_.Rebuild();
    if (!rebuilt.ok()) {
        log_.Warn("limits_not_rebuilt", {{"reason", rebuilt.error().detail}});
    } else if (*rebuilt) {
        log_.Info("limits_rebuilt");
    }
}

// The first error of all.
Status Daemon::RemoveOld() {
    Status first;
    for (const Status& status :
         {auth_.RemoveOld(), audit_.RemoveOld(), idempotency_.RemoveOld(),
          events_.RemoveOld(), rests_.RemoveOld(), health_.RemoveOld(),
          token_endpoint_.RemoveOld(), token_signer_.KeepUp(),
          nodes_.RemoveOld(), alerts_.RemoveOld(), task_board_.RemoveOld()}) {
        if (status.ok()) continue;
        if (first.ok()) first = status;
        log_.Warn("old_rows_not_removed", {{"reason", status.error().detail}});
    }
    return first;
}

Status Serve(const Settings& settings, const Log& log,
             const sigset_t& signals) {
    const auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) return options.error();
    const Status folders = PrepareFolders(settings);
    if (!folders.ok()) return folders;
    const auto lock = LockRunDir(settings.run_dir);
    if (!lock.ok()) return lock.error();
    RemoveLeftovers(settings);
    const auto keys = LoadKeys(settings);
    if (!keys.ok()) return keys.error();
    auto state =
        service::NodeState::Open(settings.run_dir, settings.ledger_bytes);
    if (!state.ok()) return state.error();
    auto writer = *options;
    writer.connections = 2;
    writer.statement_ms = 30'000;
    Daemon daemon(settings, log, *keys, *options, writer, std::move(*state));
    const Status prepared = daemon.Prepare();
    if (!prepared.ok()) return prepared;
    return daemon.Run(signals);
}

}  // namespace aiproxy::admin
