// SPDX-License-Identifier: MIT

#include "admin_daemon/service/providers.h"

#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class ProvidersTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(ProvidersTest);
    CPPUNIT_TEST(TheCredentialGoesByTheFirstDialect);
    CPPUNIT_TEST(AWriteTellsItsGeneration);
    CPPUNIT_TEST(NamesAreUniqueAmongTheLiving);
    CPPUNIT_TEST(TheDaemonItselfIsNoProvider);
    CPPUNIT_TEST(HeadersCannotBreakARequest);
    CPPUNIT_TEST(ARefusedChangeChangesNothing);
    CPPUNIT_TEST(OneInUseStays);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TheCredentialGoesByTheFirstDialect() {
        for (const auto& [dialect, name, prefix] :
             {std::tuple("openai_chat", "authorization", "Bearer "),
              std::tuple("anthropic_messages", "x-api-key", ""),
              std::tuple("gemini_content", "x-goog-api-key", "")}) {
            ProviderChange change = Good(dialect);
            change.name = std::string("p-") + name;
            change.dialects = {dialect};
            const Provider made = Must(providers_.Create(change)).value;
            CPPUNIT_ASSERT_EQUAL(std::string(name), made.credential_name);
            CPPUNIT_ASSERT_EQUAL(std::string(prefix), made.credential_prefix);
        }
    }

    void AWriteTellsItsGeneration() {
        const auto made = Must(providers_.Create(Good("one")));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, made.generation.value());
        CPPUNIT_ASSERT_EQUAL(now_, made.value.created_at);
        now_ += 5;
        const auto changed = Must(providers_.Update(made.value.id, {}));
        CPPUNIT_ASSERT_EQUAL(now_, changed.value.updated_at);
        CPPUNIT_ASSERT_EQUAL(now_ - 5, changed.value.created_at);
        CPPUNIT_ASSERT(changed.value.version > made.value.version);
    }

    void NamesAreUniqueAmongTheLiving() {
        const Provider one = MakeProvider("one");
        const Provider two = MakeProvider("two");
        AssertCode(ErrorCode::kConflict, providers_.Create(Good("one")));
        ProviderChange rename;
        rename.name = "one";
        AssertCode(ErrorCode::kConflict, providers_.Update(two.id, rename));
        CPPUNIT_ASSERT(providers_.Update(one.id, rename).ok());
        CPPUNIT_ASSERT(providers_.Delete(one.id).ok());
        CPPUNIT_ASSERT(providers_.Update(two.id, rename).ok());
    }

    void TheDaemonItselfIsNoProvider() {
        for (const char* url :
             {"http://127.0.0.1:9091", "http://localhost:9091/x",
              "http://127.1.2.3:9091", "http://[::1]:9091",
              "http://0.0.0.0:9091", "http://[::ffff:127.0.0.1]:9091"}) {
            ProviderChange change = Good("one");
            change.base_url = url;
            AssertField("base_url", providers_.Create(change));
        }
        ProviderChange change = Good("one");
        change.base_url = "http://127.0.0.1:9092";
        CPPUNIT_ASSERT(providers_.Create(change).ok());
    }

    void HeadersCannotBreakARequest() {
        const Provider one = MakeProvider("one");
        ProviderChange change;
        for (const auto& [name, value] :
             {std::pair("", "x"), std::pair("a b", "x"), std::pair("a:", "x"),
              std::pair("HOST", "x"), std::pair("Content-Length", "1"),
              std::pair("x", "a\r\nb: c"), std::pair("x", "\x7f")}) {
            change.required_headers.emplace();
            change.required_headers->emplace_back(name, value);
            AssertField("required_headers", providers_.Update(one.id, change));
        }
        change.required_headers.emplace();
        change.required_headers->emplace_back("x", "1");
        change.required_headers->emplace_back("X", "2");
        AssertField("required_headers", providers_.Update(one.id, change));
        change.required_headers.emplace();
        change.credential = Credential{"header", "x", "a\nb"};
        AssertField("credential", providers_.Update(one.id, change));
    }

    void ARefusedChangeChangesNothing() {
        const Provider one = MakeProvider("one");
        ProviderChange change;
        change.name = "uno";
        change.connect_timeout_ms = 0;
        AssertField("connect_timeout_ms", providers_.Update(one.id, change));
        const Provider now = Must(providers_.Get(one.id));
        CPPUNIT_ASSERT_EQUAL(std::string("one"), now.name);
        CPPUNIT_ASSERT_EQUAL(one.version, now.version);
        AssertCode(ErrorCode::kNotFound, providers_.Update(999, {}));
        // No version was used up for it.
        CPPUNIT_ASSERT_EQUAL(one.version + 1, MakeProvider("two").version);
    }

    void OneInUseStays() {
        const Provider one = MakeProvider("one");
        const ProviderKey key = MakeProviderKey("k", one.id);
        AssertCode(ErrorCode::kConflict, providers_.Delete(one.id));
        CPPUNIT_ASSERT(provider_keys_.Delete(key.id).ok());
        CPPUNIT_ASSERT(providers_.Delete(one.id).ok());
        AssertCode(ErrorCode::kNotFound, providers_.Delete(one.id));
        AssertCode(ErrorCode::kNotFound, providers_.Get(one.id));
    }

 private:
    static ProviderChange Good(const std::string& name) {
        ProviderChange change;
        change.name = name;
        change.base_url = "https://api.example/v1";
        change.dialects = {"openai_chat"};
        return change;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProvidersTest);

}  // namespace
}  // namespace aiproxy::admin::service
