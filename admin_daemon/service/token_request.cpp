// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token_request.h"

#include <algorithm>

#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Authentication, oauth::Message;

constexpr std::size_t kMostAnswerBytes = 64 * 1024;
constexpr std::size_t kMostTokenBytes = 8192;

// A token is sent in a header later on.
bool IsToken(const std::string& text) {
    return !text.empty() && text.size() <= kMostTokenBytes &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

client::HttpRequest RequestOf(const OAuthDefinition& definition,
                              Message message,
                              const OAuthClientIdentity& client,
                              const oauth::Values& values) {
    client::HttpRequest request;
    request.method = "POST";
    request.url = message == Message::kDevice
                      ? definition.device_url.value_or("")
                      : definition.token_url;
    request.most_bytes = kMostAnswerBytes;
    auto pairs = oauth::Fill(message, definition.authentication,
                             definition.ParametersOf(message), values);
    const bool json = definition.json_body && message != Message::kDevice;
    request.body = json ? oauth::JsonOf(pairs) : oauth::FormOf(pairs);
    request.headers = {
        {"Accept", "application/json"},
        {"Content-Type",
         json ? "application/json" : "application/x-www-form-urlencoded"}};
    if (definition.authentication == Authentication::kBasic &&
        message != Message::kAssertion && message != Message::kDevice) {
        request.headers.emplace_back("Authorization",
                                     oauth::BasicOf(client.id, client.secret));
    }
    for (auto& [name, value] : pairs) Wipe(value);
    return request;
}

void WipeRequest(client::HttpRequest& request) {
    Wipe(request.body);
    for (auto& [name, value] : request.headers) Wipe(value);
}

// What is in an answer of the server; its status may be any.
void Judge(int status, Message message, ProviderAnswer& outcome) {
    using Kind = ProviderAnswer::Kind;
    const oauth::Answer& answer = outcome.answer;
    const bool good = message == Message::kDevice
                          ? !answer.device_code.empty() &&
                                !answer.user_code.empty() &&
                                !answer.verification_uri.empty()
                          : IsToken(answer.access_token);
    if (status == 200 && answer.error.empty() && good) {
        outcome.kind = Kind::kGot;
        return;
    }
    outcome.reason = "status " + std::to_string(status);
    if (!answer.error.empty()) outcome.reason += ", " + answer.error;
    if (status == 200 && answer.error.empty()) {
        outcome.reason = "an answer without what was asked for";
    }
    // 429 and 5xx pass, whatever they say beside.
    const bool final = status < 500 && status != 429 && status != 408;
    if (final && !answer.error.empty()) outcome.kind = Kind::kRefused;
}

}  // namespace

OAuthClientIdentity::~OAuthClientIdentity() {
    Wipe(secret);
}

ProviderAnswer::~ProviderAnswer() {
    for (std::string* secret :
         {&answer.access_token, &answer.refresh_token, &answer.device_code}) {
        Wipe(*secret);
    }
}

ProviderAnswer AskForTokens(const client::HttpClient& http,
                            const OAuthDefinition& definition, Message message,
                            const OAuthClientIdentity& client,
                            oauth::Values values) {
    values.emplace_back("client_id", client.id);
    values.emplace_back("client_secret", client.secret);
    values.emplace_back("scope", definition.scope());
    auto request = RequestOf(definition, message, client, values);
    for (auto& [name, value] : values) Wipe(value);
    auto reply = http.Send(request);
    WipeRequest(request);
    ProviderAnswer outcome;
    if (!reply.ok()) {
        outcome.reason = reply.error().detail;
        return outcome;
    }
    auto answer = oauth::ReadAnswer(reply->body);
    Wipe(reply->body);
    if (!answer) {
        outcome.reason = "status " + std::to_string(reply->status) +
                         ", an answer that is no JSON object";
        return outcome;
    }
    outcome.answer = std::move(*answer);
    Judge(reply->status, message, outcome);
    return outcome;
}

}  // namespace aiproxy::admin::service
