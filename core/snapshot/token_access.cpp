// SPDX-License-Identifier: MIT

#include "core/snapshot/token_access.h"

#include <openssl/crypto.h>

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

// The key that the token names; nullptr: the answer says why there is none.
const wire::VerificationKey* FindRow(const Snapshot& snapshot,
                                     const jwt::Token* token, UnixMs now,
                                     TokenVerifier::Answer& answer) {
    const wire::Authentication* ways = snapshot.authentication();
    answer.refusal = ErrorCode::kAuthModeOff;
    if (ways == nullptr || (!ways->jwt() && !ways->oauth())) {
        return nullptr;
    }
    const wire::Issuer* issuer =
        token == nullptr ? nullptr : FindIssuer(*ways, token->issuer);
    if (issuer != nullptr && !IsOn(*ways, issuer->kind())) {
        return nullptr;
    }
    answer.refusal = ErrorCode::kAuthTokenInvalid;
    if (issuer == nullptr) {
        return nullptr;
    }
    const wire::VerificationKey* row = FindVerificationKey(*issuer, token->kid);
    if (row == nullptr) {
        auto fresh = issuer->fresh_until_ms();
        if (fresh.has_value()) {
            answer.wanted_issuer_id = issuer->id();
            if (fresh.value() <= now) {
                answer.refusal = ErrorCode::kAuthKeysStale;
            }
        }
        return nullptr;
    }
    if (static_cast<jwt::Algorithm>(row->algorithm()) != token->algorithm) {
        return nullptr;
    }
    answer.issuer = issuer;
    return row;
}

// All but the signature.
void Judge(const Snapshot& snapshot, const jwt::Token& token, UnixMs now,
           TokenVerifier::Answer& answer) {
    const wire::Issuer& issuer = *answer.issuer;
    answer.client = snapshot.FindByClaim(
        issuer, token.Claim(issuer.claim()->string_view()));
    answer.refusal = CheckTimes(issuer, token, now);
    if (answer.refusal != ErrorCode::kNone) {
        return;
    }
    if (answer.client == nullptr) {
        answer.refusal = ErrorCode::kAuthTokenUnmapped;
    } else if ((!token.id.empty() &&
                IsRevoked(*snapshot.authentication(), token.id)) ||
               IsTooOld(*answer.client, token)) {
        answer.refusal = ErrorCode::kAuthTokenRevoked;
    }
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
        return &known->second;
    }
    auto algorithm = static_cast<jwt::Algorithm>(row.algorithm());
    bool is_secret = algorithm == jwt::Algorithm::kHs256;
    std::string secret = is_secret ? opener_(row) : std::string();
    auto made =
        is_secret ? jwt::Key::FromSecret(secret)
                  : jwt::Key::FromPublicDer(algorithm, View(row.public_key()));
    OPENSSL_cleanse(secret.data(), secret.size());
    if (!made.ok()) {
        return nullptr;
    }
    if (keys_.size() == kMaxKeys) {
        keys_.clear();
    }
    return &keys_.emplace(name, *std::move(made)).first->second;
}

// A key that cannot be used tells nothing about the token.
ErrorCode TokenVerifier::CheckSignature(const jwt::Token& token,
                                        std::string_view text,
                                        const wire::VerificationKey& row) {
    key::Digest digest = key::Sha256(text);
    KeyName name{row.id(), row.version()};
    Seen& seen = seen_[key::Head(digest) % kSeen];
    if (!seen.known || seen.key != name || seen.token != digest) {
        const jwt::Key* key = FindKey(row);
        if (key == nullptr) {
            return ErrorCode::kAuthKeysStale;
        }
        seen = {digest, name, true, key->Verifies(token)};
    }
    return seen.good ? ErrorCode::kNone : ErrorCode::kAuthTokenInvalid;
}

TokenVerifier::Answer TokenVerifier::Admit(const Snapshot& snapshot,
                                           std::string_view text, UnixMs now) {
    Answer answer;
    auto token = jwt::Parse(text);
    const wire::VerificationKey* row =
        FindRow(snapshot, token ? &*token : nullptr, now, answer);
    if (row == nullptr) {
        return answer;
    }
    answer.refusal = CheckSignature(*token, text, *row);
    if (answer.refusal != ErrorCode::kNone) {
        return answer;
    }
    Judge(snapshot, *token, now, answer);
    token->signed_part = {};
    token->signature.clear();
    answer.proven = Proven{*std::move(token), {row->id(), row->version()}};
    return answer;
}

TokenVerifier::Answer TokenVerifier::AdmitAgain(const Snapshot& snapshot,
                                                const Proven& proven,
                                                UnixMs now) {
    Answer answer;
    const wire::VerificationKey* row =
        FindRow(snapshot, &proven.token, now, answer);
    if (row == nullptr) {
        return answer;
    }
    if (KeyName(row->id(), row->version()) != proven.key) {
        answer.refusal = ErrorCode::kAuthTokenInvalid;
        return answer;
    }
    Judge(snapshot, proven.token, now, answer);
    return answer;
}

}  // namespace aiproxy::snapshot
