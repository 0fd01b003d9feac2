// SPDX-License-Identifier: MIT

#include "admin_daemon/doctor_command.h"

#include <algorithm>
#include <cstdio>

#include "admin_daemon/doctor/checks.h"
#include "admin_daemon/json.h"

namespace aiproxy::admin {
namespace {

using doctor::Finding;
using doctor::Grade;

const char* Word(Grade grade) {
    return grade == Grade::kOk ? "OK" : grade == Grade::kWarn ? "WARN" : "FAIL";
}

void PrintJson(const doctor::Findings& findings, bool good) {
    Json checks = Json::Array();
    for (const Finding& finding : findings) {
        Json row = Json::Object();
        row.Set("name", finding.name);
        row.Set("state", Word(finding.grade));
        row.Set("text", finding.text);
        row.Set("advice", finding.advice.empty()
                              ? std::nullopt
                              : std::optional(finding.advice));
        checks.Append(row);
    }
    Json json = Json::Object();
    json.Set("ok", good);
    json.Set("checks", checks);
    std::printf("%s\n", json.Dump().c_str());
}

void Print(const doctor::Findings& findings) {
    for (const Finding& finding : findings) {
        std::printf("%-4s  %s: %s\n", Word(finding.grade), finding.name.c_str(),
                    finding.text.c_str());
        if (!finding.advice.empty()) {
            std::printf("      %s\n", finding.advice.c_str());
        }
    }
}

}  // namespace

void DoctorCommand::Add(CLI::App& app,
                        const std::function<void(CLI::App&)>& add_settings) {
    CLI::App* command = app.add_subcommand(
        "doctor", "Say what is wrong with this node, and what to do");
    add_settings(*command);
    command->add_flag("--json", json_, "tell the result as JSON");
    command
        ->add_option("--nginx-conf", nginx_conf_,
                     "nginx's configuration (/etc/nginx/nginx.conf)")
        ->type_name("FILE");
    command->callback([this] { chosen_ = true; });
}

int DoctorCommand::Run(const Settings& settings) const {
    doctor::Findings findings;
    doctor::CheckDatabase(settings, findings);
    doctor::CheckNode(settings, findings);
    doctor::CheckNginx(settings, nginx_conf_, findings);
    doctor::CheckServices(settings, findings);
    const bool good =
        std::none_of(findings.begin(), findings.end(),
                     [](const auto& f) { return f.grade == Grade::kFail; });
    if (json_) {
        PrintJson(findings, good);
    } else {
        Print(findings);
    }
    return good ? 0 : 1;
}

}  // namespace aiproxy::admin
