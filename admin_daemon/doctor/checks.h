// SPDX-License-Identifier: MIT
//
// What aiproxy-admin doctor looks at, each as a line: how it stands and, unless
// it stands well, what to do. A check changes nothing. Called by
// doctor_command.

#pragma once

#include <string>
#include <vector>

#include "admin_daemon/settings.h"

namespace aiproxy::admin::doctor {

enum class Grade { kOk, kWarn, kFail };

struct Finding {
    std::string name;  // "master key"
    Grade grade = Grade::kOk;
    std::string text;
    std::string advice;  // empty: none
};
using Findings = std::vector<Finding>;

inline Finding Ok(std::string name, std::string text) {
    return {std::move(name), Grade::kOk, std::move(text), ""};
}
inline Finding Warn(std::string name, std::string text, std::string advice) {
    return {std::move(name), Grade::kWarn, std::move(text), std::move(advice)};
}
inline Finding Fail(std::string name, std::string text, std::string advice) {
    return {std::move(name), Grade::kFail, std::move(text), std::move(advice)};
}

// Reachable, of this release; the master key opens what is sealed in it; how
// far its clock is from this machine's.
void CheckDatabase(const Settings& settings, Findings& findings);
// Node key and id, the two folders, the snapshot, what waits, and the clock.
void CheckNode(const Settings& settings, Findings& findings);
// Whether the daemon answers, and Redis, if there is one.
void CheckServices(const Settings& settings, Findings& findings);
// What nginx's configuration says, and whether the module is of its version.
void CheckNginx(const Settings& settings, const std::string& conf,
                Findings& findings);

}  // namespace aiproxy::admin::doctor
