// SPDX-License-Identifier: MIT
//
// Answers with a refresh token that rotated, sealed in a file each until the
// database has them: what the provider gave cannot be asked for twice, so a
// daemon that dies in between must find it again. Called by
// service/oauth_tokens.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/service/sealing.h"
#include "core/base/time.h"
#include "core/oauth/answer.h"

namespace aiproxy::admin::service {

class TokenJournal {
 public:
    // folder: made when it is needed, a file in it for a provider key.
    TokenJournal(std::string folder, const SealingKey& master)
        : folder_(std::move(folder)), master_(master) {}

    struct Entry {
        std::int64_t provider_key_id = 0;
        std::int64_t token_serial = 0;  // of the token that it replaces
        UnixMs received_at = 0;
        oauth::Answer answer;
    };

    // On the disk when it returns. Errors: kInternal.
    Status Keep(const Entry& entry) const;
    void Drop(std::int64_t provider_key_id) const;
    // What a daemon before this one left. What does not open goes: nobody could
    // use it.
    std::vector<Entry> TakeLeft() const;

 private:
    std::string PathOf(std::int64_t provider_key_id) const;

    const std::string folder_;
    const SealingKey& master_;
};

}  // namespace aiproxy::admin::service
