// SPDX-License-Identifier: MIT

#include "admin_daemon/store/database.h"

#include <soci/soci.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "admin_daemon/store/connection.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::store {
namespace {

class DatabaseTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DatabaseTest);
    CPPUNIT_TEST(OneWhoWritesAllTheTimeKeepsNobodyOut);
    CPPUNIT_TEST(ATurnThatDoesNotComeIsGivenUp);
    CPPUNIT_TEST_SUITE_END();

 public:
    // The ingestion of a backlog writes without pause. SQLite's own waiting
    // lets tens of its transactions pass before another writer has a turn.
    void OneWhoWritesAllTheTimeKeepsNobodyOut() {
        auto options =
            ParseDatabaseUrl("sqlite:" + folder_.path() + "/database");
        CPPUNIT_ASSERT(options.ok());
        Database database(*options);
        Database writer(*options);  // as ingestion has its own
        CPPUNIT_ASSERT(Add(database, "CREATE TABLE t (n INTEGER)").ok());

        std::atomic<int> passed = 0;
        std::atomic<bool> stop = false;
        std::thread busy([&] {
            while (!stop) {
                (void)Add(writer, "INSERT INTO t VALUES (1)", 5);
                ++passed;
            }
        });
        std::vector<int> waited;
        for (int i = 0; i < 21; ++i) {
            const int before = passed;
            const bool good = database
                                  .Write([&](Connection&) -> Result<bool> {
                                      waited.push_back(passed - before);
                                      return true;
                                  })
                                  .ok();
            if (!good) waited.push_back(1000);
        }
        stop = true;
        busy.join();
        std::sort(waited.begin(), waited.end());
        CPPUNIT_ASSERT_EQUAL(std::size_t(21), waited.size());
        CPPUNIT_ASSERT(waited[10] <= 2);
    }

    void ATurnThatDoesNotComeIsGivenUp() {
        using std::chrono::milliseconds;
        WriteTurns turns;
        CPPUNIT_ASSERT(turns.Take(milliseconds(0)));
        CPPUNIT_ASSERT(!turns.Take(milliseconds(1)));
        turns.Give();
        CPPUNIT_ASSERT(turns.Take(milliseconds(0)));
        turns.Give();
    }

 private:
    static Status Add(Database& database, const std::string& sql, int ms = 0) {
        const auto done =
            database.Write([&](Connection& connection) -> Result<bool> {
                connection.sql << sql;
                std::this_thread::sleep_for(std::chrono::milliseconds(ms));
                return true;
            });
        return done.ok() ? Status() : Status(done.error());
    }

    service::TemporaryFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(DatabaseTest);

}  // namespace
}  // namespace aiproxy::admin::store
