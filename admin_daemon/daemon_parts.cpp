// SPDX-License-Identifier: MIT

#include "admin_daemon/daemon_parts.h"

#include <chrono>

#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin {
namespace {

service::ReferenceRules RulesOf(const Settings& settings) {
    return {settings.secret_variables, settings.secret_folders,
            settings.secret_commands,
            std::chrono::seconds(settings.secret_command_seconds)};
}

}  // namespace

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
                    node_id_, settings.dir + "/tokens", NowMs, log),
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
      rests_(database_, *state_, node_id_, NowMs),
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
      monitor_(*state_, settings.dir, settings.run_dir),
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
          monitor_,
          options.backend == store::Backend::kSqlite ? "sqlite" : "postgres"},
      server_(services_, log) {
    if (const auto redis = client::ParseRedisUrl(settings.redis)) {
        redis_.emplace(*redis);
        limits_.UseRedis(*redis);
        monitor_.SetRedis(service::Monitor::Redis::kAway);
    }
}

}  // namespace aiproxy::admin
