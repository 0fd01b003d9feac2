// SPDX-License-Identifier: MIT

#include "core/payload/secrets.h"

#include <algorithm>
#include <array>

namespace aiproxy::payload {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongBase64 = 200;

// Lower case, without "-" and "_".
constexpr std::string_view kNames[] = {"accesskey",       "accesstoken",
                                       "apikey",          "apitoken",
                                       "authorization",   "authtoken",
                                       "bearertoken",     "clientsecret",
                                       "cookie",          "credential",
                                       "credentials",     "idtoken",
                                       "passphrase",      "passwd",
                                       "password",        "privatekey",
                                       "refreshtoken",    "secret",
                                       "secretaccesskey", "secretkey",
                                       "sessiontoken",    "setcookie",
                                       "token",           "xapikey",
                                       "xgoogapikey",     "proxyauthorization"};

// What credentials begin with, and how much must follow.
struct Prefix {
    std::string_view text;
    std::size_t least;
};
constexpr Prefix kPrefixes[] = {
    {"aip_", 16},        {"sk-", 16},    {"AIza", 30},  {"AKIA", 16},
    {"ASIA", 16},        {"ghp_", 20},   {"gho_", 20},  {"ghs_", 20},
    {"github_pat_", 20}, {"glpat-", 16}, {"xoxb-", 16}, {"xoxp-", 16},
    {"gsk_", 16},        {"xai-", 16},   {"hf_", 16},   {"ya29.", 16},
    {"eyJ", 40},         {"Bearer ", 8}, {"bearer ", 8}};
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemKey = "PRIVATE KEY-----";
constexpr std::string_view kPemEnd = "-----END ";

bool IsWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

bool IsToken(char c) {
    return IsWord(c) || c == '-' || c == '_' || c == '.';
}

bool IsBase64(char c) {
    return IsWord(c) || c == '+' || c == '/' || c == '=' || c == '-' ||
           c == '_';
}

// A private key with all its lines, or up to where the text was cut.
std::size_t PemEnd(std::string_view text, std::size_t at) {
    const std::string_view head = text.substr(at, 64);
    if (!head.starts_with(kPemBegin) || head.find(kPemKey) == head.npos) {
        return at;
    }
    const std::size_t end = text.find(kPemEnd, at);
    if (end == text.npos) return text.size();
    const std::size_t dashes = text.find("-----", end + kPemEnd.size());
    return dashes == text.npos ? text.size() : dashes + 5;
}

std::size_t TokenEnd(std::string_view text, std::size_t at) {
    for (const Prefix& prefix : kPrefixes) {
        if (!text.substr(at).starts_with(prefix.text)) continue;
        std::size_t end = at + prefix.text.size();
        while (end < text.size() && IsToken(text[end])) ++end;
        if (end - at >= prefix.text.size() + prefix.least) return end;
    }
    return at;
}

}  // namespace

bool NamesSecret(std::string_view name) {
    if (name.size() > kLongestName) return false;
    std::array<char, kLongestName> plain;
    std::size_t size = 0;
    for (char c : name) {
        if (c == '-' || c == '_') continue;
        plain[size++] =
            c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const std::string_view text(plain.data(), size);
    return std::find(std::begin(kNames), std::end(kNames), text) !=
           std::end(kNames);
}

void FindSecrets(std::string_view text, std::vector<Span>& spans) {
    constexpr std::string_view kFirst = "asAgxhyeBb-";
    for (std::size_t at = text.find_first_of(kFirst); at != text.npos;
         at = text.find_first_of(kFirst, at)) {
        // A letter of an escape, as in "\nsk-", is no part of the word.
        const bool inside =
            at > 0 && IsWord(text[at - 1]) && !(at > 1 && text[at - 2] == '\\');
        std::size_t end = at;
        if (text[at] == '-') {
            end = PemEnd(text, at);
        } else if (!inside) {
            end = TokenEnd(text, at);
        }
        if (end > at) spans.emplace_back(at, end);
        at = std::max(end, at + 1);
    }
}

void FindBase64(std::string_view text, std::vector<Span>& spans) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t begin = at;
        // JSON may write "/" as "\/".
        while (at < text.size() &&
               (IsBase64(text[at]) || text.substr(at, 2) == "\\/")) {
            ++at;
        }
        if (at - begin >= kLongBase64) spans.emplace_back(begin, at);
    }
}

}  // namespace aiproxy::payload
