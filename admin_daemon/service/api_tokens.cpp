// SPDX-License-Identifier: MIT

#include "admin_daemon/service/api_tokens.h"

#include <algorithm>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kMostLifetimeMs = 366ll * 86'400'000;
constexpr std::size_t kMostScopes = 64;
// How exactly the last use is known.
constexpr std::int64_t kUsedMs = 60'000;

}  // namespace

bool CoversScope(const std::vector<std::string>& scopes, std::string_view area,
                 bool write) {
    return std::any_of(
        scopes.begin(), scopes.end(), [&](std::string_view scope) {
            const std::size_t colon = scope.find(':');
            const std::string_view of = scope.substr(0, colon);
            return (of == "*" || of == area) &&
                   (!write || scope.substr(colon + 1) == "write");
        });
}

Result<std::vector<ApiToken>> ApiTokens::List(const AccessScope& scope,
                                              const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<ApiToken>> {
        return store::ListApiTokens(c, scope.owner, page);
    });
}

Result<ApiToken> ApiTokens::Get(std::int64_t id, const AccessScope& scope) {
    return database_.Read([&](Connection& c) -> Result<ApiToken> {
        auto token = store::FindApiToken(c, id);
        if (!token || !scope.Covers(token->user_id)) {
            return ErrorCode::kNotFound;
        }
        return std::move(*token);
    });
}

Result<NewApiToken> ApiTokens::Create(std::int64_t user_id,
                                      const ApiTokenChange& change) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    const Status named = CheckObjectName(*change.name);
    if (!named.ok()) return named.error();
    if (!change.scopes || change.scopes->empty() ||
        change.scopes->size() > kMostScopes) {
        return InvalidField("scopes", "1 to 64 scopes are needed.");
    }
    const UnixMs now = clock_();
    if (!change.expires_at || *change.expires_at <= now ||
        *change.expires_at > now + kMostLifetimeMs) {
        return InvalidField("expires_at",
                            "A token ends in the future, within 366 days.");
    }
    NewApiToken made;
    made.token = std::string(kApiTokenPrefix) + RandomToken();
    made.row.user_id = user_id;
    made.row.name = *change.name;
    made.row.prefix = made.token.substr(0, kApiTokenPrefix.size() + 6);
    made.row.digest = HexSha256(made.token);
    made.row.scopes = *change.scopes;
    made.row.expires_at = *change.expires_at;
    made.row.created_at = now;
    const Status status = database_.Write([&](Connection& c) -> Status {
        if (store::FindApiTokenIdByName(c, user_id, made.row.name)) {
            return TakenField("name", "Another token of yours has this name.");
        }
        store::InsertApiToken(c, made.row);
        return {};
    });
    if (!status.ok()) return status.error();
    return made;
}

Status ApiTokens::Delete(std::int64_t id, const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Status {
        const auto token = store::FindApiToken(c, id);
        if (!token || !scope.Covers(token->user_id)) {
            return ErrorCode::kNotFound;
        }
        store::DeleteApiToken(c, id);
        return {};
    });
}

Result<Identity> ApiTokens::Authenticate(const std::string& token) {
    const UnixMs now = clock_();
    const std::string digest = HexSha256(token);
    auto found = database_.Read([&](Connection& c) -> Result<Identity> {
        auto row = store::FindApiTokenByDigest(c, digest);
        if (!row || row->expires_at <= now) {
            return Error(ErrorCode::kTokenInvalid, "api token");
        }
        auto user = store::FindUser(c, row->user_id);
        if (!user || !user->is_enabled) {
            return Error(ErrorCode::kTokenInvalid, "user of the api token");
        }
        return Identity{std::move(*user), {}, std::move(*row)};
    });
    if (!found.ok()) return found.error();
    const auto& used = found->token->last_used_at;
    if (!used || now - *used >= kUsedMs) {
        // Nobody has to wait for it to succeed.
        (void)database_.Write([&](Connection& c) -> Status {
            store::UpdateApiTokenUsed(c, found->token->id, now);
            return {};
        });
    }
    return found;
}

}  // namespace aiproxy::admin::service
