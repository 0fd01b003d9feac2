// SPDX-License-Identifier: MIT

#include "admin_daemon/service/health.h"

#include <algorithm>

#include "admin_daemon/json.h"
#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr UnixMs kKeptMs = 30ll * 86'400'000;
constexpr std::int64_t kDeletedAtOnce = 1000;
constexpr std::int64_t kUsualSeconds = 300;
constexpr UnixMs kBlindForMs = 600'000;

// From nine to eleven tenths, so that not all come at once.
std::int64_t Jittered(std::int64_t ms) {
    const auto bytes = RandomBytes<2>();
    const auto random =
        static_cast<std::int64_t>(static_cast<unsigned char>(bytes[0]) * 256 +
                                  static_cast<unsigned char>(bytes[1]));
    return ms * 9 / 10 + ms / 5 * random / 65'536;
}

std::uint32_t Disproved(const Probe& probe) {
    return retry::ClassesDisproved(probe.provider.probe.proves_use);
}

std::optional<std::string> TextOrNull(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return std::string(text);
}

HistoryEntry EntryOf(const Probe& probe, const Finding& finding, UnixMs now) {
    HistoryEntry entry;
    entry.provider_key_id = probe.provider_key_id;
    entry.began_at = entry.last_at = now;
    entry.source = "probe";
    entry.verdict = finding.verdict;
    entry.rest_class = TextOrNull(retry::Name(finding.judgement.rest_class));
    entry.scope = TextOrNull(retry::Name(finding.judgement.scope));
    if (finding.status) entry.status = *finding.status;
    entry.error = finding.error;
    if (probe.request) entry.took_ms = finding.took_ms;
    if (finding.judgement.rest_ms > 0) {
        entry.rest_until = now + finding.judgement.rest_ms;
    }
    return entry;
}

store::KeyProbes After(std::optional<store::KeyProbes> before,
                       const Probe& probe, const Finding& finding, UnixMs now) {
    store::KeyProbes probes = before.value_or(store::KeyProbes());
    probes.provider_key_id = probe.provider_key_id;
    probes.probed_at = probes.updated_at = now;
    const retry::VerdictClass verdict = finding.judgement.verdict;
    if (verdict == retry::VerdictClass::kClient) return probes;
    probes.failures =
        verdict == retry::VerdictClass::kNone ? 0 : probes.failures + 1;
    auto points = ParseRecent(probes.recent);
    points.insert(points.begin(), {verdict, finding.took_ms});
    if (points.size() > retry::kProbePoints) points.resize(retry::kProbePoints);
    probes.recent = FormatRecent(points);
    return probes;
}

// The last probe was good too, and what it lifted soon rested again: traffic
// sees a fault that probes do not.
bool IsBlind(Connection& c, const Probe& probe) {
    const auto lifts = store::ListRestLifts(c, probe.began_at - kBlindForMs);
    return probe.failures == 0 &&
           std::any_of(lifts.begin(), lifts.end(), [&](const auto& lift) {
               return lift.provider_key_id == probe.provider_key_id &&
                      lift.classes != store::kEveryClass;
           });
}

}  // namespace

void ForgetHealth(Connection& c, std::int64_t provider_key_id, UnixMs now) {
    store::KeyProbes none;
    none.provider_key_id = provider_key_id;
    none.next_at = none.updated_at = now;
    store::UpdateKeyProbes(c, none);
    store::RestLift lift;
    lift.provider_key_id = provider_key_id;
    lift.classes = store::kEveryClass;
    lift.lifted_at = now;
    store::LiftRests(c, lift);
}

std::int64_t Health::IntervalOf(const store::Provider& provider) const {
    if (!probes() || !provider.probe.is_enabled || !ProbePath(provider)) {
        return 0;
    }
    return provider.probe.interval_seconds.value_or(options_.probe_seconds);
}

Result<std::vector<std::int64_t>> Health::ListDue(std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<std::int64_t>> {
            return store::ListDueProbes(c, clock_(), limit);
        });
}

