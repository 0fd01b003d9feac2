// SPDX-License-Identifier: MIT
//
// What aiproxy-admin does besides serving: it looks after the records and the
// database, and ends. Each command says on stdout what it did, and its status
// says whether all was well.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "admin_daemon/log.h"
#include "admin_daemon/settings.h"

namespace aiproxy::admin {

class Commands {
 public:
    // add_settings gives a command the settings' flags.
    void Add(CLI::App& app, const std::function<void(CLI::App&)>& add_settings);
    bool chosen() const { return run_ != nullptr; }
    // REQUIRES: chosen. Returns the exit status.
    int Run(const Settings& settings, const Log& log) const;

 private:
    using Function = Status (*)(const Commands&, const Settings&);
    static Status BackUp(const Commands& c, const Settings& settings);
    static Status Restore(const Commands& c, const Settings& settings);
    static Status Rebuild(const Commands& c, const Settings& settings);
    static Status Check(const Commands& c, const Settings& settings);
    static Status Export(const Commands& c, const Settings& settings);

    Function run_ = nullptr;
    std::string path_;
    std::string from_;
    std::string to_;
    std::string format_ = "jsonl.zst";
    bool force_ = false;
};

}  // namespace aiproxy::admin
