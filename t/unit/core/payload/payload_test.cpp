// SPDX-License-Identifier: MIT
//
// The bytes that a worker leaves for the daemon.

#include <cppunit/extensions/HelperMacros.h>

#include "core/payload/payload.h"
#include "t/unit/core/golden_file.h"

namespace aiproxy::payload {
namespace {

Payload Example() {
    Payload payload;
    for (std::size_t i = 0; i < payload.id.size(); ++i) {
        payload.id[i] = static_cast<std::uint8_t>(0xf0 + i);
    }
    payload.client_key_id = 7;
    payload.started_at_ms = 1'700'000'000'123;
    payload.request = Part{true, frame::Coding::kIdentity, 70'000,
                           "application/json", "{\"a\":1"};
    payload.answer = Part{false, std::nullopt, 3, "", "xyz"};
    return payload;
}

class PayloadFile : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PayloadFile);
    CPPUNIT_TEST(BytesWrittenAreTheGolden);
    CPPUNIT_TEST(TheGoldenIsRead);
    CPPUNIT_TEST(PartsMayBeAbsent);
    CPPUNIT_TEST(WhatIsCutOrLongerIsNone);
    CPPUNIT_TEST_SUITE_END();

 public:
    void BytesWrittenAreTheGolden() {
        const std::string written = Encode(Example());
        CPPUNIT_ASSERT(written == GoldenFile("payload/payload.1.bin", written));
    }

    void TheGoldenIsRead() {
        const auto read =
            Decode(GoldenFile("payload/payload.1.bin", Encode(Example())));
        CPPUNIT_ASSERT(read.has_value());
        CPPUNIT_ASSERT(*read == Example());
    }

    void PartsMayBeAbsent() {
        Payload payload = Example();
        payload.request.reset();
        CPPUNIT_ASSERT(*Decode(Encode(payload)) == payload);
        payload.answer.reset();
        CPPUNIT_ASSERT(*Decode(Encode(payload)) == payload);
    }

    void WhatIsCutOrLongerIsNone() {
        const std::string whole = Encode(Example());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CPPUNIT_ASSERT(!Decode(std::string_view(whole).substr(0, size)));
        }
        CPPUNIT_ASSERT(!Decode(whole + "x"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PayloadFile);

}  // namespace
}  // namespace aiproxy::payload
