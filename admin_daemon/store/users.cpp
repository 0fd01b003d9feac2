// SPDX-License-Identifier: MIT

#include "admin_daemon/store/users.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kUserCount[] =
    "SELECT count(*) FROM users WHERE deleted_at IS NULL";

constexpr char kUserSelect[] = R"(
SELECT id, username, password_hash, role, must_change_password, display_name,
       email, is_enabled, last_login_at, version, created_at, updated_at,
       deleted_at
FROM users )";

constexpr char kUserCountOtherAdmins[] = R"(
SELECT count(*) FROM users
WHERE role = 'admin' AND is_enabled = 1 AND deleted_at IS NULL
      AND id <> :id)";

constexpr char kUserCountKeys[] = R"(
SELECT (SELECT count(*) FROM client_keys
        WHERE user_id = :id AND deleted_at IS NULL) +
       (SELECT count(*) FROM provider_keys
        WHERE owner_user_id = :id AND deleted_at IS NULL))";

constexpr char kUserInsert[] = R"(
INSERT INTO users (username, password_hash, role, must_change_password,
                   display_name, email, is_enabled, version, created_at,
                   updated_at)
VALUES (:username, :password_hash, :role, :must_change_password,
        :display_name, :email, :is_enabled, :version, :updated_at,
        :updated_at)
RETURNING id)";

constexpr char kUserUpdate[] = R"(
UPDATE users SET
    username = :username, password_hash = :password_hash, role = :role,
    must_change_password = :must_change_password,
    display_name = :display_name, email = :email, is_enabled = :is_enabled,
    version = :version, updated_at = :updated_at
WHERE id = :id
RETURNING id)";

constexpr char kUserUpdateLogin[] =
    "UPDATE users SET last_login_at = :now WHERE id = :id";

constexpr char kUserDelete[] = R"(
UPDATE users SET deleted_at = :now, updated_at = :now, is_enabled = 0,
                 password_hash = '', version = :version
WHERE id = :id)";

constexpr char kUserOfSession[] = R"(
WHERE is_enabled = 1 AND deleted_at IS NULL AND id =
    (SELECT user_id FROM sessions
     WHERE id = :id AND ended_at IS NULL AND expires_at > :now))";

constexpr char kSessionInsert[] = R"(
INSERT INTO sessions (id, user_id, created_at, expires_at)
VALUES (:id, :user_id, :now, :expires_at))";

constexpr char kSessionEnd[] = R"(
UPDATE sessions SET ended_at = :now WHERE id = :id AND ended_at IS NULL)";

constexpr char kSessionEndOthers[] = R"(
UPDATE sessions SET ended_at = :now
WHERE user_id = :user_id AND id <> :id AND ended_at IS NULL)";

constexpr char kRefreshTokenDeleteOld[] = R"(
DELETE FROM refresh_tokens WHERE session_id IN
    (SELECT id FROM sessions WHERE expires_at < :before
                                OR ended_at < :before))";

constexpr char kSessionDeleteOld[] = R"(
DELETE FROM sessions WHERE expires_at < :before OR ended_at < :before)";

constexpr char kRefreshTokenFind[] = R"(
SELECT digest, session_id, created_at, used_at, successor
FROM refresh_tokens WHERE digest = :digest)";

constexpr char kRefreshTokenInsert[] = R"(
INSERT INTO refresh_tokens (digest, session_id, created_at)
VALUES (:digest, :session_id, :created_at))";

constexpr char kRefreshTokenUpdateUsed[] = R"(
UPDATE refresh_tokens SET used_at = :now, successor = :successor
WHERE digest = :digest)";

constexpr char kLoginLockFind[] =
    "SELECT locked_until FROM login_failures WHERE username = :username";

// Beside a 0, Postgres would take the time for a 32-bit number.
constexpr char kLoginFailureInsert[] = R"(
INSERT INTO login_failures (username, failures, locked_until, updated_at)
VALUES (:username, 1, 0, :now)
ON CONFLICT (username) DO UPDATE
SET failures = login_failures.failures + 1, updated_at = :now,
    locked_until = CASE WHEN login_failures.failures + 1 >= :free_failures
                        THEN CAST(:locked_until AS BIGINT) ELSE 0 END)";

constexpr char kLoginFailureDelete[] =
    "DELETE FROM login_failures WHERE username = :username";

constexpr char kLoginFailureDeleteOld[] =
    "DELETE FROM login_failures WHERE updated_at < :before";

struct UserRow {
    User value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.username));
        st.exchange(into(value.password_hash));
        st.exchange(into(value.role));
        st.exchange(into(value.must_change_password));
        st.exchange(into(value.display_name));
        st.exchange(into(value.email));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.last_login_at));
        st.exchange(into(value.version));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.deleted_at));
    }
    User Take() { return value; }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query, const User& user,
                   bool with_id) {
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(user.username, "username"));
    st.exchange(use(user.password_hash, "password_hash"));
    st.exchange(use(user.role, "role"));
    st.exchange(use(user.must_change_password, "must_change_password"));
    st.exchange(use(user.display_name, "display_name"));
    st.exchange(use(user.email, "email"));
    st.exchange(use(user.is_enabled, "is_enabled"));
    st.exchange(use(user.version, "version"));
    st.exchange(use(user.updated_at, "updated_at"));
    if (with_id) st.exchange(use(user.id, "id"));
    return Run(st, query, id).at(0);
}

