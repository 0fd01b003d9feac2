// SPDX-License-Identifier: MIT

#include "admin_daemon/service/providers.h"

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/provider_rules.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/provider_keys.h"
#include "core/dialect/dialect.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

Credential DefaultCredential(const std::string& dialect) {
    const auto known = dialect::FromName(dialect);
    switch (dialect::FamilyOf(known.value_or(dialect::Dialect::kOther))) {
        case dialect::Family::kAnthropic:
            return {"header", "x-api-key", ""};
        case dialect::Family::kGemini:
            return {"header", "x-goog-api-key", ""};
        default:
            return {"header", "authorization", "Bearer "};
    }
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

Status Providers::CheckBaseUrl(const std::string& text) const {
    const auto url = text.size() > 512
                         ? Result<http::BaseUrl>(ErrorCode::kValidation)
                         : http::ParseBaseUrl(text);
    if (!url.ok()) {
        return InvalidField("base_url", std::string(url.error().text()));
    }
    if (!addresses_.guard().AllowsHost(url->host)) {
        return InvalidField("base_url", kClosedNetwork);
    }
    if (addresses_.IsOwn(url->host, url->port)) {
        return InvalidField("base_url",
                            "This is the address of the daemon itself.");
    }
    return {};
}

Status Providers::Apply(const ProviderChange& change, Provider& p) const {
    Merge(change, p);
    if (change.base_url) {
        const Status good = CheckBaseUrl(*change.base_url);
        if (!good.ok()) return good;
        p.base_url = *change.base_url;
    }
    if (change.oauth) {
        p.oauth.reset();
        if (*change.oauth) {
            const Status good = CheckOAuth(**change.oauth, addresses_.guard());
            if (!good.ok()) return good;
            p.oauth = FormatOAuth(**change.oauth);
        }
    }
    return CheckProvider(p);
}

// A secret goes to the endpoint that it was entered for and to no other, so
// that who may change providers cannot have it sent elsewhere.
Status Providers::ApplySecret(const ProviderChange& change,
                              const Provider& before, Provider& p) const {
    const auto was = ParseOAuth(before.oauth);
    const auto is = ParseOAuth(p.oauth);
    if (!is || !was || was->token_url != is->token_url) {
        p.oauth_client_secret.reset();
    }
    if (!change.oauth_client_secret) return {};
    const auto blob = master_.Seal(OAuthClientSecretContext(p.id),
                                   *change.oauth_client_secret);
    if (!blob.ok()) return blob.error();
    p.oauth_client_secret = Base64Url(*blob);
    return {};
}

Result<std::vector<Provider>> Providers::List(const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Provider>> {
        return store::ListProviders(c, page);
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
        // Sealed for its row, whose number is known only now.
        const Status sealed = ApplySecret(change, provider, provider);
        if (!sealed.ok()) return sealed.error();
        store::UpdateProvider(c, provider);
        return provider;
    });
    if (!created.ok()) return created.error();
    const std::int64_t version = created->version;
    return Written<Provider>{
        std::move(*created),
        publication_.WaitFor(version, kPublicationPatience)};
}

Result<Written<Provider>> Providers::Update(std::int64_t id,
                                            const ProviderChange& change,
                                            const AccessScope& scope) {
    auto updated = database_.Write([&](Connection& c) -> Result<Provider> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto provider = store::FindProvider(c, id);
        if (!provider) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(provider->version);
        if (!fresh.ok()) return fresh.error();
        const Provider before = *provider;
        const Status applied = Apply(change, *provider);
        if (!applied.ok()) return applied.error();
        const Status sealed = ApplySecret(change, before, *provider);
        if (!sealed.ok()) return sealed.error();
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

Result<Written<bool>> Providers::Delete(std::int64_t id,
                                        const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto row = store::FindProvider(c, id);
            if (!row) return ErrorCode::kNotFound;
            const Status fresh = scope.CheckVersion(row->version);
            if (!fresh.ok()) return fresh.error();
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
