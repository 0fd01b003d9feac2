// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oauth_tokens.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>

#include "admin_daemon/json.h"
#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/service_account.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/events.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Message;
using store::Connection;

// A token that is refused sooner was not refused for its age. nginx rests a key
// whose new token is refused in the same request, so this bounds the rest.
constexpr std::int64_t kLeastAgeMs = 1'000;
constexpr std::int64_t kFirstBackoffMs = 1'000;
constexpr std::int64_t kMostBackoffMs = 60'000;
constexpr std::chrono::milliseconds kBetweenWrites{200};
constexpr std::chrono::minutes kWriteFor{10};
constexpr std::chrono::seconds kAfterAnother{2};

// Evenly from least to most.
std::int64_t Between(std::int64_t least, std::int64_t most) {
    const auto bytes = RandomBytes<4>();
    std::uint32_t random = 0;
    for (const std::uint8_t byte : bytes) random = random << 8 | byte;
    return least + (most - least) * static_cast<std::int64_t>(random >> 1) /
                       (std::int64_t{1} << 31);
}

std::string LeaseOf(std::int64_t provider_key_id) {
    return "refresh:" + std::to_string(provider_key_id);
}

bool CanRenew(const store::KeyTokens& tokens,
              const std::optional<OAuthDefinition>& definition) {
    return tokens.refresh_token ||
           (definition && !oauth::NeedsSignIn(definition->grant));
}

// invalid_grant: the refresh token, or the service account, is no good. Where
// nobody signs in, a client that is not known is the key's own.
bool IsFinal(const ProviderAnswer& outcome, oauth::Grant grant) {
    if (outcome.kind != ProviderAnswer::Kind::kRefused) return false;
    const std::string& error = outcome.answer.error;
    return error == "invalid_grant" ||
           (!oauth::NeedsSignIn(grant) &&
            (error == "invalid_client" || error == "unauthorized_client" ||
             error == "invalid_scope" || error == "access_denied"));
}

}  // namespace

std::string KeyClientSecretContext(std::int64_t id) {
    return "provider_key_tokens.client_secret:" + std::to_string(id);
}

std::string RefreshTokenContext(std::int64_t id) {
    return "provider_key_tokens.refresh_token:" + std::to_string(id);
}

Result<std::string> OpenColumn(const SealingKey& master,
                               const std::string& context,
                               const std::optional<std::string>& sealed) {
    if (!sealed) return std::string();
    const auto blob = FromBase64Url(*sealed);
    if (!blob) return Error(ErrorCode::kInternal, context + ": not base64url");
    return master.Open(context, *blob);
}

Result<std::string> SealColumn(const SealingKey& master,
                               const std::string& context,
                               const std::string& secret) {
    const auto blob = master.Seal(context, secret);
    if (!blob.ok()) return blob.error();
    return Base64Url(*blob);
}

Result<std::vector<std::int64_t>> OAuthTokens::ListDue(std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<std::int64_t>> {
            return store::ListKeyTokensDue(c, clock_(), limit);
        });
}

Status OAuthTokens::Hasten(const std::vector<RefusedToken>& refused) {
    return database_.Write([&](Connection& c) -> Status {
        for (const RefusedToken& token : refused) {
            store::HastenKeyTokens(c, token.provider_key_id, token.serial,
                                   clock_(), kLeastAgeMs);
        }
        return {};
    });
}

Result<std::optional<OAuthTokens::Held>> OAuthTokens::FindDue(
    std::int64_t provider_key_id) {
    return database_.Read([&](Connection& c) -> Result<std::optional<Held>> {
        auto key = store::FindProviderKey(c, provider_key_id);
        auto tokens = store::FindKeyTokens(c, provider_key_id);
        if (!key || !tokens || !tokens->refresh_at ||
            *tokens->refresh_at > clock_()) {
            return std::optional<Held>();
        }
        auto provider = store::FindProvider(c, key->provider_id);
        if (!provider) return std::optional<Held>();
        return std::optional<Held>(
            Held{std::move(*key), std::move(*tokens), std::move(*provider)});
    });
}

