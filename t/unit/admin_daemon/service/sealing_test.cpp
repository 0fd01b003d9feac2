// SPDX-License-Identifier: MIT

#include "admin_daemon/service/sealing.h"

#include <sys/stat.h>

#include "admin_daemon/files.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class SealingTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(SealingTest);
    CPPUNIT_TEST(AnotherKeyIsTold);
    CPPUNIT_TEST(KeysAreMadeOnceWithTightRights);
    CPPUNIT_TEST(BadKeyFilesAreRefused);
    CPPUNIT_TEST(PurposesHaveKeysOfTheirOwn);
    CPPUNIT_TEST_SUITE_END();

 public:
    void AnotherKeyIsTold() {
        const SealingKey other(key::SealKey{4});
        const std::string blob = Must(master_.Seal("row:1", "secret"));
        CPPUNIT_ASSERT_EQUAL(std::string("secret"),
                             Must(master_.Open("row:1", blob)));
        CPPUNIT_ASSERT(!master_.Open("row:2", blob).ok());
        const auto opened = other.Open("row:1", blob);
        CPPUNIT_ASSERT(!opened.ok());
        CPPUNIT_ASSERT(opened.error().detail.find("master key") !=
                       std::string::npos);
    }

    void KeysAreMadeOnceWithTightRights() {
        const SealingKey made = Must(LoadMasterKey(Path("master.key")));
        const SealingKey again = Must(LoadMasterKey(Path("master.key")));
        CPPUNIT_ASSERT_EQUAL(made.Derive("x"), again.Derive("x"));
        CPPUNIT_ASSERT_EQUAL(0600u, Rights("master.key"));
        Must(LoadNodeKey(Path("node.key")));
        CPPUNIT_ASSERT_EQUAL(0640u, Rights("node.key"));
        CPPUNIT_ASSERT_EQUAL(Must(LoadNodeId(Path("node.id"))),
                             Must(LoadNodeId(Path("node.id"))));
    }

    void BadKeyFilesAreRefused() {
        Must(WriteWholeFile(Path("a"), "too short\n", 0600, false));
        CPPUNIT_ASSERT(!LoadMasterKey(Path("a")).ok());
        Must(WriteWholeFile(Path("b"), std::string(43, '?'), 0600, false));
        CPPUNIT_ASSERT(!LoadMasterKey(Path("b")).ok());
        Must(WriteWholeFile(Path("c"), std::string(31, 'x'), 0640, false));
        CPPUNIT_ASSERT(!LoadNodeKey(Path("c")).ok());
        Must(WriteWholeFile(Path("d"), "not a node id", 0644, false));
        CPPUNIT_ASSERT(!LoadNodeId(Path("d")).ok());
        Must(LoadMasterKey(Path("e")));
        ::chmod(Path("e").c_str(), 0640);
        const auto loose = LoadMasterKey(Path("e"));
        CPPUNIT_ASSERT(!loose.ok());
        CPPUNIT_ASSERT(loose.error().detail.find("0600") != std::string::npos);
    }

    void PurposesHaveKeysOfTheirOwn() {
        CPPUNIT_ASSERT(master_.Derive("a") != master_.Derive("b"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, master_.Derive("a").size());
    }

 private:
    std::string Path(const std::string& name) const {
        return folder_.path() + "/" + name;
    }
    unsigned Rights(const std::string& name) const {
        struct stat info {};
        ::stat(Path(name).c_str(), &info);
        return info.st_mode & 07777;
    }

    TemporaryFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SealingTest);

}  // namespace
}  // namespace aiproxy::admin::service
