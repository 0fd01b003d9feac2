// SPDX-License-Identifier: MIT

#include "core/key/digest.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <set>
#include <string>

namespace aiproxy::key {
namespace {

std::string Hex(const Digest& digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (std::uint8_t byte : digest) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

class KeyDigest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeyDigest);
    CPPUNIT_TEST(GivesThePublishedValues);
    CPPUNIT_TEST(ComparesEveryByte);
    CPPUNIT_TEST(SortsByTheFirstBytes);
    CPPUNIT_TEST(MakesKeys);
    CPPUNIT_TEST(ShowsOnlyTheNameOfAKey);
    CPPUNIT_TEST_SUITE_END();

 public:
    void GivesThePublishedValues() {
        // FIPS 180-2, appendix B.
        CPPUNIT_ASSERT_EQUAL(std::string("e3b0c44298fc1c149afbf4c8996fb924"
                                         "27ae41e4649b934ca495991b7852b855"),
                             Hex(Sha256("")));
        CPPUNIT_ASSERT_EQUAL(std::string("ba7816bf8f01cfea414140de5dae2223"
                                         "b00361a396177a9cb410ff61f20015ad"),
                             Hex(Sha256("abc")));
        Hasher hasher;
        CPPUNIT_ASSERT(hasher.Sha256("abc") == Sha256("abc"));
        CPPUNIT_ASSERT(hasher.Sha256("") == Sha256(""));
        CPPUNIT_ASSERT(hasher.Sha256("abc") == Sha256("abc"));
        CPPUNIT_ASSERT_EQUAL(std::string("248d6a61d20638b8e5c026930c3e6039"
                                         "a33ce45964ff2167f6ecedd419db06c1"),
                             Hex(Sha256("abcdbcdecdefdefgefghfghighijhijk"
                                        "ijkljklmklmnlmnomnopnopq")));
        CPPUNIT_ASSERT_EQUAL(std::string("cdc76e5c9914fb9281a1c7e284d73e67"
                                         "f1809a48a497200e046d39ccc7112cd0"),
                             Hex(Sha256(std::string(1'000'000, 'a'))));
    }

    void ComparesEveryByte() {
        const Digest digest = Sha256("abc");
        CPPUNIT_ASSERT(Equal(digest, Sha256("abc")));
        for (std::size_t i = 0; i < digest.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                Digest other = digest;
                other[i] = static_cast<std::uint8_t>(other[i] ^ (1 << bit));
                CPPUNIT_ASSERT(!Equal(digest, other));
            }
        }
    }

    void SortsByTheFirstBytes() {
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0xba7816bf8f01cfea},
                             Head(Sha256("abc")));
        Digest low{};
        Digest high{};
        high[0] = 1;
        low[7] = 255;
        CPPUNIT_ASSERT(Head(low) < Head(high));
    }

    void MakesKeys() {
        std::array<std::uint8_t, 6> name{};
        std::array<std::uint8_t, 32> secret{};
        CPPUNIT_ASSERT_EQUAL("aip_AAAAAAAA_" + std::string(43, 'A'),
                             MakeClientKey(name, secret));
        name.fill(0xff);
        secret.fill(0xff);
        CPPUNIT_ASSERT_EQUAL(
            "aip_________"
            "_" +
                std::string(42, '_') + "8",
            MakeClientKey(name, secret));
        // Every bit counts.
        std::set<std::string> keys;
        for (std::size_t bit = 0; bit < 38 * 8; ++bit) {
            name.fill(0);
            secret.fill(0);
            std::uint8_t& byte = bit < 48 ? name[bit / 8] : secret[bit / 8 - 6];
            byte = static_cast<std::uint8_t>(1 << (bit % 8));
            keys.insert(MakeClientKey(name, secret));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{38 * 8}, keys.size());
    }

    void ShowsOnlyTheNameOfAKey() {
        const std::string key = "aip_ab12cd34_" + std::string(43, 's');
        CPPUNIT_ASSERT(ClientKeyPrefix(key) == "aip_ab12cd34");
        const std::string names = "aip_a_-_b_-__" + std::string(43, 's');
        CPPUNIT_ASSERT(ClientKeyPrefix(names) == "aip_a_-_b_-_");
        // What is no key of ours may be a secret of somebody else's.
        for (std::string_view text : {"", "aip_", "aip_ab12cd34", "aip_ab12",
                                      "sk-proj-0123456789abcdef"
                                      "0123456789abcdef0123456789"}) {
            const std::string_view shown = ClientKeyPrefix(text);
            CPPUNIT_ASSERT_MESSAGE(std::string(text), shown.size() <= 12);
            CPPUNIT_ASSERT_MESSAGE(std::string(text),
                                   !text.starts_with("sk-") || shown.empty());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KeyDigest);

}  // namespace
}  // namespace aiproxy::key
