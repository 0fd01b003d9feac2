// SPDX-License-Identifier: MIT

#include "t/unit/core/golden_file.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>

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
    CPPUNIT_TEST(PricesAreRead);
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
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, number(16, 8));
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

 private:
    std::string written_;
    std::string golden_;
    std::optional<Snapshot> snapshot_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SnapshotGolden);

}  // namespace
}  // namespace aiproxy::snapshot
