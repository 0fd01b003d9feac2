// SPDX-License-Identifier: MIT

#include "admin_daemon/store/database.h"

#include <fcntl.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <chrono>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSqliteBusyMs = 3000;

// What went wrong, without the bound values, which soci_error::what() holds.
Error FromSqlite(const soci::sqlite3_soci_error& e) {
    const std::string detail = e.get_error_message();
    switch (e.result() & 0xff) {
        case 19:  // constraint
            return Error(ErrorCode::kConflict, detail);
        case 18:  // too big
        case 20:  // type mismatch
            return Error(ErrorCode::kValidation, detail);
        case 1:  // generic
            return Error(ErrorCode::kInternal, detail);
        default:  // busy, locked, interrupted, read-only, I/O, full, cannot
                  // open
            return Error(ErrorCode::kStoreUnavailable, detail);
    }
}

Error FromPostgres(const soci::postgresql_soci_error& e) {
    const std::string detail = e.get_error_message();
    const std::string state = e.sqlstate();
    const std::string group = state.substr(0, 2);
    if (group == "23") return Error(ErrorCode::kConflict, detail);
    if (group == "22") return Error(ErrorCode::kValidation, detail);
    // Connection (none, blank, 08, 57), rollback (40), resources (53, 55, 58).
    if (group == "  " || group[0] == '\0' || group == "08" || group == "40" ||
        group == "53" || group == "55" || group == "57" || group == "58") {
        return Error(ErrorCode::kStoreUnavailable, detail);
    }
    return Error(ErrorCode::kInternal, state + " " + detail);
}

Error FromCurrentException() {
    try {
        throw;
    } catch (const soci::sqlite3_soci_error& e) {
        return FromSqlite(e);
    } catch (const soci::postgresql_soci_error& e) {
        return FromPostgres(e);
    } catch (const soci::soci_error& e) {
        // SOCI itself: "Null value", "Cannot establish connection", …
        return Error(ErrorCode::kStoreUnavailable, e.get_error_message());
    } catch (const std::exception& e) {
        return Error(ErrorCode::kInternal, e.what());
    }
}

sqlite_api::sqlite3* Sqlite(Connection& connection) {
    return static_cast<soci::sqlite3_session_backend*>(
               connection.sql.get_backend())
        ->conn_;
}

PGconn* Postgres(Connection& connection) {
    return static_cast<soci::postgresql_session_backend*>(
               connection.sql.get_backend())
        ->conn_;
}

// Called by SQLite every few thousand steps of a statement.
int PastDeadline(void* connection) {
    return Clock::now() > static_cast<Connection*>(connection)->deadline;
}

// A transaction that is rolled back unless committed. SQLite takes its write
// lock at once: a read that turns into a write fails as busy at once,
// whatever the timeout.
class Transaction {
 public:
    Transaction(Connection& connection, bool write) : connection_(connection) {
        const bool sqlite = connection.backend == Backend::kSqlite;
        RunScript(connection, write && sqlite ? "BEGIN IMMEDIATE"
                              : write || sqlite
                                  ? "BEGIN"
                                  : "BEGIN ISOLATION LEVEL REPEATABLE READ, "
                                    "READ ONLY");
    }
    ~Transaction() {
        if (ended_) return;
        try {
            RunScript(connection_, "ROLLBACK");
        } catch (...) {
            // The connection is gone, and the transaction with it.
        }
    }
    void Commit() {
        RunScript(connection_, "COMMIT");
        ended_ = true;
    }

 private:
    Connection& connection_;
    bool ended_ = false;
};

}  // namespace

void RunScript(Connection& connection, const std::string& script) {
    if (connection.backend == Backend::kSqlite) {
        char* message = nullptr;
        const int code = sqlite_api::sqlite3_exec(
            Sqlite(connection), script.c_str(), nullptr, nullptr, &message);
        if (code == 0) return;
        std::string text = message != nullptr ? message : "unknown";
        sqlite_api::sqlite3_free(message);
        throw soci::sqlite3_soci_error(text, code);
    }
    PGresult* result = PQexec(Postgres(connection), script.c_str());
    const ExecStatusType status = PQresultStatus(result);
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string sqlstate = state != nullptr ? state : "     ";
    const std::string text = PQresultErrorMessage(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
        status != PGRES_EMPTY_QUERY) {
        throw soci::postgresql_soci_error(text, sqlstate.c_str());
    }
}

Result<DatabaseOptions> ParseDatabaseUrl(std::string_view url) {
    DatabaseOptions options;
    if (url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        options.backend = Backend::kPostgres;
        options.connection = url;
        options.connection += url.find('?') == url.npos ? '?' : '&';
        options.connection += "connect_timeout=3&tcp_user_timeout=10000";
        return options;
    }
    if (!url.starts_with("sqlite:")) {
        return Error(ErrorCode::kValidation,
                     "database is neither sqlite:FILE nor postgres://…");
    }
    const std::string_view file = url.substr(7);
    if (file.empty() || file.find('"') != file.npos) {
        return Error(ErrorCode::kValidation, "database: bad file name");
    }
    options.connection = "dbname=\"" + std::string(file) + "\"";
    if (file == ":memory:") options.connections = 1;
    options.turns = std::make_shared<WriteTurns>();
    return options;
}