Status OAuthTokens::Refresh(std::int64_t provider_key_id,
                            const std::function<bool()>& may_wait) {
    const std::string lease = LeaseOf(provider_key_id);
    const bool left = leases_.IsLeft(lease);
    if (!leases_.Take(lease)) return {};
    // Whoever left it may have a token and wait for the database, as we did.
    const auto end = std::chrono::steady_clock::now() + kAfterAnother;
    while (left && may_wait() && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(kBetweenWrites);
    }
    // Read with the lease: another node may have done it meanwhile.
    const auto held = FindDue(provider_key_id);
    Status status = held.ok() ? Status() : Status(held.error());
    if (held.ok() && *held) status = RefreshHeld(**held, may_wait);
    leases_.GiveBack(lease);
    return status;
}

Status OAuthTokens::Recover(const std::function<bool()>& may_wait) {
    for (TokenJournal::Entry& entry : journal_.TakeLeft()) {
        log_.Info("token_recovered",
                  {{"provider_key_id", entry.provider_key_id}});
        const Status status = Store(entry, may_wait);
        Wipe(entry.answer.access_token);
        Wipe(entry.answer.refresh_token);
        if (!status.ok()) return status;
    }
    return {};
}

Status OAuthTokens::RefreshHeld(const Held& held,
                                const std::function<bool()>& may_wait) {
    const auto definition = ParseOAuth(held.provider.oauth);
    if (!definition) {
        return GiveUp(held, "refused", "The provider has no OAuth data.");
    }
    if (!CanRenew(held.tokens, definition)) {
        return GiveUp(held, "sign_in_needed",
                      "The token ended, and the provider gave none to renew "
                      "it.");
    }
    auto outcome = AskAnew(held, *definition);
    if (!outcome.ok()) return PutOff(held, outcome.error().detail);
    if (IsFinal(*outcome, definition->grant)) {
        return GiveUp(held,
                      oauth::NeedsSignIn(definition->grant) ? "sign_in_needed"
                                                            : "refused",
                      "The provider refused to renew the token: " +
                          outcome->answer.error + ".");
    }
    if (outcome->kind != ProviderAnswer::Kind::kGot) {
        return PutOff(held, outcome->reason);
    }
    TokenJournal::Entry entry{held.key.id, held.key.token_serial, clock_(),
                              std::move(outcome->answer)};
    if (!entry.answer.refresh_token.empty()) {
        const Status kept = journal_.Keep(entry);
        if (!kept.ok()) {
            log_.Warn("token_not_kept", {{"provider_key_id", held.key.id},
                                         {"reason", kept.error().detail}});
        }
    }
    return Store(entry, may_wait);
}

Status OAuthTokens::Store(const TokenJournal::Entry& entry,
                          const std::function<bool()>& may_wait) {
    const Status status = WriteUntilDone(
        [&](Connection& c) -> Status {
            auto key = store::FindProviderKey(c, entry.provider_key_id);
            auto tokens = store::FindKeyTokens(c, entry.provider_key_id);
            // Gone, or another token came: a sign-in, say. That one counts.
            if (!key || !tokens || key->token_serial != entry.token_serial) {
                return {};
            }
            return Put(c, *key, std::move(*tokens), entry.answer,
                       entry.received_at);
        },
        may_wait);
    if (status.ok()) journal_.Drop(entry.provider_key_id);
    return status;
}

Result<OAuthClientIdentity> OAuthTokens::IdentityOf(
    const store::Provider& provider, const OAuthDefinition& definition,
    const std::optional<store::KeyTokens>& tokens) const {
    const bool own = tokens && tokens->client_secret &&
                     definition.grant == oauth::Grant::kClientCredentials;
    auto secret =
        own ? OpenColumn(master_,
                         KeyClientSecretContext(tokens->provider_key_id),
                         tokens->client_secret)
            : OpenColumn(master_, OAuthClientSecretContext(provider.id),
                         provider.oauth_client_secret);
    if (!secret.ok()) return secret.error();
    std::string id = definition.client_id.value_or("");
    if (tokens && tokens->oauth_client_id) id = *tokens->oauth_client_id;
    return OAuthClientIdentity(std::move(id), std::move(*secret));
}

