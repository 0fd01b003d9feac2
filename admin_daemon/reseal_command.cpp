// SPDX-License-Identifier: MIT

#include "admin_daemon/reseal_command.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <thread>

#include "admin_daemon/json.h"
#include "admin_daemon/service/resealing.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin {
namespace {

using service::Resealed;

// Longer than a transaction of a daemon may last: what one sealed under the
// old key just before the file changed is committed by then.
constexpr std::chrono::seconds kLastWrites{6};

Status Pass(store::Database& database, const service::SealingKey& master,
            Resealed& sum) {
    const auto pass = service::Reseal(database, master);
    if (!pass.ok()) return pass.error();
    sum.rows += pass->rows;
    sum.failed = pass->failed;
    return {};
}

Status ResealAll(const Settings& settings, const ResealOptions& options,
                 Resealed& sum) {
    auto database_options = store::ParseDatabaseUrl(settings.database_url());
    if (!database_options.ok()) return database_options.error();
    database_options->connections = 1;
    const std::string path = settings.master_key_path();
    if (!options.rows_only) {
        const Status added = service::AddMasterKey(path);
        if (!added.ok()) return added;
    }
    const auto master = service::SealingKey::Follow(path);
    if (!master.ok()) return master.error();
    store::Database database(*database_options);
    Status status = Pass(database, *master, sum);
    if (!status.ok()) return status;
    std::this_thread::sleep_for(kLastWrites);
    status = Pass(database, *master, sum);
    if (!status.ok()) return status;
    if (sum.failed > 0) {
        return Error(ErrorCode::kInternal,
                     std::to_string(sum.failed) +
                         " secrets are under a key that is not in " + path +
                         ": the old keys stay in it");
    }
    if (options.keep_old || options.rows_only) return {};
    return service::DropOldMasterKeys(path);
}

}  // namespace

int RunReseal(const Settings& settings, const ResealOptions& options) {
    Resealed sum;
    const Status status = ResealAll(settings, options, sum);
    if (options.json) {
        Json json = Json::Object();
        json.Set("resealed", sum.rows);
        json.Set("failed", sum.failed);
        json.Set("ok", status.ok());
        std::printf("%s\n", json.Dump().c_str());
    } else if (status.ok()) {
        std::printf("sealed %" PRId64 " secrets again\n", sum.rows);
    }
    if (status.ok()) return 0;
    std::fflush(stdout);
    std::fprintf(stderr, "aiproxy-admin: %s\n",
                 status.error().detail.empty()
                     ? std::string(status.error().text()).c_str()
                     : status.error().detail.c_str());
    return 1;
}

}  // namespace aiproxy::admin
