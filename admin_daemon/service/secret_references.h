// SPDX-License-Identifier: MIT
//
// Secrets of provider keys that are kept elsewhere: in a variable of the
// daemon's environment (env:NAME), in a file (file:/path), or told by a command
// (command:/program words). Nothing may be named that the settings do not
// allow: who may write a reference must not read the machine. What was read
// stays in memory alone; when it cannot be read any more the last one stays.
// Written to by task/references, read by whoever needs the secret.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "core/base/result.h"

namespace aiproxy::admin::service {

struct ReferenceRules {
    std::vector<std::string> variables;  // "OPENAI_KEY", "LLM_*"
    std::vector<std::string> folders;    // absolute, without "/" at the end
    std::vector<std::string> commands;   // "/usr/bin/vault-read llm *"
    std::chrono::seconds between_commands{300};
};

class SecretReferences {
 public:
    explicit SecretReferences(ReferenceRules rules);
    ~SecretReferences();
    SecretReferences(const SecretReferences&) = delete;
    SecretReferences& operator=(const SecretReferences&) = delete;

    // Errors: kValidation with the field secret_reference.
    Status Check(const std::string& reference) const;

    struct View {
        bool is_read = false;
        std::optional<std::string> error;  // of the last attempt; no secret
        std::optional<UnixMs> read_at;     // when it was read well
    };
    View Find(std::int64_t provider_key_id) const;

    // The secret, which the caller wipes. A command is not run here, as that
    // takes long: until the task has run it there is none. Errors: kInternal;
    // the detail may be shown.
    Result<std::string> Get(std::int64_t provider_key_id,
                            const std::string& reference);
    // The keys that there are; what belongs to others is forgotten.
    void Keep(const std::set<std::int64_t>& provider_key_ids);

    // A key whose secret became another one, or got or lost its error.
    struct Change {
        std::int64_t provider_key_id = 0;
        bool is_other = false;
        std::optional<std::string> error;
    };
    // Reads again what may have changed: of the commands, which take their
    // time, or of all others. Called by the task, each in a thread of its own.
    std::vector<Change> KeepUp(bool commands);

 private:
    using Steady = std::chrono::steady_clock;
    struct Entry {
        std::string reference;
        std::string secret;  // empty: never read
        std::optional<std::string> error;
        std::optional<UnixMs> read_at;
        std::optional<Steady::time_point> tried_at;
        std::string file_state;  // by which a change of the file is seen
        bool told = true;        // its present error, or that it has none
    };

    bool IsDue(const Entry& entry) const;
    Result<std::string> Read(const std::string& reference) const;
    void Take(Entry& entry, Result<std::string> read) const;

    const ReferenceRules rules_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, Entry> entries_;  // by provider key
};

}  // namespace aiproxy::admin::service
