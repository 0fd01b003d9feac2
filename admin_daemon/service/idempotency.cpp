// SPDX-License-Identifier: MIT

#include "admin_daemon/service/idempotency.h"

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::IdempotentCreate;

constexpr std::int64_t kKeptMs = 86'400'000;
// Longer than any request runs: whoever began then has died.
constexpr std::int64_t kRunsMs = 180'000;

std::string ContextOf(std::int64_t user_id, const std::string& key_digest) {
    return "idempotent_creates.reply:" + std::to_string(user_id) + ":" +
           key_digest;
}

}  // namespace

Result<std::optional<Idempotency::Earlier>> Idempotency::Begin(
    std::int64_t user_id, const std::string& key, const std::string& request) {
    IdempotentCreate create;
    create.user_id = user_id;
    create.key_digest = HexSha256(key);
    create.request_digest = HexSha256(request);
    create.created_at = clock_();
    auto earlier = database_.Write(
        [&](Connection& c) -> Result<std::optional<IdempotentCreate>> {
            if (store::InsertIdempotentCreate(c, create)) {
                return std::optional<IdempotentCreate>();
            }
            auto found =
                store::FindIdempotentCreate(c, user_id, create.key_digest);
            if (found && !found->status &&
                create.created_at - found->created_at > kRunsMs) {
                store::DeleteIdempotentCreate(c, user_id, create.key_digest);
                store::InsertIdempotentCreate(c, create);
                return std::optional<IdempotentCreate>();
            }
            return found;
        });
    if (!earlier.ok()) return earlier.error();
    if (!*earlier) return std::optional<Earlier>();
    const IdempotentCreate& first = **earlier;
    if (first.request_digest != create.request_digest) {
        return InvalidField("Idempotency-Key",
                            "This key was used for another request.");
    }
    if (!first.status) {
        return TakenField("Idempotency-Key",
                          "The first request with this key still runs.");
    }
    const auto blob = FromBase64Url(first.reply.value_or(""));
    if (!blob) return Error(ErrorCode::kInternal, "reply is not base64url");
    auto reply = master_.Open(ContextOf(user_id, create.key_digest), *blob);
    if (!reply.ok()) return reply.error();
    return std::optional(
        Earlier{static_cast<int>(*first.status), std::move(*reply)});
}

Status Idempotency::Finish(std::int64_t user_id, const std::string& key,
                           const Earlier& answer) {
    IdempotentCreate create;
    create.user_id = user_id;
    create.key_digest = HexSha256(key);
    create.status = answer.status;
    const auto sealed =
        master_.Seal(ContextOf(user_id, create.key_digest), answer.reply);
    if (!sealed.ok()) return sealed.error();
    create.reply = Base64Url(*sealed);
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateIdempotentCreate(c, create);
        return {};
    });
}

Status Idempotency::Drop(std::int64_t user_id, const std::string& key) {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteIdempotentCreate(c, user_id, HexSha256(key));
        return {};
    });
}

Status Idempotency::RemoveOld() {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteOldIdempotentCreates(c, clock_() - kKeptMs);
        return {};
    });
}

}  // namespace aiproxy::admin::service
