// SPDX-License-Identifier: MIT

#include "admin_daemon/service/users.h"

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/auth.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class UsersTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(UsersTest);
    CPPUNIT_TEST(RolesReachWhatTheyMay);
    CPPUNIT_TEST(OneAdminIsLeft);
    CPPUNIT_TEST(ADisabledUserIsOut);
    CPPUNIT_TEST(AUserWithKeysStays);
    CPPUNIT_TEST(PasswordsKeepTheRules);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        admin_ = Make("admin", "admin");
    }

    void RolesReachWhatTheyMay() {
        CPPUNIT_ASSERT(!ParseRole("root"));
        CPPUNIT_ASSERT(!ScopeOf(Access::kOperator, Role::kViewer, 7));
        CPPUNIT_ASSERT(ScopeOf(Access::kOperator, Role::kAdmin, 7));
        const auto own = ScopeOf(Access::kOperatorOrOwn, Role::kViewer, 7);
        CPPUNIT_ASSERT(own && own->owner == 7);
        CPPUNIT_ASSERT(own->Covers(7) && !own->Covers(8) && !own->Covers({}));
        const auto all = ScopeOf(Access::kOperatorOrOwn, Role::kOperator, 7);
        CPPUNIT_ASSERT(all && all->Covers(8) && all->Covers({}));
    }

    void OneAdminIsLeft() {
        UserChange change;
        change.role = "operator";
        AssertCode(ErrorCode::kConflict, users_.Update(admin_, change));
        change = {};
        change.is_enabled = false;
        AssertCode(ErrorCode::kConflict, users_.Update(admin_, change));
        AssertCode(ErrorCode::kConflict, users_.Delete(admin_));
        const std::int64_t second = Make("second", "admin");
        Must(users_.Update(second, change));
        // One that is disabled does not count.
        AssertCode(ErrorCode::kConflict, users_.Delete(admin_));
        change.is_enabled = true;
        Must(users_.Update(second, change));
        Must(users_.Delete(admin_));
        AssertCode(ErrorCode::kConflict, users_.Delete(second));
        // A name is free again when its user is gone.
        Make("admin", "viewer");
    }

    void ADisabledUserIsOut() {
        const std::int64_t id = Make("bob", "viewer");
        const SignIn sign_in = Must(auth_.Login("bob", kPassword));
        CPPUNIT_ASSERT(auth_.Authenticate(sign_in.access_token).ok());
        UserChange change;
        change.is_enabled = false;
        Must(users_.Update(id, change));
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Authenticate(sign_in.access_token));
        AssertCode(ErrorCode::kLoginFailed, auth_.Login("bob", kPassword));
        // Back again, but not the session.
        change.is_enabled = true;
        Must(users_.Update(id, change));
        AssertCode(ErrorCode::kTokenInvalid,
                   auth_.Authenticate(sign_in.access_token));
        CPPUNIT_ASSERT(auth_.Login("bob", kPassword).ok());
    }

    void AUserWithKeysStays() {
        const std::int64_t id = Make("bob", "user");
        const auto provider = MakeProvider("p");
        const auto key = MakeProviderKey("k", provider.id);
        ClientKeyChange change;
        change.name = "c";
        change.pool = {key.id};
        change.user_id = id;
        const auto made = Must(client_keys_.Create(change)).value;
        AssertCode(ErrorCode::kConflict, users_.Delete(id));
        Must(client_keys_.Delete(made.row.id));
        Must(users_.Delete(id));
        AssertCode(ErrorCode::kNotFound, users_.Get(id));
        AssertCode(ErrorCode::kLoginFailed, auth_.Login("bob", kPassword));
    }

    void PasswordsKeepTheRules() {
        const std::int64_t id = Make("robert", "user");
        UserChange change;
        for (const char* bad :
             {"elevenchars", "aaaabbbbccccdddd", "robert's own password"}) {
            change.password = bad;
            AssertField("password", users_.Update(id, change));
        }
        change.password = "another long one";
        const User user = Must(users_.Update(id, change)).value;
        CPPUNIT_ASSERT(user.must_change_password);
        CPPUNIT_ASSERT(auth_.Login("robert", "another long one").ok());
    }

 private:
    static constexpr const char* kPassword = "a long password";

    std::int64_t Make(const std::string& name, const std::string& role) {
        UserChange change;
        change.username = name;
        change.role = role;
        change.password = kPassword;
        return Must(users_.Create(change)).value.id;
    }

    Passwords passwords_;
    Users users_{database_, publication_, passwords_, clock_};
    Auth auth_{database_, passwords_, std::string(32, 'k'), "/nowhere", clock_};
    std::int64_t admin_ = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(UsersTest);

}  // namespace
}  // namespace aiproxy::admin::service
