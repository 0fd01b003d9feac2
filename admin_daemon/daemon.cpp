// SPDX-License-Identifier: MIT

#include "admin_daemon/daemon.h"

#include <chrono>
#include <thread>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/mail_client.h"
#include "admin_daemon/client/redis_client.h"
#include "admin_daemon/embedded.h"
#include "admin_daemon/files.h"
#include "admin_daemon/folders.h"
#include "admin_daemon/http/server.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/schema.h"
#include "admin_daemon/service/owed_limits.h"
#include "admin_daemon/service/seed.h"
#include "admin_daemon/task/address.h"
#include "admin_daemon/task/alerts.h"
#include "admin_daemon/task/ingest.h"
#include "admin_daemon/task/jobs.h"
#include "admin_daemon/task/jwks.h"
#include "admin_daemon/task/nodes.h"
#include "admin_daemon/task/payloads.h"
#include "admin_daemon/task/probes.h"
#include "admin_daemon/task/publish.h"
#include "admin_daemon/task/references.h"
#include "admin_daemon/task/refresh.h"
#include "admin_daemon/task/rests.h"
#include "admin_daemon/task/retention.h"

namespace aiproxy::admin {
namespace {

struct Keys {
    service::SealingKey master;
    service::SealingKey node;
    std::string node_id;
};

Result<Keys> LoadKeys(const Settings& settings) {
    auto master = service::LoadMasterKey(settings.master_key_path());
    if (!master.ok()) return master.error();
    auto node = service::LoadNodeKey(settings.dir + "/node.key");
    if (!node.ok()) return node.error();
    auto node_id = service::LoadNodeId(settings.dir + "/node.id");
    if (!node_id.ok()) return node_id.error();
    return Keys{std::move(*master), std::move(*node), std::move(*node_id)};
}

service::ReferenceRules RulesOf(const Settings& settings) {
    return {settings.secret_variables, settings.secret_folders,
            settings.secret_commands,
            std::chrono::seconds(settings.secret_command_seconds)};
}

class Daemon {
 public:
    Daemon(const Settings& settings, const Log& log, const Keys& keys,
           const store::DatabaseOptions& options,
           const store::DatabaseOptions& writer_options,
           std::unique_ptr<service::NodeState> state);

    // What must be there before anybody asks.
    Status Prepare();
    Status Run(const sigset_t& signals);

 private:
    Status CreateFirstUser();
    void WaitForSignal(const sigset_t& signals);
    void KeepUp(bool hourly);
    Status RemoveOld();
    void RebuildLimits();
    void WaitForRounds(std::int64_t rounds);

