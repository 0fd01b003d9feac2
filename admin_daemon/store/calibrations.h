// SPDX-License-Identifier: MIT
//
// What providers' own counts teach of each model's tokens (table
// calibrations). Called by service/calibrations and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Calibration {
    std::string model;
    std::int64_t ppm = 0;  // tokens for a million rough ones
    std::int64_t error_ppm = 0;
    std::int64_t samples = 0;
    std::int64_t version = 0;  // of the configuration that has it
};

std::optional<Calibration> FindCalibration(Connection& connection,
                                           const std::string& model);
std::int64_t CountCalibrations(Connection& connection);
// In the place of what the model has.
void UpsertCalibration(Connection& connection, const Calibration& calibration,
                       UnixMs now);
std::vector<Calibration> ListCalibrationsSince(Connection& connection,
                                               std::int64_t version);

}  // namespace aiproxy::admin::store
