// SPDX-License-Identifier: MIT

#include "core/snapshot/token_access.h"

#include <algorithm>
#include <vector>

#include "core/jwt/token.h"

namespace aiproxy::snapshot {
namespace {

constexpr std::size_t kMaxKeys = 256;
constexpr std::size_t kSeen = 4096;

std::string_view View(const flatbuffers::Vector<std::uint8_t>* bytes) {
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(reinterpret_cast<const char*>(bytes->data()),
                                  bytes->size());
}

bool IsOn(const wire::Authentication& ways, wire::IssuerKind kind) {
    return kind == wire::IssuerKind::kOAuth ? ways.oauth() : ways.jwt();
}

ErrorCode CheckTimes(const wire::Issuer& issuer, const jwt::Token& token,
                     UnixMs now) {
    std::vector<std::string_view> audiences;
    if (issuer.audiences() != nullptr) {
        for (const flatbuffers::String* audience : *issuer.audiences()) {
            audiences.push_back(audience->string_view());
        }
    }
    auto skew = issuer.skew_s();
    switch (jwt::Check(token, audiences,
                       skew.has_value() ? skew.value() : kSkewSeconds, now)) {
        case jwt::Refusal::kNone:
            return ErrorCode::kNone;
        case jwt::Refusal::kExpired:
            return ErrorCode::kAuthTokenExpired;
        default:
            return ErrorCode::kAuthTokenInvalid;
    }
}

// Issued before what the client key says, or without saying when.
bool IsTooOld(const wire::ClientKey& client, const jwt::Token& token) {
    auto not_before = client.not_before_ms();
    return not_before.has_value() &&
           (!token.issued_s || *token.issued_s > INT64_MAX / 1000 ||
            *token.issued_s * 1000 < not_before.value());
}

}  // namespace

std::string VerificationKeyContext(std::int64_t id, std::uint64_t version) {
    return "snapshot.verification_keys.secret:" + std::to_string(id) + ":" +
           std::to_string(version);
}

TokenVerifier::TokenVerifier(Opener opener)
    : opener_(std::move(opener)), seen_(kSeen) {}

const jwt::Key* TokenVerifier::FindKey(const wire::VerificationKey& row) {
    KeyName name{row.id(), row.version()};
    auto known = keys_.find(name);
    if (known != keys_.end()) {
        return known->second.get();
    }
    if (keys_.size() == kMaxKeys) {
        keys_.clear();
    }
    auto algorithm = static_cast<jwt::Algorithm>(row.algorithm());
    std::unique_ptr<jwt::Key>& key = keys_[name];
    auto made =
        algorithm == jwt::Algorithm::kHs256
            ? jwt::Key::FromSecret(opener_(row))
            : jwt::Key::FromPublicDer(algorithm, View(row.public_key()));
    if (made.ok()) {
        key = std::make_unique<jwt::Key>(*std::move(made));
    }
    return key.get();
}

bool TokenVerifier::IsSigned(const jwt::Token& token, std::string_view text,
                             const wire::VerificationKey& row) {
    if (static_cast<jwt::Algorithm>(row.algorithm()) != token.algorithm) {
        return false;
    }
    key::Digest digest = key::Sha256(text);
    KeyName name{row.id(), row.version()};
    Seen& seen = seen_[key::Head(digest) % kSeen];
    if (!seen.known || seen.key != name || seen.token != digest) {
        const jwt::Key* key = FindKey(row);
        seen = {digest, name, true, key != nullptr && key->Verifies(token)};
    }
    return seen.good;
}

TokenVerifier::Answer TokenVerifier::Admit(const Snapshot& snapshot,
                                           std::string_view text, UnixMs now) {
    Answer answer;
    const wire::Authentication* ways = snapshot.authentication();
    if (ways == nullptr || (!ways->jwt() && !ways->oauth())) {
        answer.refusal = ErrorCode::kAuthModeOff;
        return answer;
    }
    answer.refusal = ErrorCode::kAuthTokenInvalid;
    auto token = jwt::Parse(text);
    const wire::Issuer* issuer =
        token ? FindIssuer(*ways, token->issuer) : nullptr;
    if (issuer == nullptr) {
        return answer;
    }
    if (!IsOn(*ways, issuer->kind())) {
        answer.refusal = ErrorCode::kAuthModeOff;
        return answer;
    }
    const wire::VerificationKey* row = FindVerificationKey(*issuer, token->kid);
    if (row == nullptr) {
        auto fresh = issuer->fresh_until_ms();
        if (fresh.has_value() && fresh.value() <= now) {
            answer.refusal = ErrorCode::kAuthKeysStale;
        }
        return answer;
    }
    if (!IsSigned(*token, text, *row)) {
        return answer;
    }
    answer.issuer = issuer;
    answer.client = snapshot.FindByClaim(
        *issuer, token->Claim(issuer->claim()->string_view()));
    answer.refusal = CheckTimes(*issuer, *token, now);
    if (answer.refusal != ErrorCode::kNone) {
        return answer;
    }
    if (answer.client == nullptr) {
        answer.refusal = ErrorCode::kAuthTokenUnmapped;
    } else if ((!token->id.empty() && IsRevoked(*ways, token->id)) ||
               IsTooOld(*answer.client, *token)) {
        answer.refusal = ErrorCode::kAuthTokenRevoked;
    }
    return answer;
}

}  // namespace aiproxy::snapshot
