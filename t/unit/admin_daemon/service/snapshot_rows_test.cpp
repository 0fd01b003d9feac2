// SPDX-License-Identifier: MIT
//
// What stands in the database is what nginx serves from: every field of a row
// arrives in the snapshot, and what is absent stays absent.

#include <cppunit/extensions/HelperMacros.h>

#include "admin_daemon/service/random.h"
#include "admin_daemon/service/snapshot_rows.h"
#include "core/snapshot/snapshot.h"

namespace {

using namespace aiproxy;
using namespace aiproxy::admin;
namespace wire = snapshot::wire;

store::Provider FullProvider() {
    store::Provider row;
    row.id = 3;
    row.name = "p";
    row.base_url = "https://api.example/v1";
    row.dialects = {"openai_chat"};
    row.credential_location = "header";
    row.credential_name = "authorization";
    row.verdict_table = "gemini";
    row.verdict_rules = {
        {418, "teapot", "stout", "key_rate", "key_model", 1500},
        {std::nullopt, std::nullopt, "x", "client", std::nullopt,
         std::nullopt}};
    row.model_rules = {{"body", "a"}, {"path", "b"}, {"query", "c"}};
    row.usage_mapping = R"({"input": "usage.in"})";
    row.allowed_headers = {"x-title"};
    row.egress = "::1";
    row.websocket = true;
    return row;
}

store::ProviderKey FullKey() {
    store::ProviderKey row;
    row.id = 5;
    row.name = "k";
    row.provider_id = 3;
    row.priority = 0;
    row.requests_per_minute = 1;
    row.tokens_per_minute = 5'000'000'000;
    row.requests_per_day = 3;
    row.max_in_flight = 0;
    row.owner_user_id = 9;
    row.credential_state = "refused";
    row.credential_reason = "401";
    return row;
}

store::ClientKey FullClient() {
    store::ClientKey row;
    row.id = 7;
    row.name = "c";
    row.digest = service::HexSha256("now");
    row.previous_digest = service::HexSha256("before");
    row.previous_until = 1234;
    row.user_id = 9;
    row.allowed_addresses = {"192.0.2.0/24", "no address"};
    row.allowed_models = {"gpt-*"};
    row.allowed_providers = std::vector<std::int64_t>{3};
    row.strategy = "sticky";
    row.sticky_source = "prompt_cache_key";
    row.max_attempts = 4;
    row.attempts_within_ms = 5;
    row.retry_percent = 0;
    row.park_ms = 6;
    row.on_abort = "drain";
    row.drain_ms = 7;
    row.drain_bytes = 8;
    row.not_before = 99;
    return row;
}

class SnapshotRowsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SnapshotRowsTest);
    CPPUNIT_TEST(RulesOfAProvider);
    CPPUNIT_TEST(LimitsOfAProviderKey);
    CPPUNIT_TEST(RestrictionsOfAClientKey);
    CPPUNIT_TEST(AbsentStaysAbsent);
    CPPUNIT_TEST_SUITE_END();

 public:
    void RulesOfAProvider() {
        const auto to = service::ToSnapshot(FullProvider());
        CPPUNIT_ASSERT(to);
        CPPUNIT_ASSERT(to->verdict_table == retry::Table::kGemini);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, to->verdict_rules.size());
        const auto& rule = to->verdict_rules[0];
        CPPUNIT_ASSERT(rule.status == 418 && rule.name == "teapot" &&
                       rule.text == "stout" && rule.rest_ms == 1500u);
        CPPUNIT_ASSERT(rule.verdict == retry::VerdictClass::kKeyRate);
        CPPUNIT_ASSERT(rule.scope == retry::Scope::kKeyModel);
        CPPUNIT_ASSERT(!to->verdict_rules[1].status);
        CPPUNIT_ASSERT(!to->verdict_rules[1].scope);
        CPPUNIT_ASSERT(!to->verdict_rules[1].rest_ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, to->model_rules.size());
        CPPUNIT_ASSERT(to->model_rules[0].source == wire::ModelSource::kBody);
        CPPUNIT_ASSERT(to->model_rules[1].source == wire::ModelSource::kPath);
        CPPUNIT_ASSERT(to->model_rules[2].source == wire::ModelSource::kQuery);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), to->model_rules[2].name);
        CPPUNIT_ASSERT_EQUAL(std::string("input = usage.in\n"),
                             to->usage_mapping);
        CPPUNIT_ASSERT_EQUAL(std::string("x-title"), to->allowed_headers.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("::1"), to->egress);
        CPPUNIT_ASSERT(to->websocket);
    }

    void LimitsOfAProviderKey() {
        const auto to = service::ToSnapshot(FullKey());
        CPPUNIT_ASSERT(to.priority == 0u &&
                       to.limits.requests_per_minute == 1u &&
                       to.limits.tokens_per_minute == 5'000'000'000u &&
                       to.limits.requests_per_day == 3u &&
                       to.limits.max_in_flight == 0u && to.owner_user_id == 9);
        CPPUNIT_ASSERT(to.credential_state == wire::CredentialState::kRefused);
        CPPUNIT_ASSERT_EQUAL(std::string("401"), to.credential_reason);
        auto row = FullKey();
        row.credential_state = "sign_in_needed";
        CPPUNIT_ASSERT(service::ToSnapshot(row).credential_state ==
                       wire::CredentialState::kSignInNeeded);
    }

    void RestrictionsOfAClientKey() {
        const auto to = service::ToSnapshot(FullClient());
        CPPUNIT_ASSERT(to);
        CPPUNIT_ASSERT(to->digest == key::Sha256("now"));
        CPPUNIT_ASSERT(to->previous);
        CPPUNIT_ASSERT(to->previous->digest == key::Sha256("before"));
        CPPUNIT_ASSERT(to->previous->until_ms == 1234);
        // What cannot be read allows nothing; it does not lift the rest.
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, to->allowed_addresses->size());
        CPPUNIT_ASSERT_EQUAL(std::string("gpt-*"), to->allowed_models->at(0));
        CPPUNIT_ASSERT(to->allowed_providers->at(0) == 3);
        CPPUNIT_ASSERT(to->user_id == 9);
        CPPUNIT_ASSERT(to->strategy == pool::Strategy::kSticky);
        CPPUNIT_ASSERT(to->sticky_source ==
                       wire::StickySource::kPromptCacheKey);
        CPPUNIT_ASSERT(to->max_attempts == 4u && to->attempts_within_ms == 5u &&
                       to->retry_percent == 0u && to->park_ms == 6u &&
                       to->drain_ms == 7u && to->drain_bytes == 8u);
        CPPUNIT_ASSERT(to->drain_on_abort);
        CPPUNIT_ASSERT(to->not_before_ms == 99);
    }

    void AbsentStaysAbsent() {
        store::ClientKey row;
        row.digest = service::HexSha256("now");
        const auto to = service::ToSnapshot(row);
        CPPUNIT_ASSERT(to);
        CPPUNIT_ASSERT(!to->previous && !to->allowed_addresses &&
                       !to->allowed_models && !to->allowed_providers &&
                       !to->sticky_source && !to->max_attempts &&
                       !to->park_ms && !to->drain_ms && !to->not_before_ms);
        CPPUNIT_ASSERT(to->strategy == pool::Strategy::kRoundRobin);
        CPPUNIT_ASSERT(!to->drain_on_abort);

        const auto key = service::ToSnapshot(store::ProviderKey());
        CPPUNIT_ASSERT(!key.priority && !key.limits.requests_per_minute &&
                       !key.limits.tokens_per_minute &&
                       !key.limits.requests_per_day &&
                       !key.limits.max_in_flight && !key.owner_user_id);

        auto provider = FullProvider();
        provider.verdict_table.reset();
        CPPUNIT_ASSERT(!service::ToSnapshot(provider)->verdict_table);
        provider.base_url = "nonsense";
        CPPUNIT_ASSERT(!service::ToSnapshot(provider));
        row.digest.reset();
        CPPUNIT_ASSERT(!service::ToSnapshot(row));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SnapshotRowsTest);

}  // namespace
