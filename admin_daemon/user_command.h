// SPDX-License-Identifier: MIT
//
// aiproxy-admin user: users from a terminal on the machine, for when nobody can
// sign in any more. Works on the database itself, by the rules of
// service/users; daemons may run.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class UserCommand {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return !action_.empty(); }
    // REQUIRES: chosen. Returns the exit status.
    int Run(const Settings& settings) const;

 private:
    std::string action_;
    std::string name_;
    std::string role_ = "user";
    bool json_ = false;
};

}  // namespace aiproxy::admin
