// SPDX-License-Identifier: MIT

#include "admin_daemon/store/sign_ins.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kSignInSelect[] = R"(
SELECT id, provider_key_id, provider_id, user_id, node_id, flow, state,
       is_taken, state_digest, secret, redirect_uri, user_code,
       verification_url, interval_ms, next_at, error, created_at, updated_at,
       expires_at
FROM oauth_sign_ins )";

constexpr char kSignInInsert[] = R"(
INSERT INTO oauth_sign_ins (
    id, provider_key_id, provider_id, user_id, node_id, flow, state, is_taken,
    state_digest, secret, redirect_uri, user_code, verification_url,
    interval_ms, next_at, error, created_at, updated_at, expires_at)
VALUES (
    :id, :provider_key_id, :provider_id, :user_id, :node_id, :flow, :state,
    :is_taken, :state_digest, :secret, :redirect_uri, :user_code,
    :verification_url, :interval_ms, :next_at, :error, :created_at,
    :updated_at, :expires_at))";

constexpr char kSignInUpdate[] = R"(
UPDATE oauth_sign_ins SET
    state = :state, node_id = :node_id, is_taken = :is_taken,
    secret = :secret, user_code = :user_code,
    verification_url = :verification_url,
    interval_ms = :interval_ms, next_at = :next_at, error = :error,
    updated_at = :updated_at, expires_at = :expires_at
WHERE id = :id)";

constexpr char kSignInDelete[] = "DELETE FROM oauth_sign_ins WHERE id = :id";

constexpr char kSignInDeleteByUserAndKey[] = R"(
DELETE FROM oauth_sign_ins
WHERE user_id = :user_id AND provider_key_id = :provider_key_id)";

constexpr char kSignInDeleteExpired[] =
    "DELETE FROM oauth_sign_ins WHERE expires_at <= :now";

constexpr char kSignInListDue[] = R"(
SELECT id FROM oauth_sign_ins
WHERE node_id = :node_id AND is_taken = 0 AND expires_at > :now
AND (state IN ('starting', 'exchanging')
     OR (state = 'waiting' AND next_at <= :now))
ORDER BY created_at, id)";

constexpr char kSignInRestart[] = R"(
UPDATE oauth_sign_ins SET is_taken = 0
WHERE node_id = :node_id AND state <> 'exchanging')";

struct SignInRow {
    SignIn value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.provider_id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.node_id));
        st.exchange(into(value.flow));
        st.exchange(into(value.state));
        st.exchange(into(value.is_taken));
        st.exchange(into(value.state_digest));
        st.exchange(into(value.secret));
        st.exchange(into(value.redirect_uri));
        st.exchange(into(value.user_code));
        st.exchange(into(value.verification_url));
        st.exchange(into(value.interval_ms));
        st.exchange(into(value.next_at));
        st.exchange(into(value.error));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.expires_at));
    }
    SignIn Take() { return value; }
};

}  // namespace

void InsertSignIn(Connection& connection, const SignIn& row) {
    Execute(
        connection, kSignInInsert, use(row.id, "id"),
        use(row.provider_key_id, "provider_key_id"),
        use(row.provider_id, "provider_id"), use(row.user_id, "user_id"),
        use(row.node_id, "node_id"), use(row.flow, "flow"),
        use(row.state, "state"), use(row.is_taken, "is_taken"),
        use(row.state_digest, "state_digest"), use(row.secret, "secret"),
        use(row.redirect_uri, "redirect_uri"), use(row.user_code, "user_code"),
        use(row.verification_url, "verification_url"),
        use(row.interval_ms, "interval_ms"), use(row.next_at, "next_at"),
        use(row.error, "error"), use(row.created_at, "created_at"),
        use(row.updated_at, "updated_at"), use(row.expires_at, "expires_at"));
}

std::optional<SignIn> FindSignIn(Connection& connection,
                                 const std::string& id) {
    return First(Fetch<SignInRow>(connection,
                                  std::string(kSignInSelect) + "WHERE id = :id",
                                  use(id, "id")));
}

std::optional<SignIn> FindSignInByState(Connection& connection,
                                        const std::string& state_digest) {
    return First(Fetch<SignInRow>(
        connection, std::string(kSignInSelect) + "WHERE state_digest = :digest",
        use(state_digest, "digest")));
}

std::vector<SignIn> ListSignIns(Connection& connection, std::int64_t user_id) {
    return Fetch<SignInRow>(connection,
                            std::string(kSignInSelect) +
                                "WHERE user_id = :user_id "
                                "ORDER BY created_at DESC, id DESC",
                            use(user_id, "user_id"));
}

void UpdateSignIn(Connection& connection, const SignIn& row) {
    Execute(connection, kSignInUpdate, use(row.state, "state"),
            use(row.node_id, "node_id"), use(row.is_taken, "is_taken"),
            use(row.secret, "secret"), use(row.user_code, "user_code"),
            use(row.verification_url, "verification_url"),
            use(row.interval_ms, "interval_ms"), use(row.next_at, "next_at"),
            use(row.error, "error"), use(row.updated_at, "updated_at"),
            use(row.expires_at, "expires_at"), use(row.id, "id"));
}

void DeleteSignIn(Connection& connection, const std::string& id) {
    Execute(connection, kSignInDelete, use(id, "id"));
}

void DeleteSignInsOf(Connection& connection, std::int64_t user_id,
                     std::int64_t provider_key_id) {
    Execute(connection, kSignInDeleteByUserAndKey, use(user_id, "user_id"),
            use(provider_key_id, "provider_key_id"));
}

std::int64_t DeleteExpiredSignIns(Connection& connection, UnixMs now) {
    return Execute(connection, kSignInDeleteExpired, use(now, "now"));
}

std::vector<std::string> ListSignInsDue(Connection& connection,
                                        const std::string& node_id,
                                        UnixMs now) {
    return Fetch<Single<std::string>>(connection, kSignInListDue,
                                      use(node_id, "node_id"), use(now, "now"));
}

void RestartSignIns(Connection& connection, const std::string& node_id) {
    Execute(connection, kSignInRestart, use(node_id, "node_id"));
}

}  // namespace aiproxy::admin::store
