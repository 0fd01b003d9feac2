// SPDX-License-Identifier: MIT
//
// The database: a pool of connections to SQLite or Postgres, opened when first
// needed and opened again after they broke. Services run their work in Read
// or Write; whatever goes wrong inside comes back as an Error. Every wait is
// bounded: for a connection, for a lock, for a statement.

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "admin_daemon/store/write_turns.h"
#include "core/base/result.h"

namespace aiproxy::admin::store {

class Connection;

enum class Backend { kSqlite, kPostgres };

struct DatabaseOptions {
    Backend backend = Backend::kSqlite;
    std::string connection;  // as SOCI wants it; may hold a password
    std::size_t connections = 16;
    int statement_ms = 5000;
    int lease_ms = 2000;
    // On SQLite, of all that were made from the same options.
    std::shared_ptr<WriteTurns> turns;
};

// "sqlite:FILE", "sqlite::memory:" (one connection) or "postgres://…".
// Errors: kValidation.
Result<DatabaseOptions> ParseDatabaseUrl(std::string_view url);

struct Migration {
    std::string_view name;  // "sql/0001_foundation.sql"
    std::string_view content;
};

class Database {
 public:
    explicit Database(DatabaseOptions options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Backend backend() const { return options_.backend; }

    // Applies what is missing, all in one transaction. Errors: kInternal when
    // a file that was applied has changed since, or the database is newer.
    Status Migrate(std::span<const Migration> migrations);

    // work(Connection&) -> Result<T>. It may throw what SOCI throws, and may be
    // run a second time when the database asks for that. Write is one
    // transaction, rolled back when work does not succeed.
    template <class F>
    auto Read(F&& work) -> std::invoke_result_t<F, Connection&> {
        return Run(false, std::forward<F>(work));
    }
    template <class F>
    auto Write(F&& work) -> std::invoke_result_t<F, Connection&> {
        return Run(true, std::forward<F>(work));
    }

    // All that work reads and writes is one transaction, which lasts if work
    // succeeds and leaves keep true; within another one it is a part of it,
    // that alone may be taken back. work may be run a second time. REQUIRES:
    // nobody else uses this object meanwhile.
    Status Together(const std::function<Status(bool& keep)>& work);

 private:
    template <class F>
    auto Run(bool write, F&& work) -> std::invoke_result_t<F, Connection&> {
        std::optional<std::invoke_result_t<F, Connection&>> out;
        Status status = RunOnce(write, [&](Connection& connection) {
            out.emplace(work(connection));
            return out->ok();
        });
        if (!status.ok()) return status.error();
        return std::move(*out);
    }
    Status RunOnce(bool write, const std::function<bool(Connection&)>& work);
    Status RunWithin(const std::function<bool(Connection&)>& work);
    Status RunPart(const std::function<Status(bool& keep)>& work);
    bool Try(bool write, const std::function<bool(Connection&)>& work,
             std::unique_ptr<Connection>& connection, Error& error);
    std::unique_ptr<Connection> Connect() const;
    Result<std::unique_ptr<Connection>> Lease();
    void GiveBack(std::unique_ptr<Connection> connection);

    DatabaseOptions options_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t leased_ = 0;
    Connection* together_ = nullptr;  // of the transaction that runs
    int parts_ = 0;                   // that are open in it
};

}  // namespace aiproxy::admin::store
