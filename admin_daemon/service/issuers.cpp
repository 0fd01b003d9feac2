// SPDX-License-Identifier: MIT

#include "admin_daemon/service/issuers.h"

#include <algorithm>
#include <set>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/token_signer.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/config_version.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::VerificationKey;

constexpr std::size_t kMostGivenKeys = 32;
constexpr std::size_t kMostClients = 10'000;
constexpr std::int64_t kHastenMs = 10'000;
constexpr std::size_t kLeastSecret = 32;  // RFC 7518 section 3.2

bool IsText(const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Status CheckUrl(const std::string& url, const client::NetworkGuard& guard) {
    const auto base = http::ParseBaseUrl(url.substr(0, url.find('?')));
    if (url.size() > 512 || !base.ok() || !IsText(url, 512)) {
        return InvalidField("jwks_url", "This must be an http(s) URL.");
    }
    if (!base->tls && !guard.Opens(base->host)) {
        return InvalidField("jwks_url",
                            "Keys are fetched by https, from networks that "
                            "allowed_networks opens also by http.");
    }
    if (!guard.AllowsHost(base->host)) {
        return InvalidField("jwks_url",
                            "The host is in a private or special network that "
                            "the setting allowed_networks does not open.");
    }
    return {};
}

Status CheckClients(
    Connection& c,
    const std::vector<std::pair<std::string, std::int64_t>>& clients) {
    if (clients.size() > kMostClients) {
        return InvalidField("clients", "At most 10000 clients.");
    }
    std::set<std::string> values;
    std::set<std::int64_t> ids;
    for (const auto& [value, id] : clients) {
        if (!IsText(value, 256)) {
            return InvalidField("clients.value",
                                "A value has 1 to 256 bytes, without control "
                                "characters.");
        }
        if (!values.insert(value).second) {
            return InvalidField("clients", "A value is there twice.");
        }
        if (ids.insert(id).second && !store::FindClientKey(c, id)) {
            return InvalidField("clients.client_key_id",
                                "There is no such client key.");
        }
    }
    return {};
}

void Merge(const IssuerChange& change, Issuer& issuer) {
    if (change.name) issuer.name = *change.name;
    if (change.issuer) issuer.issuer = *change.issuer;
    if (change.audiences) issuer.audiences = *change.audiences;
    if (change.skew_s) issuer.skew_s = *change.skew_s;
    if (change.claim) issuer.claim = *change.claim;
    if (change.clients) issuer.clients = *change.clients;
    if (change.is_enabled) issuer.is_enabled = *change.is_enabled;
    if (change.jwks_url && *change.jwks_url != issuer.jwks_url) {
        issuer.jwks_url = *change.jwks_url;
        issuer.jwks_fetched_at.reset();
        issuer.jwks_fresh_until.reset();
        issuer.jwks_next_at.reset();
        issuer.jwks_error.reset();
    }
}

Status CheckFields(const Issuer& issuer, const client::NetworkGuard& guard) {
    const Status named = CheckObjectName(issuer.name);
    if (!named.ok()) return named;
    if (!IsText(issuer.issuer, 512)) {
        return InvalidField("issuer", "An issuer has 1 to 512 bytes.");
    }
    if (issuer.issuer == kOwnIssuer) {
        return InvalidField("issuer", "This is the gateway's own name.");
    }
    if (issuer.audiences.size() > 32) {
        return InvalidField("audiences", "At most 32 audiences.");
    }
    for (const std::string& audience : issuer.audiences) {
        if (IsText(audience, 512)) continue;
        return InvalidField("audiences", "An audience has 1 to 512 bytes.");
    }
    if (issuer.skew_s < 0 || issuer.skew_s > 600) {
        return InvalidField("skew_s", "A skew is from 0 to 600 seconds.");
    }
    if (!IsText(issuer.claim, 128)) {
        return InvalidField("claim", "A claim has 1 to 128 bytes.");
    }
    if (issuer.jwks_url) return CheckUrl(*issuer.jwks_url, guard);
    return {};
}

Status CheckFree(Connection& c, const Issuer& issuer) {
    auto other = store::FindIssuerIdByName(c, issuer.name);
    if (other && *other != issuer.id) {
        return TakenField("name", "Another issuer has this name.");
    }
    other = store::FindIssuerIdByIssuer(c, issuer.issuer);
    if (other && *other != issuer.id) {
        return TakenField("issuer", "There is this issuer already.");
    }
    return {};
}

// The row of a new key; *secret is what must be sealed for it.
Result<VerificationKey> ReadKey(const GivenKey& given) {
    VerificationKey key;
    key.kid = given.kid;
    if (given.kid && !IsText(*given.kid, 256)) {
        return InvalidField("keys.kid", "A key id has 1 to 256 bytes.");
    }
    if (given.pem.has_value() == given.secret.has_value()) {
        return InvalidField("keys", "A key has a pem or a secret.");
    }
    if (given.secret) {
        if (given.secret->size() < kLeastSecret ||
            given.secret->size() > 1024) {
            return InvalidField("keys.secret",
                                "A secret has 32 to 1024 bytes.");
        }
        key.algorithm = jwt::Name(jwt::Algorithm::kHs256);
        return key;
    }
    const auto parsed = jwt::ReadPem(*given.pem);
    if (!parsed.ok()) {
        return InvalidField("keys.pem", std::string(parsed.error().text()));
    }
    key.algorithm = jwt::Name(parsed->algorithm);
    key.public_key = Base64Url(parsed->der);
    return key;
}

}  // namespace