Result<ProviderAnswer> OAuthTokens::AskAnew(
    const Held& held, const OAuthDefinition& definition) const {
    const std::int64_t id = held.key.id;
    const auto client = IdentityOf(held.provider, definition, held.tokens);
    if (!client.ok()) return client.error();
    if (held.tokens.refresh_token) {
        auto token = OpenColumn(master_, RefreshTokenContext(id),
                                held.tokens.refresh_token);
        if (!token.ok()) return token.error();
        oauth::Values values;
        values.emplace_back("refresh_token", std::move(*token));
        return AskForTokens(http_, definition, Message::kRefresh, *client,
                            std::move(values));
    }
    if (definition.grant != oauth::Grant::kServiceAccount) {
        return AskForTokens(http_, definition, Message::kClientCredentials,
                            *client, {});
    }
    auto file = OpenColumn(master_, KeyClientSecretContext(id),
                           held.tokens.client_secret);
    if (!file.ok()) return file.error();
    auto assertion = AssertionOf(*file, definition, clock_());
    Wipe(*file);
    if (!assertion.ok()) return assertion.error();
    oauth::Values values;
    values.emplace_back("assertion", std::move(*assertion));
    return AskForTokens(http_, definition, Message::kAssertion, *client,
                        std::move(values));
}

// The new token goes into the rows; nothing of it is used before they are
// committed.
Status OAuthTokens::Put(Connection& c, store::ProviderKey& key,
                        store::KeyTokens tokens, const oauth::Answer& answer,
                        UnixMs received_at) const {
    const std::int64_t version = store::UpdateConfigVersion(c);
    const UnixMs now = clock_();
    auto sealed =
        SealColumn(master_, ProviderKeyContext(key.id), answer.access_token);
    if (!sealed.ok()) return sealed.error();
    key.secret = std::move(*sealed);
    key.secret_hint.reset();
    key.token_serial = version;
    key.credential_state = "good";
    key.credential_reason.reset();
    key.version = version;
    key.updated_at = now;
    const auto provider = store::FindProvider(c, key.provider_id);
    const auto definition =
        provider ? ParseOAuth(provider->oauth) : std::nullopt;
    // Where nobody signs in, the next token is asked for as this one was.
    if (!answer.refresh_token.empty() && definition &&
        oauth::NeedsSignIn(definition->grant)) {
        auto refresh = SealColumn(master_, RefreshTokenContext(key.id),
                                  answer.refresh_token);
        if (!refresh.ok()) return refresh.error();
        tokens.refresh_token = std::move(*refresh);
    }
    tokens.provider_key_id = key.id;
    tokens.obtained_at = received_at;
    tokens.expires_at.reset();
    tokens.refresh_at.reset();
    if (answer.expires_in_s) {
        const std::int64_t life = *answer.expires_in_s * 1000;
        tokens.expires_at = received_at + life;
        tokens.refresh_at =
            received_at + Between(life * 75 / 100, life * 85 / 100);
    }
    const bool renews = CanRenew(tokens, definition);
    // Without an end it is renewed when it is refused, or never.
    if (!tokens.refresh_at && renews) tokens.refresh_at = INT64_MAX;
    if (!renews) tokens.refresh_at = tokens.expires_at.value_or(INT64_MAX);
    tokens.failures = 0;
    tokens.error.reset();
    store::UpdateProviderKey(c, key);
    store::UpdateKeyTokens(c, tokens);
    return {};
}

