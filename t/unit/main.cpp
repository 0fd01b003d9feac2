// SPDX-License-Identifier: MIT
//
// Runs the CppUnit suites and prints TAP, so that prove and scripts/test can
// read the result. "unit_tests Text" runs the tests whose full name (namespace,
// suite and case) contains the text; without an argument all run. The last line
// is "N passed, N failed"; the exit code is 0 only when something ran and
// nothing failed.

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

// Runs the tests whose name contains the text.
void RunNamed(CppUnit::Test& test, const std::string& text,
              CppUnit::TestResult& result) {
    if (test.getChildTestCount() == 0) {
        if (test.getName().find(text) != std::string::npos) {
            test.run(&result);
        }
        return;
    }
    for (int i = 0; i < test.getChildTestCount(); ++i) {
        RunNamed(*test.getChildTestAt(i), text, result);
    }
}

}  // namespace

int main(int argc, char** argv) {
    // A test that writes to a peer that left must see an error, not die.
    signal(SIGPIPE, SIG_IGN);
    std::unique_ptr<CppUnit::Test> all(
        CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    CppUnit::TestResult result;
    TapListener listener;
    result.addListener(&listener);
    const std::string text = argc > 1 ? argv[1] : "";
    RunNamed(*all, text, result);
    if (listener.ran() == 0) {
        std::fprintf(stderr, "unit_tests: no test is named %s\n", text.c_str());
    }
    std::printf("1..%d\n", listener.ran());
    std::printf("%d passed, %d failed\n", listener.ran() - listener.failed(),
                listener.failed());
    return listener.ran() > 0 && listener.failed() == 0 ? 0 : 1;
}
