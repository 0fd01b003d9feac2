// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "core/pricing/price_table.h"
#include "core/snapshot/encode.h"
#include "core/snapshot/prices.h"
#include "core/snapshot/rate.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {
namespace {

constexpr UnixMs kHour = 3'600'000;
constexpr UnixMs kNoon =
    1'800'000'000'000 / (24 * kHour) * 24 * kHour + 12 * kHour;

class SnapshotPrices : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SnapshotPrices);
    CPPUNIT_TEST(KeepsAllOfAPrice);
    CPPUNIT_TEST(FindsTheRowThatHolds);
    CPPUNIT_TEST(FindsNames);
    CPPUNIT_TEST(RatesAllModels);
    CPPUNIT_TEST(ATableIsAsASnapshot);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        auto rows = pricing::ParsePriceTable(
            "provider,model,input,output,cache_read,cache_write_short,"
            "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,"
            "effective_from,more\n"
            "p,m,1,2,,,,,,,,,\n"
            "p,m,3,4,,,,,,,,2026-01-01,flex=1/2 us=11/10 input_audio=7\n"
            "p,m,5,6,,,,,,,,2026-01-01,hours=01:00-04:00\n"
            "p,m,7,8,,,,,,,,,service=fast\n"
            "p,claude*,9,9,,,,,,,,,\n"
            "p,claude-haiku*,10,10,,,,,,,,,\n"
            "q,*,11,11,,,,,,,,,\n");
        CPPUNIT_ASSERT(rows.ok());
        rows_ = *rows;
        Content content;
        content.generation = 1;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            rows_[i].price.version_id = static_cast<std::int64_t>(i);
        }
        content.prices = rows_;
        auto bytes = Encode(content);
        CPPUNIT_ASSERT(bytes.ok());
        bytes_ = *bytes;
        auto opened = Snapshot::Open(std::as_bytes(std::span(bytes_)));
        CPPUNIT_ASSERT(opened.ok());
        snapshot_.emplace(*opened);
    }

    void KeepsAllOfAPrice() {
        CPPUNIT_ASSERT(*snapshot_->FindPrice("p", "m", kNoon) ==
                       rows_[1].price);
        CPPUNIT_ASSERT(
            *snapshot_->FindPrice("p", "m", kNoon, usage::Tier::kFast) ==
            rows_[3].price);
    }

    void FindsTheRowThatHolds() {
        CPPUNIT_ASSERT_EQUAL(0, Version("p", "m", 1));
        CPPUNIT_ASSERT_EQUAL(1, Version("p", "m", kNoon));
        CPPUNIT_ASSERT_EQUAL(2, Version("p", "m", kNoon - 10 * kHour));
        CPPUNIT_ASSERT_EQUAL(0, Version("p", "m", 2 * kHour));
        CPPUNIT_ASSERT_EQUAL(1, Version("p", "m", kNoon, usage::Tier::kFlex));
    }

    void FindsNames() {
        CPPUNIT_ASSERT_EQUAL(1, Version("p", "m-2026-05-01", kNoon));
        CPPUNIT_ASSERT_EQUAL(4, Version("p", "claude-opus-9", kNoon));
        CPPUNIT_ASSERT_EQUAL(5, Version("p", "claude-haiku", kNoon));
        CPPUNIT_ASSERT_EQUAL(6, Version("q", "anything", kNoon));
        CPPUNIT_ASSERT_EQUAL(-1, Version("p", "gpt", kNoon));
        CPPUNIT_ASSERT_EQUAL(-1, Version("p", "m-mini", kNoon));
    }

    void RatesAllModels() {
        usage::Usage usage;
        usage.input = 10;
        usage.output = 1;
        std::vector<usage::ModelUsage> others = {{"", usage},
                                                 {"claude-x", usage}};
        RatedUsage used{"p", "m", "claude-haiku-9", kNoon, &usage, others};
        const Rated rated = Rate(*snapshot_, used);
        // 34 + 110 + 99
        CPPUNIT_ASSERT(rated.cost == 243'000'000);
        CPPUNIT_ASSERT(rated.price_version == 1);
        others[1].model = "gpt";
        CPPUNIT_ASSERT(!Rate(*snapshot_, used).cost);
        usage.provider_cost = 5;
        CPPUNIT_ASSERT(Rate(*snapshot_, used).cost == 5);
        used.model = "gpt";
        CPPUNIT_ASSERT(Rate(*snapshot_, used).cost == 5);
        CPPUNIT_ASSERT(!Rate(*snapshot_, used).price_version);
    }

    void ATableIsAsASnapshot() {
        std::vector<pricing::PriceRow> rows = rows_;
        rows.push_back(rows[0]);
        rows.back().price.version_id = 77;
        const Prices table(rows);
        // The later one of the same time counts.
        CPPUNIT_ASSERT(table.Find("p", "m", 1)->version_id == 77);
        for (const char* model :
             {"m", "claude-opus-9", "gpt", "m-2026-05-01"}) {
            for (const UnixMs at : {kNoon, kNoon - 10 * kHour}) {
                CPPUNIT_ASSERT(table.Find("p", model, at) ==
                               snapshot_->FindPrice("p", model, at));
            }
        }
    }

 private:
    int Version(std::string_view list, std::string_view model, UnixMs at,
                usage::Tier tier = usage::Tier::kUnknown) const {
        const auto price = snapshot_->FindPrice(list, model, at, tier);
        return price ? static_cast<int>(price->version_id) : -1;
    }

    std::vector<pricing::PriceRow> rows_;
    std::string bytes_;
    std::optional<Snapshot> snapshot_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SnapshotPrices);

}  // namespace
}  // namespace aiproxy::snapshot
