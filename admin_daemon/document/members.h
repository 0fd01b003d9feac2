// SPDX-License-Identifier: MIT
//
// Members of objects: what of them is configuration, what refers to others,
// what is secret. Called by document/ alone.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/document/work.h"
#include "admin_daemon/json.h"

namespace aiproxy::admin::document {

// The member, which leaves the object; null when it is absent.
Json Take(Json& object, const char* name);
// Absent too when it is null or no text.
std::optional<std::string> TakeText(Json& object, const char* name);
std::optional<std::string> TextOf(const Json& object, const char* name);

// Without ids, times of writing and what only a running daemon knows.
Json Persistent(const Json& object);

// Under's members with over's in their place; those that only over has last.
Json Overlaid(const Json& under, const Json& over);

// Without the members that are as in defaults; those of identity stay.
Json Shortened(const Json& object, const Json& defaults, const char* identity);

// References by name in the place of those by id, and back. What is gone has
// no name and is left out. Errors: kValidation with the field, for a name that
// nobody has.
Json WithNames(const char* section, const Json& object, const Names& names);
Result<Json> WithIds(const char* section, const Json& object,
                     const Names& names);
// "provider_key_ids" as a document calls it: "provider_keys".
std::string FieldInDocument(const char* section, const std::string& field);

// Secrets sealed under the master key for that object ("sealed_secret": …), or
// gone. Equal secrets of the same object give equal texts.
enum class Secrets { kNone, kSealed };
Result<Json> WithoutClear(const service::SealingKey& master,
                          const std::string& object_name, const Json& object,
                          Secrets secrets);
// The same, back. Errors: kValidation with the field.
Result<Json> WithClear(const service::SealingKey& master,
                       const std::string& object_name, const Json& object);
// Stars in the place of secrets; "*** (changed)" for one that after has and
// before has not.
Json MaskedAfter(const Json& before, const Json& after);

}  // namespace aiproxy::admin::document
