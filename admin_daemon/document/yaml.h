// SPDX-License-Identifier: MIT
//
// YAML as JSON and back, through yaml-cpp. What is read is the part of YAML
// that JSON has: maps, lists, texts, numbers, true, false and null; a plain
// word that is none of those is a text. Called by document/ alone.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "admin_daemon/json.h"
#include "core/base/result.h"

namespace aiproxy::admin::document {

// Where each value stands: "client_keys[0].strategy" and its line.
class Lines {
 public:
    void Put(const std::string& path, int line) { lines_[path] = line; }
    // Of the value or, if it has none, of what it is in; 1 at least.
    int Find(std::string path) const;

 private:
    std::map<std::string, int> lines_;
};

struct Yaml {
    Json root;
    Lines lines;
};

// Prices and costs are decimal texts in JSON: their numbers are kept as they
// are written. Errors: kValidation, the detail begins with "line N: ".
Result<Yaml> ParseYaml(std::string_view text);

// REQUIRES: an object. Equal values give equal bytes.
std::string FormatYaml(const Json& root);

}  // namespace aiproxy::admin::document
