// SPDX-License-Identifier: MIT

#include "admin_daemon/commands.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/backup.h"
#include "admin_daemon/service/maintenance.h"
#include "admin_daemon/service/record_export.h"
#include "admin_daemon/task/ledger_check.h"

namespace aiproxy::admin {
namespace {

constexpr UnixMs kDayMs = 86'400'000;
constexpr std::size_t kShown = 20;

// For work that takes as long as it takes.
Result<store::DatabaseOptions> OptionsOf(const Settings& settings) {
    auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) return options.error();
    options->connections = 2;
    options->statement_ms = 3'600'000;
    return options;
}

std::string DayText(std::int64_t day) {
    return FormatTime(day * kDayMs).substr(0, 10);
}

// "2026-11-24", a day in UTC; "": none.
Result<std::optional<std::int64_t>> ReadDay(const std::string& text) {
    if (text.empty()) return std::optional<std::int64_t>();
    const auto time = ParseTime(text + "T00:00:00Z");
    if (!time) {
        return Error(ErrorCode::kValidation,
                     "not a day as in 2026-11-24: " + text);
    }
    return std::optional<std::int64_t>(*time / kDayMs);
}

// The days that have records, within those asked for. What retention may be
// removing now is left alone.
Result<service::Maintenance::Days> DaysOf(service::Maintenance& maintenance,
                                          const Settings& settings,
                                          const std::string& from_text,
                                          const std::string& to_text) {
    const auto from = ReadDay(from_text);
    if (!from.ok()) return from.error();
    const auto to = ReadDay(to_text);
    if (!to.ok()) return to.error();
    auto days = maintenance.FindDays();
    if (!days.ok()) return days.error();
    if (settings.keep_records > 0) {
        days->from =
            std::max(days->from, NowMs() / kDayMs - settings.keep_records);
    }
    if (*from) days->from = std::max(days->from, **from);
    if (*to) days->to = std::min(days->to, **to);
    return days;
}

Status ReportLedger(service::Maintenance& maintenance,
                    const Settings& settings) {
    const auto ledger = task::CheckLedger(
        maintenance, {settings.run_dir + "/ledger", settings.dir + "/spool"});
    if (!ledger.ok()) return ledger.error();
    std::printf("ledger: %" PRId64 " segments, %" PRId64
                " records committed, %" PRId64 " waiting, %zu missing\n",
                ledger->segments, ledger->committed, ledger->waiting,
                ledger->missing.size());
    for (std::size_t i = 0; i < ledger->missing.size() && i < kShown; ++i) {
        std::printf("  no record of %s\n", ledger->missing[i].c_str());
    }
    if (ledger->missing.empty()) return {};
    return Error(ErrorCode::kInternal, "committed records are missing");
}

}  // namespace

void Commands::Add(CLI::App& app,
                   const std::function<void(CLI::App&)>& add_settings) {
    auto add = [&](const char* name, const char* text, Function function) {
        CLI::App* command = app.add_subcommand(name, text);
        add_settings(*command);
        command->callback([this, function] { run_ = function; });
        return command;
    };
    auto add_days = [&](CLI::App* command) {
        command->add_option("--from", from_, "first day, in UTC")
            ->type_name("2026-11-24");
        command->add_option("--to", to_, "last day, in UTC")
            ->type_name("2026-11-24");
    };
    add("backup", "Write the database to a new folder; daemons may run", BackUp)
        ->add_option("folder", path_, "folder to make")
        ->required();
    CLI::App* restore =
        add("restore", "Replace the database by a backup; no daemon may run",
            Restore);
    restore->add_option("folder", path_, "what backup made")->required();
    restore->add_flag("--force", force_, "also a database that was in use");
    add_days(add("rebuild-rollups", "Sum the records up anew; daemons may run",
                 Rebuild));
    add_days(add("check-records",
                 "Compare ledger, records and roll-ups; daemons may run",
                 Check));
    CLI::App* write = add("export-records",
                          "Write records to a file; daemons may run", Export);
    write->add_option("file", path_, "file to write")->required();
    write->add_option("--format", format_, "csv or jsonl.zst (jsonl.zst)");
    add_days(write);
}

