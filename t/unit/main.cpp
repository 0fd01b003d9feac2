// SPDX-License-Identifier: MIT
//
// Runs the CppUnit suites and prints TAP, so that prove and scripts/test can
// read the result. "unit_tests Suite::case" runs one test, "unit_tests Suite"
// one suite; without an argument all run. The last line is "N passed, N
// failed"; the exit code is 0 only when something ran and nothing failed.

#include <cppunit/Exception.h>
#include <cppunit/Message.h>
#include <cppunit/SourceLine.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestListener.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestSuite.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace {

class TapListener : public CppUnit::TestListener {
 public:
    void startTest(CppUnit::Test*) override { failure_.clear(); }

    void addFailure(const CppUnit::TestFailure& failure) override {
        const CppUnit::Exception* e = failure.thrownException();
        failure_ = e->sourceLine().fileName() + ":" +
                   std::to_string(e->sourceLine().lineNumber()) + ": " +
                   e->message().shortDescription() + "\n" +
                   e->message().details();
    }

    void endTest(CppUnit::Test* test) override {
        int number = ++ran_;
        bool ok = failure_.empty();
        failed_ += ok ? 0 : 1;
        std::printf("%s %d - %s\n", ok ? "ok" : "not ok", number,
                    test->getName().c_str());
        if (!ok) {
            Comment(failure_);
        }
        std::fflush(stdout);
    }

    int ran() const { return ran_; }
    int failed() const { return failed_; }

 private:
    static void Comment(const std::string& text) {
        std::size_t begin = 0;
        while (begin < text.size()) {
            std::size_t end = text.find('\n', begin);
            end = end == std::string::npos ? text.size() : end;
            std::printf("# %s\n", text.substr(begin, end - begin).c_str());
            begin = end + 1;
        }
    }

    std::string failure_;
    int ran_ = 0;
    int failed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    // A test that writes to a peer that left must see an error, not die.
    signal(SIGPIPE, SIG_IGN);
    std::unique_ptr<CppUnit::Test> all(
        CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    CppUnit::Test* chosen = all.get();
    if (argc > 1) {
        try {
            chosen = all->findTest(argv[1]);
        } catch (const std::exception&) {
            std::fprintf(stderr, "unit_tests: no test is named %s\n", argv[1]);
            return 2;
        }
    }
    CppUnit::TestResult result;
    TapListener listener;
    result.addListener(&listener);
    chosen->run(&result);
    std::printf("1..%d\n", listener.ran());
    std::printf("%d passed, %d failed\n", listener.ran() - listener.failed(),
                listener.failed());
    return listener.ran() > 0 && listener.failed() == 0 ? 0 : 1;
}
