// SPDX-License-Identifier: MIT
//
// aiproxy-admin export, import, check and diff: the configuration as a file.
// They work with the database; daemons may run, and publish what changed.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class ConfigCommand {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return !action_.empty(); }
    // REQUIRES: chosen. Returns the exit status.
    int Run(const Settings& settings) const;

 private:
    int Export(const Settings& settings) const;
    int Import(const Settings& settings) const;

    std::string action_;
    std::string file_;
    std::string secrets_ = "none";
    bool dry_run_ = false;
    bool prune_ = false;
    bool alone_ = false;
    bool json_ = false;
};

}  // namespace aiproxy::admin