int Commands::Run(const Settings& settings, const Log&) const {
    const Status status = run_(*this, settings);
    if (status.ok()) return 0;
    std::fflush(stdout);
    std::fprintf(stderr, "aiproxy-admin: %s\n",
                 status.error().detail.empty()
                     ? std::string(status.error().text()).c_str()
                     : status.error().detail.c_str());
    return 1;
}

Status Commands::BackUp(const Commands& c, const Settings& settings) {
    const auto rows =
        service::BackUp(settings.database_url(), c.path_, NowMs());
    if (!rows.ok()) return rows.error();
    std::printf("backed up %" PRId64 " rows to %s\n", *rows, c.path_.c_str());
    return {};
}

Status Commands::Restore(const Commands& c, const Settings& settings) {
    // Held to the end: no daemon of this node begins meanwhile.
    Result<File> lock = File();
    if (IsFolder(settings.run_dir)) lock = LockRunDir(settings.run_dir);
    if (!lock.ok()) return lock.error();
    const auto rows =
        service::RestoreBackup(settings.database_url(), c.path_, c.force_);
    if (!rows.ok()) return rows.error();
    std::printf("restored %" PRId64 " rows from %s\n", *rows, c.path_.c_str());
    return {};
}

Status Commands::Rebuild(const Commands& c, const Settings& settings) {
    const auto options = OptionsOf(settings);
    if (!options.ok()) return options.error();
    store::Database database(*options);
    service::Maintenance maintenance(database);
    const auto days = DaysOf(maintenance, settings, c.from_, c.to_);
    if (!days.ok()) return days.error();
    std::int64_t all = 0;
    for (std::int64_t day = days->from; day <= days->to; ++day) {
        const auto records = maintenance.RebuildDay(day);
        if (!records.ok()) return records.error();
        std::printf("%s: %" PRId64 " records\n", DayText(day).c_str(),
                    *records);
        std::fflush(stdout);
        all += *records;
    }
    std::printf("summed up %" PRId64 " records\n", all);
    return {};
}

Status Commands::Check(const Commands& c, const Settings& settings) {
    const auto options = OptionsOf(settings);
    if (!options.ok()) return options.error();
    store::Database database(*options);
    service::Maintenance maintenance(database);
    const auto days = DaysOf(maintenance, settings, c.from_, c.to_);
    if (!days.ok()) return days.error();
    std::size_t wrong = 0;
    for (std::int64_t day = days->from; day <= days->to; ++day) {
        const auto check = maintenance.CheckDay(day);
        if (!check.ok()) return check.error();
        std::printf("%s: %" PRId64 " records, %" PRId64
                    " rows of roll-ups, %zu wrong\n",
                    DayText(day).c_str(), check->records, check->cells,
                    check->wrong.size());
        for (std::size_t i = 0; i < check->wrong.size() && i < kShown; ++i) {
            std::printf("  %s\n", check->wrong[i].c_str());
        }
        wrong += check->wrong.size();
    }
    const Status ledger = ReportLedger(maintenance, settings);
    if (!ledger.ok()) return ledger;
    if (wrong == 0) return {};
    return Error(ErrorCode::kInternal,
                 "roll-ups are not the sums of the records: rebuild-rollups "
                 "makes them anew");
}

Status Commands::Export(const Commands& c, const Settings& settings) {
    const auto options = OptionsOf(settings);
    if (!options.ok()) return options.error();
    const auto from = ReadDay(c.from_);
    if (!from.ok()) return from.error();
    const auto to = ReadDay(c.to_);
    if (!to.ok()) return to.error();
    store::Database database(*options);
    store::RecordFilter filter;
    if (*from) filter.from = **from * kDayMs;
    if (*to) filter.to = (**to + 1) * kDayMs;
    const auto written = service::RecordExport(database).Write(
        filter, c.format_, c.path_, [](std::int64_t) { return true; });
    if (!written.ok()) return written.error();
    std::printf("wrote %" PRId64 " records to %s\n", *written, c.path_.c_str());
    return {};
}

}  // namespace aiproxy::admin
