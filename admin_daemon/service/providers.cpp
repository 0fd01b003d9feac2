// SPDX-License-Identifier: MIT

#include "admin_daemon/service/providers.h"

#include <algorithm>
#include <set>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/provider_keys.h"
#include "core/dialect/dialect.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kMostTimeoutMs = 86'400'000;

bool IsSlug(const std::string& text) {
    return !text.empty() && text.size() <= 63 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
               text.npos;
}

// A token of RFC 9110, in lower case or not.
bool IsHeaderName(const std::string& text) {
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789!#$%&'*+-.^_`|~") == text.npos;
}

bool IsHeaderValue(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c == '\t' || (c >= 0x20 && c != 0x7f);
    });
}

std::string Lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

Credential DefaultCredential(const std::string& dialect) {
    if (dialect == "anthropic_messages") return {"header", "x-api-key", ""};
    if (dialect == "gemini_content") return {"header", "x-goog-api-key", ""};
    return {"header", "authorization", "Bearer "};
}

Status CheckDialects(const std::vector<std::string>& dialects) {
    std::set<std::string> seen;
    for (const std::string& name : dialects) {
        const auto known = dialect::FromName(name);
        if (!known || *known == dialect::Dialect::kOther) {
            return InvalidField("dialects", "There is no such dialect.");
        }
        if (!seen.insert(name).second) {
            return InvalidField("dialects", "A dialect is there twice.");
        }
    }
    if (seen.empty()) {
        return InvalidField("dialects", "At least one dialect is needed.");
    }
    return {};
}

Status CheckCredential(const Credential& credential) {
    if (credential.location != "header" && credential.location != "query") {
        return InvalidField("credential",
                            "The location must be header or query.");
    }
    if (!IsHeaderName(credential.name)) {
        return InvalidField("credential", "The name is not valid.");
    }
    if (credential.prefix.size() > 64 || !IsHeaderValue(credential.prefix)) {
        return InvalidField("credential", "The prefix is not valid.");
    }
    return {};
}

Status CheckHeaders(
    const std::vector<std::pair<std::string, std::string>>& headers) {
    if (headers.size() > 32) {
        return InvalidField("required_headers", "At most 32 headers.");
    }
    std::set<std::string> seen;
    for (const auto& [name, value] : headers) {
        const std::string lower = Lower(name);
        if (!IsHeaderName(name) || lower == "host" ||
            lower == "content-length" || lower == "transfer-encoding" ||
            lower == "connection") {
            return InvalidField("required_headers",
                                "A header's name is not valid.");
        }
        if (value.size() > 1024 || !IsHeaderValue(value)) {
            return InvalidField("required_headers",
                                "A header's value is not valid.");
        }
        if (!seen.insert(lower).second) {
            return InvalidField("required_headers", "A header is there twice.");
        }
    }
    return {};
}

Status CheckTimeout(const char* field, std::int64_t ms) {
    if (ms >= 1 && ms <= kMostTimeoutMs) return {};
    return InvalidField(field, "A time-out is from 1 to 86400000 ms.");
}

Status CheckAll(const Provider& p) {
    if (!IsSlug(p.name)) {
        return InvalidField("name",
                            "A name is 1 to 63 of a-z, 0-9 and hyphen.");
    }
    Status status = CheckDialects(p.dialects);
    if (!status.ok()) return status;
    status = CheckCredential(
        {p.credential_location, p.credential_name, p.credential_prefix});
    if (!status.ok()) return status;
    status = CheckHeaders(p.required_headers);
    if (!status.ok()) return status;
    status = CheckTimeout("connect_timeout_ms", p.connect_timeout_ms);
    if (!status.ok()) return status;
    status = CheckTimeout("first_byte_timeout_ms", p.first_byte_timeout_ms);
    if (!status.ok()) return status;
    status = CheckTimeout("idle_timeout_ms", p.idle_timeout_ms);
    if (!status.ok()) return status;
    status = CheckTimeout("total_timeout_ms", p.total_timeout_ms.value_or(1));
    if (!status.ok()) return status;
    const std::string tls_name = p.tls_name.value_or("x");
    if (tls_name.empty() || tls_name.size() > 253 || !IsHeaderName(tls_name)) {
        return InvalidField("tls_name", "The name is not valid.");
    }
    if (p.price_list && !IsSlug(*p.price_list)) {
        return InvalidField("price_list", "The name is not valid.");
    }
    return {};
}

Status CheckNameIsFree(Connection& c, const Provider& provider) {
    const auto other = store::FindProviderIdByName(c, provider.name);
    if (!other || *other == provider.id) return {};
    return TakenField("name", "Another provider has this name.");
}

}  // namespace

