// SPDX-License-Identifier: MIT

#include "admin_daemon/service/publication.h"

#include <cppunit/extensions/HelperMacros.h>

#include <thread>

namespace aiproxy::admin::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PublicationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PublicationTest);
    CPPUNIT_TEST(AWriteWaitsForItsGeneration);
    CPPUNIT_TEST(AFailureEndsTheWait);
    CPPUNIT_TEST(AnOldFailureDoesNot);
    CPPUNIT_TEST(PatienceEnds);
    CPPUNIT_TEST(ARequestIsTakenOnce);
    CPPUNIT_TEST_SUITE_END();

 public:
    // The task takes its time: it builds, writes and syncs.
    void AWriteWaitsForItsGeneration() {
        std::jthread task([&] {
            CPPUNIT_ASSERT(publication_.WaitForRequest(milliseconds(10'000)));
            publication_.Published({4, 8, 0, {}, {}}, {});
            publication_.Published({5, 9, 0, {}, {}}, {});
        });
        const auto generation = publication_.WaitFor(9, milliseconds(10'000));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, generation.value());
    }

    void AFailureEndsTheWait() {
        std::jthread task([&] {
            publication_.WaitForRequest(milliseconds(10'000));
            publication_.Failed(9, "no room");
        });
        CPPUNIT_ASSERT(!publication_.WaitFor(9, milliseconds(60'000)));
        CPPUNIT_ASSERT_EQUAL(std::string("no room"),
                             publication_.view().error.value());
    }

    void AnOldFailureDoesNot() {
        publication_.Failed(8, "no room");
        std::jthread task([&] {
            publication_.WaitForRequest(milliseconds(10'000));
            publication_.Published({5, 9, 0, {}, {}}, {});
        });
        CPPUNIT_ASSERT(publication_.WaitFor(9, milliseconds(10'000)));
        CPPUNIT_ASSERT(!publication_.view().error);
    }

    void PatienceEnds() {
        const auto begun = steady_clock::now();
        CPPUNIT_ASSERT(!publication_.WaitFor(9, milliseconds(20)));
        CPPUNIT_ASSERT(steady_clock::now() - begun >= milliseconds(20));
    }

    void ARequestIsTakenOnce() {
        publication_.Request(true);
        publication_.Request();
        CPPUNIT_ASSERT(publication_.WaitForRequest(milliseconds(0)));
        CPPUNIT_ASSERT(!publication_.WaitForRequest(milliseconds(0)));
        CPPUNIT_ASSERT(publication_.TakeForce());
        CPPUNIT_ASSERT(!publication_.TakeForce());
    }

 private:
    Publication publication_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PublicationTest);

}  // namespace
}  // namespace aiproxy::admin::service
