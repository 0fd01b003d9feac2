// SPDX-License-Identifier: MIT

#include "core/sse/parser.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace aiproxy::sse {
namespace {

// Writes down what it gets: "name|data;" per event.
class Recorder : public Sink {
 public:
    void Data(std::string_view piece) override { data_ += piece; }
    void End(std::string_view name) override {
        told_.append(name).append("|").append(data_).append(";");
        data_.clear();
    }

    // Data without an end would be lost.
    std::string told() const { return told_ + data_; }

 private:
    std::string data_;
    std::string told_;
};

std::string Parse(const std::vector<std::string_view>& pieces) {
    Parser parser;
    Recorder recorder;
    for (std::string_view piece : pieces) {
        const std::vector<char> copy(piece.begin(), piece.end());
        parser.Feed({copy.data(), copy.size()}, recorder);
    }
    parser.Finish(recorder);
    return recorder.told();
}

// Whole, cut at every place, and byte by byte: all the same.
void Check(std::string_view stream, const std::string& expected) {
    CPPUNIT_ASSERT_EQUAL(expected, Parse({stream}));
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        single.push_back(stream.substr(i, 1));
        CPPUNIT_ASSERT_EQUAL(expected,
                             Parse({stream.substr(0, i), stream.substr(i)}));
    }
    CPPUNIT_ASSERT_EQUAL(expected, Parse(single));
}

std::string WithLineEnds(std::string_view stream, std::string_view line_end) {
    std::string out;
    for (char c : stream) {
        c == '\n' ? out.append(line_end) : out.append(1, c);
    }
    return out;
}

class SseParser : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SseParser);
    CPPUNIT_TEST(TakesEveryLineEnd);
    CPPUNIT_TEST(TakesMixedLineEnds);
    CPPUNIT_TEST(SkipsAByteOrderMark);
    CPPUNIT_TEST(IgnoresCommentsAndOtherFields);
    CPPUNIT_TEST(StripsOneSpace);
    CPPUNIT_TEST(JoinsDataLines);
    CPPUNIT_TEST(EndsWithoutABlankLine);
    CPPUNIT_TEST(DispatchesNoEventWithoutData);
    CPPUNIT_TEST(CutsLongNames);
    CPPUNIT_TEST(TakesABareObject);
    CPPUNIT_TEST(HandsDataOnAtOnce);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TakesEveryLineEnd() {
        const std::string stream =
            "event: a\ndata: 1\n\n: c\n\ndata: 2\ndata:\ndata: 3\n\n\ndata: "
            "4\n\n";
        for (std::string_view line_end : {"\n", "\r\n", "\r"}) {
            Check(WithLineEnds(stream, line_end), "a|1;|2\n\n3;|4;");
        }
    }

    void TakesMixedLineEnds() {
        Check("data: 1\r\n\ndata: 2\r\rdata: 3\n\r\ndata: 4\n\rdata: 5\r\n\r\n",
              "|1;|2;|3;|4;|5;");
    }

    void SkipsAByteOrderMark() {
        Check(
            "\xef\xbb\xbf"
            "data: 1\n\n",
            "|1;");
        // Only at the very start, and only a whole one.
        Check(
            "data: 1\n\n\xef\xbb\xbf"
            "data: 2\n\n",
            "|1;");
        Check("\xef\xbb\ndata: 2\n\n", "|2;");
    }

    void IgnoresCommentsAndOtherFields() {
        Check(": ping\n:\nid: 7\nretry: 5\nfoo\nfoo: bar\ndata: 1\n: x\n\n",
              "|1;");
        Check("Data: 1\n data: 2\ndatax: 3\ndat: 4\n\n", "");
        Check("event: a\n: between\ndata: 1\nevent: b\n\ndata: 2\n\n",
              "b|1;|2;");
    }

    void StripsOneSpace() {
        Check("data:1\n\ndata:  2 \n\ndata:\t3\n\nevent:x\ndata: a:b\n\n",
              "|1;| 2 ;|\t3;x|a:b;");
    }

    void JoinsDataLines() {
        Check("data: {\ndata: \"a\":1\ndata\ndata: }\n\n", "|{\n\"a\":1\n\n};");
        Check("data\n\ndata:\n\ndata\ndata\n\n", "|;|;|\n;");
    }

    void EndsWithoutABlankLine() {
        Check("data: 1\n\ndata: 2", "|1;|2;");
        Check("data: 1\n\ndata: 2\n", "|1;|2;");
        Check("data: 1\n\ndata: 2\r", "|1;|2;");
        Check("data: 1\n\ndata:", "|1;|;");
        Check("data: 1\n\ndat", "|1;");
        Check("data: 1\n\nevent: x", "|1;");
    }

    void DispatchesNoEventWithoutData() {
        Check("", "");
        Check("\n\n\r\n\r", "");
        Check("event: a\n\ndata: 1\n\n", "|1;");
        Check("event: a\n\n\nevent: b\ndata: 1\n\n", "b|1;");
    }

    void CutsLongNames() {
        const std::string name(Parser::kMaxNameBytes, 'n');
        Check("event: " + name + "more\ndata: 1\n\n", name + "|1;");
        Check(std::string(300, 'f') + ": x\ndata: 1\n\n", "|1;");
    }

    void TakesABareObject() {
        Check("data: 1\n\n{\"error\":\n {}\n}\n\ndata: 2\n\n",
              "|1;|{\"error\":\n {}\n};|2;");
        Check("{\"error\":{}}", "|{\"error\":{}};");
    }

    void HandsDataOnAtOnce() {
        // An event may have tens of megabytes: nothing is gathered.
        class Counter : public Sink {
         public:
            void Data(std::string_view piece) override { size += piece.size(); }
            void End(std::string_view) override { ended = true; }

            std::size_t size = 0;
            bool ended = false;
        } counter;
        Parser parser;
        parser.Feed("data: ", counter);
        const std::string piece(4096, 'x');
        for (std::size_t i = 1; i <= 4096; ++i) {
            parser.Feed(piece, counter);
            CPPUNIT_ASSERT_EQUAL(i * piece.size(), counter.size);
        }
        CPPUNIT_ASSERT(!counter.ended);
        parser.Feed("\n", counter);
        CPPUNIT_ASSERT(!counter.ended);
        parser.Feed("\n", counter);
        CPPUNIT_ASSERT(counter.ended);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SseParser);

}  // namespace
}  // namespace aiproxy::sse
