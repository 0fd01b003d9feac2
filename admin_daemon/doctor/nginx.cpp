// SPDX-License-Identifier: MIT

#include <glob.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <set>

#include "admin_daemon/doctor/checks.h"
#include "admin_daemon/files.h"
#include "admin_daemon/program.h"

namespace aiproxy::admin::doctor {
namespace {

constexpr std::size_t kMostConf = 4 * 1024 * 1024;
constexpr std::size_t kMostModule = 256 * 1024 * 1024;
constexpr std::size_t kMostFiles = 200;

std::string Folder(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

// The words of each directive, so far as they matter here.
class Directives {
 public:
    explicit Directives(const std::string& conf) : folder_(Folder(conf)) {
        Read(conf);
    }
    // Its first parameter; empty: it is not there.
    std::string Find(const std::string& name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? "" : found->second;
    }
    std::string module() const { return module_; }

 private:
    void Read(const std::string& path) {
        if (files_.size() >= kMostFiles || !files_.insert(path).second) return;
        const auto text = ReadWholeFile(path, kMostConf);
        if (!text.ok()) return;
        std::vector<std::string> words;
        std::string word;
        char quote = 0;
        bool comment = false;
        for (const char c : *text + "\n") {
            if (comment) {
                comment = c != '\n';
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word += c;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#' && word.empty()) {
                comment = true;
            } else if (std::strchr(" \t\r\n;{}", c) == nullptr) {
                word += c;
            } else {
                if (!word.empty()) words.push_back(std::move(word));
                word.clear();
                if (c == ';') Take(words);
                if (c == ';' || c == '{' || c == '}') words.clear();
            }
        }
    }

    void Take(const std::vector<std::string>& words) {
        if (words.size() < 2) return;
        if (words[0] == "include") return Include(words[1]);
        const bool ours =
            words[1].find("ngx_aiproxy_module") != std::string::npos;
        if (words[0] == "load_module" && ours) module_ = words[1];
        values_.emplace(words[0], words[1]);
    }

    void Include(std::string pattern) {
        if (!pattern.starts_with('/')) pattern = folder_ + "/" + pattern;
        glob_t found{};
        if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
            for (std::size_t i = 0; i < found.gl_pathc; ++i) {
                Read(found.gl_pathv[i]);
            }
        }
        ::globfree(&found);
    }

    const std::string folder_;  // what an include is relative to
    std::set<std::string> files_;
    std::map<std::string, std::string> values_;
    std::string module_;
};

std::string FindBinary() {
    for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx",
                             "/usr/local/nginx/sbin/nginx", "/usr/bin/nginx"}) {
        if (::access(path, X_OK) == 0) return path;
    }
    return {};
}

// "--prefix=/usr/share/nginx" of what nginx -V says.
std::string Option(const std::string& said, const std::string& name) {
    const std::size_t at = said.find("--" + name + "=");
    if (at == std::string::npos) return {};
    const std::string rest = said.substr(at + name.size() + 3);
    return rest.substr(0, rest.find_first_of(" \n"));
}

// 1022001 of "nginx version: nginx/1.22.1"; 0: it does not say so.
std::uint64_t VersionIn(const std::string& said) {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned patch = 0;
    const std::size_t at = said.find("nginx/");
    if (at == std::string::npos ||
        std::sscanf(said.c_str() + at + 6, "%u.%u.%u", &major, &minor,
                    &patch) != 3) {
        return 0;
    }
    return major * 1'000'000ull + minor * 1'000ull + patch;
}

// Of the ngx_module_t in the file, which begins with two unset indexes, a name
// and two spare words that are null until it is loaded.
std::uint64_t VersionOfModule(const std::string& bytes) {
    std::string begin(16, '\xff');
    begin.append(24, '\0');
    const std::size_t at = bytes.find(begin);
    std::uint64_t version = 0;
    if (at != bytes.npos && at + 48 <= bytes.size()) {
        std::memcpy(&version, bytes.data() + at + 40, sizeof(version));
    }
    return version;
}

std::string Text(std::uint64_t version) {
    return std::to_string(version / 1'000'000) + "." +
           std::to_string(version / 1000 % 1000) + "." +
           std::to_string(version % 1000);
}

std::string ModulePath(const std::string& given, const std::string& said) {
    if (given.starts_with('/')) return given;
    const std::string modules = Option(said, "modules-path");
    const std::string name = given.substr(given.rfind('/') + 1);
    if (!modules.empty() && ::access((modules + "/" + name).c_str(), R_OK) == 0)
        return modules + "/" + name;
    return Option(said, "prefix") + "/" + given;
}

void CheckModule(const std::string& given, Findings& findings) {
    const std::string binary = FindBinary();
    Program program;
    program.words = {binary, "-V"};
    program.errors_too = true;
    const auto said = binary.empty() ? Result<std::string>(ErrorCode::kNotFound)
                                     : RunProgram(program);
    if (!said.ok()) {
        findings.push_back(Warn("nginx module", "no nginx was found",
                                "Nothing to do if it runs elsewhere."));
        return;
    }
    const std::string path = ModulePath(given, *said);
    const auto bytes = ReadWholeFile(path, kMostModule);
    const std::uint64_t nginx = VersionIn(*said);
    const std::uint64_t module = bytes.ok() ? VersionOfModule(*bytes) : 0;
    if (!bytes.ok()) {
        findings.push_back(Fail("nginx module", path + " cannot be read",
                                "Install the module that fits this nginx."));
    } else if (module == 0 || nginx == 0) {
        findings.push_back(Warn("nginx module",
                                path + " does not tell its version",
                                "nginx -t tells whether it fits."));
    } else if (module != nginx) {
        findings.push_back(
            Fail("nginx module",
                 path + " is of nginx " + Text(module) + ", and nginx is " +
                     Text(nginx),
                 "Build the module for this nginx: NGINX_SOURCE=DIR "
                 "scripts/build."));
    } else {
        findings.push_back(
            Ok("nginx module", path + ", of nginx " + Text(nginx)));
    }
}

}  // namespace

void CheckNginx(const Settings& settings, const std::string& conf,
                Findings& findings) {
    if (::access(conf.c_str(), R_OK) != 0) {
        findings.push_back(Warn("nginx configuration", conf + " cannot be read",
                                "--nginx-conf names another one."));
        return;
    }
    const Directives directives(conf);
    if (directives.module().empty()) {
        findings.push_back(
            Fail("nginx configuration", conf + " does not load the module",
                 "load_module modules/ngx_aiproxy_module.so; see README.md."));
        return;
    }
    std::string differs;
    for (const auto& [name, ours] :
         {std::pair{"aiproxy_dir", settings.dir},
          std::pair{"aiproxy_run_dir", settings.run_dir}}) {
        const std::string given = directives.Find(name);
        if (given.empty() || given == ours) continue;
        differs += std::string(differs.empty() ? "" : ", ") + name + " is " +
                   given + " and the daemon's " + ours;
    }
    findings.push_back(
        differs.empty()
            ? Ok("nginx configuration", conf + " loads the module")
            : Fail("nginx configuration", differs,
                   "nginx and the daemon share their folders: name the same "
                   "in both."));
    CheckModule(directives.module(), findings);
}

}  // namespace aiproxy::admin::doctor
