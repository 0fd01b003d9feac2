// SPDX-License-Identifier: MIT

#include "admin_daemon/service/calibrations.h"

#include <algorithm>
#include <cstdlib>

#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr UnixMs kBetweenMs = 10'000;
// Callers choose the names of models: both are bounded.
constexpr std::size_t kMostModels = 1000;
constexpr std::int64_t kMostRows = 5000;
constexpr std::size_t kMostFresh = 64;
constexpr std::size_t kMostName = 256;
// Published when it is off by a fiftieth; until it is settled, when it rests on
// twice as many answers.
constexpr std::int64_t kMoved = 50;
constexpr std::int64_t kSettled = 16;

bool HasMoved(const dialect::Calibration& now, const store::Calibration& row) {
    if (std::llabs(now.ppm - row.ppm) * kMoved >= row.ppm) return true;
    return row.samples < kSettled && now.samples >= 2 * row.samples;
}

}  // namespace

void Calibrations::Observe(const std::string& model, std::int64_t ppm) {
    if (model.empty() || model.size() > kMostName) return;
    auto at = models_.find(model);
    if (at == models_.end()) {
        if (models_.size() >= kMostModels) return;
        at = models_.emplace(model, Known{}).first;
    }
    if (at->second.fresh.size() < kMostFresh) at->second.fresh.push_back(ppm);
}

std::optional<store::Calibration> Calibrations::Learn(Connection& connection,
                                                      const std::string& model,
                                                      Known& known) const {
    const auto row = store::FindCalibration(connection, model);
    // Another node may have learned more meanwhile.
    if (row && row->version != known.version) {
        known.learned = {row->ppm, row->error_ppm, row->samples};
        known.version = row->version;
    }
    for (const std::int64_t ppm : known.fresh) {
        known.learned = dialect::Learn(known.learned, ppm);
    }
    if (row && !HasMoved(known.learned, *row)) return std::nullopt;
    if (!row && store::CountCalibrations(connection) >= kMostRows) {
        return std::nullopt;
    }
    return store::Calibration{model, known.learned.ppm, known.learned.error_ppm,
                              known.learned.samples, 0};
}

Status Calibrations::Store() {
    const bool any = std::any_of(
        models_.begin(), models_.end(),
        [](const auto& model) { return !model.second.fresh.empty(); });
    const UnixMs now = clock_();
    if (!any || (now >= stored_at_ && now - stored_at_ < kBetweenMs)) return {};
    stored_at_ = now;
    std::map<std::string, Known> learned;
    const Status status = database_.Write([&](Connection& c) -> Status {
        learned = models_;
        std::vector<store::Calibration> moved;
        for (auto& [model, known] : learned) {
            if (known.fresh.empty()) continue;
            if (auto row = Learn(c, model, known)) moved.push_back(*row);
        }
        if (moved.empty()) return {};
        const std::int64_t version = store::UpdateConfigVersion(c);
        for (store::Calibration& row : moved) {
            row.version = version;
            store::UpsertCalibration(c, row, now);
            learned.at(row.model).version = version;
        }
        return {};
    });
    if (status.ok()) models_ = std::move(learned);
    for (auto& [model, known] : models_) known.fresh.clear();
    return status;
}

}  // namespace aiproxy::admin::service
