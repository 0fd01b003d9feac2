// SPDX-License-Identifier: MIT
//
// Learns by which tokens of a model are estimated where its provider tells
// none: from the records in which it told them and the worker measured the text
// too. What is learned is stored when it has moved, and published with the
// configuration. What is observed and not yet stored may be lost: others will
// come. Called by service/ingestion; not thread-safe.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/calibrations.h"
#include "core/dialect/estimate.h"

namespace aiproxy::admin::service {

class Calibrations {
 public:
    Calibrations(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    // ppm: dialect::ObservedPpm of an answer of that model, as it was asked.
    void Observe(const std::string& model, std::int64_t ppm);
    // Stores what has moved by a fiftieth or more, every ten seconds at most;
    // what comes sooner waits for the next call.
    Status Store();

 private:
    struct Known {
        dialect::Calibration learned;
        std::int64_t version = -1;  // of the row that it goes on from
        std::vector<std::int64_t> fresh;
    };
    // What a model is to have now; nullopt: it has that already.
    std::optional<store::Calibration> Learn(store::Connection& connection,
                                            const std::string& model,
                                            Known& known) const;

    store::Database& database_;
    const Clock clock_;
    UnixMs stored_at_ = 0;
    std::map<std::string, Known> models_;
};

}  // namespace aiproxy::admin::service
