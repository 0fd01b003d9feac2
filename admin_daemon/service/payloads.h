// SPDX-License-Identifier: MIT
//
// What requests said, for client keys that ask for it to be kept. Called by
// task/payloads, which hands over what workers left, and by api/payloads. What
// the rules of the client key hide is gone before anything is stored; the rest
// is sealed under the master key.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/database.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/payload/payload.h"
#include "core/payload/redact.h"

namespace aiproxy::admin::service {

// A text as it may be seen.
struct KeptText {
    std::string text;
    std::string content_type;
    std::int64_t bytes = 0;   // that passed
    std::int64_t hidden = 0;  // places
    bool is_cut = false;
    bool is_binary = false;  // its bytes are no text: it is not kept
};

struct KeptPayload {
    std::int64_t client_key_id = 0;
    UnixMs started_at = 0;
    UnixMs kept_until = 0;
    std::optional<KeptText> request;
    std::optional<KeptText> answer;
};

// What of a text may be seen: decoded, at most so many bytes of it.
KeptText Readable(const payload::Part& part, const payload::Redactor& redactor,
                  std::size_t most);

class Payloads {
 public:
    Payloads(store::Database& database, store::Database& writer,
             const SealingKey& master, const SealingKey& node)
        : database_(database), writer_(writer), master_(master), node_(node) {}

    // Of a request's file. False: it is none, or of another node key.
    // Errors: the database's; to be tried again.
    Result<bool> Keep(const RequestId& id, std::string_view file);

    // Errors: kNotFound.
    Result<KeptPayload> Get(const std::string& request_id);

 private:
    store::Database& database_;
    store::Database& writer_;
    const SealingKey& master_;
    const SealingKey& node_;
};

}  // namespace aiproxy::admin::service
