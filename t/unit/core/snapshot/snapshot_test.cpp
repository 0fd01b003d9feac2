// SPDX-License-Identifier: MIT

#include "core/snapshot/snapshot.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/base/crc32c.h"
#include "core/snapshot/prices.h"
#include "t/unit/core/snapshot/golden_content.h"

namespace aiproxy::snapshot {
namespace {

// Bytes in memory of exactly their size, so that sanitizers see a read beyond.
std::vector<std::byte> Copy(std::string_view bytes) {
    auto from = reinterpret_cast<const std::byte*>(bytes.data());
    return {from, from + bytes.size()};
}

bool Opens(std::string_view bytes) {
    return Snapshot::Open(Copy(bytes)).ok();
}

// A payload of our own in a sound file.
std::string Wrap(const flatbuffers::FlatBufferBuilder& builder,
                 std::string_view header) {
    std::string_view payload(
        reinterpret_cast<const char*>(builder.GetBufferPointer()),
        builder.GetSize());
    std::string file(header.substr(0, kHeaderBytes));
    std::uint64_t size = payload.size();
    std::uint32_t checksum = Crc32c(payload);
    std::memcpy(file.data() + 32, &size, sizeof(size));
    std::memcpy(file.data() + 40, &checksum, sizeof(checksum));
    return file.append(payload);
}

class SnapshotFile : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SnapshotFile);
    CPPUNIT_TEST(EveryFlippedBitIsRefused);
    CPPUNIT_TEST(EveryTruncationAndTailIsRefused);
    CPPUNIT_TEST(ADetailSaysWhatIsWrong);
    CPPUNIT_TEST(ASoundFileWithWrongRowsIsRefused);
    CPPUNIT_TEST(EncodeRefusesWhatItCannotSay);
    CPPUNIT_TEST(AnEmptySnapshotIsOne);
    CPPUNIT_TEST(FindsEachOfManyClientKeys);
    CPPUNIT_TEST(EqualHeadsAreToldApart);
    CPPUNIT_TEST(MoreThanAMillionTablesAreVerified);
    CPPUNIT_TEST(PricesOfSeveralVersions);
    CPPUNIT_TEST(PricesWithoutADate);
    CPPUNIT_TEST(CalibrationsByModel);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override { file_ = *Encode(GoldenContent()); }

    void EveryFlippedBitIsRefused() {
        CPPUNIT_ASSERT(Opens(file_));
        for (std::size_t bit = 0; bit < 8 * file_.size(); ++bit) {
            std::string flipped = file_;
            flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
            CPPUNIT_ASSERT(!Opens(flipped));
        }
    }

    void EveryTruncationAndTailIsRefused() {
        for (std::size_t size = 0; size < file_.size(); ++size) {
            CPPUNIT_ASSERT(!Opens(std::string_view(file_).substr(0, size)));
        }
        CPPUNIT_ASSERT(!Opens(file_ + '\0'));
        CPPUNIT_ASSERT(!Opens(file_ + file_));
        CPPUNIT_ASSERT(!Opens(std::string(4096, '\0')));
    }

    void ADetailSaysWhatIsWrong() {
        auto detail = [&](std::size_t place) {
            std::string changed = file_;
            changed[place] ^= 1;
            auto bytes = Copy(changed);
            return Snapshot::Open(bytes).error().detail;
        };
        CPPUNIT_ASSERT(detail(0).find("magic") != std::string::npos);
        CPPUNIT_ASSERT(detail(8).find("format") != std::string::npos);
        CPPUNIT_ASSERT(detail(16).find("feature") != std::string::npos);
        CPPUNIT_ASSERT(detail(24).find("generation") != std::string::npos);
        CPPUNIT_ASSERT(detail(32).find("size") != std::string::npos);
        CPPUNIT_ASSERT(detail(40).find("checksum") != std::string::npos);
        CPPUNIT_ASSERT(detail(99).find("checksum") != std::string::npos);
    }

    // A checksum says that the bytes are the writer's, not that they are good.
    void ASoundFileWithWrongRowsIsRefused() {
        using Heads = std::vector<std::uint64_t>;
        CPPUNIT_ASSERT(Opens(File(0, 0, 32, Heads{1, 2})));
        CPPUNIT_ASSERT(!Opens(File(1, 0, 32, Heads{1, 2})));
        CPPUNIT_ASSERT(!Opens(File(0, 1, 32, Heads{1, 2})));
        CPPUNIT_ASSERT(!Opens(File(0, 0, 31, Heads{1, 2})));
        CPPUNIT_ASSERT(!Opens(File(0, 0, 33, Heads{1, 2})));
        CPPUNIT_ASSERT(!Opens(File(0, 0, 32, Heads{2, 1})));
    }

