// SPDX-License-Identifier: MIT
//
// From a token to the client key whose rights it has: which issuer, which
// key, is it signed, is it in time, whom does it name. Called by nginx's
// workers for each request that shows a token.
//
// Of a token only whether it was signed by a key of this id and version is
// remembered, for good ones and bad ones; all else is asked of the present
// snapshot each time, so that what is revoked is refused at once.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/jwt/key.h"
#include "core/jwt/token.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {

// How far apart the clocks may be when the issuer does not say.
inline constexpr std::int64_t kSkewSeconds = 60;

class TokenVerifier {
 public:
    // Opens a sealed secret (core/key/seal.h, VerificationKeyContext); empty:
    // it cannot be opened.
    using Opener = std::function<std::string(const wire::VerificationKey&)>;
    explicit TokenVerifier(Opener opener);

    using KeyName = std::pair<std::int64_t, std::uint64_t>;  // id, version
    // A token whose signature was good, without its text.
    struct Proven {
        jwt::Token token;
        KeyName key;
    };
    struct Answer {
        ErrorCode refusal = ErrorCode::kNone;
        // Set when the signature was good and it names one, refused or not.
        const wire::ClientKey* client = nullptr;
        const wire::Issuer* issuer = nullptr;
        std::optional<Proven> proven;
        // Whose key set should be fetched: the token names a key that it may
        // have meanwhile. 0: nobody's.
        std::int64_t wanted_issuer_id = 0;
    };
    // What a client key may not in itself (disabled, expired, address …) is
    // asked by the caller as for a client key that was shown.
    Answer Admit(const Snapshot& snapshot, std::string_view token, UnixMs now);
    // The same again, when only what was proven is left of the token.
    static Answer AdmitAgain(const Snapshot& snapshot, const Proven& proven,
                             UnixMs now);

 private:
    struct Seen {
        key::Digest token{};
        KeyName key;
        bool known = false;
        bool good = false;
    };

    const jwt::Key* FindKey(const wire::VerificationKey& row);
    ErrorCode CheckSignature(const jwt::Token& token, std::string_view text,
                             const wire::VerificationKey& row);

    Opener opener_;
    // Emptied when it has too many.
    std::map<KeyName, jwt::Key> keys_;
    std::vector<Seen> seen_;
};

// The context under which the daemon seals a secret for the node.
std::string VerificationKeyContext(std::int64_t id, std::uint64_t version);

}  // namespace aiproxy::snapshot