std::string VerificationKeyContext(std::int64_t id) {
    return "verification_keys.secret:" + std::to_string(id);
}

Result<std::vector<Issuer>> Issuers::List(const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Issuer>> {
        return store::ListIssuers(c, page);
    });
}

Result<Issuer> Issuers::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<Issuer> {
        auto issuer = store::FindIssuer(c, id);
        if (!issuer) return ErrorCode::kNotFound;
        return std::move(*issuer);
    });
}

Status Issuers::Apply(Connection& c, const IssuerChange& change,
                      Issuer& issuer) const {
    const auto url = issuer.jwks_url;
    Merge(change, issuer);
    Status status = CheckFields(issuer, guard_);
    if (!status.ok()) return status;
    if (change.clients) {
        status = CheckClients(c, issuer.clients);
        if (!status.ok()) return status;
    }
    if (issuer.jwks_url != url) {
        // Keys of another URL verify nothing here.
        for (const VerificationKey& key : issuer.keys) {
            if (key.is_fetched) store::DeleteVerificationKey(c, key.id);
        }
        std::erase_if(issuer.keys,
                      [](const VerificationKey& k) { return k.is_fetched; });
    }
    return CheckFree(c, issuer);
}

Status Issuers::ReplaceKeys(Connection& c, const std::vector<GivenKey>& keys,
                            Issuer& issuer) const {
    if (keys.size() > kMostGivenKeys) {
        return InvalidField("keys", "At most 32 keys.");
    }
    std::vector<VerificationKey> next;
    std::set<std::optional<std::string>> kids;
    for (const GivenKey& given : keys) {
        const auto known = std::find_if(
            issuer.keys.begin(), issuer.keys.end(), [&](const auto& key) {
                return given.id == key.id && !key.is_fetched;
            });
        if (given.id && known == issuer.keys.end()) {
            return InvalidField("keys.id", "There is no such key.");
        }
        if (given.id) {
            next.push_back(*known);
        } else {
            auto key = ReadKey(given);
            if (!key.ok()) return key.error();
            key->created_at = clock_();
            store::InsertVerificationKey(c, issuer.id, *key);
            if (given.secret) {
                const auto sealed = master_.Seal(
                    VerificationKeyContext(key->id), *given.secret);
                if (!sealed.ok()) return sealed.error();
                key->secret = Base64Url(*sealed);
                store::UpdateVerificationKey(c, *key);
            }
            next.push_back(*key);
        }
        if (!kids.insert(next.back().kid).second) {
            return InvalidField("keys.kid", "A key id is there twice.");
        }
    }
    for (const VerificationKey& key : issuer.keys) {
        const bool kept =
            key.is_fetched ||
            std::any_of(next.begin(), next.end(),
                        [&](const auto& k) { return k.id == key.id; });
        if (!kept) store::DeleteVerificationKey(c, key.id);
        if (key.is_fetched) next.push_back(key);
    }
    issuer.keys = std::move(next);
    return {};
}

Result<Written<Issuer>> Issuers::Create(const IssuerChange& change) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.issuer) return InvalidField("issuer", "An issuer is needed.");
    const auto created = database_.Write([&](Connection& c) -> Result<Issuer> {
        Issuer row;
        row.version = store::UpdateConfigVersion(c);
        row.created_at = row.updated_at = clock_();
        Status status = Apply(c, change, row);
        if (!status.ok()) return status.error();
        store::InsertIssuer(c, row);
        if (change.keys) status = ReplaceKeys(c, *change.keys, row);
        if (!status.ok()) return status.error();
        return row;
    });
    if (!created.ok()) return created.error();
    return Written<Issuer>{
        *created, publication_.WaitFor(created->version, kPublicationPatience)};
}