struct RefreshTokenRow {
    RefreshToken value;
    void Into(soci::statement& st) {
        st.exchange(into(value.digest));
        st.exchange(into(value.session_id));
        st.exchange(into(value.created_at));
        st.exchange(into(value.used_at));
        st.exchange(into(value.successor));
    }
    RefreshToken Take() { return value; }
};

}  // namespace

std::int64_t CountUsers(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kUserCount).at(0);
}

std::optional<User> FindUser(Connection& connection, std::int64_t id) {
    return First(Fetch<UserRow>(
        connection,
        std::string(kUserSelect) + "WHERE id = :id AND deleted_at IS NULL",
        use(id, "id")));
}

std::optional<User> FindUserByName(Connection& connection,
                                   const std::string& username) {
    return First(
        Fetch<UserRow>(connection,
                       std::string(kUserSelect) +
                           "WHERE username = :username AND deleted_at IS NULL",
                       use(username, "username")));
}

std::vector<User> ListUsers(Connection& connection, const UserFilter& filter,
                            const Page& page) {
    UserRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.Add(filter.role, "role", "role = :role");
    where.Add(filter.is_enabled, "is_enabled", "is_enabled = :is_enabled");
    where.AddPage(connection.backend, page,
                  "(username || ' ' || coalesce(display_name, '') || "
                  "' ' || coalesce(email, ''))");
    return Run(st, kUserSelect + where.page_text(), row);
}

std::vector<User> ListUsersSince(Connection& connection, std::int64_t version) {
    return Fetch<UserRow>(connection,
                          std::string(kUserSelect) + "WHERE version > :version",
                          use(version, "version"));
}

std::int64_t CountOtherAdmins(Connection& connection, std::int64_t id) {
    return Fetch<Single<std::int64_t>>(connection, kUserCountOtherAdmins,
                                       use(id, "id"))
        .at(0);
}

std::int64_t CountKeysOfUser(Connection& connection, std::int64_t id) {
    return Fetch<Single<std::int64_t>>(connection, kUserCountKeys,
                                       use(id, "id"))
        .at(0);
}

void InsertUser(Connection& connection, User& user) {
    user.id = Write(connection, kUserInsert, user, false);
    user.created_at = user.updated_at;
}

void UpdateUser(Connection& connection, const User& user) {
    Write(connection, kUserUpdate, user, true);
}

void UpdateUserLogin(Connection& connection, std::int64_t id, UnixMs now) {
    Execute(connection, kUserUpdateLogin, use(now, "now"), use(id, "id"));
}

void DeleteUser(Connection& connection, std::int64_t id, std::int64_t version,
                UnixMs now) {
    Execute(connection, kUserDelete, use(now, "now"), use(version, "version"),
            use(id, "id"));
}

std::optional<User> FindSessionUser(Connection& connection,
                                    const std::string& session_id, UnixMs now) {
    return First(Fetch<UserRow>(connection,
                                std::string(kUserSelect) + kUserOfSession,
                                use(session_id, "id"), use(now, "now")));
}

void InsertSession(Connection& connection, const std::string& id,
                   std::int64_t user_id, UnixMs now, UnixMs expires_at) {
    Execute(connection, kSessionInsert, use(id, "id"), use(user_id, "user_id"),
            use(now, "now"), use(expires_at, "expires_at"));
}

void EndSession(Connection& connection, const std::string& id, UnixMs now) {
    Execute(connection, kSessionEnd, use(now, "now"), use(id, "id"));
}

void EndOtherSessions(Connection& connection, std::int64_t user_id,
                      const std::string& kept_id, UnixMs now) {
    Execute(connection, kSessionEndOthers, use(now, "now"),
            use(user_id, "user_id"), use(kept_id, "id"));
}

void DeleteOldSessions(Connection& connection, UnixMs before) {
    Execute(connection, kRefreshTokenDeleteOld, use(before, "before"));
    Execute(connection, kSessionDeleteOld, use(before, "before"));
}

std::optional<RefreshToken> FindRefreshToken(Connection& connection,
                                             const std::string& digest) {
    // SQLite's writing transaction has locked all there is.
    std::string query = kRefreshTokenFind;
    if (connection.backend == Backend::kPostgres) query += " FOR UPDATE";
    return First(
        Fetch<RefreshTokenRow>(connection, query, use(digest, "digest")));
}

void InsertRefreshToken(Connection& connection, const RefreshToken& token) {
    Execute(connection, kRefreshTokenInsert, use(token.digest, "digest"),
            use(token.session_id, "session_id"),
            use(token.created_at, "created_at"));
}

void UpdateRefreshTokenUsed(Connection& connection, const std::string& digest,
                            const std::string& successor, UnixMs now) {
    Execute(connection, kRefreshTokenUpdateUsed, use(now, "now"),
            use(successor, "successor"), use(digest, "digest"));
}

UnixMs FindLoginLock(Connection& connection, const std::string& username) {
    return First(Fetch<Single<UnixMs>>(connection, kLoginLockFind,
                                       use(username, "username")))
        .value_or(0);
}

void InsertLoginFailure(Connection& connection, const std::string& username,
                        std::int64_t free_failures, UnixMs now,
                        UnixMs locked_until) {
    Execute(connection, kLoginFailureInsert, use(username, "username"),
            use(now, "now"), use(free_failures, "free_failures"),
            use(locked_until, "locked_until"));
}

void DeleteLoginFailures(Connection& connection, const std::string& username) {
    Execute(connection, kLoginFailureDelete, use(username, "username"));
}

void DeleteOldLoginFailures(Connection& connection, UnixMs before) {
    Execute(connection, kLoginFailureDeleteOld, use(before, "before"));
}

}  // namespace aiproxy::admin::store
