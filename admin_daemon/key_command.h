// SPDX-License-Identifier: MIT
//
// aiproxy-admin key: makes, lists, rotates and switches client keys from a
// terminal, by the rules of the API. A key is shown once, when it is made.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class KeyCommand {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return !action_.empty(); }
    // REQUIRES: chosen. Returns the exit status.
    int Run(const Settings& settings) const;

 private:
    std::string action_;
    std::string name_;
    std::string user_;
    std::vector<std::string> pool_;
    std::int64_t grace_minutes_ = 0;
    bool json_ = false;
};

}  // namespace aiproxy::admin