Result<std::string> Health::OpenSecret(std::int64_t provider_key_id,
                                       const std::string& sealed) const {
    const auto blob = FromBase64Url(sealed);
    if (!blob) return Error(ErrorCode::kInternal, "secret is not base64url");
    return master_.Open(ProviderKeyContext(provider_key_id), *blob);
}

Status Health::Forget(std::int64_t provider_key_id) {
    return database_.Write([&](Connection& c) -> Status {
        ForgetHealth(c, provider_key_id, clock_());
        return {};
    });
}

Result<Probe> Health::Prepare(std::int64_t provider_key_id) {
    std::string sealed;
    std::optional<std::string> reference;
    auto probe = database_.Read([&](Connection& c) -> Result<Probe> {
        const auto key = store::FindProviderKey(c, provider_key_id);
        if (!key) return ErrorCode::kNotFound;
        auto provider = store::FindProvider(c, key->provider_id);
        if (!provider) return ErrorCode::kNotFound;
        const auto before = store::FindKeyProbes(c, provider_key_id);
        Probe probe;
        probe.provider_key_id = provider_key_id;
        probe.provider = std::move(*provider);
        probe.failures =
            before ? static_cast<std::uint32_t>(before->failures) : 0;
        sealed = key->secret;
        reference = key->secret_reference;
        return probe;
    });
    if (!probe.ok()) return probe;
    auto secret = reference ? references_.Get(provider_key_id, *reference)
                            : OpenSecret(provider_key_id, sealed);
    if (!secret.ok() && reference) {
        probe->obstacle = "the secret cannot be read";
        probe->began_at = clock_();
        return probe;
    }
    if (!secret.ok()) return secret.error();
    probe->request = MakeProbe(probe->provider, *secret,
                               addresses_.Find(probe->provider).addresses);
    Wipe(*secret);
    probe->began_at = clock_();
    return probe;
}

// A key that rests for what the next probe may disprove is probed when that
// rest ends, so that no caller's request has to try it.
UnixMs Health::NextAt(const Probe& probe, const Finding& finding,
                      UnixMs now) const {
    const std::int64_t seconds = IntervalOf(probe.provider);
    const UnixMs next =
        now + Jittered((seconds == 0 ? kUsualSeconds : seconds) * 1000);
    const retry::Judgement& found = finding.judgement;
    const bool helps = (Disproved(probe) & retry::BitOf(found.rest_class)) != 0;
    return found.rest_ms > 0 && helps ? std::min(next, now + found.rest_ms)
                                      : next;
}

// What rests that this good probe disproves, and began before it.
void Health::Lift(Connection& c, const Probe& probe) const {
    const std::uint32_t classes = Disproved(probe);
    if (IsBlind(c, probe)) return;
    store::RestLift lift;
    for (const store::Rest& rest :
         store::ListRestsOf(c, probe.provider.id, probe.provider_key_id, 0)) {
        const auto rest_class = retry::RestClassFromName(rest.rest_class);
        if (!rest_class || !rest.model.empty() ||
            (classes & retry::BitOf(*rest_class)) == 0 ||
            rest.began_at > probe.began_at) {
            continue;
        }
        if (rest.provider_key_id == 0) {
            lift.provider_id = probe.provider.id;
        } else {
            lift.classes |= retry::BitOf(*rest_class);
        }
    }
    if (lift.classes == 0 && !lift.provider_id) return;
    lift.provider_key_id = probe.provider_key_id;
    lift.lifted_at = probe.began_at;
    store::LiftRests(c, lift);
}

void Health::Rest(Connection& c, const Probe& probe, const Finding& finding,
                  UnixMs now) {
    const retry::Judgement& found = finding.judgement;
    if (found.rest_ms <= 0 || found.scope == retry::Scope::kNone) return;
    if (found.scope == retry::Scope::kEgress) {
        // Another node has another address.
        state_.Rest(state::Owner::kProvider, probe.provider.id, "",
                    {BootNow() + found.rest_ms,
                     static_cast<std::uint32_t>(found.rest_class),
                     static_cast<std::uint32_t>(finding.status.value_or(0))});
        return;
    }
    store::Rest rest;
    rest.provider_id = probe.provider.id;
    if (found.scope != retry::Scope::kProvider) {
        rest.provider_key_id = probe.provider_key_id;
    }
    rest.rest_class = retry::Name(found.rest_class);
    if (finding.status) rest.status = *finding.status;
    rest.began_at = now;
    rest.until_at = now + found.rest_ms;
    rest.node_id = options_.node_id;
    store::InsertRests(c, {rest});
}