void Providers::SetDefaultCredential(const std::vector<std::string>& dialects,
                                     Provider& provider) const {
    const Credential first =
        DefaultCredential(dialects.empty() ? "" : dialects.front());
    provider.credential_location = first.location;
    provider.credential_name = first.name;
    provider.credential_prefix = first.prefix;
}

Status Providers::Apply(const ProviderChange& change, Provider& p) const {
    if (change.name) p.name = *change.name;
    if (change.dialects) p.dialects = *change.dialects;
    if (change.credential) {
        p.credential_location = change.credential->location;
        p.credential_name = Lower(change.credential->name);
        p.credential_prefix = change.credential->prefix;
        if (p.credential_location == "query") {
            p.credential_name = change.credential->name;
        }
    }
    if (change.required_headers) p.required_headers = *change.required_headers;
    if (change.connect_timeout_ms) {
        p.connect_timeout_ms = *change.connect_timeout_ms;
    }
    if (change.first_byte_timeout_ms) {
        p.first_byte_timeout_ms = *change.first_byte_timeout_ms;
    }
    if (change.idle_timeout_ms) p.idle_timeout_ms = *change.idle_timeout_ms;
    if (change.total_timeout_ms) p.total_timeout_ms = *change.total_timeout_ms;
    if (change.tls_verify) p.tls_verify = *change.tls_verify;
    if (change.tls_name) p.tls_name = *change.tls_name;
    if (change.ask_usage) p.ask_usage = *change.ask_usage;
    if (change.price_list) p.price_list = *change.price_list;
    if (change.is_enabled) p.is_enabled = *change.is_enabled;
    if (change.base_url) {
        const auto url = change.base_url->size() > 512
                             ? Result<http::BaseUrl>(ErrorCode::kValidation)
                             : http::ParseBaseUrl(*change.base_url);
        if (!url.ok()) {
            return InvalidField("base_url", std::string(url.error().text()));
        }
        if (addresses_.IsOwn(url->host, url->port)) {
            return InvalidField("base_url",
                                "This is the address of the daemon itself.");
        }
        p.base_url = *change.base_url;
    }
    return CheckAll(p);
}

Result<std::vector<Provider>> Providers::List(std::int64_t after_id,
                                              std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Provider>> {
        return store::ListProviders(c, after_id, limit);
    });
}

Result<Provider> Providers::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<Provider> {
        auto provider = store::FindProvider(c, id);
        if (!provider) return ErrorCode::kNotFound;
        return std::move(*provider);
    });
}

Result<Written<Provider>> Providers::Create(const ProviderChange& change) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.base_url) {
        return InvalidField("base_url", "A base URL is needed.");
    }
    if (!change.dialects || change.dialects->empty()) {
        return InvalidField("dialects", "At least one dialect is needed.");
    }
    Provider provider;
    SetDefaultCredential(*change.dialects, provider);
    const Status applied = Apply(change, provider);
    if (!applied.ok()) return applied.error();
    provider.created_at = provider.updated_at = clock_();
    auto created = database_.Write([&](Connection& c) -> Result<Provider> {
        const Status free = CheckNameIsFree(c, provider);
        if (!free.ok()) return free.error();
        provider.version = store::UpdateConfigVersion(c);
        store::InsertProvider(c, provider);
        return provider;
    });
    if (!created.ok()) return created.error();
    const std::int64_t version = created->version;
    return Written<Provider>{
        std::move(*created),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<Provider>> Providers::Update(std::int64_t id,
                                            const ProviderChange& change) {
    auto updated = database_.Write([&](Connection& c) -> Result<Provider> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto provider = store::FindProvider(c, id);
        if (!provider) return ErrorCode::kNotFound;
        const Status applied = Apply(change, *provider);
        if (!applied.ok()) return applied.error();
        const Status free = CheckNameIsFree(c, *provider);
        if (!free.ok()) return free.error();
        provider->version = version;
        provider->updated_at = clock_();
        store::UpdateProvider(c, *provider);
        return std::move(*provider);
    });
    if (!updated.ok()) return updated.error();
    const std::int64_t version = updated->version;
    return Written<Provider>{
        std::move(*updated),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<bool>> Providers::Delete(std::int64_t id) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            if (!store::FindProvider(c, id)) return ErrorCode::kNotFound;
            if (store::CountProviderKeys(c, id) > 0) {
                Error error(ErrorCode::kConflict);
                error.public_text = "Provider keys use this provider.";
                return error;
            }
            store::DeleteProvider(c, id, next, clock_());
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
