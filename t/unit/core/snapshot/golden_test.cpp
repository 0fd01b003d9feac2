// SPDX-License-Identifier: MIT

#include "t/unit/core/golden_file.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>

#include "core/snapshot/limits.h"
#include "core/snapshot/snapshot.h"
#include "t/unit/core/snapshot/golden_content.h"

namespace aiproxy::snapshot {
namespace {

class SnapshotGolden : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SnapshotGolden);
    CPPUNIT_TEST(BytesWrittenAreTheGolden);
    CPPUNIT_TEST(HeaderIsAtItsPlaces);
    CPPUNIT_TEST(ProvidersAreRead);
    CPPUNIT_TEST(ProviderKeysAreRead);
    CPPUNIT_TEST(ClientKeysAreRead);
    CPPUNIT_TEST(LimitsAreRead);
    CPPUNIT_TEST(PeriodsFollowTheZone);
    CPPUNIT_TEST(PricesAreRead);
    CPPUNIT_TEST(RestrictionsAreMarked);
    CPPUNIT_TEST(RulesOfAProviderAreRead);
    CPPUNIT_TEST(AClientKeysWaysAreRead);
    CPPUNIT_TEST(IssuersAreRead);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        written_ = *Encode(GoldenContent());
        golden_ = GoldenFile("snapshot/optional_scalars.bin", written_);
        snapshot_.emplace(*Snapshot::Open(std::as_bytes(std::span(golden_))));
    }

    void BytesWrittenAreTheGolden() { CPPUNIT_ASSERT(written_ == golden_); }

    void HeaderIsAtItsPlaces() {
        auto number = [&](std::size_t place, std::size_t size) {
            std::uint64_t value = 0;
            std::memcpy(&value, golden_.data() + place, size);
            return value;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("AIPXSNAP"), golden_.substr(0, 8));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, number(8, 4));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{64}, number(12, 4));
        CPPUNIT_ASSERT_EQUAL(kFeatureClientKeysOff, number(16, 8));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{42}, number(24, 8));
        CPPUNIT_ASSERT_EQUAL(golden_.size() - 64, number(32, 8));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{42}, snapshot_->generation());
    }

    void ProvidersAreRead() {
        const wire::Provider& full = snapshot_->provider(0);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, full.id());
        CPPUNIT_ASSERT_EQUAL(std::string("anthropic"), full.name()->str());
        CPPUNIT_ASSERT(full.is_enabled() && full.tls() && full.tls_verify());
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{443}, full.port());
        CPPUNIT_ASSERT_EQUAL(2u, full.addresses()->size());
        CPPUNIT_ASSERT_EQUAL(std::string("[2001:db8::1]:443"),
                             full.addresses()->Get(1)->str());
        CPPUNIT_ASSERT_EQUAL(std::string("2023-06-01"),
                             full.required_headers()->Get(0)->value()->str());
        CPPUNIT_ASSERT(full.dialects()->Get(0) == 2);
        CPPUNIT_ASSERT(full.credential_location() ==
                       wire::CredentialLocation::kHeader);
        CPPUNIT_ASSERT(!full.connect_timeout_ms().has_value());
        CPPUNIT_ASSERT(!full.first_byte_timeout_ms().has_value());
        CPPUNIT_ASSERT(!full.idle_timeout_ms().has_value());
        CPPUNIT_ASSERT(!full.total_timeout_ms().has_value());

        const wire::Provider& zero = snapshot_->provider(1);
        CPPUNIT_ASSERT(!zero.is_enabled() && !zero.tls_verify());
        CPPUNIT_ASSERT(zero.ask_usage());
        CPPUNIT_ASSERT(zero.credential_location() ==
                       wire::CredentialLocation::kQuery);
        CPPUNIT_ASSERT(zero.connect_timeout_ms() == 0u);
        CPPUNIT_ASSERT(zero.first_byte_timeout_ms() == 0u);
        CPPUNIT_ASSERT(zero.idle_timeout_ms() == 0u);
        CPPUNIT_ASSERT(zero.total_timeout_ms() == 0u);
    }

    void ProviderKeysAreRead() {
        const wire::ProviderKey& absent = snapshot_->provider_key(0);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{11}, absent.id());
        CPPUNIT_ASSERT_EQUAL(1u, absent.provider());
        CPPUNIT_ASSERT(absent.is_enabled());
        CPPUNIT_ASSERT_EQUAL(3u, absent.weight());
        CPPUNIT_ASSERT(!absent.slot().has_value());
        CPPUNIT_ASSERT(!absent.expires_at_ms().has_value());
        const wire::ProviderKey& zero = snapshot_->provider_key(1);
        CPPUNIT_ASSERT_EQUAL(0u, zero.provider());
        CPPUNIT_ASSERT(!zero.is_enabled());
        CPPUNIT_ASSERT_EQUAL(0u, zero.weight());
        CPPUNIT_ASSERT(zero.slot() == 0u);
        CPPUNIT_ASSERT(zero.expires_at_ms() == std::int64_t{0});
        CPPUNIT_ASSERT_EQUAL(1u, zero.sealed()->size());
    }

    void ClientKeysAreRead() {
        const wire::ClientKey* absent =
            snapshot_->FindClientKey(DigestOf(0xff));
        CPPUNIT_ASSERT(absent != nullptr && absent->id() == 21);
        CPPUNIT_ASSERT(absent->is_enabled() && absent->retry_after_timeout());
        CPPUNIT_ASSERT(absent->strategy() == wire::Strategy::kWeighted);
        CPPUNIT_ASSERT(!absent->user_id().has_value());
        CPPUNIT_ASSERT(!absent->slot().has_value());
        CPPUNIT_ASSERT(!absent->expires_at_ms().has_value());
        CPPUNIT_ASSERT(!absent->requests_per_minute().has_value());
        CPPUNIT_ASSERT(!LimitsOf(*absent).any());
        CPPUNIT_ASSERT(!absent->max_output_tokens().has_value());
        CPPUNIT_ASSERT(UserOf(snapshot_->root(), *absent) == nullptr);
        CPPUNIT_ASSERT_EQUAL(2u, absent->pool()->size());
        CPPUNIT_ASSERT_EQUAL(1u, absent->pool()->Get(0));
        CPPUNIT_ASSERT_EQUAL(0u, absent->pool()->Get(1));

        const wire::ClientKey* zero =
            snapshot_->FindClientKey(DigestOf(0x00, 1));
        CPPUNIT_ASSERT(zero != nullptr && zero->id() == 22);
        CPPUNIT_ASSERT(!zero->is_enabled() && !zero->retry_after_timeout());
        CPPUNIT_ASSERT(zero->user_id() == std::int64_t{0});
        CPPUNIT_ASSERT(zero->slot() == 0u);
        CPPUNIT_ASSERT(zero->expires_at_ms() == std::int64_t{0});
        CPPUNIT_ASSERT(zero->requests_per_minute() == 0u);
        CPPUNIT_ASSERT_EQUAL(0u, zero->pool()->size());
    }

    void LimitsAreRead() {
        const auto& zero = *snapshot_->FindClientKey(DigestOf(0x00, 1));
        const limit::Limits limits = LimitsOf(zero);
        CPPUNIT_ASSERT(limits.requests_per_second == 0u &&
                       limits.requests_per_minute == 0u &&
                       limits.requests_per_day == 0u &&
                       limits.max_in_flight == 0u);
        CPPUNIT_ASSERT(
            limits.tokens_per_minute == 0u && limits.tokens_per_day == 0u &&
            limits.cost_per_day == 0u && limits.cost_per_month == 0u);
        CPPUNIT_ASSERT(zero.when_unknown() == wire::WhenUnknown::kFraction);
        CPPUNIT_ASSERT(zero.local_percent() == 0u && zero.ends_at_limit());
        CPPUNIT_ASSERT(zero.max_output_tokens() == 0u);
        CPPUNIT_ASSERT(LimitsOf(snapshot_->provider_key(1)).cost_per_day == 0u);
        const wire::User* user = UserOf(snapshot_->root(), zero);
        CPPUNIT_ASSERT(user != nullptr && user->slot() == 0u);
        CPPUNIT_ASSERT(LimitsOf(*user).cost_per_month == 5u &&
                       !LimitsOf(*user).cost_per_day);
    }

    void PeriodsFollowTheZone() {
        const auto& root = snapshot_->root();
        const auto* limits =
            snapshot_->FindClientKey(DigestOf(0x00, 1))->limits();
        auto there = PeriodsOf(root, limits, 1'700'090'000'000);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'700'086'500'000}, there.day_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'700'172'900'000}, there.day_to);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'698'776'100'000}, there.month_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'701'368'100'000}, there.month_to);
        CPPUNIT_ASSERT_EQUAL(
            UnixMs{1'700'086'500'000},
            PeriodsOf(root, limits, 1'700'086'500'000).day_from);
        CPPUNIT_ASSERT_EQUAL(
            UnixMs{1'700'000'100'000},
            PeriodsOf(root, limits, 1'700'086'499'999).day_from);
        // Beyond the borders, and without a zone: UTC. 2023-11-14, a leap
        // year's February, and the end of a year.
        auto utc = PeriodsOf(root, nullptr, 1'700'000'000'000);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'699'920'000'000}, utc.day_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'698'796'800'000}, utc.month_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'701'388'800'000}, utc.month_to);
        auto leap = PeriodsOf(root, limits, 1'709'164'800'000);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'709'164'800'000}, leap.day_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'709'251'200'000}, leap.month_to);
        auto silvester = PeriodsOf(root, nullptr, 1'704'067'199'999);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'704'067'200'000}, silvester.month_to);
    }

    void PricesAreRead() {
        auto absent = snapshot_->FindPrice("anthropic", "absent", 0);
        CPPUNIT_ASSERT(absent && absent->version_id == 31);
        CPPUNIT_ASSERT(!absent->input && !absent->output);
        CPPUNIT_ASSERT(!absent->cache_read && !absent->cache_write_short);
        CPPUNIT_ASSERT(!absent->cache_write_long && !absent->tier_at);
        CPPUNIT_ASSERT(!absent->tier_input && !absent->tier_output);
        CPPUNIT_ASSERT(!absent->tier_cache_read);
        auto zero = snapshot_->FindPrice("anthropic", "zero", 0);
        CPPUNIT_ASSERT(zero && zero->version_id == 32);
        for (auto value :
             {zero->input, zero->output, zero->cache_read,
              zero->cache_write_short, zero->cache_write_long, zero->tier_at,
              zero->tier_input, zero->tier_output, zero->tier_cache_read}) {
            CPPUNIT_ASSERT(value == std::int64_t{0});
        }
        // In effect from 1970 on; nothing before.
        CPPUNIT_ASSERT(!snapshot_->FindPrice("anthropic", "zero", -1));
    }

    void RestrictionsAreMarked() {
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0},
                             snapshot_->provider(0).required_features());
        CPPUNIT_ASSERT_EQUAL(kKnownProviderFeatures,
                             snapshot_->provider(1).required_features());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0},
                             snapshot_->provider_key(0).required_features());
        CPPUNIT_ASSERT_EQUAL(kKnownProviderKeyFeatures,
                             snapshot_->provider_key(1).required_features());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, absent().required_features());
        CPPUNIT_ASSERT_EQUAL(kKnownClientKeyFeatures,
                             zero().required_features());
    }

    void RulesOfAProviderAreRead() {
        const wire::Provider& full = snapshot_->provider(0);
        CPPUNIT_ASSERT(!full.slot().has_value() && !full.websocket());
        CPPUNIT_ASSERT(full.verdict_rules() == nullptr);
        CPPUNIT_ASSERT(!full.verdict_table().has_value());
        CPPUNIT_ASSERT(full.model_rules() == nullptr);
        CPPUNIT_ASSERT(full.usage_mapping() == nullptr);
        CPPUNIT_ASSERT(full.allowed_headers() == nullptr);
        CPPUNIT_ASSERT(full.egress() == nullptr);

        const wire::Provider& zero = snapshot_->provider(1);
        CPPUNIT_ASSERT(zero.slot() == 0u && zero.websocket());
        CPPUNIT_ASSERT(zero.verdict_table() == std::uint8_t{0});
        const wire::VerdictRule& rule = *zero.verdict_rules()->Get(0);
        CPPUNIT_ASSERT(rule.status() == std::uint16_t{418});
        CPPUNIT_ASSERT_EQUAL(std::string("teapot"), rule.name()->str());
        CPPUNIT_ASSERT_EQUAL(std::string("short and stout"),
                             rule.text()->str());
        CPPUNIT_ASSERT(rule.verdict() == 5 && rule.scope() == std::uint8_t{3});
        CPPUNIT_ASSERT(rule.rest_ms() == std::uint64_t{0});
        const wire::VerdictRule& open = *zero.verdict_rules()->Get(1);
        CPPUNIT_ASSERT(!open.status().has_value() && open.name() == nullptr);
        CPPUNIT_ASSERT(!open.scope().has_value() && open.text() == nullptr);
        CPPUNIT_ASSERT(!open.rest_ms().has_value());
        auto rules = VerdictRules(zero);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rules.size());
        CPPUNIT_ASSERT(rules[0].status == 418 && rules[0].name == "teapot");
        CPPUNIT_ASSERT(rules[0].verdict == retry::VerdictClass::kBusy);
        CPPUNIT_ASSERT(rules[0].scope == retry::Scope::kProvider);
        CPPUNIT_ASSERT(rules[0].rest_ms == std::int64_t{0});
        CPPUNIT_ASSERT(rules[1].status == 0 && !rules[1].rest_ms);
        CPPUNIT_ASSERT(VerdictTable(zero, dialect::Family::kGemini) ==
                       retry::Table::kOpenAi);
        CPPUNIT_ASSERT(VerdictTable(full, dialect::Family::kGemini) ==
                       retry::Table::kGemini);
        CPPUNIT_ASSERT(VerdictRules(full).empty());
        CPPUNIT_ASSERT(zero.model_rules()->Get(0)->source() ==
                       wire::ModelSource::kPath);
        CPPUNIT_ASSERT_EQUAL(std::string("x-title"),
                             zero.allowed_headers()->Get(0)->str());
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.7"), zero.egress()->str());
    }

    void AClientKeysWaysAreRead() {
        auto from = [](const char* text) { return *http::ParseAddress(text); };
        CPPUNIT_ASSERT(AllowsAddress(absent(), from("203.0.113.1")));
        CPPUNIT_ASSERT(AllowsModel(absent(), "any"));
        CPPUNIT_ASSERT(AllowsProvider(absent(), 0));
        CPPUNIT_ASSERT(!absent().max_attempts().has_value());
        CPPUNIT_ASSERT(!absent().park_ms().has_value());
        CPPUNIT_ASSERT(!absent().retry_percent().has_value());
        CPPUNIT_ASSERT(!absent().not_before_ms().has_value());

        CPPUNIT_ASSERT(AllowsAddress(zero(), from("192.0.2.255")));
        CPPUNIT_ASSERT(AllowsAddress(zero(), from("::ffff:192.0.2.0")));
        CPPUNIT_ASSERT(AllowsAddress(zero(), from("2001:db8:1::1")));
        CPPUNIT_ASSERT(!AllowsAddress(zero(), from("192.0.3.0")));
        CPPUNIT_ASSERT(!AllowsAddress(zero(), from("2001:db9::1")));
        CPPUNIT_ASSERT(AllowsModel(zero(), "gpt-4o"));
        CPPUNIT_ASSERT(!AllowsModel(zero(), "gpt-4o-mini"));
        CPPUNIT_ASSERT(AllowsModel(zero(), "claude-"));
        CPPUNIT_ASSERT(!AllowsModel(zero(), "claude"));
        CPPUNIT_ASSERT(!AllowsModel(zero(), ""));
        CPPUNIT_ASSERT(AllowsProvider(zero(), 1));
        CPPUNIT_ASSERT(!AllowsProvider(zero(), 0));
        CPPUNIT_ASSERT(zero().sticky_source() == wire::StickySource::kHeader);
        CPPUNIT_ASSERT_EQUAL(std::string("x-session"),
                             zero().sticky_header()->str());
        CPPUNIT_ASSERT(zero().max_attempts() == 0u);
        CPPUNIT_ASSERT(zero().park_ms() == 0u);
        CPPUNIT_ASSERT(zero().on_abort() == wire::OnAbort::kDrain);
        CPPUNIT_ASSERT(zero().drain_bytes() == std::uint64_t{0});
        CPPUNIT_ASSERT(zero().not_before_ms() == std::int64_t{0});

        CPPUNIT_ASSERT(snapshot_->FindPrevious(DigestOf(0x7f), 4999) ==
                       &zero());
        CPPUNIT_ASSERT(!snapshot_->FindPrevious(DigestOf(0x7f), 5000));
        CPPUNIT_ASSERT(!snapshot_->FindPrevious(DigestOf(0x7e), 0));
        CPPUNIT_ASSERT(!snapshot_->FindClientKey(DigestOf(0x7f)));
    }

    void IssuersAreRead() {
        const wire::Authentication& ways = *snapshot_->authentication();
        CPPUNIT_ASSERT(!ways.client_keys() && ways.jwt() && ways.oauth());
        CPPUNIT_ASSERT(!FindIssuer(ways, "https://id.example.co"));
        const wire::Issuer* issuer = FindIssuer(ways, "https://id.example.com");
        CPPUNIT_ASSERT(issuer != nullptr && issuer->skew_s() == 0u);
        CPPUNIT_ASSERT(issuer->fresh_until_ms() == std::int64_t{0});
        CPPUNIT_ASSERT(snapshot_->FindByClaim(*issuer, "zoe") == &absent());
        CPPUNIT_ASSERT(snapshot_->FindByClaim(*issuer, "ann") == &zero());
        CPPUNIT_ASSERT(!snapshot_->FindByClaim(*issuer, "bob"));
        CPPUNIT_ASSERT(FindVerificationKey(*issuer, "2024")->id() == 51);
        CPPUNIT_ASSERT(FindVerificationKey(*issuer, "")->id() == 52);
        CPPUNIT_ASSERT(!FindVerificationKey(*issuer, "2023"));
        CPPUNIT_ASSERT(IsRevoked(ways, "a") && IsRevoked(ways, "b"));
        CPPUNIT_ASSERT(!IsRevoked(ways, "c") && !IsRevoked(ways, ""));
        CPPUNIT_ASSERT(snapshot_->settings()->traceparent());
        CPPUNIT_ASSERT_EQUAL(1u, snapshot_->settings()->cors_origins()->size());
    }

 private:
    const wire::ClientKey& absent() const {
        return *snapshot_->FindClientKey(DigestOf(0xff));
    }
    const wire::ClientKey& zero() const {
        return *snapshot_->FindClientKey(DigestOf(0x00, 1));
    }

    std::string written_;
    std::string golden_;
    std::optional<Snapshot> snapshot_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SnapshotGolden);

}  // namespace
}  // namespace aiproxy::snapshot
