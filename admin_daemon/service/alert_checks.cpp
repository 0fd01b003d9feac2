// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_checks.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "admin_daemon/service/local_time.h"
#include "admin_daemon/service/statistics.h"
#include "admin_daemon/store/providers.h"
#include "admin_daemon/store/unpriced.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Dimension;
using store::RollupPart;
using store::RollupSums;

constexpr std::int64_t kQuarterMs = 900'000;
constexpr std::int64_t kMebibyte = 1'048'576;
// A node that writes its tasks no more than so long ago is alive.
constexpr std::int64_t kAliveMs = 600'000;

std::int64_t WindowMs(const AlertRule& rule) {
    return rule.window_s.value_or(0) * 1000;
}

std::optional<std::int64_t> IdOf(const std::string& key) {
    std::int64_t id = 0;
    const auto [end, error] =
        std::from_chars(key.data(), key.data() + key.size(), id);
    if (error != std::errc() || end != key.data() + key.size() || id == 0) {
        return std::nullopt;
    }
    return id;
}

std::optional<AlertFinding> SubjectOf(Connection& c, Dimension dimension,
                                      const std::string& key) {
    const auto id = IdOf(key);
    if (!id) return std::nullopt;
    return dimension == Dimension::kClientKey
               ? store::FindClientKeySubject(c, *id)
               : store::FindProviderKeySubject(c, *id);
}

// The limit of which the largest share is used.
const LimitUse* Fullest(const std::vector<LimitUse>& uses) {
    const auto share = [](const LimitUse& use) {
        return static_cast<double>(use.standing.used) /
               static_cast<double>(
                   std::max<std::uint64_t>(use.standing.limit, 1));
    };
    const auto most = std::max_element(
        uses.begin(), uses.end(), [&](const LimitUse& a, const LimitUse& b) {
            return share(a) < share(b);
        });
    return most == uses.end() ? nullptr : &*most;
}

}  // namespace

std::vector<AlertFinding> AlertChecks::FindStored(Connection& c,
                                                  const AlertRule& rule,
                                                  UnixMs now) const {
    const std::string& kind = rule.kind;
    const std::int64_t threshold = rule.threshold.value_or(0);
    const UnixMs since = now - WindowMs(rule);
    if (kind == "provider_key_rests") {
        return store::FindRestingKeys(c, since, now);
    }
    if (kind == "provider_key_refused") {
        return store::FindKeysOfState(c, "refused");
    }
    if (kind == "provider_key_sign_in") {
        return store::FindKeysOfState(c, "sign_in_needed");
    }
    if (kind == "provider_key_expires") {
        return store::FindExpiringKeys(c, now, now + WindowMs(rule));
    }
    if (kind == "probe_failing") return store::FindFailingProbes(c, threshold);
    if (kind == "pool_low") return store::FindLowPools(c, threshold, now);
    if (kind == "records_refused") {
        return store::FindRefusedRecords(c, threshold, since);
    }
    if (kind == "issuer_keys") return store::FindIssuersWithoutKeys(c);
    if (kind == "task_failing") {
        return store::FindFailingTasks(c, since, now - kAliveMs);
    }
    return {};
}

// Whole quarters of an hour: the present one, and those that the window
// touches.
Result<std::vector<AlertFinding>> AlertChecks::FindErrors(const AlertRule& rule,
                                                          Dimension dimension) {
    const UnixMs now = clock_();
    RollupPart part;
    part.from = (now - WindowMs(rule)) / kQuarterMs * kQuarterMs;
    part.to = now + kQuarterMs;
    return database_.Read([&](Connection& c) -> Result<Findings> {
        Findings found;
        for (const auto& row : store::ListRollupKeys(c, dimension, part)) {
            const std::int64_t requests = row.sums.requests - row.sums.rejected;
            if (requests < kLeastRequests) continue;
            const std::int64_t percent = row.sums.failed * 100 / requests;
            if (percent < rule.threshold.value_or(100)) continue;
            auto subject = SubjectOf(c, dimension, row.key);
            if (!subject) continue;
            subject->value = percent;
            found.push_back(std::move(*subject));
            if (found.size() == store::kMostFindings) break;
        }
        return found;
    });
}

