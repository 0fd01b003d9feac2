// SPDX-License-Identifier: MIT

#include "admin_daemon/service/auth.h"

#include "admin_daemon/files.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class AuthTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(AuthTest);
    CPPUNIT_TEST(TheFirstUserIsMadeOnce);
    CPPUNIT_TEST(ATokenLivesTenMinutes);
    CPPUNIT_TEST(GuessingLocksForAMinute);
    CPPUNIT_TEST(ARefreshTokenIsUsedOnce);
    CPPUNIT_TEST(TwoTabsMayRefreshTogether);
    CPPUNIT_TEST(ASessionEndsAfterAMonth);
    CPPUNIT_TEST(APasswordChangeEndsTheOthers);
    CPPUNIT_TEST(WhatIsOverIsForgotten);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        CPPUNIT_ASSERT(Must(auth_.CreateFirstUser()));
        password_ = Must(ReadWholeFile(password_file_, 100));
        password_.pop_back();
    }

    void TheFirstUserIsMadeOnce() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{20}, password_.size());
        CPPUNIT_ASSERT(!Must(auth_.CreateFirstUser()));
        const SignIn sign_in = LogIn();
        CPPUNIT_ASSERT(sign_in.user.must_change_password);
        CPPUNIT_ASSERT_EQUAL(std::string("admin"), sign_in.user.role);
    }

    void ATokenLivesTenMinutes() {
        const SignIn sign_in = LogIn();
        CPPUNIT_ASSERT(auth_.Authenticate(sign_in.access_token).ok());
        now_ += kAccessTokenMs - 1000;
        CPPUNIT_ASSERT(auth_.Authenticate(sign_in.access_token).ok());
        now_ += 1000;
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Authenticate(sign_in.access_token));
    }

    void GuessingLocksForAMinute() {
        for (int i = 0; i < 8; ++i) {
            AssertCode(ErrorCode::kLoginFailed, auth_.Login("admin", "guess"));
        }
        AssertCode(ErrorCode::kLoginLocked, auth_.Login("admin", password_));
        AssertCode(ErrorCode::kLoginFailed, auth_.Login("other", "guess"));
        now_ += 60'000;
        CPPUNIT_ASSERT(auth_.Login("admin", password_).ok());
        // And the failures of before are forgiven.
        AssertCode(ErrorCode::kLoginFailed, auth_.Login("admin", "guess"));
        CPPUNIT_ASSERT(auth_.Login("admin", password_).ok());
    }

    void ARefreshTokenIsUsedOnce() {
        const SignIn first = LogIn();
        const SignIn second = Must(auth_.Refresh(first.refresh_token));
        CPPUNIT_ASSERT(second.refresh_token != first.refresh_token);
        now_ += 6'000;
        // Whoever comes with the used one has stolen it, or was stolen from.
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Refresh(first.refresh_token));
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Refresh(second.refresh_token));
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Authenticate(second.access_token));
        AssertCode(ErrorCode::kTokenInvalid, auth_.Refresh("unknown"));
    }

    void TwoTabsMayRefreshTogether() {
        const SignIn first = LogIn();
        const SignIn one = Must(auth_.Refresh(first.refresh_token));
        now_ += 4'000;
        const SignIn other = Must(auth_.Refresh(first.refresh_token));
        CPPUNIT_ASSERT(auth_.Refresh(one.refresh_token).ok());
        CPPUNIT_ASSERT(auth_.Refresh(other.refresh_token).ok());
    }

    void ASessionEndsAfterAMonth() {
        const SignIn sign_in = LogIn();
        now_ += kSessionMs;
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Refresh(sign_in.refresh_token));
    }

    void APasswordChangeEndsTheOthers() {
        const SignIn mine = LogIn();
        const SignIn other = LogIn();
        const Identity who = Must(auth_.Authenticate(mine.access_token));
        AssertField("new_password",
                    auth_.ChangePassword(who, password_, "too short"));
        AssertField("new_password",
                    auth_.ChangePassword(who, password_, password_));
        AssertField("current_password",
                    auth_.ChangePassword(who, "wrong", "long enough now"));
        Must(auth_.ChangePassword(who, password_, "long enough now"));
        CPPUNIT_ASSERT(auth_.Authenticate(mine.access_token).ok());
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Authenticate(other.access_token));
        CPPUNIT_ASSERT(!std::filesystem::exists(password_file_));
        AssertCode(ErrorCode::kLoginFailed, auth_.Login("admin", password_));
        const SignIn again = Must(auth_.Login("admin", "long enough now"));
        CPPUNIT_ASSERT(!again.user.must_change_password);
    }

    void WhatIsOverIsForgotten() {
        const SignIn sign_in = LogIn();
        auth_.Login("admin", "guess").ok();
        Must(auth_.RemoveOld());
        CPPUNIT_ASSERT(auth_.Authenticate(sign_in.access_token).ok());
        now_ += kSessionMs + 2 * 86'400'000ll;
        Must(auth_.RemoveOld());
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Refresh(sign_in.refresh_token));
    }

 private:
    SignIn LogIn() { return Must(auth_.Login("admin", password_)); }

    TemporaryFolder folder_;
    const std::string password_file_ = folder_.path() + "/admin_password";
    Passwords passwords_;
    Auth auth_{database_, passwords_, std::string(32, 'k'), password_file_,
               clock_};
    std::string password_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthTest);

}  // namespace
}  // namespace aiproxy::admin::service
