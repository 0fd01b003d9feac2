// SPDX-License-Identifier: MIT

#include "admin_daemon/service/service_account.h"

#include "admin_daemon/json.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"
#include "core/oauth/assertion.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostFileBytes = 16 * 1024;

std::string Member(const Json& json, const char* name) {
    const json_t* value = json_object_get(json.raw(), name);
    if (!json_is_string(value)) return {};
    return {json_string_value(value), json_string_length(value)};
}

std::optional<oauth::ServiceAccount> Read(const std::string& file) {
    const auto json = Json::Parse(file);
    if (!json || !json->is_object()) return std::nullopt;
    oauth::ServiceAccount account;
    account.email = Member(*json, "client_email");
    account.key_id = Member(*json, "private_key_id");
    account.private_key = Member(*json, "private_key");
    if (account.email.empty() || account.private_key.empty()) {
        return std::nullopt;
    }
    return account;
}

}  // namespace

Status CheckServiceAccount(const std::string& file) {
    auto account = file.size() > kMostFileBytes ? std::nullopt : Read(file);
    if (account) {
        const auto signs =
            oauth::MakeAssertion(*account, "https://x.invalid", "", 0);
        Wipe(account->private_key);
        if (signs.ok()) return {};
    }
    return InvalidField("secret",
                        "This must be the JSON of a service account, with "
                        "client_email and an RSA private_key.");
}

Result<std::string> AssertionOf(const std::string& file,
                                const OAuthDefinition& definition, UnixMs now) {
    auto account = Read(file);
    if (!account) {
        return Error(ErrorCode::kInternal, "no service account's file");
    }
    auto assertion = oauth::MakeAssertion(*account, definition.token_url,
                                          definition.scope(), now / 1000);
    Wipe(account->private_key);
    return assertion;
}

}  // namespace aiproxy::admin::service