Result<Written<Issuer>> Issuers::Update(std::int64_t id,
                                        const IssuerChange& change,
                                        const AccessScope& scope) {
    const auto updated = database_.Write([&](Connection& c) -> Result<Issuer> {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto row = store::FindIssuer(c, id);
        if (!row) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(row->version);
        if (!fresh.ok()) return fresh.error();
        Status status = Apply(c, change, *row);
        if (status.ok() && change.keys) {
            status = ReplaceKeys(c, *change.keys, *row);
        }
        if (!status.ok()) return status.error();
        row->version = version;
        row->updated_at = clock_();
        store::UpdateIssuer(c, *row);
        return *row;
    });
    if (!updated.ok()) return updated.error();
    return Written<Issuer>{
        *updated, publication_.WaitFor(updated->version, kPublicationPatience)};
}

Result<Written<bool>> Issuers::Delete(std::int64_t id,
                                      const AccessScope& scope) {
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            const auto row = store::FindIssuer(c, id);
            if (!row) return ErrorCode::kNotFound;
            const Status fresh = scope.CheckVersion(row->version);
            if (!fresh.ok()) return fresh.error();
            store::DeleteIssuer(c, id, next, clock_());
            return next;
        });
    if (!version.ok()) return version.error();
    return Written<bool>{true,
                         publication_.WaitFor(*version, kPublicationPatience)};
}

Result<Issuer> Issuers::AskForKeys(std::int64_t id) {
    return database_.Write([&](Connection& c) -> Result<Issuer> {
        auto row = store::FindIssuer(c, id);
        if (!row) return ErrorCode::kNotFound;
        if (!row->jwks_url) {
            Error error(ErrorCode::kConflict);
            error.public_text = "The issuer has no URL of a key set.";
            return error;
        }
        row->jwks_next_at.reset();
        store::UpdateIssuer(c, *row);
        return *row;
    });
}

Status Issuers::HastenKeys(std::int64_t id) {
    return database_.Write([&](Connection& c) -> Status {
        auto row = store::FindIssuer(c, id);
        if (!row || !row->jwks_url || row->jwks_error ||
            row->jwks_fetched_at.value_or(0) + kHastenMs > clock_()) {
            return {};
        }
        row->jwks_next_at.reset();
        store::UpdateIssuer(c, *row);
        return {};
    });
}

Result<std::vector<Issuer>> Issuers::ListDue() {
    return database_.Read([&](Connection& c) -> Result<std::vector<Issuer>> {
        return store::ListIssuersDue(c, clock_());
    });
}

Status Issuers::SetFetched(std::int64_t id, const std::string& jwks_url,
                           const FetchedKeys& fetched) {
    const Status stored = database_.Write([&](Connection& c) -> Status {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto row = store::FindIssuer(c, id);
        if (!row || row->jwks_url != jwks_url) return {};
        row->jwks_error = fetched.error;
        row->jwks_next_at = fetched.next_at;
        row->version = version;
        if (!fetched.error) {
            row->jwks_fetched_at = clock_();
            row->jwks_fresh_until = fetched.fresh_until;
            MergeFetched(c, fetched.keys, *row);
        }
        store::UpdateIssuer(c, *row);
        return {};
    });
    if (stored.ok()) publication_.Request();
    return stored;
}

// A key that is published still keeps its row, by which workers know it.
void Issuers::MergeFetched(Connection& c,
                           const std::vector<jwt::PublicKey>& keys,
                           const Issuer& issuer) const {
    std::set<std::int64_t> kept;
    for (const jwt::PublicKey& key : keys) {
        const std::string der = Base64Url(key.der);
        const auto known = std::find_if(
            issuer.keys.begin(), issuer.keys.end(), [&](const auto& row) {
                return row.is_fetched && row.public_key == der &&
                       row.kid.value_or("") == key.kid;
            });
        if (known != issuer.keys.end()) {
            kept.insert(known->id);
            continue;
        }
        VerificationKey row;
        row.is_fetched = true;
        if (!key.kid.empty()) row.kid = key.kid;
        row.algorithm = jwt::Name(key.algorithm);
        row.public_key = der;
        row.created_at = clock_();
        store::InsertVerificationKey(c, issuer.id, row);
    }
    for (const VerificationKey& row : issuer.keys) {
        if (row.is_fetched && !kept.contains(row.id)) {
            store::DeleteVerificationKey(c, row.id);
        }
    }
}

}  // namespace aiproxy::admin::service
