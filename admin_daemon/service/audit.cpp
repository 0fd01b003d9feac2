// SPDX-License-Identifier: MIT

#include "admin_daemon/service/audit.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kKeptMs = 400ll * 86'400'000;
constexpr std::int64_t kChunk = 1000;

// What is secret wherever it stands, in what is asked and in what is answered.
constexpr std::array<std::string_view, 15> kSecrets = {
    "secret",       "key",           "password",      "current_password",
    "new_password", "access_token",  "refresh_token", "client_secret",
    "token",        "code",          "code_verifier", "private_key",
    "id_token",     "authorize_url", "user_code",
};

bool IsSecret(std::string_view name) {
    return std::find(kSecrets.begin(), kSecrets.end(), name) != kSecrets.end();
}

void Mask(json_t* value) {
    const char* name;
    json_t* member;
    std::size_t i;
    void* next;
    json_object_foreach_safe(value, next, name, member) {
        if (json_is_string(member) && IsSecret(name)) {
            json_object_set_new(value, name, json_string("***"));
        } else {
            Mask(member);
        }
    }
    json_array_foreach(value, i, member) Mask(member);
}

}  // namespace

Json Masked(const Json& object) {
    Json copy(json_deep_copy(object.raw()));
    Mask(copy.raw());
    return copy;
}

Status Audit::Begin(AuditEntry& entry) {
    entry.occurred_at = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::InsertAuditEntry(c, entry);
        return {};
    });
}

Status Audit::Finish(const AuditEntry& entry) {
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateAuditEntry(c, entry);
        return {};
    });
}

Status Audit::Drop(const AuditEntry& entry) {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteAuditEntry(c, entry.id);
        return {};
    });
}

Result<std::vector<AuditEntry>> Audit::List(const AuditFilter& filter,
                                            std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<AuditEntry>> {
            return store::ListAuditEntries(c, filter, limit);
        });
}

Result<AuditEntry> Audit::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<AuditEntry> {
        auto entry = store::FindAuditEntry(c, id);
        if (!entry) return ErrorCode::kNotFound;
        return std::move(*entry);
    });
}

Status Audit::RemoveOld() {
    const UnixMs before = clock_() - kKeptMs;
    for (std::int64_t removed = kChunk; removed == kChunk;) {
        const auto result =
            database_.Write([&](Connection& c) -> Result<std::int64_t> {
                return store::DeleteOldAuditEntries(c, before, kChunk);
            });
        if (!result.ok()) return result.error();
        removed = *result;
    }
    return {};
}

}  // namespace aiproxy::admin::service
