// SPDX-License-Identifier: MIT
//
// "aiproxy-admin prices import FILE": the price list of a file into the table,
// or only what it would change. Daemons may run: they publish it.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class PricesCommand {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return chosen_; }
    // REQUIRES: chosen. Returns the exit status.
    int Run(const Settings& settings) const;

 private:
    bool chosen_ = false;
    std::string file_;
    std::string from_;
    bool dry_run_ = false;
    bool json_ = false;
};

}  // namespace aiproxy::admin
