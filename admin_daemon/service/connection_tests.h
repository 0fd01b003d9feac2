// SPDX-License-Identifier: MIT
//
// Whether a provider's address leads anywhere: one request without a
// credential, and where it failed. A job, since it may take seconds. Called by
// api/providers, api/jobs and task/probes.

#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/json.h"
#include "admin_daemon/store/jobs.h"

namespace aiproxy::admin::service {

inline constexpr char kConnectionTestJob[] = "connection_test";

// What is asked for. As text it is the job's parameters.
struct ConnectionOrder {
    std::string base_url;
    bool verify_tls = true;
    std::optional<std::string> tls_name;  // as the provider has it

    std::string Format() const;
    static std::optional<ConnectionOrder> Parse(const std::string& text);
};

// A name that may stand in the URL.
bool IsTlsName(const std::string& name);

client::HttpSteps TestConnection(const client::HttpClient& http,
                                 const ConnectionOrder& order,
                                 const std::stop_token& stop);

// As the job's result is kept and shown.
Json StepsJson(const client::HttpSteps& steps);

}  // namespace aiproxy::admin::service
