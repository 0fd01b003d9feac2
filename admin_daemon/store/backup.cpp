// SPDX-License-Identifier: MIT

#include "admin_daemon/store/backup.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "admin_daemon/files.h"
#include "admin_daemon/store/connection.h"
#include "core/http/url.h"

extern char** environ;

namespace aiproxy::admin::store {
namespace {

namespace fs = std::filesystem;

constexpr char kSqliteTables[] =
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND name NOT LIKE 'sqlite_%' ORDER BY name";

constexpr char kPostgresTables[] = R"(
SELECT CAST(c.relname AS TEXT) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition ORDER BY c.relname)";

// A URL and its password apart: other users see what a program is told.
struct PostgresTarget {
    std::string url;
    std::string password;
};

PostgresTarget TargetOf(const std::string& url) {
    PostgresTarget target{url, ""};
    const std::size_t begin = url.find("://") + 3;
    const std::size_t end = url.find('/', begin);
    const std::size_t at = url.rfind('@', end);
    const std::size_t colon = url.find(':', begin);
    if (at == url.npos || at < begin || colon >= at) return target;
    target.password =
        http::PercentDecode(url.substr(colon + 1, at - colon - 1)).value_or("");
    target.url = url.substr(0, colon) + url.substr(at);
    return target;
}

// Its own messages go to our stderr.
Status RunProgram(std::vector<std::string> arguments,
                  const std::string& password) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::string variable = "PGPASSWORD=" + password;
    std::vector<char*> environment;
    for (char** at = environ; *at != nullptr; ++at) environment.push_back(*at);
    if (!password.empty()) environment.push_back(variable.data());
    environment.push_back(nullptr);
    pid_t pid = 0;
    const int code = ::posix_spawnp(&pid, argv[0], nullptr, nullptr,
                                    argv.data(), environment.data());
    if (code != 0) {
        return Error(
            ErrorCode::kInternal,
            arguments[0] + " cannot be run: install postgresql-client");
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return Error(ErrorCode::kInternal, arguments[0] + " failed");
    }
    return {};
}

std::string SqlitePath(const std::string& url) {
    return url.substr(std::string("sqlite:").size());
}

Status CopySqlite(const std::string& path, const std::string& to) {
    sqlite3* database = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE,
                               nullptr);
    std::string text;
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(database, 30'000);
        char* query = sqlite3_mprintf("VACUUM INTO %Q", to.c_str());
        code = sqlite3_exec(database, query, nullptr, nullptr, nullptr);
        sqlite3_free(query);
    }
    if (code != SQLITE_OK) text = sqlite3_errmsg(database);
    sqlite3_close(database);
    if (code != SQLITE_OK) return Error(ErrorCode::kInternal, text);
    const File file(::open(to.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.fd()) != 0) {
        return SystemError("sync", to);
    }
    return {};
}

Result<TableCounts> CountOf(const std::string& url) {
    auto options = ParseDatabaseUrl(url);
    if (!options.ok()) return options.error();
    options->statement_ms = 3'600'000;
    Database database(*options);
    return database.Read(
        [](Connection& c) -> Result<TableCounts> { return CountTables(c); });
}

// pg_dump sees what is counted, whatever is written meanwhile.
Result<TableCounts> DumpPostgres(const std::string& url,
                                 const std::string& to) {
    auto options = ParseDatabaseUrl(url);
    if (!options.ok()) return options.error();
    options->statement_ms = 3'600'000;
    Database database(*options);
    const PostgresTarget target = TargetOf(url);
    return database.Read([&](Connection& c) -> Result<TableCounts> {
        const auto snapshot =
            Fetch<Single<std::string>>(c, "SELECT pg_export_snapshot()").at(0);
        const TableCounts counts = CountTables(c);
        const Status dumped =
            RunProgram({"pg_dump", "--format=custom", "--no-owner",
                        "--no-privileges", "--snapshot=" + snapshot,
                        "--file=" + to, "--dbname=" + target.url},
                       target.password);
        if (!dumped.ok()) return dumped.error();
        return counts;
    });
}

Status RestoreSqlite(const std::string& from, const std::string& path) {
    const std::string name = path + ".tmp.restore";
    std::error_code error;
    fs::copy_file(from, name, fs::copy_options::overwrite_existing, error);
    if (error)
        return Error(ErrorCode::kInternal, name + ": " + error.message());
    const File file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    ::fchmod(file.fd(), 0600);
    if (!file.is_open() || ::fsync(file.fd()) != 0) {
        return SystemError("sync", name);
    }
    // The journal of the database that was would be played into this one.
    for (const char* end : {"-wal", "-shm", "-journal"}) {
        ::unlink((path + end).c_str());
    }
    if (::rename(name.c_str(), path.c_str()) != 0) {
        return SystemError("rename", path);
    }
    return {};
}

// pg_restore --clean cannot: indexes of partitions are not dropped alone.
Status DropTables(const std::string& url, const TableCounts& tables) {
    const auto options = ParseDatabaseUrl(url);
    if (!options.ok()) return options.error();
    Database database(*options);
    return database.Write([&](Connection& c) -> Status {
        for (const auto& [name, n] : tables) {
            RunScript(c, "DROP TABLE IF EXISTS \"" + name + "\" CASCADE");
        }
        RunScript(c, "DROP SEQUENCE IF EXISTS proxy_tracing_id");
        return {};
    });
}

bool IsSqlite(const std::string& url) {
    return url.starts_with("sqlite:");
}

std::string FileOf(const std::string& url, const std::string& folder) {
    return folder + (IsSqlite(url) ? "/database.sqlite" : "/database.dump");
}

}  // namespace

TableCounts CountTables(Connection& connection) {
    const bool sqlite = connection.backend == Backend::kSqlite;
    TableCounts counts;
    for (const std::string& name : Fetch<Single<std::string>>(
             connection, sqlite ? kSqliteTables : kPostgresTables)) {
        counts[name] = Fetch<Single<std::int64_t>>(
                           connection, "SELECT count(*) FROM \"" + name + "\"")
                           .at(0);
    }
    return counts;
}

Result<TableCounts> BackUp(const std::string& url, const std::string& folder) {
    const std::string to = FileOf(url, folder);
    if (!IsSqlite(url)) return DumpPostgres(url, to);
    const Status copied = CopySqlite(SqlitePath(url), to);
    if (!copied.ok()) return copied.error();
    return CountOf("sqlite:" + to);
}

Status Restore(const std::string& url, const std::string& folder,
               const TableCounts& tables) {
    const std::string from = FileOf(url, folder);
    if (::access(from.c_str(), R_OK) != 0) return SystemError("read", from);
    if (IsSqlite(url)) return RestoreSqlite(from, SqlitePath(url));
    const Status dropped = DropTables(url, tables);
    if (!dropped.ok()) return dropped;
    const PostgresTarget target = TargetOf(url);
    return RunProgram(
        {"pg_restore", "--no-owner", "--no-privileges", "--single-transaction",
         "--exit-on-error", "--dbname=" + target.url, from},
        target.password);
}

}  // namespace aiproxy::admin::store
