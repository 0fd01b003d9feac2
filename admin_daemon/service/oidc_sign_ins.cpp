// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oidc_sign_ins.h"

#include <sodium.h>

#include "admin_daemon/json.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/oidc_client.h"
#include "admin_daemon/service/oidc_settings.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/audit.h"
#include "admin_daemon/store/config_version.h"
#include "core/base/id.h"
#include "core/oauth/message.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::ConsoleSignIn;
using store::User;

constexpr std::int64_t kLifeMs = 10 * 60'000;
// Anybody may begin one: so many are under way at most.
constexpr std::int64_t kMostUnderWay = 10'000;
constexpr char kWho[] = "(openid)";  // in the audit log

Error Conflict(const char* sentence) {
    return TakenField("", sentence);
}

Error Refused(std::string sentence) {
    Error error(ErrorCode::kForbidden, sentence);
    error.public_text = std::move(sentence);
    return error;
}

Error Unknown() {
    Error error(ErrorCode::kLoginFailed, "no such sign-in");
    error.public_text =
        "This sign-in was not begun here, is over, or took too long. Begin "
        "again.";
    return error;
}

bool Equal(const std::string& a, const std::string& b) {
    return a.size() == b.size() &&
           ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

std::string ContextOf(const ConsoleSignIn& row) {
    return "console_sign_ins.secret:" + row.state_digest;
}

std::string AuditJson(const User& user) {
    Json json = Json::Object();
    json.Set("id", user.id);
    json.Set("username", user.username);
    json.Set("role", user.role);
    json.Set("display_name", user.display_name);
    json.Set("email", user.email);
    json.Set("is_enabled", user.is_enabled);
    return json.Dump();
}

}  // namespace

// Wiped at its end.
struct OidcSignIns::Secret {
    std::string nonce;
    std::string verifier;
    std::string code;

    Secret() = default;
    Secret(Secret&&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret() {
        for (std::string* text : {&nonce, &verifier, &code}) Wipe(*text);
    }
};

Status OidcSignIns::Seal(const Secret& secret, ConsoleSignIn& row) const {
    // None of the three has a line break.
    std::string text =
        secret.nonce + "\n" + secret.verifier + "\n" + secret.code;
    auto sealed = SealColumn(master_, ContextOf(row), text);
    Wipe(text);
    if (!sealed.ok()) return sealed.error();
    row.secret = std::move(*sealed);
    return {};
}

Result<OidcSignIns::Secret> OidcSignIns::Open(const ConsoleSignIn& row) const {
    auto text = OpenColumn(master_, ContextOf(row), row.secret);
    if (!text.ok()) return text.error();
    const std::size_t first = text->find('\n');
    const std::size_t second =
        first == std::string::npos ? first : text->find('\n', first + 1);
    if (second == std::string::npos) {
        return Error(ErrorCode::kInternal, "a sign-in without its secret");
    }
    Secret secret;
    secret.nonce = text->substr(0, first);
    secret.verifier = text->substr(first + 1, second - first - 1);
    secret.code = text->substr(second + 1);
    Wipe(*text);
    return secret;
}

Result<OidcBegun> OidcSignIns::Start(const std::string& console,
                                     std::optional<std::int64_t> link_user_id) {
    return database_.Write([&](Connection& c) -> Result<OidcBegun> {
        const auto provider = store::FindIdentityProvider(c);
        if (!provider.is_enabled) {
            return Conflict("Nobody signs in that way here.");
        }
        const auto endpoints = DecodeEndpoints(provider.metadata);
        if (!endpoints) {
            return Conflict(
                "The identity provider has not been reached yet. An "
                "administrator sees why in the settings.");
        }
        if (store::CountConsoleSignIns(c) >= kMostUnderWay) {
            return Error(ErrorCode::kBusy, "too many sign-ins");
        }
        OidcBegun begun;
        begun.browser = RandomToken();
        const std::string state = RandomToken();
        Secret secret;
        secret.nonce = RandomToken();
        secret.verifier = RandomToken();
        ConsoleSignIn row;
        row.state_digest = HexSha256(state);
        row.browser_digest = HexSha256(begun.browser);
        row.state = "waiting";
        row.node_id = node_id_;
        row.redirect_uri = console + "/oidc/callback";
        row.link_user_id = link_user_id;
        row.expires_at = clock_() + kLifeMs;
        const Status sealed = Seal(secret, row);
        if (!sealed.ok()) return sealed.error();
        store::InsertConsoleSignIn(c, row);
        const bool has_query =
            endpoints->authorize_url.find('?') != std::string::npos;
        begun.authorize_url =
            endpoints->authorize_url + (has_query ? "&" : "?") +
            oauth::FormOf(
                {{"response_type", "code"},
                 {"client_id", provider.client_id},
                 {"redirect_uri", row.redirect_uri},
                 {"scope", Joined(provider.scopes)},
                 {"state", state},
                 {"nonce", secret.nonce},
                 {"code_challenge", oauth::ChallengeOf(secret.verifier)},
                 {"code_challenge_method", "S256"}});
        return begun;
    });
}

Result<std::optional<User>> OidcSignIns::Return(
    const OidcReturn& given, const std::string& browser,
    std::optional<std::int64_t> link_user_id) {
    // What came to nothing is over too, so the transaction commits.
    std::optional<Error> refused;
    auto user =
        database_.Write([&](Connection& c) -> Result<std::optional<User>> {
            refused.reset();
            auto row = store::FindConsoleSignIn(c, HexSha256(given.state));
            const bool ours = row && row->expires_at > clock_() &&
                              row->link_user_id == link_user_id &&
                              (link_user_id ||
                               Equal(row->browser_digest, HexSha256(browser)));
            if (!ours) return Unknown();
            auto came = Accept(c, std::move(*row), given);
            if (came.ok()) return came;
            refused = came.error();
            return std::optional<User>();
        });
    if (refused) return *refused;
    return user;
}

Result<std::optional<User>> OidcSignIns::Accept(Connection& c,
                                                ConsoleSignIn row,
                                                const OidcReturn& given) const {
    if (row.state == "waiting") {
        if (!given.code) {
            store::DeleteConsoleSignIn(c, row.state_digest);
            return Refused("The identity provider says: " +
                           given.error.value_or("no code") + ".");
        }
        auto secret = Open(row);
        if (!secret.ok()) return secret.error();
        secret->code = *given.code;
        const Status sealed = Seal(*secret, row);
        if (!sealed.ok()) return sealed.error();
        row.state = "exchanging";
        // Who was given the code sends it.
        row.node_id = node_id_;
        store::UpdateConsoleSignIn(c, row, "waiting");
        return std::optional<User>();
    }
    if (row.state == "exchanging") return std::optional<User>();
    // Whoever deletes it gets what it came to, once.
    if (!store::DeleteConsoleSignIn(c, row.state_digest)) return Unknown();
    if (row.state == "failed" || !row.user_id) {
        return Refused(row.error.value_or("The sign-in came to nothing."));
    }
    auto user = store::FindUser(c, *row.user_id);
    if (!user || !user->is_enabled) {
        return Refused("Your account here is disabled.");
    }
    return std::optional<User>(std::move(*user));
}

Result<std::vector<std::string>> OidcSignIns::ListDue() {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<std::string>> {
            return store::ListConsoleSignInsDue(c, node_id_, clock_());
        });
}

