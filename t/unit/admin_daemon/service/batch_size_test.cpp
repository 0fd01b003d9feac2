// SPDX-License-Identifier: MIT

#include "admin_daemon/service/batch_size.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::admin::service {
namespace {

using std::chrono::milliseconds;

class BatchSizeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BatchSizeTest);
    CPPUNIT_TEST(GrowsWhileItIsQuick);
    CPPUNIT_TEST(ShrinksWhenItTakesLong);
    CPPUNIT_TEST(TheEndOfABacklogTellsNothing);
    CPPUNIT_TEST_SUITE_END();

 public:
    void GrowsWhileItIsQuick() {
        BatchSize size;
        for (const std::size_t frames :
             {1000, 2000, 4000, 8000, 16'000, 20'000, 20'000}) {
            CPPUNIT_ASSERT_EQUAL(frames, size.frames());
            size.Took(frames, milliseconds(2000));
        }
    }

    void ShrinksWhenItTakesLong() {
        BatchSize size;
        size.Took(20'000, milliseconds(2001));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10'000}, size.frames());
        size.Took(1200, milliseconds(5000));
        CPPUNIT_ASSERT_EQUAL(BatchSize::kLeast, size.frames());
    }

    void TheEndOfABacklogTellsNothing() {
        BatchSize size;
        size.Took(3, milliseconds(1));
        CPPUNIT_ASSERT_EQUAL(BatchSize::kLeast, size.frames());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BatchSizeTest);

}  // namespace
}  // namespace aiproxy::admin::service