// Of the day that people where the daemon runs have.
Result<std::vector<AlertFinding>> AlertChecks::FindCosts(const AlertRule& rule,
                                                         bool by_client_key) {
    const auto days = LastDays("", 1, clock_());
    if (!days.ok()) return days.error();
    const auto parts = PartsOf(days->back().from, days->back().to);
    const std::int64_t most = rule.threshold.value_or(INT64_MAX);
    return database_.Read([&](Connection& c) -> Result<Findings> {
        Findings found;
        std::map<std::string, std::int64_t> costs;
        for (const RollupPart& part : parts) {
            if (by_client_key) {
                for (const auto& row :
                     store::ListRollupKeys(c, Dimension::kClientKey, part)) {
                    costs[row.key] += row.sums.cost;
                }
            } else {
                costs[""] +=
                    store::SumRollups(c, Dimension::kClass, std::nullopt, part)
                        .cost;
            }
        }
        for (const auto& [key, cost] : costs) {
            if (cost < most) continue;
            std::optional<AlertFinding> subject =
                AlertFinding{"gateway", "", "", {}, {}, {}};
            if (by_client_key) {
                subject = SubjectOf(c, Dimension::kClientKey, key);
            }
            if (!subject) continue;
            subject->value = cost;
            found.push_back(std::move(*subject));
            if (found.size() == store::kMostFindings) break;
        }
        return found;
    });
}

Result<std::vector<AlertFinding>> AlertChecks::FindUnpriced(
    const AlertRule& rule) {
    const UnixMs now = clock_();
    return database_.Read([&](Connection& c) -> Result<Findings> {
        Findings found;
        for (const auto& row : store::ListUnpriced(
                 c, now - WindowMs(rule), now + 1, store::kMostFindings)) {
            const auto provider = row.provider_id
                                      ? store::FindProvider(c, *row.provider_id)
                                      : std::nullopt;
            AlertFinding finding;
            finding.subject_type = "model";
            finding.subject_id = std::to_string(row.provider_id.value_or(0)) +
                                 "/" + row.model.value_or("");
            finding.subject_name = row.model.value_or("");
            if (provider) finding.subject_name += " (" + provider->name + ")";
            finding.value = row.requests;
            found.push_back(std::move(finding));
        }
        return found;
    });
}

Result<std::vector<AlertFinding>> AlertChecks::FindUsedLimits(
    const AlertRule& rule) {
    const auto reports = limits_.Above(rule.threshold.value_or(100));
    if (!reports.ok()) return reports.error();
    return database_.Read([&](Connection& c) -> Result<Findings> {
        Findings found;
        for (const LimitReport& report : *reports) {
            const LimitUse* use = Fullest(report.own);
            auto subject = store::FindClientKeySubject(c, report.client_key_id);
            if (use == nullptr || !subject) continue;
            subject->value = static_cast<std::int64_t>(
                static_cast<double>(use->standing.used) * 100 /
                static_cast<double>(
                    std::max<std::uint64_t>(use->standing.limit, 1)));
            subject->reason = limit::Name(use->standing.kind);
            found.push_back(std::move(*subject));
            if (found.size() == store::kMostFindings) break;
        }
        return found;
    });
}

std::vector<AlertFinding> AlertChecks::FindOfNode(const AlertRule& rule) {
    std::int64_t value = 0;
    if (rule.kind == "ledger_lag") value = figures_.lag_ms.load() / 1000;
    if (rule.kind == "spool_size") {
        value = figures_.spool_bytes.load() / kMebibyte;
    }
    if (rule.kind == "records_lost") value = state_.totals().records_lost;
    if (value < rule.threshold.value_or(INT64_MAX)) return {};
    return {AlertFinding{"node", node_id_, node_id_, {}, value, {}}};
}

Result<std::vector<AlertFinding>> AlertChecks::Find(const AlertRule& rule) {
    const std::string& kind = rule.kind;
    if (kind == "provider_key_errors") {
        return FindErrors(rule, Dimension::kProviderKey);
    }
    if (kind == "client_key_errors") {
        return FindErrors(rule, Dimension::kClientKey);
    }
    if (kind == "cost_per_day") return FindCosts(rule, false);
    if (kind == "client_key_cost_per_day") return FindCosts(rule, true);
    if (kind == "model_unpriced") return FindUnpriced(rule);
    if (kind == "client_key_limit") return FindUsedLimits(rule);
    if (kind == "ledger_lag" || kind == "spool_size" ||
        kind == "records_lost") {
        return FindOfNode(rule);
    }
    return database_.Read([&](Connection& c) -> Result<Findings> {
        return FindStored(c, rule, clock_());
    });
}

}  // namespace aiproxy::admin::service