Database::Database(DatabaseOptions options) : options_(std::move(options)) {}

Database::~Database() = default;

std::unique_ptr<Connection> Database::Connect() const {
    auto connection = std::make_unique<Connection>(options_.backend);
    if (options_.backend == Backend::kPostgres) {
        connection->sql.open(soci::postgresql, options_.connection);
        const std::string ms = std::to_string(options_.statement_ms);
        RunScript(*connection, "SET statement_timeout = " + ms +
                                   "; SET lock_timeout = 3000"
                                   "; SET synchronous_commit = on"
                                   "; SET client_min_messages = warning");
        return connection;
    }
    const std::string file =
        options_.connection.substr(8, options_.connection.size() - 9);
    if (file != ":memory:") {
        // SQLite gives its journal files the rights of this one. Only a new
        // file is opened: closing one that is in use would give back the locks
        // of our other connections, and another process that then believes to
        // be alone removes the journal under our feet.
        const int fd =
            ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
        if (fd >= 0) ::close(fd);
    }
    connection->sql.open(soci::sqlite3, options_.connection);
    sqlite_api::sqlite3_busy_timeout(Sqlite(*connection), kSqliteBusyMs);
    sqlite_api::sqlite3_progress_handler(Sqlite(*connection), 5000,
                                         PastDeadline, connection.get());
    connection->deadline = Clock::now() + std::chrono::seconds(10);
    RunScript(*connection,
              "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
              "PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864");
    return connection;
}

Result<std::unique_ptr<Connection>> Database::Lease() {
    std::unique_lock lock(mutex_);
    const bool had = returned_.wait_for(
        lock, std::chrono::milliseconds(options_.lease_ms),
        [&] { return !idle_.empty() || leased_ < options_.connections; });
    if (!had) {
        return Error(ErrorCode::kBusy, "all database connections are in use");
    }
    ++leased_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    return std::unique_ptr<Connection>();
}

void Database::GiveBack(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    --leased_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
    returned_.notify_one();
}

// True when there is an answer, in error or in what work stored; false when
// it is worth a second try, nothing having been done.
bool Database::Try(bool write, const std::function<bool(Connection&)>& work,
                   std::unique_ptr<Connection>& connection, Error& error) {
    bool begun = false;
    try {
        if (connection == nullptr) connection = Connect();
        connection->deadline =
            Clock::now() + std::chrono::milliseconds(options_.statement_ms);
        Transaction transaction(*connection, write);
        begun = true;
        const bool good = work(*connection);
        if (good) transaction.Commit();
        error = Error(ErrorCode::kNone);
        return true;
    } catch (...) {
        error = FromCurrentException();
    }
    if (error.code != ErrorCode::kStoreUnavailable) return true;
    const bool broken =
        options_.backend == Backend::kPostgres &&
        (connection == nullptr || !connection->sql.is_connected());
    if (broken) connection.reset();
    // A write that lost its connection may be committed; all else was not.
    return write && begun && broken;
}

Status Database::RunOnce(bool write,
                         const std::function<bool(Connection&)>& work) {
    if (together_ != nullptr) return RunWithin(work);
    const bool in_turn = write && options_.turns != nullptr;
    if (in_turn && !options_.turns->Take(
                       std::chrono::milliseconds(options_.statement_ms))) {
        return Error(ErrorCode::kStoreUnavailable,
                     "others have been writing all the time");
    }
    auto leased = Lease();
    if (!leased.ok()) {
        if (in_turn) options_.turns->Give();
        return leased.error();
    }
    std::unique_ptr<Connection> connection = std::move(*leased);
    Error error(ErrorCode::kNone);
    if (!Try(write, work, connection, error))
        Try(write, work, connection, error);
    if (in_turn) options_.turns->Give();
    GiveBack(std::move(connection));
    if (error.code != ErrorCode::kNone) return error;
    return {};
}

Status Database::RunWithin(const std::function<bool(Connection&)>& work) {
    try {
        work(*together_);
        return {};
    } catch (...) {
        return FromCurrentException();
    }
}

Status Database::RunPart(const std::function<Status(bool& keep)>& work) {
    const std::string name = "part_" + std::to_string(++parts_);
    Status status;
    try {
        RunScript(*together_, "SAVEPOINT " + name);
        bool keep = true;
        status = work(keep);
        if (!status.ok() || !keep) {
            RunScript(*together_, "ROLLBACK TO SAVEPOINT " + name);
        }
        RunScript(*together_, "RELEASE SAVEPOINT " + name);
    } catch (...) {
        status = FromCurrentException();
    }
    --parts_;
    return status;
}

Status Database::Together(const std::function<Status(bool& keep)>& work) {
    if (together_ != nullptr) return RunPart(work);
    Status status;
    const Status ran = RunOnce(true, [&](Connection& connection) {
        together_ = &connection;
        bool keep = true;
        try {
            status = work(keep);
        } catch (...) {
            together_ = nullptr;
            throw;
        }
        together_ = nullptr;
        return status.ok() && keep;
    });
    return ran.ok() ? status : ran;
}

}  // namespace aiproxy::admin::store
