// SPDX-License-Identifier: MIT
//
// What the daemon is made of, in the order in which it is built; taken down in
// reverse. Built and run by daemon.cpp alone.

#pragma once

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/mail_client.h"
#include "admin_daemon/client/redis_client.h"
#include "admin_daemon/http/server.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/owed_limits.h"
#include "admin_daemon/settings.h"
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

struct Keys {
    service::SealingKey master;
    service::SealingKey node;
    std::string node_id;
};

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
    service::Monitor monitor_;
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

}  // namespace aiproxy::admin
