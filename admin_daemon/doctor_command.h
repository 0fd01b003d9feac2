// SPDX-License-Identifier: MIT
//
// aiproxy-admin doctor: looks at all that must be right for nginx and the
// daemon to work together, and says what to do about what is not.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class DoctorCommand {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return chosen_; }
    // REQUIRES: chosen. Returns the exit status: 1 when anything fails.
    int Run(const Settings& settings) const;

 private:
    bool chosen_ = false;
    bool json_ = false;
    std::string nginx_conf_ = "/etc/nginx/nginx.conf";
};

}  // namespace aiproxy::admin
