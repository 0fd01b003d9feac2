// SPDX-License-Identifier: MIT

#include "admin_daemon/prices_command.h"

#include <cinttypes>
#include <cstdio>

#include "admin_daemon/api/prices.h"
#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/audit.h"
#include "admin_daemon/service/prices.h"
#include "admin_daemon/service/random.h"
#include "core/base/id.h"

namespace aiproxy::admin {
namespace {

using service::PriceDiff;

// Who did it, in the audit log.
constexpr char kTerminal[] = "(terminal)";
constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;

struct Work {
    explicit Work(const store::DatabaseOptions& options) : database(options) {
        // Daemons publish what changes; nobody waits for it here.
        publication.Published({0, INT64_MAX, 0, {}, {}}, {});
    }

    store::Database database;
    service::Publication publication;
    service::Prices prices{database, publication, NowMs};
    service::Audit audit{database, NowMs};
};

struct Asked {
    std::vector<pricing::PriceRow> rows;
    std::optional<UnixMs> from;
};

Result<Asked> Read(const std::string& file, const std::string& from) {
    Asked asked;
    if (!from.empty()) {
        asked.from = ParseDay(from);
        if (!asked.from) {
            return Error(ErrorCode::kValidation,
                         "not a day as in 2026-11-24: " + from);
        }
    }
    const auto content = ReadWholeFile(file, kMaxBytes);
    if (!content.ok()) return content.error();
    auto rows = service::ParsePriceList(
        file.ends_with(".json") ? "json" : "csv", *content);
    if (!rows.ok()) {
        return Error(ErrorCode::kValidation,
                     file + ": " + rows.error().public_text);
    }
    asked.rows = std::move(*rows);
    return asked;
}

// With an entry in the audit log.
Result<PriceDiff> Import(Work& work, const Asked& asked,
                         const PriceDiff& reviewed) {
    service::AuditEntry entry;
    entry.request_id =
        FormatRequestId(MakeRequestId(NowMs(), service::RandomBytes<10>()));
    entry.username = kTerminal;
    entry.action = "imports";
    entry.object_type = "prices";
    const Status begun = work.audit.Begin(entry);
    if (!begun.ok()) return begun.error();
    auto done =
        work.prices.Import(asked.rows, asked.from, reviewed.table_version);
    if (!done.ok()) {
        (void)work.audit.Drop(entry);
        return done.error();
    }
    entry.status = 200;
    entry.after = api::PriceDiffJson(done->value).Dump();
    const Status finished = work.audit.Finish(entry);
    if (!finished.ok()) return finished.error();
    return std::move(done->value);
}

Result<PriceDiff> Act(Work& work, const Asked& asked, bool dry_run) {
    auto diff = work.prices.Preview(asked.rows, asked.from);
    if (!diff.ok() || dry_run || diff->items.empty()) return diff;
    return Import(work, asked, *diff);
}

// "input 2.5 -> 3": what a price says that the other does not.
std::string Differences(const std::optional<service::Price>& before,
                        const service::Price& after) {
    const Json old = before ? api::PriceTermsJson(*before) : Json::Object();
    const Json now = api::PriceTermsJson(after);
    std::string text;
    const char* name;
    json_t* value;
    json_object_foreach(now.raw(), name, value) {
        json_t* was = json_object_get(old.raw(), name);
        const bool said = std::string_view(name) != "provider" &&
                          std::string_view(name) != "model";
        if (!said || json_equal(was, value) ||
            (was == nullptr && json_is_null(value))) {
            continue;
        }
        auto shown = [](json_t* of) {
            if (json_is_integer(of)) {
                return std::to_string(json_integer_value(of));
            }
            const char* words = json_string_value(of);
            return std::string(words == nullptr ? "none" : words);
        };
        text += text.empty() ? "" : ", ";
        text += name;
        if (before) text += " " + shown(was) + " ->";
        text += " " + shown(value);
    }
    return text;
}

void Print(const PriceDiff& diff, bool dry_run) {
    std::size_t added = 0;
    for (const PriceDiff::Item& item : diff.items) {
        added += item.before ? 0 : 1;
        std::printf("%s %s %s: %s\n", item.before ? "~" : "+",
                    item.after.price_list.c_str(), item.after.model.c_str(),
                    Differences(item.before, item.after).c_str());
    }
    std::printf("%zu added, %zu changed, %" PRId64 " unchanged%s\n", added,
                diff.items.size() - added, diff.unchanged,
                dry_run ? "; nothing was written" : "");
}

int Fail(const Error& error) {
    std::fprintf(stderr, "aiproxy-admin: %s\n",
                 error.detail.empty() ? std::string(error.text()).c_str()
                                      : error.detail.c_str());
    return 1;
}

}  // namespace

void PricesCommand::Add(CLI::App& app,
                        const std::function<void(CLI::App&)>& add_settings) {
    CLI::App* prices = app.add_subcommand("prices", "Change the price table");
    prices->require_subcommand(1);
    CLI::App* command = prices->add_subcommand(
        "import", "Add the versions that a price list changes");
    add_settings(*command);
    command->add_option("file", file_, "price list, .csv or .json")->required();
    command
        ->add_option("--effective-from", from_,
                     "day in UTC from which changed prices without a day of "
                     "their own hold (now)")
        ->type_name("2026-11-24");
    command->add_flag("--dry-run", dry_run_, "only show what would change");
    command->add_flag("--json", json_, "tell the result as JSON");
    command->callback([this] { chosen_ = true; });
}

int PricesCommand::Run(const Settings& settings) const {
    const auto asked = Read(file_, from_);
    if (!asked.ok()) return Fail(asked.error());
    auto options = store::ParseDatabaseUrl(settings.database_url());
    if (!options.ok()) return Fail(options.error());
    options->connections = 1;
    Work work(*options);
    const auto diff = Act(work, *asked, dry_run_);
    if (!diff.ok()) return Fail(diff.error());
    if (json_) {
        std::printf("%s\n", api::PriceDiffJson(*diff).Dump().c_str());
    } else {
        Print(*diff, dry_run_);
    }
    return 0;
}

}  // namespace aiproxy::admin
