// SPDX-License-Identifier: MIT
//
// All that the API calls, in one struct that main() fills.

#pragma once

#include <string>

#include "admin_daemon/service/alert_channels.h"
#include "admin_daemon/service/alert_rules.h"
#include "admin_daemon/service/alerts.h"
#include "admin_daemon/service/api_tokens.h"
#include "admin_daemon/service/audit.h"
#include "admin_daemon/service/auth.h"
#include "admin_daemon/service/client_keys.h"
#include "admin_daemon/service/events.h"
#include "admin_daemon/service/gateway_settings.h"
#include "admin_daemon/service/health.h"
#include "admin_daemon/service/idempotency.h"
#include "admin_daemon/service/issuers.h"
#include "admin_daemon/service/jobs.h"
#include "admin_daemon/service/ledger_figures.h"
#include "admin_daemon/service/limit_book.h"
#include "admin_daemon/service/monitor.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/nodes.h"
#include "admin_daemon/service/oauth_clients.h"
#include "admin_daemon/service/oidc_settings.h"
#include "admin_daemon/service/oidc_sign_ins.h"
#include "admin_daemon/service/payloads.h"
#include "admin_daemon/service/prices.h"
#include "admin_daemon/service/provider_keys.h"
#include "admin_daemon/service/providers.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/records.h"
#include "admin_daemon/service/rerating.h"
#include "admin_daemon/service/sign_ins.h"
#include "admin_daemon/service/statistics.h"
#include "admin_daemon/service/task_board.h"
#include "admin_daemon/service/token_endpoint.h"
#include "admin_daemon/service/usage_page.h"
#include "admin_daemon/service/users.h"

namespace aiproxy::admin::service {

struct Services {
    Auth& auth;
    OidcSettings& oidc_settings;
    OidcSignIns& oidc_sign_ins;
    Users& users;
    ApiTokens& api_tokens;
    Audit& audit;
    Idempotency& idempotency;
    Providers& providers;
    ProviderKeys& provider_keys;
    SecretReferences& secret_references;
    SignIns& sign_ins;
    ClientKeys& client_keys;
    LimitBook& limits;
    Issuers& issuers;
    OAuthClients& oauth_clients;
    TokenEndpoint& token_endpoint;
    Prices& prices;
    Rerating& rerating;
    Records& records;
    Payloads& payloads;
    Statistics& statistics;
    UsagePage& usage_page;
    Jobs& jobs;
    GatewaySettings& settings;
    Events& events;
    Health& health;
    Alerts& alerts;
    AlertRules& alert_rules;
    AlertChannels& alert_channels;
    TaskBoard& tasks;
    Nodes& nodes;
    Publication& publication;
    NodeState& state;
    const LedgerFigures& ledger;
    Monitor& monitor;
    std::string database;  // "sqlite" or "postgres"
};

}  // namespace aiproxy::admin::service
