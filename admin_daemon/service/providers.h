// SPDX-License-Identifier: MIT
//
// The rules of providers. Called by api/providers and, for the first rows, by
// the seed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/oauth_definition.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {

using store::Page;
using store::Provider;

struct Credential {
    std::string location;
    std::string name;
    std::string prefix;
};

// What a call says; what is absent stays, or takes its default.
struct ProviderChange {
    std::optional<std::string> name;
    std::optional<std::string> base_url;
    std::optional<std::vector<std::string>> dialects;
    std::optional<Credential> credential;
    std::optional<std::vector<std::pair<std::string, std::string>>>
        required_headers;
    std::optional<std::int64_t> connect_timeout_ms;
    std::optional<std::int64_t> first_byte_timeout_ms;
    std::optional<std::int64_t> idle_timeout_ms;
    std::optional<std::optional<std::int64_t>> total_timeout_ms;
    std::optional<bool> tls_verify;
    std::optional<std::optional<std::string>> tls_name;
    std::optional<bool> ask_usage;
    std::optional<std::optional<std::string>> price_list;
    std::optional<std::optional<std::string>> verdict_table;
    std::optional<std::vector<store::VerdictRule>> verdict_rules;
    std::optional<std::vector<store::ModelRule>> model_rules;
    std::optional<std::optional<std::string>> usage_mapping;  // JSON
    std::optional<std::vector<std::string>> allowed_headers;
    std::optional<std::optional<std::string>> egress;
    std::optional<bool> websocket;
    std::optional<store::ProbeRules> probe;
    std::optional<std::optional<OAuthDefinition>> oauth;
    // Of our client there; without it the present one stays, as long as it
    // goes to the same token_url.
    std::optional<std::string> oauth_client_secret;
    std::optional<bool> is_enabled;
};

class Providers {
 public:
    Providers(store::Database& database, Publication& publication,
              const Addresses& addresses, const SealingKey& master, Clock clock)
        : database_(database),
          publication_(publication),
          addresses_(addresses),
          master_(master),
          clock_(std::move(clock)) {}

    Result<std::vector<Provider>> List(const Page& page);
    Result<Provider> Get(std::int64_t id);
    Result<Written<Provider>> Create(const ProviderChange& change);
    Result<Written<Provider>> Update(std::int64_t id,
                                     const ProviderChange& change,
                                     const AccessScope& scope = {});
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});

    Resolution ResolutionOf(const Provider& provider) const {
        return addresses_.Find(provider);
    }
    // Applies a change to a row and checks all of it. Errors: kValidation.
    Status Apply(const ProviderChange& change, Provider& provider) const;
    // By the first dialect.
    void SetDefaultCredential(const std::vector<std::string>& dialects,
                              Provider& provider) const;

    // Whether such a base URL may be used. Errors: kValidation.
    Status CheckBaseUrl(const std::string& text) const;

 private:
    Status ApplySecret(const ProviderChange& change, const Provider& before,
                       Provider& provider) const;

    store::Database& database_;
    Publication& publication_;
    const Addresses& addresses_;
    const SealingKey& master_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
