// SPDX-License-Identifier: MIT

#include "admin_daemon/store/calibrations.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kCalibrationSelect[] =
    "SELECT model, ppm, error_ppm, samples, version FROM calibrations ";

constexpr char kCalibrationUpsert[] = R"(
INSERT INTO calibrations (model, ppm, error_ppm, samples, version, updated_at)
VALUES (:model, :ppm, :error_ppm, :samples, :version, :now)
ON CONFLICT (model) DO UPDATE SET ppm = excluded.ppm,
    error_ppm = excluded.error_ppm, samples = excluded.samples,
    version = excluded.version, updated_at = excluded.updated_at)";

struct CalibrationRow {
    Calibration value;
    void Into(soci::statement& st) {
        st.exchange(into(value.model));
        st.exchange(into(value.ppm));
        st.exchange(into(value.error_ppm));
        st.exchange(into(value.samples));
        st.exchange(into(value.version));
    }
    Calibration Take() { return value; }
};

}  // namespace

std::optional<Calibration> FindCalibration(Connection& connection,
                                           const std::string& model) {
    return First(Fetch<CalibrationRow>(
        connection, std::string(kCalibrationSelect) + "WHERE model = :model",
        use(model, "model")));
}

std::int64_t CountCalibrations(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection,
                                       "SELECT count(*) FROM calibrations")
        .at(0);
}

void UpsertCalibration(Connection& connection, const Calibration& calibration,
                       UnixMs now) {
    Execute(connection, kCalibrationUpsert, use(calibration.model, "model"),
            use(calibration.ppm, "ppm"),
            use(calibration.error_ppm, "error_ppm"),
            use(calibration.samples, "samples"),
            use(calibration.version, "version"), use(now, "now"));
}

std::vector<Calibration> ListCalibrationsSince(Connection& connection,
                                               std::int64_t version) {
    return Fetch<CalibrationRow>(
        connection,
        std::string(kCalibrationSelect) + "WHERE version > :version",
        use(version, "version"));
}

}  // namespace aiproxy::admin::store