Status OidcSignIns::RemoveExpired() {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteExpiredConsoleSignIns(c, clock_());
        return {};
    });
}

Status OidcSignIns::Advance(const std::string& state_digest) {
    IdentityProvider provider;
    // Whoever takes it sends its code; a code is never sent twice.
    auto taken = database_.Write(
        [&](Connection& c) -> Result<std::optional<ConsoleSignIn>> {
            auto row = store::FindConsoleSignIn(c, state_digest);
            const bool ours = row && row->state == "exchanging" &&
                              !row->is_taken && row->node_id == node_id_;
            if (!ours) return std::optional<ConsoleSignIn>();
            row->is_taken = true;
            store::UpdateConsoleSignIn(c, *row, row->state);
            provider = store::FindIdentityProvider(c);
            return row;
        });
    if (!taken.ok()) return taken.error();
    if (!*taken) return {};
    ConsoleSignIn& row = **taken;
    const auto user_id = Ask(provider, row);
    row.secret.reset();
    row.state = user_id.ok() ? "done" : "failed";
    if (user_id.ok()) {
        row.user_id = *user_id;
    } else {
        const bool told = user_id.code() == ErrorCode::kForbidden;
        row.error = told ? std::string(user_id.error().text())
                         : "The identity provider could not be asked. Try "
                           "again.";
        log_.Warn("oidc_sign_in_failed",
                  {{"reason", ValidUtf8(user_id.error().detail)}});
    }
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateConsoleSignIn(c, row, "exchanging");
        return {};
    });
}