    const Settings& settings_;
    const Log& log_;
    const std::string node_id_;
    store::Database database_;
    // Ingestion has its own connections, so that neither starves the other.
    store::Database writer_;
    store::Database upkeep_;  // what may take long, beside the ingestion
    const std::unique_ptr<service::NodeState> state_;
    service::Publication publication_;
    const client::NetworkGuard guard_;
    const client::HttpClient http_;
    const client::MailClient mail_;
    std::optional<client::RedisClient> redis_;
    Trouble redis_away_;
    service::Addresses addresses_;
    service::ProviderAddressBook book_;
    service::LedgerFigures figures_;
    service::Passwords passwords_;
    service::Auth auth_;
    service::OidcSettings oidc_settings_;
    service::OidcSignIns oidc_sign_ins_;
    service::Users users_;
    service::ApiTokens api_tokens_;
    service::Audit audit_;
    service::Idempotency idempotency_;
    service::Providers providers_;
    service::SecretReferences secret_references_;
    service::ProviderKeys provider_keys_;
    service::ClientKeys client_keys_;
    service::LimitBook limits_;
    service::OwedLimits owed_limits_;
    service::Leases leases_;
    service::TaskBoard task_board_;
    service::OAuthTokens oauth_tokens_;
    service::SignIns sign_ins_;
    service::Issuers issuers_;
    service::OAuthClients oauth_clients_;
    service::TokenSigner token_signer_;
    service::TokenEndpoint token_endpoint_;
    service::Prices prices_;
    service::Rerating rerating_;
    service::Records records_;
    service::Payloads payloads_;
    service::Statistics statistics_;
    service::UsagePage usage_page_;
    service::Jobs jobs_;
    service::RecordExport record_export_;
    service::GatewaySettings gateway_settings_;
    service::Events events_;
    service::Rests rests_;
    service::Scores scores_;
    service::Health health_;
    service::AlertRules alert_rules_;
    service::AlertChannels alert_channels_;
    service::AlertChecks alert_checks_;
    service::Alerts alerts_;
    service::AlertDeliveries alert_deliveries_;
    service::Nodes nodes_;
    service::Configuration configuration_;
    service::Ingestion ingestion_;
    task::Address address_;
    task::Publish publish_;
    task::Ingest ingest_;
    task::Payloads payloads_task_;
    task::Jwks jwks_;
    task::References references_;
    task::Refresh refresh_;
    task::Rests learn_rests_;
    task::Nodes report_node_;
    task::Probes probes_;
    task::Jobs jobs_task_;
    task::Alerts alerts_task_;
    service::Retention retention_;
    task::Retention retention_task_;
    service::Services services_;
    http::Server server_;
};

Daemon::Daemon(const Settings& settings, const Log& log, const Keys& keys,
               const store::DatabaseOptions& options,
               const store::DatabaseOptions& writer_options,
               std::unique_ptr<service::NodeState> state)
    : settings_(settings),
      log_(log),
      node_id_(keys.node_id),
      database_(options),
      writer_(writer_options),
      upkeep_(writer_options),
      state_(std::move(state)),
      guard_(client::ParseNetworks(settings.allowed_networks)
                 .value_or(std::vector<aiproxy::http::Cidr>())),
      http_(guard_),
      mail_(guard_),
      redis_away_(log, "redis_away"),
      addresses_(settings.listen_host, settings.listen_port, guard_),
      book_(database_, node_id_),
      auth_(database_, passwords_, keys.master.Derive("aiproxy access token"),
            settings.dir + "/admin_password", NowMs),
      oidc_settings_(database_, keys.master, http_, guard_, NowMs, log),
      oidc_sign_ins_(database_, publication_, keys.master, http_, node_id_,
                     NowMs, log),
      users_(database_, publication_, passwords_, NowMs),
      api_tokens_(database_, NowMs),
      audit_(database_, NowMs),
      idempotency_(database_, keys.master, NowMs),
      providers_(database_, publication_, addresses_, keys.master, NowMs),
      secret_references_(RulesOf(settings)),
      provider_keys_(database_, publication_, keys.master, secret_references_,
                     NowMs),
      client_keys_(database_, publication_, NowMs),
      limits_(database_, publication_, *state_, NowMs),
      owed_limits_(database_, NowMs),
      leases_(database_, node_id_),
      task_board_(database_, node_id_, NowMs),
      oauth_tokens_(database_, publication_, leases_, keys.master, http_,
                    node_id_, NowMs, log),
      sign_ins_(database_, oauth_tokens_, keys.master, http_, node_id_, NowMs,
                log),
      issuers_(database_, publication_, keys.master, guard_, NowMs),
      oauth_clients_(database_, publication_, NowMs),
      token_signer_(database_, publication_, keys.master, NowMs),
      token_endpoint_(database_, publication_, token_signer_, NowMs),
      prices_(database_, publication_, NowMs),
      rerating_(upkeep_),
      records_(database_),
      payloads_(database_, upkeep_, keys.master, keys.node),
      statistics_(database_, NowMs),
      usage_page_(database_, limits_, statistics_, NowMs),
      jobs_(database_, node_id_, settings.dir + "/exports", NowMs),
      record_export_(upkeep_),
      gateway_settings_(database_, publication_, NowMs),
      events_(database_, NowMs),
      rests_(database_, *state_, NowMs),
      scores_(database_, publication_, *state_, NowMs),
      health_(database_, *state_, rests_, scores_, addresses_, keys.master,
              secret_references_, {node_id_, settings.probe_seconds}, NowMs),
      alert_rules_(database_, NowMs),
      alert_channels_(database_, keys.master, guard_, NowMs),
      alert_checks_(database_, limits_, *state_, figures_, node_id_, NowMs),
      alerts_(database_, alert_checks_, node_id_, NowMs),
      alert_deliveries_(database_, keys.master, http_, mail_, NowMs),
      nodes_(database_, publication_,
             {node_id_, settings.name_of_node(), AIPROXY_VERSION, NowMs()}),
      configuration_(database_, keys.master, keys.node, secret_references_,
                     addresses_, log),
      ingestion_(writer_, node_id_, NowMs, log),
      address_(addresses_, book_, publication_, task_board_, log),
      publish_(configuration_, publication_, *state_, address_, settings.dir,
               settings.run_dir, task_board_, log),
      ingest_(ingestion_, *state_, figures_,
              {settings.run_dir, settings.dir, settings.ledger_bytes,
               settings.spool_bytes, settings.ready_segments,
               [this](const service::NodeState::Charges& charges) {
                   if (redis_) limits_.NoteDead(charges);
               }},
              task_board_, log),
      payloads_task_(payloads_, *state_, settings.run_dir, log),
      jwks_(issuers_, leases_, *state_, http_, task_board_, log),
      references_(secret_references_, health_, events_, publication_, node_id_,
                  log),
      refresh_(oauth_tokens_, sign_ins_, oidc_settings_, oidc_sign_ins_,
               *state_, task_board_, log),
      learn_rests_(rests_, scores_, task_board_, log),
      report_node_(nodes_, log),
      probes_(health_, jobs_, leases_, http_, task_board_, log),
      jobs_task_(jobs_, record_export_, rerating_, task_board_, log),
      alerts_task_(alerts_, alert_deliveries_, leases_, task_board_, log),
      retention_(
          upkeep_,
          {settings.keep_records, settings.keep_quarters, settings.keep_days,
           settings.archive, settings.dir + "/archive"},
          NowMs, log),
      retention_task_(retention_, leases_, task_board_, log),
      services_{
          auth_,
          oidc_settings_,
          oidc_sign_ins_,
          users_,
          api_tokens_,
          audit_,
          idempotency_,
          providers_,
          provider_keys_,
          secret_references_,
          sign_ins_,
          client_keys_,
          limits_,
          issuers_,
          oauth_clients_,
          token_endpoint_,
          prices_,
          rerating_,
          records_,
          payloads_,
          statistics_,
          usage_page_,
          jobs_,
          gateway_settings_,
          events_,
          health_,
          alerts_,
          alert_rules_,
          alert_channels_,
          task_board_,
          nodes_,
          publication_,
          *state_,
          figures_,
          options.backend == store::Backend::kSqlite ? "sqlite" : "postgres"},
      server_(services_, log) {
    if (const auto redis = client::ParseRedisUrl(settings.redis)) {
        redis_.emplace(*redis);
        limits_.UseRedis(*redis);
    }
}

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
        for (const Status& settled :
             {limits_.SettleDead(*redis_), owed_limits_.Settle(*redis_)}) {
            if (!settled.ok()) redis_away_.Begin(settled.error().detail);
        }
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

}  // namespace

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
