// SPDX-License-Identifier: MIT

#include "core/key/seal.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>

namespace aiproxy::key {
namespace {

constexpr std::string_view kContext = "provider_keys.secret:17";
constexpr std::string_view kSecret = "sk-ant-a secret of some length";

SealKey Counting() {
    SealKey key;
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<std::uint8_t>(i);
    }
    return key;
}

std::string SealIt(std::string_view secret) {
    Nonce nonce;
    nonce.fill(0x24);
    auto blob = Seal(Counting(), 0x01020304, nonce, kContext, secret);
    CPPUNIT_ASSERT(blob.ok());
    return *blob;
}

// What the blob holds; "" and all bytes wiped when it does not open.
std::string OpenIt(std::string_view blob, const SealKey& key,
                   std::string_view context) {
    std::string out(SecretBytes(blob), '?');
    const Status status = Open(key, context, blob, out);
    // An opener does the same, the second time too.
    Opener opener(key);
    for (int i = 0; i < 2; ++i) {
        std::string again(SecretBytes(blob), '?');
        CPPUNIT_ASSERT_EQUAL(status.ok(),
                             opener.Open(context, blob, again).ok());
        CPPUNIT_ASSERT_EQUAL(out, again);
    }
    if (!status.ok()) {
        CPPUNIT_ASSERT(status.code() == ErrorCode::kInternal);
        CPPUNIT_ASSERT_EQUAL(std::string(out.size(), '\0'), out);
        CPPUNIT_ASSERT(status.error().detail.find("sk-") == std::string::npos);
        return "";
    }
    return out;
}

class KeySeal : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeySeal);
    CPPUNIT_TEST(OpensWhatItSealed);
    CPPUNIT_TEST(KeepsItsForm);
    CPPUNIT_TEST(RefusesAnyChangedBit);
    CPPUNIT_TEST(RefusesAnyOtherLength);
    CPPUNIT_TEST(RefusesAnotherContext);
    CPPUNIT_TEST(RefusesAnotherKey);
    CPPUNIT_TEST(KnowsWhatIsNoBlob);
    CPPUNIT_TEST_SUITE_END();

 public:
    void OpensWhatItSealed() {
        for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 64u, 5000u}) {
            const std::string secret(size, 's');
            const std::string blob = SealIt(secret);
            CPPUNIT_ASSERT_EQUAL(size, SecretBytes(blob));
            std::string out(size, '?');
            CPPUNIT_ASSERT(Open(Counting(), kContext, blob, out).ok());
            CPPUNIT_ASSERT_EQUAL(secret, out);
        }
    }

    void KeepsItsForm() {
        const std::string blob = SealIt(kSecret);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5 + 12 + 16} + kSecret.size(),
                             blob.size());
        CPPUNIT_ASSERT_EQUAL(std::string("\1\1\2\3\4") + std::string(12, 0x24),
                             blob.substr(0, 17));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0x01020304}, SealKeyId(blob));
        CPPUNIT_ASSERT(blob.find(kSecret.substr(0, 6)) == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("snapshot.provider_key:17"),
                             SnapshotContext(17));
    }

    void RefusesAnyChangedBit() {
        const std::string blob = SealIt(kSecret);
        for (std::size_t i = 0; i < 8 * blob.size(); ++i) {
            std::string changed = blob;
            changed[i / 8] = static_cast<char>(changed[i / 8] ^ 1 << i % 8);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(i), std::string(),
                                         OpenIt(changed, Counting(), kContext));
        }
    }

    void RefusesAnyOtherLength() {
        const std::string blob = SealIt(kSecret);
        for (std::size_t size = 0; size < blob.size(); ++size) {
            OpenIt(blob.substr(0, size), Counting(), kContext);
            std::string out(kSecret.size(), '?');
            CPPUNIT_ASSERT(!Open(Counting(), kContext,
                                 std::string_view(blob).substr(0, size), out)
                                .ok());
        }
        CPPUNIT_ASSERT(OpenIt(blob + "x", Counting(), kContext).empty());
        std::string small(kSecret.size() - 1, '?');
        CPPUNIT_ASSERT(!Open(Counting(), kContext, blob, small).ok());
        std::string large(kSecret.size() + 1, '?');
        CPPUNIT_ASSERT(!Open(Counting(), kContext, blob, large).ok());
    }

    void RefusesAnotherContext() {
        const std::string blob = SealIt(kSecret);
        for (std::string_view context :
             {"", "provider_keys.secret:1", "provider_keys.secret:18",
              "provider_keys.secret:170", "snapshot.provider_key:17"}) {
            CPPUNIT_ASSERT(OpenIt(blob, Counting(), context).empty());
        }
    }

    void RefusesAnotherKey() {
        const std::string blob = SealIt(kSecret);
        SealKey key = Counting();
        key[31] ^= 1;
        CPPUNIT_ASSERT(OpenIt(blob, key, kContext).empty());
    }

    void KnowsWhatIsNoBlob() {
        for (const std::string& text :
             {std::string(), std::string("sk-plain"), std::string(32, '\1'),
              "\2" + SealIt(kSecret).substr(1)}) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, SecretBytes(text));
            CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, SealKeyId(text));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KeySeal);

}  // namespace
}  // namespace aiproxy::key
