// SPDX-License-Identifier: MIT
//
// Providers and what each node's resolver said of their hosts. Called by
// service/providers and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

// What an answer means, ahead of the built-in table; all that is there must
// match.
struct VerdictRule {
    std::optional<std::int64_t> status;
    std::optional<std::string> name;
    std::optional<std::string> text;
    std::string verdict;
    std::optional<std::string> scope;
    std::optional<std::int64_t> rest_ms;
};

// Where the model is said: "body", "path" or "query".
struct ModelRule {
    std::string source;
    std::string name;
};

// How its keys are probed. What is absent is as the first dialect has it.
struct ProbeRules {
    bool is_enabled = true;
    std::optional<std::string> path;  // with query, behind the base URL
    std::optional<std::string> body;  // JSON; with one it is a POST
    std::optional<std::int64_t> interval_seconds;
    bool proves_use = false;  // a good answer says that a model would run
};

struct Provider {
    std::int64_t id = 0;
    std::string name;
    std::string base_url;
    std::vector<std::string> dialects;
    std::string credential_location;
    std::string credential_name;
    std::string credential_prefix;
    std::vector<std::pair<std::string, std::string>> required_headers;
    std::int64_t connect_timeout_ms = 5000;
    std::int64_t first_byte_timeout_ms = 120000;
    std::int64_t idle_timeout_ms = 120000;
    std::optional<std::int64_t> total_timeout_ms;
    bool tls_verify = true;
    std::optional<std::string> tls_name;
    bool ask_usage = false;
    std::optional<std::string> price_list;
    // Absent or empty: what the dialect says.
    std::optional<std::string> verdict_table;
    std::vector<VerdictRule> verdict_rules;
    std::vector<ModelRule> model_rules;
    std::optional<std::string> usage_mapping;  // JSON
    std::vector<std::string> allowed_headers;  // beyond the dialect's
    std::optional<std::string> egress;         // address to connect from
    bool websocket = false;
    ProbeRules probe;
    std::optional<std::string> oauth;  // JSON, service/oauth_definition
    std::optional<std::string> oauth_client_secret;  // sealed
    bool is_enabled = true;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
};

// Not deleted.
std::optional<Provider> FindProvider(Connection& connection, std::int64_t id);
std::optional<std::int64_t> FindProviderIdByName(Connection& connection,
                                                 const std::string& name);
// Not deleted.
std::vector<Provider> ListProviders(Connection& connection, const Page& page);
// Deleted ones too, of a later version.
std::vector<Provider> ListProvidersSince(Connection& connection,
                                         std::int64_t version);
std::int64_t CountProviders(Connection& connection);  // deleted ones too
void InsertProvider(Connection& connection, Provider& provider);  // sets id
void UpdateProvider(Connection& connection, const Provider& provider);
void DeleteProvider(Connection& connection, std::int64_t id,
                    std::int64_t version, UnixMs now);

struct ProviderAddresses {
    std::int64_t provider_id = 0;
    std::string base_url;  // they belong to this one only
    std::vector<std::string> addresses;
    UnixMs resolved_at = 0;
};

std::vector<ProviderAddresses> ListProviderAddresses(
    Connection& connection, const std::string& node_id);
void UpdateProviderAddresses(Connection& connection, const std::string& node_id,
                             const ProviderAddresses& addresses);

}  // namespace aiproxy::admin::store
