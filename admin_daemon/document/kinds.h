// SPDX-License-Identifier: MIT
//
// The kinds of objects that a document has, each a section of it, in the order
// in which they are written: what an object names comes before it. An object
// here has all its members, ids in the place of names and secrets in clear; it
// never leaves the process like that.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/document/work.h"
#include "admin_daemon/json.h"

namespace aiproxy::admin::document {

struct Row {
    std::int64_t id = 0;
    Json object;
};

// A key that was made because the document gave no digest of one.
struct NewSecret {
    std::string section;
    std::string name;
    std::string secret;
};

struct Kind {
    const char* section;
    const char* identity;  // the member that says which one it is
    const char* audit_type;
    std::optional<Of> of;  // what others name it by
    // Members that stay as they are where a document leaves them out.
    std::span<const char* const> kept;
    Result<std::vector<Row>> (*list)(Work& work, bool with_secrets);
    Result<Row> (*find)(Work& work, std::int64_t id);
    // What an object with these members has in the place of those it lacks.
    Json (*defaults)(Work& work, const Json& object);
    // Makes one, or changes that of the id. Errors: kValidation, kConflict.
    Result<std::int64_t> (*write)(Work& work, std::optional<std::int64_t> id,
                                  const Json& before, const Json& object,
                                  std::vector<NewSecret>& made);
    Status (*remove)(Work& work, std::int64_t id);
};

extern const Kind kUserKind;
extern const Kind kProviderKind;
extern const Kind kProviderKeyKind;
extern const Kind kClientKeyKind;
extern const Kind kOAuthClientKind;
extern const Kind kIssuerKind;

std::span<const Kind> Kinds();

}  // namespace aiproxy::admin::document
