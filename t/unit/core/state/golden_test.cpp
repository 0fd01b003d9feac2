// SPDX-License-Identifier: MIT
//
// The layout of the state file, which programs of two versions have mapped at
// the same time: header, a column's head, an entry and a slot, one after the
// other.

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>

#include "t/unit/core/golden_file.h"
#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr BootMs kNow = 1'000'000'000;
constexpr SlotRef kClient{3, Owner::kClientKey, 30};
constexpr SlotRef kKey{4, Owner::kProviderKey, 40};
constexpr std::uint32_t kColumn = 2;

struct Piece {
    std::size_t place;
    std::size_t size;
};
constexpr Piece kPieces[] = {
    {0, sizeof(Header)},
    {kHeadsOffset + kColumn * sizeof(ColumnHead), sizeof(ColumnHead)},
    {ColumnOffset(kColumn), kEntryBytes},
    {kSlotsOffset + 3 * kSlotBytes, kSlotBytes},
    {kSlotsOffset + 4 * kSlotBytes, kSlotBytes},
};

class StateGolden : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateGolden);
    CPPUNIT_TEST(BytesWrittenAreTheGolden);
    CPPUNIT_TEST(TheGoldenIsRead);
    CPPUNIT_TEST(NothingMoved);
    CPPUNIT_TEST_SUITE_END();

 public:
    void BytesWrittenAreTheGolden() {
        std::string written = Written();
        CPPUNIT_ASSERT(written == GoldenFile("state/state.1.bin", written));
    }

    void TheGoldenIsRead() {
        std::string golden = GoldenFile("state/state.1.bin", Written());
        SharedFile file(8);
        Member daemon(file);
        CPPUNIT_ASSERT(daemon.Own(kColumn));
        file.Allocate(ColumnOffset(kColumn), ColumnAllocation(1));
        std::size_t from = 0;
        for (const Piece& piece : kPieces) {
            std::memcpy(file.bytes() + piece.place, golden.data() + from,
                        piece.size);
            from += piece.size;
        }
        CPPUNIT_ASSERT_EQUAL(golden.size(), from);

        State state = *State::Attach(file.bytes(), &daemon);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, *state.OldestServed());
        auto client = state.View(kClient, kNow);
        CPPUNIT_ASSERT(client.has_value());
        CPPUNIT_ASSERT_EQUAL(1u, client->in_flight);
        CPPUNIT_ASSERT_EQUAL(1u, client->requests_this_minute);
        auto key = state.View(kKey, kNow);
        CPPUNIT_ASSERT(key.has_value());
        CPPUNIT_ASSERT_EQUAL(kNow + 30'000, key->rest.until_ms);
        CPPUNIT_ASSERT_EQUAL(429u, key->rest.status);
        auto running = state.ListRunning();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, running.size());
        CPPUNIT_ASSERT_EQUAL(std::string("a-model"),
                             std::string(running[0].model));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, running[0].client_key_id);
        CPPUNIT_ASSERT_EQUAL(0u, state.Recount());
    }

    void NothingMoved() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{20480}, kColumnsOffset);
        CPPUNIT_ASSERT_EQUAL(std::size_t{6'291'456}, kColumnBytes);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1'610'633'216}, kSlotsOffset);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4096 + 255 * 64}, LockByte(255));
        CPPUNIT_ASSERT_EQUAL(std::size_t{368}, offsetof(Entry, spent_tokens));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4096}, ColumnAllocation(1));
        CPPUNIT_ASSERT_EQUAL(std::size_t{8192}, ColumnAllocation(11));
        CPPUNIT_ASSERT_EQUAL(kSlotsOffset + 4096, FileBytes(7));
        CPPUNIT_ASSERT_EQUAL(kSlotsOffset + 8192, FileBytes(8));
    }

 private:
    static std::string Written() {
        SharedFile file(8);
        Member worker(file);
        worker.Work(kColumn, 1);
        State& state = worker.state();
        state.head(kColumn).pid = 1234;
        state.Serve(9);
        Entry& entry = *state.Begin();
        AdmitOne(state, entry, kClient, 5, kNow, nullptr);
        BookKey(state, entry, kKey);
        entry.request_id[0] = 1;
        entry.started_at_ms = 1'700'000'000'000;
        entry.client_key_id = 30;
        entry.provider_id = 7;
        entry.provider_key_id = 40;
        entry.attempts = 2;
        entry.generation = 9;
        entry.status = 200;
        std::memcpy(entry.method, "POST", 4);
        std::memcpy(entry.model, "a-model", 7);
        state.Run(entry);
        state.NextCursor(kClient);
        state.RestKey(kKey, {kNow + 30'000, 2, 429});
        std::string written;
        for (const Piece& piece : kPieces) {
            written.append(
                reinterpret_cast<const char*>(file.bytes()) + piece.place,
                piece.size);
        }
        return written;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateGolden);

}  // namespace
}  // namespace aiproxy::state
