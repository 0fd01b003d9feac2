// SPDX-License-Identifier: MIT

#include "admin_daemon/service/scores.h"

#include <algorithm>

#include "admin_daemon/json.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kBucketMs = kTrafficMs / 10;
// Clocks of nodes differ, and a transaction may take a while to be seen.
constexpr UnixMs kReadAgainMs = 30'000;

}  // namespace

std::vector<retry::ProbePoint> ParseRecent(const std::string& text) {
    std::vector<retry::ProbePoint> points;
    const auto json = Json::Parse(text);
    std::size_t i;
    json_t* row;
    json_array_foreach(json ? json->raw() : nullptr, i, row) {
        const auto verdict = json_integer_value(json_array_get(row, 0));
        const auto took = json_integer_value(json_array_get(row, 1));
        if (verdict < 0 || took < 0 ||
            verdict > static_cast<json_int_t>(retry::kLastVerdictClass)) {
            continue;
        }
        points.push_back({static_cast<retry::VerdictClass>(verdict),
                          static_cast<std::uint32_t>(took)});
    }
    return points;
}

std::string FormatRecent(const std::vector<retry::ProbePoint>& points) {
    Json list = Json::Array();
    for (const retry::ProbePoint& point : points) {
        Json row = Json::Array();
        row.Append(static_cast<int>(point.verdict));
        row.Append(point.took_ms);
        list.Append(row);
    }
    return list.Dump();
}

void TrafficWindow::Begin(std::uint64_t attempts, std::uint64_t failed) {
    attempts_ = attempts;
    failed_ = failed;
}

void TrafficWindow::Add(std::uint64_t attempts, std::uint64_t failed,
                        BootMs now) {
    // Another file, or the slot of another key before: counted anew.
    if (attempts < attempts_ || failed < failed_) Begin(0, 0);
    const std::int64_t number = now / kBucketMs;
    Bucket& bucket = buckets_[static_cast<std::size_t>(number) % 10];
    if (bucket.number != number) bucket = {number, {}};
    bucket.traffic.attempts += static_cast<std::uint32_t>(attempts - attempts_);
    bucket.traffic.failed += static_cast<std::uint32_t>(failed - failed_);
    Begin(attempts, failed);
}

retry::Traffic TrafficWindow::Sum(BootMs now) const {
    retry::Traffic sum;
    for (const Bucket& bucket : buckets_) {
        if (bucket.number < 0 || bucket.number <= now / kBucketMs - 10) {
            continue;
        }
        sum.attempts += bucket.traffic.attempts;
        sum.failed += bucket.traffic.failed;
    }
    return sum;
}

void Scores::SetScore(std::int64_t key_id, std::uint32_t slot, Known& known) {
    const state::SlotRef ref{slot, state::Owner::kProviderKey, key_id};
    const auto view = state_.View(ref);
    if (!view) return;
    const BootMs now = BootNow();
    // What was counted before this daemon began may be of any time.
    if (!known.seen && !begun_) {
        known.traffic.Begin(view->attempts, view->failed);
    }
    known.seen = true;
    known.traffic.Add(view->attempts, view->failed, now);
    const auto resting =
        view->rest.until_ms > now &&
                view->rest.rest_class <=
                    static_cast<std::uint32_t>(retry::kLastRestClass)
            ? static_cast<retry::RestClass>(view->rest.rest_class)
            : retry::RestClass::kNone;
    state_.SetScore(
        ref, retry::Score(known.probes, known.traffic.Sum(now), resting));
}

Status Scores::KeepUp() {
    const std::lock_guard lock(mutex_);
    const UnixMs now = clock_();
    const auto rows = database_.Read(
        [&](Connection& c) -> Result<std::vector<store::KeyProbes>> {
            return store::ListKeyProbesSince(c, read_to_);
        });
    if (!rows.ok()) return rows.error();
    read_to_ = now - kReadAgainMs;
    for (const store::KeyProbes& row : *rows) {
        known_[row.provider_key_id].probes = ParseRecent(row.recent);
    }
    const auto slots = publication_.Slots();
    std::erase_if(known_,
                  [&](const auto& row) { return !slots.contains(row.first); });
    for (const auto& [key_id, slot] : slots) {
        SetScore(key_id, slot, known_[key_id]);
    }
    begun_ = true;
    return {};
}

void Scores::Note(const store::KeyProbes& probes) {
    const std::lock_guard lock(mutex_);
    Known& known = known_[probes.provider_key_id];
    known.probes = ParseRecent(probes.recent);
    SetScore(probes.provider_key_id,
             publication_.SlotOf(probes.provider_key_id), known);
}

retry::Traffic Scores::TrafficOf(std::int64_t provider_key_id) {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(provider_key_id);
    return known == known_.end() ? retry::Traffic()
                                 : known->second.traffic.Sum(BootNow());
}

}  // namespace aiproxy::admin::service