Status OAuthTokens::StoreSignIn(std::int64_t provider_key_id,
                                std::int64_t provider_id,
                                const oauth::Answer& answer,
                                const std::function<bool()>& may_wait) {
    return WriteUntilDone(
        [&](Connection& c) -> Status {
            auto key = store::FindProviderKey(c, provider_key_id);
            if (!key || key->provider_id != provider_id) {
                return ErrorCode::kNotFound;
            }
            auto tokens = store::FindKeyTokens(c, provider_key_id)
                              .value_or(store::KeyTokens());
            // Another person's sign-in, perhaps: the old one renews nothing.
            tokens.refresh_token.reset();
            return Put(c, *key, std::move(tokens), answer, clock_());
        },
        may_wait);
}

// A person must do something.
Status OAuthTokens::GiveUp(const Held& held, const std::string& state,
                           const std::string& reason) {
    log_.Warn("token_not_renewed", {{"provider_key_id", held.key.id},
                                    {"state", state},
                                    {"reason", reason}});
    const Status status = database_.Write([&](Connection& c) -> Status {
        const std::int64_t version = store::UpdateConfigVersion(c);
        auto key = store::FindProviderKey(c, held.key.id);
        if (!key || key->token_serial != held.key.token_serial) return {};
        key->credential_state = state;
        key->credential_reason = reason;
        key->version = version;
        key->updated_at = clock_();
        store::UpdateProviderKey(c, *key);
        store::KeyTokens tokens = held.tokens;
        tokens.refresh_at.reset();
        tokens.error = reason;
        if (state == "sign_in_needed") tokens.refresh_token.reset();
        store::UpdateKeyTokens(c, tokens);
        Tell(c, held, "key." + state, reason);
        return {};
    });
    if (status.ok()) publication_.Request();
    return status;
}

// It is tried again, ever later.
Status OAuthTokens::PutOff(const Held& held, const std::string& reason) {
    log_.Warn("token_refresh_failed",
              {{"provider_key_id", held.key.id}, {"reason", reason}});
    return database_.Write([&](Connection& c) -> Status {
        auto tokens = store::FindKeyTokens(c, held.key.id);
        const auto key = store::FindProviderKey(c, held.key.id);
        if (!tokens || !key || key->token_serial != held.key.token_serial) {
            return {};
        }
        std::int64_t backoff = kFirstBackoffMs;
        for (std::int64_t i = 0; i < tokens->failures && i < 10; ++i) {
            backoff *= 2;
        }
        backoff = std::min(backoff, kMostBackoffMs);
        tokens->failures += 1;
        tokens->error = ValidUtf8(reason.substr(0, 500));
        tokens->refresh_at = clock_() + Between(backoff * 3 / 4, backoff);
        store::UpdateKeyTokens(c, *tokens);
        if (tokens->failures == 1) {
            Tell(c, held, "key.refresh_failed", *tokens->error);
        }
        return {};
    });
}

Status OAuthTokens::WriteUntilDone(
    const std::function<Status(Connection&)>& work,
    const std::function<bool()>& may_wait) {
    const auto end = std::chrono::steady_clock::now() + kWriteFor;
    for (;;) {
        const Status status = database_.Write(work);
        if (status.ok()) publication_.Request();
        const bool passes = status.code() == ErrorCode::kStoreUnavailable ||
                            status.code() == ErrorCode::kBusy;
        if (status.ok() || !passes || !may_wait() ||
            std::chrono::steady_clock::now() > end) {
            return status;
        }
        std::this_thread::sleep_for(kBetweenWrites);
    }
}

void OAuthTokens::Tell(Connection& c, const Held& held, const std::string& kind,
                       const std::string& detail) const {
    store::Event event;
    event.node_id = node_id_;
    event.occurred_at = clock_();
    event.kind = kind;
    event.provider_id = held.provider.id;
    event.provider_key_id = held.key.id;
    event.detail = detail;
    store::InsertEvents(c, std::span(&event, 1));
}

}  // namespace aiproxy::admin::service
