// SPDX-License-Identifier: MIT

#include "core/ledger/record.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/ledger/segment.h"
#include "t/unit/core/golden_file.h"
#include "t/unit/core/ledger/golden_record.h"

namespace aiproxy::ledger {
namespace {

constexpr std::size_t kMaxBody = kMaxFrameBytes - kFrameHeaderBytes;
const std::string kReplacement = "\xef\xbf\xbd";

class LedgerRecord : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LedgerRecord);
    CPPUNIT_TEST(BytesAreTheGolden);
    CPPUNIT_TEST(AbsentIsNotZero);
    CPPUNIT_TEST(TheEncoderForgetsTheLastRecord);
    CPPUNIT_TEST(EveryTruncationIsRefusedOrWhole);
    CPPUNIT_TEST(NoFlippedBitIsFollowedOutOfTheBody);
    CPPUNIT_TEST(TextsAreClean);
    CPPUNIT_TEST(TextsAreCutAtACharacter);
    CPPUNIT_TEST(CallersBytesAreCleanedInTheRecord);
    CPPUNIT_TEST(LongTrailsAreCutAndSaySo);
    CPPUNIT_TEST(TheGreatestRecordFitsAFrame);
    CPPUNIT_TEST(AValueOfANewerWriterIsNone);
    CPPUNIT_TEST_SUITE_END();

 public:
    void BytesAreTheGolden() {
        CheckGolden("full", FullRecord());
        CheckGolden("zero", ZeroRecord());
        CheckGolden("absent", AbsentRecord());
    }

    void AbsentIsNotZero() {
        Record zero = *Decode(encoder_.Encode(ZeroRecord()));
        CPPUNIT_ASSERT(zero.cost_pico == std::int64_t{0});
        CPPUNIT_ASSERT(zero.usage.reasoning == std::int64_t{0});
        CPPUNIT_ASSERT(zero.attempts[1].status == std::uint16_t{0});
        CPPUNIT_ASSERT(!zero.attempts[0].status);
        CPPUNIT_ASSERT(!zero.excluded[0].rest_left_ms);
        Record absent = *Decode(encoder_.Encode(AbsentRecord()));
        CPPUNIT_ASSERT(!absent.cost_pico && !absent.first_byte_us);
        CPPUNIT_ASSERT(absent.usage == usage::Usage{});
        CPPUNIT_ASSERT(!absent.client_key_id && !absent.price_version);
    }

    void TheEncoderForgetsTheLastRecord() {
        std::string alone(Encoder().Encode(AbsentRecord()));
        encoder_.Encode(FullRecord());
        CPPUNIT_ASSERT(encoder_.Encode(AbsentRecord()) == alone);
    }

    void EveryTruncationIsRefusedOrWhole() {
        std::string body(encoder_.Encode(FullRecord()));
        CPPUNIT_ASSERT(!Decode("").ok());
        for (std::size_t size = 1; size < body.size(); ++size) {
            // On the heap, so that sanitizers see a read beyond it.
            auto read = Decode(std::string(body, 0, size));
            // The last bytes are padding.
            CPPUNIT_ASSERT(!read.ok() || body.size() - size < 8);
            CPPUNIT_ASSERT(!read.ok() || Same(*read, FullRecord()));
        }
    }

    void NoFlippedBitIsFollowedOutOfTheBody() {
        std::string body(encoder_.Encode(FullRecord()));
        int refused = 0;
        for (std::size_t bit = 0; bit < 8 * body.size(); ++bit) {
            std::string flipped = body;
            flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
            refused += Decode(flipped).ok() ? 0 : 1;
        }
        CPPUNIT_ASSERT(refused > 0);
    }

    void TextsAreClean() {
        auto same = [](std::string_view text) {
            return CleanText(text, 100) == text;
        };
        CPPUNIT_ASSERT(same(""));
        CPPUNIT_ASSERT(same("plain\n\t\x7f"));
        CPPUNIT_ASSERT(same("\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf"));
        CPPUNIT_ASSERT(same("\xee\x80\x80 \xef\xbf\xbf \xf0\x90\x80\x80"));
        CPPUNIT_ASSERT(same("\xf4\x8f\xbf\xbf"));

        auto replaced = [](std::string_view text, int count) {
            std::string wanted;
            for (int i = 0; i < count; ++i) {
                wanted += kReplacement;
            }
            return CleanText(text, 100) == wanted;
        };
        CPPUNIT_ASSERT(replaced(std::string_view("\0", 1), 1));
        CPPUNIT_ASSERT(replaced("\xff", 1));
        CPPUNIT_ASSERT(replaced("\x80", 1));
        CPPUNIT_ASSERT(replaced("\xc0\x80", 2));          // NUL, overlong
        CPPUNIT_ASSERT(replaced("\xc1\xbf", 2));          // overlong
        CPPUNIT_ASSERT(replaced("\xe0\x9f\xbf", 3));      // overlong
        CPPUNIT_ASSERT(replaced("\xed\xa0\x80", 3));      // a surrogate
        CPPUNIT_ASSERT(replaced("\xf0\x8f\xbf\xbf", 4));  // overlong
        CPPUNIT_ASSERT(replaced("\xf4\x90\x80\x80", 4));  // above U+10FFFF
        CPPUNIT_ASSERT(replaced("\xf5", 1));
        CPPUNIT_ASSERT(replaced("\xe2\x82", 2));  // ends too early
        CPPUNIT_ASSERT_EQUAL("a" + kReplacement + "b",
                             CleanText(std::string_view("a\0b", 3), 100));
        CPPUNIT_ASSERT_EQUAL("a" + kReplacement + "\xc3\xa9",
                             CleanText("a\xc3\xc3\xa9", 100));
    }

