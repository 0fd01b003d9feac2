// SPDX-License-Identifier: MIT
//
// One probe of a provider key: what is asked of the provider, and what the
// answer means, by the verdict table that the data plane goes by. Called by
// service/health and task/probes; makes no call itself.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/store/providers.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/retry/judge.h"

namespace aiproxy::admin::service {

// The provider's own path, or the cheapest that its first dialect has for
// telling whether a credential is good; nullopt: it has none.
std::optional<std::string> ProbePath(const store::Provider& provider);

// The request; nullopt: there is no path. addresses: of the provider's host, as
// the data plane connects to them. The secret is in it: wipe it.
std::optional<client::HttpRequest> MakeProbe(
    const store::Provider& provider, const std::string& secret,
    const std::vector<std::string>& addresses);
void WipeSecret(client::HttpRequest& request);

// What a probe found.
struct Finding {
    // "good", "unclear" when it told nothing of the key, else the name of the
    // judgement's class.
    std::string verdict = "unclear";
    retry::Judgement judgement;
    std::optional<int> status;
    std::optional<std::string> error;  // as the provider names it, or why not
    std::uint32_t took_ms = 0;
};

// failures: probes in a row that failed before this one.
Finding JudgeProbe(const store::Provider& provider,
                   const Result<client::HttpReply>& reply,
                   std::uint32_t failures, UnixMs now);

}  // namespace aiproxy::admin::service