Status Health::Settle(const Probe& probe, const Finding& finding) {
    const auto written =
        database_.Write([&](Connection& c) -> Result<store::KeyProbes> {
            const UnixMs now = clock_();
            // Its credential may have been replaced meanwhile.
            const auto key = store::FindProviderKey(c, probe.provider_key_id);
            const auto before = store::FindKeyProbes(c, probe.provider_key_id);
            if (!key || key->provider_id != probe.provider.id ||
                (before && !before->probed_at &&
                 before->updated_at > probe.began_at)) {
                return before.value_or(store::KeyProbes());
            }
            HistoryEntry entry = EntryOf(probe, finding, now);
            entry.node_id = options_.node_id;
            store::InsertProbeHistory(c, entry);
            store::KeyProbes probes = After(before, probe, finding, now);
            probes.next_at = NextAt(probe, finding, now);
            store::UpdateKeyProbes(c, probes);
            if (finding.verdict == "good") Lift(c, probe);
            Rest(c, probe, finding, now);
            return probes;
        });
    if (!written.ok()) return written.error();
    // Here at once, on other nodes with their next look.
    const Status learned = rests_.Learn();
    scores_.Note(*written);
    return learned;
}

Result<KeyHealth> Health::Get(std::int64_t provider_key_id,
                              const AccessScope& scope) {
    auto health = database_.Read([&](Connection& c) -> Result<KeyHealth> {
        auto key = store::FindProviderKey(c, provider_key_id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        auto provider = store::FindProvider(c, key->provider_id);
        if (!provider) return ErrorCode::kNotFound;
        KeyHealth health;
        health.rests =
            store::ListRestsOf(c, provider->id, provider_key_id, clock_());
        health.probes = store::FindKeyProbes(c, provider_key_id);
        health.key = std::move(*key);
        health.provider = std::move(*provider);
        return health;
    });
    if (!health.ok()) return health;
    health->interval_seconds = IntervalOf(health->provider);
    health->traffic = scores_.TrafficOf(provider_key_id);
    return health;
}

Result<std::vector<HistoryEntry>> Health::ListHistory(
    const HistoryFilter& filter, std::int64_t limit) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<HistoryEntry>> {
            return store::ListHistory(c, filter, limit);
        });
}

Status Health::EndRest(std::int64_t provider_key_id, const AccessScope& scope,
                       const std::string& username) {
    const Status status = database_.Write([&](Connection& c) -> Status {
        const auto key = store::FindProviderKey(c, provider_key_id);
        if (!key || !scope.Covers(key->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        store::RestLift lift;
        lift.provider_key_id = provider_key_id;
        // One's own key is no reason to use a provider that others leave alone.
        if (!scope.owner) lift.provider_id = key->provider_id;
        lift.classes = store::kEveryClass;
        lift.lifted_at = clock_();
        store::LiftRests(c, lift);
        HistoryEntry entry;
        entry.provider_key_id = provider_key_id;
        entry.began_at = entry.last_at = lift.lifted_at;
        entry.source = "person";
        entry.username = ValidUtf8(username);
        entry.verdict = "ended";
        store::InsertHistory(c, entry);
        return {};
    });
    if (!status.ok()) return status;
    return rests_.Learn();
}

Status Health::RemoveOld() {
    const UnixMs before = clock_() - kKeptMs;
    // In pieces, so that nobody waits long for the database.
    for (;;) {
        const auto deleted =
            database_.Write([&](Connection& c) -> Result<std::int64_t> {
                return store::DeleteOldHistory(c, before, kDeletedAtOnce);
            });
        if (!deleted.ok()) return deleted.error();
        if (*deleted < kDeletedAtOnce) return {};
    }
}

}  // namespace aiproxy::admin::service