    void TextsAreCutAtACharacter() {
        CPPUNIT_ASSERT_EQUAL(std::string("abc"), CleanText("abcdef", 3));
        CPPUNIT_ASSERT_EQUAL(std::string("ab"), CleanText("ab\xc3\xa9", 3));
        CPPUNIT_ASSERT_EQUAL(std::string("ab\xc3\xa9"),
                             CleanText("ab\xc3\xa9z", 4));
        CPPUNIT_ASSERT_EQUAL(std::string(), CleanText("\xff", 2));
        CPPUNIT_ASSERT_EQUAL(std::string(), CleanText("x", 0));
    }

    void CallersBytesAreCleanedInTheRecord() {
        Record record;
        record.user_agent = "\xff";
        record.model_asked = std::string("a\0", 2);
        record.path = "/" + std::string(600, 'p');
        record.attempts.resize(1);
        record.attempts[0].address = "\x80";
        Record read = *Decode(encoder_.Encode(record));
        CPPUNIT_ASSERT_EQUAL(kReplacement, read.user_agent);
        CPPUNIT_ASSERT_EQUAL("a" + kReplacement, read.model_asked);
        CPPUNIT_ASSERT_EQUAL(std::size_t{512}, read.path.size());
        CPPUNIT_ASSERT_EQUAL(kReplacement, read.attempts[0].address);
    }

    void LongTrailsAreCutAndSaySo() {
        Record record;
        record.attempts.resize(10);
        record.excluded.resize(50);
        Record read = *Decode(encoder_.Encode(record));
        CPPUNIT_ASSERT(!read.cut);
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, read.attempts.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{50}, read.excluded.size());
        for (auto [attempts, excluded] : {std::pair{5000, 0}, {0, 5000}}) {
            record.attempts.assign(attempts, Attempt{});
            record.excluded.assign(excluded, Excluded{});
            read = *Decode(encoder_.Encode(record));
            CPPUNIT_ASSERT(read.cut);
            CPPUNIT_ASSERT(read.attempts.size() + read.excluded.size() > 4);
        }
    }

    void TheGreatestRecordFitsAFrame() {
        Record record = FullRecord();
        std::string text(20'000, '\xff');
        for (std::string* field :
             {&record.error_code, &record.method, &record.path,
              &record.model_asked, &record.model_served, &record.client_ip,
              &record.user_agent, &record.provider_request_id, &record.event,
              &record.detail}) {
            *field = text;
        }
        Attempt attempt = record.attempts[1];
        attempt.address = text;
        attempt.provider_id = attempt.provider_key_id = INT64_MIN;
        attempt.started_us = attempt.duration_us = UINT64_MAX;
        attempt.failure = retry::Failure::kInvalid;
        attempt.rest_class = retry::RestClass::kTimeout;
        attempt.uncertain = true;
        record.attempts.assign(1000, attempt);
        record.excluded.assign(1000, {INT64_MIN, pool::Exclusion::kResting, 1});
        std::string_view body = encoder_.Encode(record);
        CPPUNIT_ASSERT(body.size() <= kMaxBody);
        Record read = *Decode(body);
        CPPUNIT_ASSERT(read.cut && !read.attempts.empty());
    }

    // Each enum is one byte on the wire; a newer writer's value must not
    // become an enum that this code has no name for.
    void AValueOfANewerWriterIsNone() {
        Record record = FullRecord();
        record.dialect = static_cast<dialect::Dialect>(200);
        record.family = static_cast<dialect::Family>(200);
        record.strategy = static_cast<pool::Strategy>(200);
        record.usage_source = static_cast<usage::UsageSource>(200);
        record.outcome = static_cast<RequestOutcome>(200);
        record.attempts[0].failure = static_cast<retry::Failure>(200);
        record.excluded[0].reason = static_cast<pool::Exclusion>(200);
        Record read = *Decode(encoder_.Encode(record));
        CPPUNIT_ASSERT(read.dialect == dialect::Dialect::kOther);
        CPPUNIT_ASSERT(read.family == dialect::Family::kOpenAi);
        CPPUNIT_ASSERT(read.strategy == pool::Strategy::kRoundRobin);
        CPPUNIT_ASSERT(read.usage_source == usage::UsageSource::kNone);
        CPPUNIT_ASSERT(read.attempts[0].failure == retry::Failure::kNone);
        CPPUNIT_ASSERT(read.excluded[0].reason == pool::Exclusion::kNone);
        CPPUNIT_ASSERT(read.outcome <= RequestOutcome::kAborted);
    }

 private:
    void CheckGolden(const std::string& name, const Record& record) {
        std::string written(encoder_.Encode(record));
        std::string golden = GoldenFile("record/" + name + ".bin", written);
        CPPUNIT_ASSERT(written == golden);
        auto read = Decode(golden);
        CPPUNIT_ASSERT(read.ok());
        CPPUNIT_ASSERT(Same(record, *read));
    }

    Encoder encoder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(LedgerRecord);

}  // namespace
}  // namespace aiproxy::ledger
