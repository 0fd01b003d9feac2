// SPDX-License-Identifier: MIT

#include "core/limit/vendor_quota.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

namespace aiproxy::limit {
namespace {

constexpr UnixMs kNow = 1'700'000'000'000;  // 2023-11-14T22:13:20Z
using Headers = std::vector<std::pair<const char*, const char*>>;

VendorQuota Read(const Headers& headers) {
    VendorQuota quota;
    for (const auto& [name, value] : headers) {
        quota.Read(VendorQuota::FactOf(name), value, kNow);
    }
    return quota;
}

class LimitVendorQuota : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitVendorQuota);
    CPPUNIT_TEST(ReadsEachVendorsNames);
    CPPUNIT_TEST(TheScarcestCounts);
    CPPUNIT_TEST(WhatIsNotWholeSaysNothing);
    CPPUNIT_TEST(ReadsResets);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsEachVendorsNames() {
        struct Row {
            Headers headers;
            int requests;  // -1: not said
            int tokens;
        };
        const Row rows[] = {
            {{{"x-ratelimit-limit-requests", "60"},
              {"x-ratelimit-remaining-requests", "6"},
              {"x-ratelimit-reset-requests", "1s"},
              {"x-ratelimit-limit-tokens", "150000"},
              {"x-ratelimit-remaining-tokens", "149984"}},
             1'000,
             9'998},
            {{{"anthropic-ratelimit-requests-limit", "50"},
              {"anthropic-ratelimit-requests-remaining", "0"},
              {"anthropic-ratelimit-input-tokens-limit", "40000"},
              {"anthropic-ratelimit-input-tokens-remaining", "20000"},
              {"anthropic-ratelimit-output-tokens-limit", "8000"},
              {"anthropic-ratelimit-output-tokens-remaining", "8000"}},
             0,
             5'000},
            {{{"x-ratelimit-limit-req-minute", "100"},
              {"x-ratelimit-remaining-req-minute", "25"}},
             2'500,
             -1},
            {{{"x-ratelimit-limit-tokens-minute", "100"},
              {"x-ratelimit-remaining-tokens-minute", "50"},
              {"x-ratelimit-limit-requests-day", "100"},
              {"x-ratelimit-remaining-requests-day", "75"}},
             7'500,
             5'000},
            {{{"x-ratelimit-limit", "20"},
              {"x-ratelimit-remaining", "5"},
              {"x-ratelimit-reset", "1700000010000"}},
             2'500,
             -1},
            {{{"x-ratelimit-remaining-requests", "5"}}, -1, -1},
            {{{"x-ratelimit-limit-audio-seconds", "5"},
              {"x-ratelimit-remaining-audio-seconds", "1"},
              {"x-request-id", "5"},
              {"retry-after", "5"}},
             -1,
             -1},
        };
        for (const Row& row : rows) {
            const VendorQuota quota = Read(row.headers);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.headers[0].first, row.requests,
                                         Share(quota.requests()));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.headers[0].first, row.tokens,
                                         Share(quota.tokens()));
        }
    }

    void TheScarcestCounts() {
        auto quota = Read({{"x-ratelimit-limit-tokens", "100"},
                           {"x-ratelimit-remaining-tokens", "90"},
                           {"x-ratelimit-reset-tokens", "2s"},
                           {"x-ratelimit-limit-project-tokens", "100"},
                           {"x-ratelimit-remaining-project-tokens", "3"},
                           {"x-ratelimit-reset-project-tokens", "6m0s"}});
        CPPUNIT_ASSERT_EQUAL(300, Share(quota.tokens()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{100}, quota.tokens()->limit);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, quota.tokens()->remaining);
        CPPUNIT_ASSERT(quota.tokens()->reset_ms == std::int64_t{360'000});
        CPPUNIT_ASSERT(!quota.requests());
        // More families than there is room for do no harm.
        VendorQuota many;
        for (int i = 0; i < 40; ++i) {
            many.Read(VendorQuota::FactOf("x-ratelimit-limit-tokens-" +
                                          std::to_string(i)),
                      "9", kNow);
        }
        CPPUNIT_ASSERT(!many.tokens());
    }

    void WhatIsNotWholeSaysNothing() {
        for (const char* value : {"", "x", "-1", "1e9", "99999999999999999999",
                                  "1 ", "unlimited"}) {
            auto quota = Read({{"x-ratelimit-limit-requests", "60"},
                               {"x-ratelimit-remaining-requests", value}});
            CPPUNIT_ASSERT_MESSAGE(value, !quota.requests());
        }
        CPPUNIT_ASSERT(!Read({{"x-ratelimit-limit-requests", "0"},
                              {"x-ratelimit-remaining-requests", "0"}})
                            .requests());
        auto quota =
            Read({{"x-ratelimit-limit-requests", "9223372036854775807"},
                  {"x-ratelimit-remaining-requests", "4611686018427387904"}});
        CPPUNIT_ASSERT_EQUAL(5'000, Share(quota.requests()));
        CPPUNIT_ASSERT_EQUAL(
            10'000, Share(Read({{"x-ratelimit-limit-requests", "5"},
                                {"x-ratelimit-remaining-requests", "9"}})
                              .requests()));
    }

    void ReadsResets() {
        struct Row {
            const char* value;
            std::int64_t ms;  // -1: not readable
        };
        const Row rows[] = {
            {"1s", 1'000},
            {"6m0s", 360'000},
            {"12ms", 12},
            {"1h2m3.5s", 3'723'500},
            {"1m0.25s", 60'250},
            {"500us", 0},
            {"2d", 86'400'000},
            {"30", 30'000},
            {"0.5", 500},
            {"0", 0},
            {"1700000010", 10'000},
            {"1700000010500", 10'500},
            {"1600000000", 0},
            {"2023-11-14T22:13:50Z", 30'000},
            {"2023-11-14T22:13:50.123456Z", 30'000},
            {"2023-11-15T00:13:21+02:00", 1'000},
            {"2023-11-14T20:13:21-02:00", 1'000},
            {"2023-11-14T22:00:00Z", 0},
            {"2024-02-29T00:00:00Z", 86'400'000},
            {"9999999999999s", 86'400'000},
            {"", -1},
            {"soon", -1},
            {"-5", -1},
            {"5x", -1},
            {"s", -1},
            {"2023-11-14", -1},
            {"2023-11-14T22:13:50", -1},
            {"2023-11-14T22:13:50+2", -1},
            {"99999999999999999999", -1},
        };
        for (const Row& row : rows) {
            auto ms = ResetMs(row.value, kNow);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.value, row.ms, ms.value_or(-1));
        }
    }

 private:
    static int Share(const std::optional<VendorQuota::Left>& left) {
        return left ? left->share : -1;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitVendorQuota);

}  // namespace
}  // namespace aiproxy::limit
