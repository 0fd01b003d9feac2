// SPDX-License-Identifier: MIT

#include "admin_daemon/settings.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::admin {
namespace {

class SettingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettingsTest);
    CPPUNIT_TEST(AFileIsReadLineByLine);
    CPPUNIT_TEST(FlagsThenEnvironmentThenFile);
    CPPUNIT_TEST(BytesHaveUnits);
    CPPUNIT_TEST(TheAddressIsLoopback);
    CPPUNIT_TEST(PasswordsAreSeen);
    CPPUNIT_TEST(ReferencesNameWhatIsListed);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReferencesNameWhatIsListed() {
        const auto settings =
            MakeSettings({}, {},
                         {{"secret_variables", {"A, B_* ,", "f"}},
                          {"secret_folders", {"/run/secrets/,/etc/x", "f"}},
                          {"secret_commands", {"/bin/a b *", "f"}}});
        CPPUNIT_ASSERT(settings.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("B_*"), settings->secret_variables[1]);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, settings->secret_variables.size());
        CPPUNIT_ASSERT_EQUAL(std::string("/run/secrets"),
                             settings->secret_folders[0]);
        CPPUNIT_ASSERT_EQUAL(std::string("/bin/a b *"),
                             settings->secret_commands[0]);
        for (const auto& [name, value] :
             {std::pair("secret_variables", "*"),
              std::pair("secret_variables", "A=B"),
              std::pair("secret_folders", "/"),
              std::pair("secret_folders", "secrets"),
              std::pair("secret_commands", "vault"),
              std::pair("secret_command_seconds", "0")}) {
            CPPUNIT_ASSERT_MESSAGE(
                name, !MakeSettings({}, {}, {{name, {value, "f"}}}).ok());
        }
    }

    void AFileIsReadLineByLine() {
        const auto values = ParseSettingsFile(
            "# comment\n\n  dir = /a b/c = d  \r\nthreads=4", "f.conf");
        CPPUNIT_ASSERT(values.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("/a b/c = d"),
                             values->at("dir").value);
        CPPUNIT_ASSERT_EQUAL(std::string("f.conf: line 4"),
                             values->at("threads").where);
        const auto bad = ParseSettingsFile("dir = /a\nbogus = 1\n", "f.conf");
        CPPUNIT_ASSERT_EQUAL(
            std::string("f.conf: line 2: unknown setting bogus"),
            bad.error().detail);
    }

    void FlagsThenEnvironmentThenFile() {
        const SettingValues file = {{"dir", {"/file", "f"}},
                                    {"threads", {"1", "f"}},
                                    {"log_level", {"warn", "f"}}};
        const SettingValues environment = {{"dir", {"/env", "e"}},
                                           {"threads", {"2", "e"}}};
        const SettingValues flags = {{"dir", {"/flag", "--dir"}}};
        const auto settings = MakeSettings(flags, environment, file);
        CPPUNIT_ASSERT(settings.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("/flag"), settings->dir);
        CPPUNIT_ASSERT_EQUAL(2, settings->threads);
        CPPUNIT_ASSERT_EQUAL(std::string("warn"), settings->log_level);
        CPPUNIT_ASSERT_EQUAL(std::string("sqlite:/flag/aiproxy.db"),
                             settings->database_url());
    }

    void BytesHaveUnits() {
        for (const auto& [text, bytes] :
             {std::pair("16777216", 16ll << 20), std::pair("16m", 16ll << 20),
              std::pair("16384k", 16ll << 20), std::pair("2G", 2ll << 30)}) {
            const auto settings =
                MakeSettings({}, {}, {{"ledger_bytes", {text, "f"}}});
            CPPUNIT_ASSERT_MESSAGE(text, settings.ok());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{bytes}, settings->ledger_bytes);
        }
        for (const char* text :
             {"", "g", "15m", "-16m", "16 m", "16mb", "99999999999g", "1e9"}) {
            CPPUNIT_ASSERT_MESSAGE(
                text,
                !MakeSettings({}, {}, {{"ledger_bytes", {text, "f"}}}).ok());
        }
    }

    void TheAddressIsLoopback() {
        const auto v6 = MakeSettings({}, {}, {{"listen", {"[::1]:81", "f"}}});
        CPPUNIT_ASSERT_EQUAL(std::string("[::1]:81"), v6->listen());
        for (const char* text :
             {"0.0.0.0:81", "[::]:81", "example:81", "127.0.0.1", "127.0.0.1:0",
              "127.0.0.1:65536", "127.0.0.1:81x"}) {
            CPPUNIT_ASSERT_MESSAGE(
                text, !MakeSettings({}, {}, {{"listen", {text, "f"}}}).ok());
        }
    }

    void PasswordsAreSeen() {
        CPPUNIT_ASSERT(HasPassword("postgres://u:p@h/d"));
        CPPUNIT_ASSERT(HasPassword("postgresql://h/d?password=p"));
        CPPUNIT_ASSERT(HasPassword("postgres://u:p@rt@h/d"));
        CPPUNIT_ASSERT(!HasPassword("postgres://u@h:5432/d"));
        CPPUNIT_ASSERT(!HasPassword("postgres://h:5432/d"));
        CPPUNIT_ASSERT(!HasPassword("sqlite:/a:b@c"));
        const SettingValues flag = {
            {"database", {"postgres://u:p@h/d", "--database"}}};
        CPPUNIT_ASSERT(!MakeSettings(flag, {}, {}).ok());
        CPPUNIT_ASSERT(MakeSettings({}, flag, {}).ok());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingsTest);

}  // namespace
}  // namespace aiproxy::admin
