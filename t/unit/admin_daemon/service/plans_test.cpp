// SPDX-License-Identifier: MIT
//
// Every list, filter, search and chart finds its records by an index: what
// SQLite says of each statement's plan. (Those of Postgres:
// t/admin/records_plans.t.)

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <functional>
#include <set>

#include "admin_daemon/service/records.h"
#include "admin_daemon/service/statistics.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/key_models.h"
#include "admin_daemon/store/unpriced.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

using Set = std::function<void(RecordFilter&)>;

class PlansTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(PlansTest);
    CPPUNIT_TEST(ListsReadNoTableWhole);
    CPPUNIT_TEST(OtherPagesReadNoTableWhole);
    CPPUNIT_TEST(APlanThatDoesIsFound);
    CPPUNIT_TEST_SUITE_END();

 public:
    // Each filter alone and with each other one, in both directions, first
    // page and next.
    void ListsReadNoTableWhole() {
        const std::vector<Set> filters = {
            [](auto&) {},
            [](auto& f) { f.from = 1000; },
            [](auto& f) { f.to = 2000; },
            [](auto& f) { f.client_key_id = 1; },
            [](auto& f) { f.user_id = 1; },
            [](auto& f) { f.provider_id = 1; },
            [](auto& f) { f.provider_key_id = 1; },
            [](auto& f) { f.model = "m"; },
            [](auto& f) { f.status = 200; },
            [](auto& f) { f.status = 503; },
            [](auto& f) { f.outcome = "success"; },
            [](auto& f) { f.outcome = "failed"; },
            [](auto& f) { f.error_class = "limit"; },
            [](auto& f) { f.usage_source = "reported"; },
            [](auto& f) { f.usage_source = "none"; },
            [](auto& f) {
                f.request_id = "00000000-0000-7000-8000-000000000000";
                f.request_day = 0;
            },
            [](auto& f) { f.prefix = "/v1/"; },
            [](auto& f) { f.prefix = "m"; },
            [](auto& f) { f.contains = "x"; },
        };
        for (const Set& one : filters) {
            for (const Set& other : filters) {
                for (const bool oldest_first : {false, true}) {
                    RecordFilter filter;
                    one(filter);
                    other(filter);
                    filter.oldest_first = oldest_first;
                    Look([&] { Must(records_.List(filter, 50)); });
                    filter.after = {1500, 7};
                    Look([&] { Must(records_.List(filter, 50)); });
                    filter.after.reset();
                    filter.oldest_first = false;
                    Look([&] { Must(records_.Tail(filter, 1, 50)); });
                }
            }
        }
    }

    void OtherPagesReadNoTableWhole() {
        Look([&] { AssertCode(ErrorCode::kNotFound, records_.Get("7")); });
        Look([&] {
            AssertCode(ErrorCode::kNotFound,
                       records_.Get("00000000-0000-7000-8000-000000000000"));
        });
        std::vector<Scope> scopes = {{}};
        for (std::size_t i = 0; i < store::kDimensions; ++i) {
            scopes.push_back({static_cast<Dimension>(i), "1"});
        }
        for (const Scope& scope : scopes) {
            Look([&] { Must(statistics_.Minutes(scope)); });
            for (const char* zone : {"UTC", "Asia/Kathmandu"}) {
                Look([&] {
                    Must(statistics_.Trend(scope, 30, zone,
                                           Statistics::Step::kDay));
                    Must(statistics_.Trend(scope, 7, zone,
                                           Statistics::Step::kHour));
                    Must(statistics_.Summarize(scope, 30, zone));
                    Must(statistics_.Compare(scope, zone));
                    Must(statistics_.Distribute(scope, 30, zone));
                });
            }
        }
        for (std::size_t i = 0; i < store::kDimensions; ++i) {
            Look([&] {
                Must(statistics_.Rank(static_cast<Dimension>(i), 30, "UTC",
                                      Statistics::Order::kCost, 10));
                Must(statistics_.Charges(static_cast<Dimension>(i), "2027-01",
                                         "Asia/Kathmandu", 10));
            });
        }
        Look([&] {
            Must(database_.Read([&](store::Connection& c) -> Result<bool> {
                store::ListKeyModels(c, 1, 0, 1000, 10);
                store::ListUnpriced(c, 0, 1000, 10);
                return true;
            }));
        });
    }

    void APlanThatDoesIsFound() {
        for (const char* query :
             {"SELECT count(*) FROM proxy_tracing WHERE user_agent = ''",
              "SELECT id FROM proxy_tracing t ORDER BY duration_us LIMIT 5",
              "SELECT id FROM (SELECT * FROM proxy_tracing t ORDER BY "
              "started_at + 1 LIMIT 9) t ORDER BY id LIMIT 5",
              "SELECT count(*) FROM rollup_model WHERE start > 5"}) {
            CPPUNIT_ASSERT_MESSAGE(query, !Faults({query}).empty());
        }
    }

 private:
    void Look(const std::function<void()>& ask) {
        std::set<std::string> statements;
        Trace(&statements);
        ask();
        Trace(nullptr);
        const std::string faults = Faults(statements);
        CPPUNIT_ASSERT_MESSAGE(faults, faults.empty());
    }

    static sqlite_api::sqlite3* Native(store::Connection& connection) {
        return static_cast<soci::sqlite3_session_backend*>(
                   connection.sql.get_backend())
            ->conn_;
    }
    // The database in memory has one connection.
    void Trace(std::set<std::string>* statements) {
        Must(database_.Read([&](store::Connection& c) -> Result<bool> {
            sqlite_api::sqlite3_trace_v2(
                Native(c), statements != nullptr ? SQLITE_TRACE_STMT : 0,
                [](unsigned, void* to, void* statement, void*) {
                    const char* text = sqlite_api::sqlite3_sql(
                        static_cast<sqlite_api::sqlite3_stmt*>(statement));
                    static_cast<std::set<std::string>*>(to)->insert(text);
                    return 0;
                },
                statements);
            return true;
        }));
    }

    // Those whose plans read history from one end to the other, or sort it.
    std::string Faults(const std::set<std::string>& statements) {
        return Must(
            database_.Read([&](store::Connection& c) -> Result<std::string> {
                std::string faults;
                for (const std::string& text : statements) {
                    if (!known_.insert(text).second) continue;
                    const Plan plan = PlanOf(c, text);
                    if (!IsBad(plan, text)) continue;
                    faults += text + "\n";
                    for (const Step& step : plan) {
                        faults += "  " + step.detail + "\n";
                    }
                }
                return faults;
            }));
    }

    struct Step {
        std::string id;
        std::string parent;
        std::string detail;
        bool Is(const char* text) const { return detail.starts_with(text); }
    };
    using Plan = std::vector<Step>;
    static Plan PlanOf(store::Connection& c, const std::string& text) {
        Plan plan;
        const std::string query = "EXPLAIN QUERY PLAN " + text;
        sqlite_api::sqlite3_exec(
            Native(c), query.c_str(),
            [](void* to, int, char** values, char**) {
                static_cast<Plan*>(to)->push_back(
                    {values[0], values[1], values[3]});
                return 0;
            },
            &plan, nullptr);
        return plan;
    }
    // A scan along an index may be, where a LIMIT ends it and nothing sorts
    // what it found. "t" is also what lists call the few rows of a part.
    static bool IsBad(const Plan& plan, const std::string& text) {
        std::string part;
        for (const Step& step : plan) {
            if (step.Is("CO-ROUTINE t") || step.Is("MATERIALIZE t")) {
                part = step.id;
            }
        }
        for (const Step& step : plan) {
            const bool of_part = !part.empty() && step.parent != part;
            if (!step.Is("SCAN proxy_tracing") && !step.Is("SCAN rollup_") &&
                (!step.Is("SCAN t") || of_part)) {
                continue;
            }
            if (step.detail.find(" USING ") == text.npos ||
                text.find("LIMIT") == text.npos) {
                return true;
            }
            for (const Step& other : plan) {
                if (other.parent == step.parent &&
                    other.Is("USE TEMP B-TREE FOR ORDER BY")) {
                    return true;
                }
            }
        }
        return false;
    }

    Records records_{database_};
    Statistics statistics_{database_, clock_};
    std::set<std::string> known_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PlansTest);

}  // namespace
}  // namespace aiproxy::admin::service
