// SPDX-License-Identifier: MIT
//
// Writes a snapshot file from plain structs. Called by the daemon's publish
// task. Writing is strict: what cannot be represented is refused here, never
// left out.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/dialect/dialect.h"
#include "core/http/address.h"
#include "core/jwt/algorithm.h"
#include "core/key/digest.h"
#include "core/limit/limits.h"
#include "core/pool/scheduler.h"
#include "core/pricing/price.h"
#include "core/retry/verdict.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {

struct ModelRule {
    wire::ModelSource source = wire::ModelSource::kBody;
    std::string name;
};

struct VerdictRule {
    std::optional<std::uint16_t> status;
    std::string name;  // empty: not asked
    std::string text;
    retry::VerdictClass verdict = retry::VerdictClass::kNone;
    std::optional<retry::Scope> scope;
    std::optional<std::uint64_t> rest_ms;
};

struct Provider {
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::vector<dialect::Dialect> dialects;
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    std::string path_prefix;
    std::vector<std::string> addresses;
    bool tls_verify = true;
    std::string tls_name;
    bool credential_in_query = false;
    std::string credential_name;
    std::string credential_prefix;
    std::vector<std::pair<std::string, std::string>> required_headers;
    std::optional<std::uint32_t> connect_timeout_ms;
    std::optional<std::uint32_t> first_byte_timeout_ms;
    std::optional<std::uint32_t> idle_timeout_ms;
    std::optional<std::uint32_t> total_timeout_ms;
    bool ask_usage = false;
    std::string price_list;
    std::optional<std::uint32_t> slot;
    std::vector<VerdictRule> verdict_rules;
    std::optional<retry::Table> verdict_table;
    std::vector<ModelRule> model_rules;
    std::string usage_mapping;
    std::vector<std::string> allowed_headers;
    std::string egress;  // restricts: kFeatureEgress
    bool websocket = false;
};

struct ProviderKey {
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::int64_t provider_id = 0;
    std::optional<std::uint32_t> slot;
    std::uint32_t weight = 1;
    std::optional<UnixMs> expires_at_ms;
    std::string sealed;
    std::optional<std::uint32_t> priority;
    limit::Limits limits;   // restrict: kFeatureOwnLimits, kFeatureMoreLimits
    std::string time_zone;  // of its days and months; empty: UTC
    std::optional<std::uint8_t> score;
    // Restricts if not kGood: kFeatureCredentialState.
    wire::CredentialState credential_state = wire::CredentialState::kGood;
    std::string credential_reason;
    bool oauth = false;
    std::optional<std::uint64_t> token_serial;
    std::optional<std::int64_t> owner_user_id;  // restricts: kFeatureOwner
};

struct PreviousKey {
    key::Digest digest{};
    UnixMs until_ms = 0;
};

struct ClientKey {
    key::Digest digest{};
    std::int64_t id = 0;
    std::string name;
    bool is_enabled = true;
    std::optional<std::int64_t> user_id;
    std::optional<std::uint32_t> slot;
    std::optional<UnixMs> expires_at_ms;
    pool::Strategy strategy = pool::Strategy::kRoundRobin;
    std::vector<std::int64_t> pool;  // ids of provider keys
    limit::Limits limits;            // restrict, but for requests per minute:
                                     // kFeatureLimits
    std::string time_zone;           // of its days and months; empty: UTC
    wire::WhenUnknown when_unknown = wire::WhenUnknown::kClosed;
    std::optional<std::uint32_t> local_percent;
    std::optional<std::uint64_t> max_output_tokens;
    bool ends_at_limit = false;
    bool retry_after_timeout = true;
    bool user_is_enabled = true;  // restricts: kFeatureUserDisabled
    // Absent: no restriction. Empty: nothing is allowed.
    std::optional<std::vector<http::Cidr>> allowed_addresses;
    std::optional<std::vector<std::string>> allowed_models;
    std::optional<std::vector<std::int64_t>> allowed_providers;  // ids
    std::optional<wire::StickySource> sticky_source;
    std::string sticky_header;
    std::optional<std::uint32_t> max_attempts;
    std::optional<std::uint32_t> attempts_within_ms;
    std::optional<std::uint32_t> retry_percent;
    std::optional<std::uint32_t> park_ms;
    bool drain_on_abort = false;  // else cut
    std::optional<std::uint32_t> drain_ms;
    std::optional<std::uint64_t> drain_bytes;
    std::optional<UnixMs> not_before_ms;
    std::uint8_t payload_parts = 0;  // kept: 1 requests, 2 answers, 3 both
    std::optional<std::uint32_t> payload_bytes;
    std::optional<PreviousKey> previous;
};

// A user whose client keys share limits: kFeatureLimits of each.
struct User {
    std::int64_t id = 0;
    std::optional<std::uint32_t> slot;
    limit::Limits limits;
    std::string time_zone;
};

struct Zone {
    std::string name;
    std::vector<UnixMs> days;  // where they begin, sorted
    std::vector<UnixMs> months;
};

struct VerificationKey {
    std::int64_t id = 0;
    std::uint64_t version = 0;
    std::string kid;
    jwt::Algorithm algorithm = jwt::Algorithm::kRs256;
    std::string public_key;  // DER; kHs256: sealed instead
    std::string sealed;
};

struct Issuer {
    std::int64_t id = 0;
    wire::IssuerKind kind = wire::IssuerKind::kJwt;
    std::string issuer;
    std::vector<std::string> audiences;
    std::optional<std::uint32_t> skew_s;
    std::string claim;
    std::vector<std::pair<std::string, std::int64_t>> clients;  // value, id
    std::vector<VerificationKey> keys;
    std::optional<UnixMs> fresh_until_ms;
};

struct Authentication {
    bool client_keys = true;  // restricts if not: kFeatureClientKeysOff
    bool jwt = false;
    bool oauth = false;
    std::vector<Issuer> issuers;
    std::vector<std::string> revoked;  // jti
};

struct Settings {
    std::vector<std::string> cors_origins;
    bool traceparent = false;
};

using PriceRow = pricing::PriceRow;

// By which tokens of a model are estimated; see dialect::Calibration.
struct Calibration {
    std::string model;
    std::int64_t ppm = 0;
    std::int64_t error_ppm = 0;
};

struct Content {
    std::uint64_t generation = 0;
    UnixMs created_at_ms = 0;
    std::vector<Provider> providers;
    std::vector<ProviderKey> provider_keys;
    std::vector<ClientKey> client_keys;
    std::vector<PriceRow> prices;
    Authentication authentication;
    Settings settings;
    std::vector<Zone> zones;  // a name that is not here is UTC
    std::vector<User> users;
    std::vector<Calibration> calibrations;
};

// The bytes of the whole file. Errors: kInternal, naming the row, when a
// provider key names a provider that is not there, a pool or an issuer names
// a key that is not there, or two client keys have one digest, present or
// previous. An allowed provider that is not there allows nothing.
Result<std::string> Encode(const Content& content);

}  // namespace aiproxy::snapshot
