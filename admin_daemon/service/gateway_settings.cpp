// SPDX-License-Identifier: MIT

#include "admin_daemon/service/gateway_settings.h"

#include <algorithm>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/store/config_version.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMostOrigins = 64;
constexpr std::int64_t kMostPayloadDays = 365;

// As a browser sends it (RFC 6454 section 6.2): no path, no default port, in
// lower case.
bool IsOrigin(const std::string& text) {
    if (text == "*") return true;
    const auto url = http::ParseBaseUrl(text);
    if (!url.ok() || !url->path_prefix.empty() || text.ends_with('/')) {
        return false;
    }
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return c >= 'A' && c <= 'Z'; });
}

Status CheckOrigins(const std::vector<std::string>& origins) {
    if (origins.size() > kMostOrigins) {
        return InvalidField("cors_origins", "At most 64 origins.");
    }
    for (const std::string& origin : origins) {
        if (origin.size() <= 300 && IsOrigin(origin)) continue;
        return InvalidField("cors_origins",
                            "An origin is * or as https://app.example:8443.");
    }
    return {};
}

void Merge(const SettingsChange& change, SettingsRow& row) {
    if (change.client_keys) row.client_keys = *change.client_keys;
    if (change.jwt) row.jwt = *change.jwt;
    if (change.oauth) row.oauth = *change.oauth;
    if (change.cors_origins) row.cors_origins = *change.cors_origins;
    if (change.traceparent) row.traceparent = *change.traceparent;
    if (change.payload_days) row.payload_days = *change.payload_days;
    if (change.usage_page) row.usage_page = *change.usage_page;
}

}  // namespace

Result<SettingsRow> GatewaySettings::Get() {
    return database_.Read([](Connection& c) -> Result<SettingsRow> {
        return store::FindSettings(c);
    });
}

Result<Written<SettingsRow>> GatewaySettings::Update(
    const SettingsChange& change, const AccessScope& scope) {
    if (change.cors_origins) {
        const Status status = CheckOrigins(*change.cors_origins);
        if (!status.ok()) return status.error();
    }
    if (change.payload_days &&
        (*change.payload_days < 1 || *change.payload_days > kMostPayloadDays)) {
        return InvalidField("payload_days", "This must be from 1 to 365.");
    }
    const auto updated =
        database_.Write([&](Connection& c) -> Result<SettingsRow> {
            const std::int64_t version = store::UpdateConfigVersion(c);
            SettingsRow row = store::FindSettings(c);
            const Status fresh = scope.CheckVersion(row.version);
            if (!fresh.ok()) return fresh.error();
            Merge(change, row);
            row.version = version;
            row.updated_at = clock_();
            store::UpdateSettings(c, row);
            return row;
        });
    if (!updated.ok()) return updated.error();
    return Written<SettingsRow>{
        *updated, publication_.WaitFor(updated->version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
