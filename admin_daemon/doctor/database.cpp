// SPDX-License-Identifier: MIT

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "admin_daemon/doctor/checks.h"
#include "admin_daemon/embedded.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/schema.h"
#include "admin_daemon/store/sealed_rows.h"

namespace aiproxy::admin::doctor {
namespace {

using store::Connection;

constexpr std::int64_t kSkewMs = 2'000;
constexpr std::int64_t kRowsAtOnce = 1000;

std::int64_t Migrations() {
    const auto files = EmbeddedFiles();
    return std::count_if(files.begin(), files.end(), [](const auto& file) {
        return file.name.starts_with("sql/");
    });
}

bool IsThere(const std::string& url) {
    struct stat at {};
    return !url.starts_with("sqlite:") ||
           ::stat(url.substr(7).c_str(), &at) == 0;
}

// False: there is no more to ask.
bool CheckSchema(store::Database& database, Findings& findings) {
    const auto version =
        database.Read([](Connection& c) -> Result<std::int64_t> {
            return store::FindSchemaVersion(c);
        });
    if (!version.ok()) {
        std::string why = version.error().detail;
        std::replace(why.begin(), why.end(), '\n', ' ');
        findings.push_back(Fail(
            "database", "cannot be read: " + why,
            "Look at the setting database, and whether the server runs and "
            "lets this user in."));
        return false;
    }
    const std::int64_t ours = Migrations();
    const std::string text =
        "schema " + std::to_string(*version) + " of " + std::to_string(ours);
    if (*version > ours) {
        findings.push_back(Fail("database", text,
                                "It belongs to a newer release: install that, "
                                "or restore a backup of before the upgrade."));
    } else if (*version < ours) {
        findings.push_back(
            Warn("database", text,
                 "Start the daemon of this release: it brings the schema up."));
    } else {
        findings.push_back(Ok("database", text));
    }
    return *version == ours;
}

struct Opened {
    std::int64_t rows = 0;
    std::int64_t failed = 0;
};

Result<Opened> OpenAll(store::Database& database,
                       const service::SealingKey& master) {
    Opened sum;
    for (const store::SealedColumn& column : store::SealedColumns()) {
        std::string after;
        while (true) {
            const auto rows = database.Read(
                [&](Connection& c) -> Result<std::vector<store::SealedRow>> {
                    return store::ListSealedRows(c, column, after, kRowsAtOnce);
                });
            if (!rows.ok()) return rows.error();
            for (const store::SealedRow& row : *rows) {
                ++sum.rows;
                const auto blob = service::FromBase64Url(row.secret);
                auto secret =
                    blob ? master.Open(column.context + row.name, *blob)
                         : Result<std::string>(ErrorCode::kInternal);
                if (secret.ok()) {
                    service::Wipe(*secret);
                } else {
                    ++sum.failed;
                }
            }
            if (static_cast<std::int64_t>(rows->size()) < kRowsAtOnce) break;
            after = rows->back().name;
        }
    }
    return sum;
}

void CheckMasterKey(const Settings& settings, store::Database& database,
                    Findings& findings) {
    const std::string path = settings.master_key_path();
    struct stat at {};
    if (::stat(path.c_str(), &at) != 0) {
        findings.push_back(Fail("master key", path + " is not there",
                                "Put it back from its copy; without it the "
                                "provider keys cannot be opened."));
        return;
    }
    const auto master = service::SealingKey::Follow(path);
    if (!master.ok()) {
        findings.push_back(Fail("master key", master.error().detail,
                                "Run this as the daemon's user; if it is "
                                "broken, put it back from its copy."));
        return;
    }
    if ((at.st_mode & 0077) != 0) {
        findings.push_back(Fail("master key", path + " may be read by others",
                                "chmod 0600 " + path));
        return;
    }
    const auto opened = OpenAll(database, *master);
    if (!opened.ok()) {
        findings.push_back(
            Fail("master key", opened.error().detail, "See the database."));
    } else if (opened->failed > 0) {
        findings.push_back(
            Fail("master key",
                 "opens " + std::to_string(opened->rows - opened->failed) +
                     " of " + std::to_string(opened->rows) + " secrets",
                 "Add the key of then as a line to " + path +
                     ", then aiproxy-admin reseal."));
    } else {
        findings.push_back(
            Ok("master key",
               "opens all " + std::to_string(opened->rows) + " secrets"));
    }
}

void CheckClock(store::Database& database, Findings& findings) {
    const auto time = database.Read([](Connection& c) -> Result<std::int64_t> {
        return store::FindDatabaseTime(c);
    });
    if (!time.ok()) return;
    const std::int64_t skew = std::llabs(*time - NowMs());
    const std::string text =
        std::to_string(skew) + " ms from this machine's clock";
    if (skew <= kSkewMs) {
        findings.push_back(Ok("database clock", text));
        return;
    }
    findings.push_back(Warn("database clock", text,
                            "Have both follow NTP: leases go by the "
                            "database's clock, records by this one's."));
}

}  // namespace

void CheckDatabase(const Settings& settings, Findings& findings) {
    auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) {
        findings.push_back(Fail("database", options.error().detail,
                                "Correct the setting database."));
        return;
    }
    if (!IsThere(settings.database_url())) {
        findings.push_back(Fail("database",
                                settings.database_url() + " is not there",
                                "Start the daemon once: it makes it."));
        return;
    }
    options->connections = 1;
    store::Database database(*options);
    if (!CheckSchema(database, findings)) return;
    CheckMasterKey(settings, database, findings);
    if (options->backend == store::Backend::kPostgres) {
        CheckClock(database, findings);
    }
}

}  // namespace aiproxy::admin::doctor