// Whom the code came to.
Result<std::int64_t> OidcSignIns::Ask(const IdentityProvider& provider,
                                      const ConsoleSignIn& row) {
    const auto endpoints = DecodeEndpoints(provider.metadata);
    auto secret = Open(row);
    if (!provider.is_enabled || !endpoints || !secret.ok()) {
        return Refused("Nobody signs in that way any more.");
    }
    auto client_secret =
        OpenColumn(master_, kOidcSecretContext, provider.client_secret);
    if (!client_secret.ok()) return client_secret.error();
    OidcCode code{provider.issuer,  provider.client_id, *client_secret,
                  row.redirect_uri, secret->code,       secret->verifier,
                  secret->nonce};
    const auto claims = Exchange(http_, *endpoints, code, clock_());
    for (std::string* text :
         {&code.client_secret, &code.code, &code.verifier, &*client_secret}) {
        Wipe(*text);
    }
    if (!claims.ok()) return claims.error();
    const OidcPerson person =
        ReadPerson(claims->subject, claims->payload, provider.role_claim);
    if (!IsOfDomain(person, provider.email_domains)) {
        return Refused(
            "Your account has no verified address of a domain that may sign "
            "in here.");
    }
    const auto role = RoleOf(provider.roles, person.groups);
    if (!role) {
        return Refused(
            "Your account has no role here. An administrator gives one to a "
            "value of its claim " +
            provider.role_claim + ".");
    }
    const auto user_id =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            return Resolve(c, provider, person, *role, row.link_user_id);
        });
    if (user_id.ok()) publication_.Request();
    return user_id;
}

Result<std::int64_t> OidcSignIns::Resolve(
    Connection& c, const IdentityProvider& provider, const OidcPerson& person,
    const std::string& role, std::optional<std::int64_t> link_user_id) {
    const auto known =
        store::FindIdentityUser(c, provider.issuer, person.subject);
    auto user = known ? store::FindUser(c, *known) : std::nullopt;
    if (known && !user) {
        store::DeleteIdentity(c, provider.issuer, person.subject);
    }
    if (link_user_id) {
        if (user && user->id != *link_user_id) {
            return Refused("This account is another user's here already.");
        }
        const auto me = store::FindUser(c, *link_user_id);
        if (!me || !me->is_enabled) {
            return Refused("Your account here is disabled.");
        }
        if (!user) {
            store::InsertIdentity(c, provider.issuer, person.subject, me->id,
                                  clock_());
            Note(c, "link", me, me, *me);
        }
        return me->id;
    }
    if (user && !user->is_enabled) {
        return Refused("Your account here is disabled.");
    }
    if (!user) return Create(c, provider, person, role);
    // A password of its own: an administrator says what that user may.
    if (user->password_hash.empty()) Follow(c, *user, person, role);
    return user->id;
}

Result<std::int64_t> OidcSignIns::Create(Connection& c,
                                         const IdentityProvider& provider,
                                         const OidcPerson& person,
                                         const std::string& role) {
    if (store::FindUserByName(c, person.username)) {
        return Refused("There is a user " + person.username +
                       " here already. Sign in with the password, and link "
                       "this account in your profile.");
    }
    if (!provider.creates_users) {
        return Refused(
            "Nobody here is known by this account. Sign in with a password and "
            "link it in your profile, or ask an administrator.");
    }
    User user;
    user.version = store::UpdateConfigVersion(c);
    user.username = person.username;
    user.role = role;
    user.display_name = person.display_name;
    user.email = person.email;
    user.created_at = user.updated_at = clock_();
    store::InsertUser(c, user);
    store::InsertIdentity(c, provider.issuer, person.subject, user.id,
                          clock_());
    Note(c, "create", std::nullopt, std::nullopt, user);
    return user.id;
}

// What the provider says of its own counts, but for the last admin.
void OidcSignIns::Follow(Connection& c, User user, const OidcPerson& person,
                         const std::string& role) {
    const User before = user;
    const bool last = user.role == Name(Role::kAdmin) && role != user.role &&
                      store::CountOtherAdmins(c, user.id) == 0;
    if (last) {
        log_.Warn("oidc_role_kept", {{"username", user.username},
                                     {"reason", "the last enabled admin"}});
    } else {
        user.role = role;
    }
    if (person.email) user.email = person.email;
    if (person.display_name) user.display_name = person.display_name;
    if (user.role == before.role && user.email == before.email &&
        user.display_name == before.display_name) {
        return;
    }
    user.version = store::UpdateConfigVersion(c);
    user.updated_at = clock_();
    store::UpdateUser(c, user);
    Note(c, "update", std::nullopt, before, user);
}

void OidcSignIns::Note(Connection& c, const char* action,
                       const std::optional<User>& by,
                       const std::optional<User>& before,
                       const User& after) const {
    store::AuditEntry entry;
    entry.occurred_at = clock_();
    entry.username = by ? by->username : kWho;
    if (by) entry.user_id = by->id;
    entry.action = action;
    entry.object_type = "users";
    entry.object_id = std::to_string(after.id);
    entry.request_id =
        FormatRequestId(MakeRequestId(clock_(), RandomBytes<10>()));
    if (before) entry.before = AuditJson(*before);
    store::InsertAuditEntry(c, entry);
    entry.status = 200;
    entry.after = AuditJson(after);
    store::UpdateAuditEntry(c, entry);
}

}  // namespace aiproxy::admin::service
