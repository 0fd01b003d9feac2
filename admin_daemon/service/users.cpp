// SPDX-License-Identifier: MIT

#include "admin_daemon/service/users.h"

#include <algorithm>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/password_rules.h"
#include "admin_daemon/store/api_tokens.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMostUsername = 64;
constexpr std::size_t kMostEmail = 254;  // RFC 5321 4.5.3.1.3

// Lower case alone, so that no two names look alike; an email address is one.
Status CheckUsername(const std::string& name) {
    const bool good = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '@' || c == '-';
    });
    const bool begins = !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') ||
                                          (name[0] >= '0' && name[0] <= '9'));
    if (good && begins && name.size() <= kMostUsername) return {};
    return InvalidField("username",
                        "A user name has 1 to 64 of a-z, 0-9, \".\", \"_\", "
                        "\"@\" and \"-\", and begins with a letter or digit.");
}

Status CheckEmail(const std::string& email) {
    const std::size_t at = email.find('@');
    const bool printable =
        std::all_of(email.begin(), email.end(),
                    [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (printable && email.size() <= kMostEmail && at != email.npos && at > 0 &&
        at + 1 < email.size() && email.find('@', at + 1) == email.npos) {
        return {};
    }
    return InvalidField("email", "An email address is as name@example.com.");
}

void Merge(const UserChange& change, User& user) {
    if (change.username) user.username = *change.username;
    if (change.role) user.role = *change.role;
    if (change.must_change_password) {
        user.must_change_password = *change.must_change_password;
    }
    if (change.display_name) user.display_name = *change.display_name;
    if (change.email) user.email = *change.email;
    if (change.is_enabled) user.is_enabled = *change.is_enabled;
}

Error LastAdmin(const char* field) {
    return TakenField(field, "The last enabled admin stays one.");
}

bool IsAdmin(const User& user) {
    return user.role == Name(Role::kAdmin) && user.is_enabled;
}

}  // namespace

Result<std::vector<User>> Users::List(const UserFilter& filter,
                                      const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<User>> {
        return store::ListUsers(c, filter, page);
    });
}

Result<User> Users::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<User> {
        auto user = store::FindUser(c, id);
        if (!user) return ErrorCode::kNotFound;
        return std::move(*user);
    });
}

Status Users::Apply(Connection& c, const UserChange& change, User& user) const {
    Merge(change, user);
    if (change.username) {
        const Status status = CheckUsername(user.username);
        if (!status.ok()) return status;
    }
    if (!ParseRole(user.role)) {
        return InvalidField("role",
                            "A role is admin, operator, viewer or user.");
    }
    if (change.display_name && user.display_name) {
        Status status = CheckObjectName(*user.display_name);
        if (!status.ok()) {
            return InvalidField("display_name",
                                std::string(status.error().text()));
        }
    }
    if (change.email && user.email) {
        const Status status = CheckEmail(*user.email);
        if (!status.ok()) return status;
    }
    const auto other = store::FindUserByName(c, user.username);
    if (other && other->id != user.id) {
        return TakenField("username", "Another user has this name.");
    }
    return {};
}

Result<std::string> Users::HashOf(const UserChange& change,
                                  const std::string& username) {
    if (change.password_hash) return *change.password_hash;
    if (!change.password) return std::string();
    const Status good =
        CheckNewPassword(*change.password, username, "password");
    if (!good.ok()) return good.error();
    return passwords_.Hash(*change.password);
}

Result<Written<User>> Users::Create(const UserChange& change) {
    if (!change.username) {
        return InvalidField("username", "A user name is needed.");
    }
    if (!change.role) return InvalidField("role", "A role is needed.");
    if (!change.password && !change.password_hash) {
        return InvalidField("password", "A password is needed.");
    }
    const auto hash = HashOf(change, *change.username);
    if (!hash.ok()) return hash.error();
    auto created = database_.Write([&](Connection& c) -> Result<User> {
        User user;
        user.must_change_password = !change.password_hash;
        user.version = store::UpdateConfigVersion(c);
        user.updated_at = clock_();
        user.password_hash = *hash;
        const Status applied = Apply(c, change, user);
        if (!applied.ok()) return applied.error();
        store::InsertUser(c, user);
        return user;
    });
    if (!created.ok()) return created.error();
    const std::int64_t version = created->version;
    return Written<User>{std::move(*created),
                         publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<User>> Users::Update(std::int64_t id, const UserChange& change,
                                    const AccessScope& scope) {
    std::string username = change.username.value_or("");
    if (change.password && !change.username) {
        const auto user = Get(id);
        if (!user.ok()) return user.error();
        username = user->username;
    }
    const auto hash = HashOf(change, username);
    if (!hash.ok()) return hash.error();
    auto updated = database_.Write([&](Connection& c) -> Result<User> {
        // Its lock also keeps two admins from demoting each other.
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto user = store::FindUser(c, id);
        if (!user) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(user->version);
        if (!fresh.ok()) return fresh.error();
        const bool was_admin = IsAdmin(*user);
        const Status applied = Apply(c, change, *user);
        if (!applied.ok()) return applied.error();
        if (was_admin && !IsAdmin(*user) && store::CountOtherAdmins(c, id) == 0)
            return LastAdmin(user->is_enabled ? "role" : "is_enabled");
        const UnixMs now = clock_();
        const bool other = change.password || change.password_hash;
        if (other) user->password_hash = *hash;
        if (change.password) {
            // Somebody else knows it.
            user->must_change_password =
                change.must_change_password.value_or(true);
            store::DeleteLoginFailures(c, user->username);
        }
        if (other || !user->is_enabled) {
            store::EndOtherSessions(c, id, "", now);
        }
        user->version = version;
        user->updated_at = now;
        store::UpdateUser(c, *user);
        return std::move(*user);
    });
    if (!updated.ok()) return updated.error();
    const std::int64_t version = updated->version;
    return Written<User>{std::move(*updated),
                         publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<bool>> Users::Delete(std::int64_t id, const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto user = store::FindUser(c, id);
            if (!user) return ErrorCode::kNotFound;
            const Status fresh = scope.CheckVersion(user->version);
            if (!fresh.ok()) return fresh.error();
            if (IsAdmin(*user) && store::CountOtherAdmins(c, id) == 0) {
                return LastAdmin("");
            }
            if (store::CountKeysOfUser(c, id) > 0) {
                return TakenField("", "Keys are this user's.");
            }
            const UnixMs now = clock_();
            store::EndOtherSessions(c, id, "", now);
            store::DeleteApiTokensOfUser(c, id);
            store::DeleteUser(c, id, next, now);
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

Result<std::vector<store::Identity>> Users::ListIdentities(std::int64_t id) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<store::Identity>> {
            if (!store::FindUser(c, id)) return ErrorCode::kNotFound;
            return store::ListIdentities(c, id);
        });
}

Status Users::Unlink(std::int64_t id, const std::string& kept_session) {
    return database_.Write([&](Connection& c) -> Status {
        const auto user = store::FindUser(c, id);
        if (!user) return ErrorCode::kNotFound;
        // Of oneself: nothing else would be left to sign in with.
        if (!kept_session.empty() && user->password_hash.empty()) {
            return TakenField("",
                              "You have no password. An administrator can "
                              "give you one first.");
        }
        store::DeleteIdentitiesOfUser(c, id);
        store::EndOtherSessions(c, id, kept_session, clock_());
        return {};
    });
}

}  // namespace aiproxy::admin::service
