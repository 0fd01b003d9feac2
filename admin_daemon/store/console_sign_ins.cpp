// SPDX-License-Identifier: MIT

#include "admin_daemon/store/console_sign_ins.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kConsoleSignInInsert[] = R"(
INSERT INTO console_sign_ins (
    state_digest, browser_digest, state, node_id, is_taken, secret,
    redirect_uri, link_user_id, expires_at)
VALUES (
    :state_digest, :browser_digest, :state, :node_id, 0, :secret,
    :redirect_uri, :link_user_id, :expires_at))";

constexpr char kConsoleSignInFind[] = R"(
SELECT state_digest, browser_digest, state, node_id, is_taken, secret,
       redirect_uri, link_user_id, user_id, error, expires_at
FROM console_sign_ins WHERE state_digest = :state_digest)";

constexpr char kConsoleSignInUpdate[] = R"(
UPDATE console_sign_ins SET
    state = :state, node_id = :node_id, is_taken = :is_taken,
    secret = :secret, user_id = :user_id, error = :error
WHERE state_digest = :state_digest AND state = :was)";

constexpr char kConsoleSignInDelete[] =
    "DELETE FROM console_sign_ins WHERE state_digest = :state_digest";

constexpr char kConsoleSignInCount[] = "SELECT count(*) FROM console_sign_ins";

constexpr char kConsoleSignInDeleteExpired[] =
    "DELETE FROM console_sign_ins WHERE expires_at <= :now";

// One that was taken when its daemon ended stays so: its code may be used up.
constexpr char kConsoleSignInListDue[] = R"(
SELECT state_digest FROM console_sign_ins
WHERE node_id = :node_id AND is_taken = 0 AND expires_at > :now
AND state = 'exchanging')";

struct Row {
    ConsoleSignIn value;
    void Into(soci::statement& st) {
        st.exchange(into(value.state_digest));
        st.exchange(into(value.browser_digest));
        st.exchange(into(value.state));
        st.exchange(into(value.node_id));
        st.exchange(into(value.is_taken));
        st.exchange(into(value.secret));
        st.exchange(into(value.redirect_uri));
        st.exchange(into(value.link_user_id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.error));
        st.exchange(into(value.expires_at));
    }
    ConsoleSignIn Take() { return value; }
};

}  // namespace

void InsertConsoleSignIn(Connection& connection, const ConsoleSignIn& row) {
    Execute(connection, kConsoleSignInInsert,
            use(row.state_digest, "state_digest"),
            use(row.browser_digest, "browser_digest"), use(row.state, "state"),
            use(row.node_id, "node_id"), use(row.secret, "secret"),
            use(row.redirect_uri, "redirect_uri"),
            use(row.link_user_id, "link_user_id"),
            use(row.expires_at, "expires_at"));
}

std::optional<ConsoleSignIn> FindConsoleSignIn(
    Connection& connection, const std::string& state_digest) {
    return First(Fetch<Row>(connection, kConsoleSignInFind,
                            use(state_digest, "state_digest")));
}

bool UpdateConsoleSignIn(Connection& connection, const ConsoleSignIn& row,
                         const std::string& was) {
    return Execute(connection, kConsoleSignInUpdate, use(row.state, "state"),
                   use(row.node_id, "node_id"), use(row.is_taken, "is_taken"),
                   use(row.secret, "secret"), use(row.user_id, "user_id"),
                   use(row.error, "error"),
                   use(row.state_digest, "state_digest"), use(was, "was")) == 1;
}

bool DeleteConsoleSignIn(Connection& connection,
                         const std::string& state_digest) {
    return Execute(connection, kConsoleSignInDelete,
                   use(state_digest, "state_digest")) == 1;
}

std::int64_t CountConsoleSignIns(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kConsoleSignInCount).at(0);
}

void DeleteExpiredConsoleSignIns(Connection& connection, UnixMs now) {
    Execute(connection, kConsoleSignInDeleteExpired, use(now, "now"));
}

std::vector<std::string> ListConsoleSignInsDue(Connection& connection,
                                               const std::string& node_id,
                                               UnixMs now) {
    return Fetch<Single<std::string>>(connection, kConsoleSignInListDue,
                                      use(node_id, "node_id"), use(now, "now"));
}

}  // namespace aiproxy::admin::store
