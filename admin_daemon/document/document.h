// SPDX-License-Identifier: MIT
//
// The configuration as one document: written from the database, and brought
// into it. Called by config_command. What is written and brought in again is
// the same bytes. A document is all there is to say of an object that it has:
// a member that it leaves out is as it is by default, but for secrets, which
// stay. Objects that it leaves out stay, unless asked otherwise.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/document/kinds.h"
#include "admin_daemon/document/members.h"
#include "admin_daemon/document/yaml.h"

namespace aiproxy::admin::document {

inline constexpr std::int64_t kVersion = 1;

// All objects, by section and name. Errors: kInternal when a secret that is
// asked for cannot be opened.
Result<Json> Write(Work& work, Secrets secrets);

struct ImportOptions {
    bool keep = true;    // else all is taken back: what would change
    bool prune = false;  // objects of its sections that it leaves out go
};

struct Item {
    std::string section;
    std::string name;
    std::string state;  // "added", "changed", "removed"
    Json before;        // as in a document, secrets masked; null: none
    Json after;
};

struct Problem {
    int line = 1;
    std::string field;  // "client_keys[0].strategy"
    std::string text;
};

struct Report {
    std::vector<Item> items;
    std::int64_t unchanged = 0;
    std::vector<Problem> problems;  // with any nothing was written
    std::vector<NewSecret> made;    // shown once
};

// In one transaction, each change with its entry in the audit log. Errors: of
// the database; what is wrong with the document is in the report.
Result<Report> Import(Work& work, const Yaml& document,
                      const ImportOptions& options);

// --- the sections that are not lists of named objects

Result<Json> SettingsObject(Work& work);
// Errors: kValidation with the field.
Status WriteSettings(Work& work, const Json& object);

// Versions of prices in the order of the table, each as one object.
Result<std::vector<Json>> PriceObjects(Work& work);
// As PriceObjects has it: "2.50" is "2.5". Errors: kValidation.
Result<Json> NormalPrice(const Json& object);
Status AddPrice(Work& work, const Json& object);

}  // namespace aiproxy::admin::document
