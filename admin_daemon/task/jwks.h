// SPDX-License-Identifier: MIT
//
// Fetches the key sets of token issuers in a thread of its own, by one node of
// all: at once when an issuer is new or somebody asks, soon when nginx met a
// key id that it does not know, else as often as the server's Cache-Control
// says, within bounds. What fails leaves the keys that are there; when they are
// too old, nginx says that it cannot tell.

#pragma once

#include <thread>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/issuers.h"
#include "admin_daemon/service/leases.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Jwks {
 public:
    Jwks(service::Issuers& issuers, service::Leases& leases,
         service::NodeState& state, const client::HttpClient& http,
         service::TaskBoard& board, const Log& log)
        : issuers_(issuers),
          leases_(leases),
          state_(state),
          http_(http),
          board_(board),
          log_(log) {}

    void Run(std::stop_token stop);

 private:
    void Look(const std::stop_token& stop);
    void Fetch(const store::Issuer& issuer);

    service::Issuers& issuers_;
    service::Leases& leases_;
    service::NodeState& state_;
    const client::HttpClient& http_;
    service::TaskBoard& board_;
    const Log& log_;
};

}  // namespace aiproxy::admin::task
