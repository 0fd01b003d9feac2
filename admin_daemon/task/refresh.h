// SPDX-License-Identifier: MIT
//
// Keeps the tokens of OAuth keys fresh and brings sign-ins forward, those of
// the console's people too: looks a few
// times a second for what is due, and at once for what nginx saw refused. What
// is sent to providers is sent by a few threads, so that a slow one delays no
// other.

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/oidc_settings.h"
#include "admin_daemon/service/oidc_sign_ins.h"
#include "admin_daemon/service/sign_ins.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Refresh {
 public:
    Refresh(service::OAuthTokens& tokens, service::SignIns& sign_ins,
            service::OidcSettings& oidc, service::OidcSignIns& oidc_sign_ins,
            service::NodeState& state, service::TaskBoard& board,
            const Log& log)
        : tokens_(tokens),
          sign_ins_(sign_ins),
          oidc_(oidc),
          oidc_sign_ins_(oidc_sign_ins),
          state_(state),
          board_(board),
          log_(log),
          unread_(log, "refreshes_not_read") {}

    void Run(std::stop_token stop);

 private:
    struct Work {
        std::string name;  // the same is not done twice at a time
        std::function<Status(const std::function<bool()>&)> run;
    };
    void Look();
    void Hasten();
    void RemoveExpired();
    void Add(Work work);
    void Serve(std::stop_token stop);

    service::OAuthTokens& tokens_;
    service::SignIns& sign_ins_;
    service::OidcSettings& oidc_;
    service::OidcSignIns& oidc_sign_ins_;
    service::NodeState& state_;
    service::TaskBoard& board_;
    const Log& log_;
    Trouble unread_;
    std::vector<service::RefusedToken> refused_;  // not told yet
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Work> waiting_;
    std::set<std::string> names_;  // of what waits and what is done now
};

}  // namespace aiproxy::admin::task