    void CalibrationsByModel() {
        Content content = GoldenContent();
        content.calibrations = {{"m", 1'500'000, 20'000}, {"a", 900'000, 5}};
        file_ = *Encode(content);
        const auto bytes = Copy(file_);
        const auto snapshot = Snapshot::Open(bytes);
        CPPUNIT_ASSERT(snapshot.ok());
        CPPUNIT_ASSERT(snapshot->FindCalibration("m").ppm == 1'500'000);
        CPPUNIT_ASSERT(snapshot->FindCalibration("m").error_ppm == 20'000);
        CPPUNIT_ASSERT(snapshot->FindCalibration("a").ppm == 900'000);
        // Nothing was learned: as it is measured.
        for (const char* model : {"", "b", "z"}) {
            CPPUNIT_ASSERT(snapshot->FindCalibration(model).ppm == 1'000'000);
        }
    }

    void EncodeRefusesWhatItCannotSay() {
        auto refused = [](auto change, const char* what) {
            Content content = GoldenContent();
            change(content);
            auto file = Encode(content);
            return !file.ok() &&
                   file.error().detail.find(what) != std::string::npos;
        };
        CPPUNIT_ASSERT(refused(
            [](Content& c) { c.provider_keys[1].provider_id = 9; }, "12"));
        CPPUNIT_ASSERT(refused(
            [](Content& c) {
                c.client_keys[0].pool = {12, 13};
            },
            "21"));
        CPPUNIT_ASSERT(refused(
            [](Content& c) {
                c.client_keys[1].digest = c.client_keys[0].digest;
            },
            "22"));
        CPPUNIT_ASSERT(refused(
            [](Content& c) {
                c.client_keys[0].previous = {c.client_keys[1].digest, 1};
            },
            "21"));
        CPPUNIT_ASSERT(refused(
            [](Content& c) {
                c.client_keys[0].previous = c.client_keys[1].previous;
            },
            "another's"));
        CPPUNIT_ASSERT(refused(
            [](Content& c) {
                c.authentication.issuers[0].clients.push_back({"eve", 99});
            },
            "41"));
    }

    void AnEmptySnapshotIsOne() {
        Content content;
        content.generation = 1;
        std::string file = *Encode(content);
        auto bytes = Copy(file);
        auto snapshot = Snapshot::Open(bytes);
        CPPUNIT_ASSERT(snapshot.ok());
        CPPUNIT_ASSERT(snapshot->FindClientKey({}) == nullptr);
        CPPUNIT_ASSERT(!snapshot->FindPrice("", "", 0));
    }

    void FindsEachOfManyClientKeys() {
        Content content;
        for (int i = 0; i < 5000; ++i) {
            ClientKey key;
            key.digest = key::Sha256(std::to_string(i));
            key.id = i;
            content.client_keys.push_back(key);
        }
        auto bytes = Copy(*Encode(content));
        auto snapshot = Snapshot::Open(bytes);
        for (int i = 0; i < 5000; ++i) {
            auto found =
                snapshot->FindClientKey(key::Sha256(std::to_string(i)));
            CPPUNIT_ASSERT(found != nullptr && found->id() == i);
            key::Digest near = key::Sha256(std::to_string(i));
            near.back() ^= 1;
            CPPUNIT_ASSERT(snapshot->FindClientKey(near) == nullptr);
        }
        CPPUNIT_ASSERT(snapshot->FindClientKey(DigestOf(0)) == nullptr);
        key::Digest last;
        last.fill(0xff);
        CPPUNIT_ASSERT(snapshot->FindClientKey(last) == nullptr);
    }

    void EqualHeadsAreToldApart() {
        Content content;
        for (std::uint8_t i = 1; i < 20; ++i) {
            ClientKey key;
            key.digest = DigestOf(7, i);
            key.id = i;
            content.client_keys.insert(content.client_keys.begin(), key);
        }
        auto bytes = Copy(*Encode(content));
        auto snapshot = Snapshot::Open(bytes);
        for (std::uint8_t i = 1; i < 20; ++i) {
            auto found = snapshot->FindClientKey(DigestOf(7, i));
            CPPUNIT_ASSERT(found != nullptr && found->id() == i);
        }
        CPPUNIT_ASSERT(snapshot->FindClientKey(DigestOf(7, 20)) == nullptr);
    }

    // FlatBuffers' verifier stops at a million tables unless it is told more.
    void MoreThanAMillionTablesAreVerified() {
        Content content;
        content.prices.resize(1'000'100);
        CPPUNIT_ASSERT(Opens(*Encode(content)));
    }

    void PricesOfSeveralVersions() {
        Content content;
        Add(content, "a", "m", 1, {});
        Add(content, "a", "m", 3, 2000);
        Add(content, "a", "m", 2, 1000);
        Add(content, "b", "m", 4, {});
        Add(content, "a", "n", 5, 1000);
        auto bytes = Copy(*Encode(content));
        auto snapshot = *Snapshot::Open(bytes);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, Find(snapshot, "a", "m", 999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, Find(snapshot, "a", "m", 1000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, Find(snapshot, "a", "m", 1999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, Find(snapshot, "a", "m", 9999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, Find(snapshot, "b", "m", 9999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, Find(snapshot, "a", "n", 1000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Find(snapshot, "a", "n", 999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Find(snapshot, "c", "m", 9999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Find(snapshot, "a", "", 9999));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Find(snapshot, "", "m", 9999));
    }

    void PricesWithoutADate() {
        Content content;
        Add(content, "a", "gpt-4o", 1, {});
        Add(content, "a", "gpt-4o-2024-08-06", 2, {});
        Add(content, "a", "gpt-5-2026-01-01", 3, 5000);
        Add(content, "a", "gpt-5", 4, {});
        auto bytes = Copy(*Encode(content));
        auto snapshot = *Snapshot::Open(bytes);
        auto find = [&](const char* model, UnixMs at) {
            return Find(snapshot, "a", model, at);
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, find("gpt-4o-2024-08-06", 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, find("gpt-4o-2024-11-20", 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, find("gpt-4", 0));
        // The exact row is not in effect yet.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, find("gpt-5-2026-01-01", 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, find("gpt-5-2026-01-01", 5000));
    }

 private:
    static void Add(Content& content, const char* list, const char* model,
                    std::int64_t version, std::optional<UnixMs> from) {
        PriceRow row{list, model, from, {}};
        row.price.version_id = version;
        content.prices.push_back(row);
    }

    // The version; 0: unpriced.
    static std::int64_t Find(const Snapshot& snapshot, const char* list,
                             const char* model, UnixMs at) {
        auto price = snapshot.FindPrice(list, model, at);
        // A copy of the prices says the same.
        auto copied = Prices(snapshot).Find(list, model, at);
        CPPUNIT_ASSERT_EQUAL(price.has_value(), copied.has_value());
        CPPUNIT_ASSERT(!price || price->version_id == copied->version_id);
        return price ? price->version_id : 0;
    }

    // One provider, one provider key of provider number `provider`, client
    // keys with a pool of provider key number `pool`.
    std::string File(std::uint32_t provider, std::uint32_t pool,
                     std::size_t digest_bytes,
                     const std::vector<std::uint64_t>& heads) {
        flatbuffers::FlatBufferBuilder b;
        auto text = b.CreateString("x");
        std::vector providers = {wire::CreateProvider(
            b, 1, text, 0, true, 0, false, text, 1, text, 0, false, text,
            wire::CredentialLocation::kHeader, text, text, 0,
            flatbuffers::nullopt, flatbuffers::nullopt, flatbuffers::nullopt,
            flatbuffers::nullopt, false, text)};
        std::vector<std::uint8_t> bytes(digest_bytes);
        std::vector keys = {wire::CreateProviderKey(
            b, 1, text, 0, true, provider, flatbuffers::nullopt, 1,
            flatbuffers::nullopt, b.CreateVector(bytes))};
        std::vector<flatbuffers::Offset<wire::ClientKey>> clients;
        for (std::uint64_t head : heads) {
            std::vector<std::uint32_t> indices = {pool};
            clients.push_back(wire::CreateClientKeyDirect(
                b, head, &bytes, 1, "x", 0, true, flatbuffers::nullopt,
                flatbuffers::nullopt, flatbuffers::nullopt,
                wire::Strategy::kRoundRobin, &indices));
        }
        std::vector<flatbuffers::Offset<wire::Price>> prices;
        // The header's features are those of the golden.
        auto ways = wire::CreateAuthentication(b, false);
        b.Finish(wire::CreateSnapshotDirect(b, 42, 0, &providers, &keys,
                                            &clients, &prices, nullptr, ways));
        return Wrap(b, file_);
    }

    std::string file_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SnapshotFile);

}  // namespace
}  // namespace aiproxy::snapshot
