// SPDX-License-Identifier: MIT
//
// A task of one node: whoever has the lease keeps it, another gets it when it
// is given back, and the fence grows when it changes hands.

#include "admin_daemon/service/leases.h"

#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class LeasesTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(LeasesTest);
    CPPUNIT_TEST(OneNodeHasIt);
    CPPUNIT_TEST_SUITE_END();

 public:
    void OneNodeHasIt() {
        Leases a(database_, "a");
        Leases b(database_, "b");
        CPPUNIT_ASSERT(a.Take("x") == 1);
        CPPUNIT_ASSERT(a.Take("x") == 1);
        CPPUNIT_ASSERT(!b.Take("x"));
        CPPUNIT_ASSERT(b.Take("y") == 1);
        b.GiveBack("x");
        CPPUNIT_ASSERT(!b.Take("x"));
        a.GiveBack("x");
        CPPUNIT_ASSERT(b.Take("x") == 2);
        CPPUNIT_ASSERT(!a.Take("x"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LeasesTest);

}  // namespace
}  // namespace aiproxy::admin::service
