// SPDX-License-Identifier: MIT

#include "admin_daemon/service/secret_references.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "admin_daemon/files.h"
#include "admin_daemon/program.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostSecret = 8192;
constexpr std::size_t kMostReference = 1024;
constexpr std::string_view kVariable = "env:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kCommand = "command:";
constexpr std::chrono::seconds kBetweenFailures{10};

Error Unreadable(std::string why) {
    return Error(ErrorCode::kInternal, std::move(why));
}

// What is named like it; "LLM_*" stands for all that begins so.
bool Matches(std::string_view pattern, std::string_view text) {
    if (!pattern.ends_with('*')) return pattern == text;
    pattern.remove_suffix(1);
    return text.size() > pattern.size() && text.starts_with(pattern);
}

bool MatchesAny(const std::vector<std::string>& patterns,
                std::string_view text) {
    return std::any_of(
        patterns.begin(), patterns.end(),
        [&](const std::string& pattern) { return Matches(pattern, text); });
}

std::vector<std::string> Words(std::string_view command) {
    std::vector<std::string> words;
    while (!command.empty()) {
        const std::string_view word = command.substr(0, command.find(' '));
        command.remove_prefix(std::min(command.size(), word.size() + 1));
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

// Word by word, so that blanks make no difference.
bool IsAllowedCommand(const std::vector<std::string>& allowed,
                      std::string_view command) {
    const auto words = Words(command);
    return std::any_of(
        allowed.begin(), allowed.end(), [&](const std::string& one) {
            auto pattern = Words(one);
            const bool open = pattern.size() > 1 && pattern.back() == "*";
            if (open) pattern.pop_back();
            if (open ? words.size() < pattern.size()
                     : words.size() != pattern.size()) {
                return false;
            }
            return std::equal(pattern.begin(), pattern.end(), words.begin());
        });
}

bool IsBelow(const std::vector<std::string>& folders, std::string_view path) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](const std::string& folder) {
                           return path.starts_with(folder + "/");
                       });
}

// Its first line's end is no part of it. What is sent in a header or a query is
// printable and has no blanks.
Result<std::string> Trimmed(std::string text, const std::string& what) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    const bool printable =
        std::all_of(text.begin(), text.end(),
                    [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (!text.empty() && text.size() <= kMostSecret && printable) return text;
    const bool empty = text.empty();
    Wipe(text);
    return Unreadable(what +
                      (empty ? " is empty"
                             : " is no secret of 1 to 8192 printable ASCII "
                               "characters without blanks"));
}

Result<std::string> ReadVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
        return Unreadable("the daemon's environment has no " + name);
    }
    return Trimmed(value, "the variable " + name);
}

// Where the descriptor leads to, whatever links led there.
std::string RealPath(int fd) {
    char path[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t size = ::readlink(link.c_str(), path, sizeof(path));
    return size <= 0 ? std::string()
                     : std::string(path, static_cast<std::size_t>(size));
}

std::vector<std::string> RealFolders(const std::vector<std::string>& folders) {
    std::vector<std::string> real;
    for (const std::string& folder : folders) {
        char path[PATH_MAX];
        if (::realpath(folder.c_str(), path) != nullptr)
            real.emplace_back(path);
    }
    return real;
}

Result<std::string> ReadSecretFile(const std::string& path,
                                   const std::vector<std::string>& folders) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return SystemError("open", path);
    struct stat info {};
    if (::fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return Unreadable(path + " is no file");
    }
    if (!IsBelow(RealFolders(folders), RealPath(file.fd()))) {
        return Unreadable(path + " leads out of secret_folders");
    }
    std::string text(kMostSecret + 3, '\0');
    const ssize_t size = ::pread(file.fd(), text.data(), text.size(), 0);
    if (size < 0) return SystemError("read", path);
    text.resize(static_cast<std::size_t>(size));
    return Trimmed(std::move(text), path);
}

Result<std::string> RunCommand(const std::string& command) {
    Program program;
    program.words = Words(command);
    program.most_bytes = kMostSecret + 2;
    auto said = RunProgram(program);
    if (!said.ok()) return said.error();
    return Trimmed(std::move(*said), "what " + program.words.front() + " said");
}

// Empty for what is no file.
std::string StateOf(const std::string& reference) {
    if (!reference.starts_with(kFile)) return {};
    struct stat at {};
    if (::stat(reference.c_str() + kFile.size(), &at) != 0) return "missing";
    return std::to_string(at.st_dev) + ":" + std::to_string(at.st_ino) + ":" +
           std::to_string(at.st_size) + ":" +
           std::to_string(at.st_mtim.tv_sec) + "." +
           std::to_string(at.st_mtim.tv_nsec) + ":" +
           std::to_string(at.st_ctim.tv_sec) + "." +
           std::to_string(at.st_ctim.tv_nsec);
}

}  // namespace

SecretReferences::SecretReferences(ReferenceRules rules)
    : rules_(std::move(rules)) {}

SecretReferences::~SecretReferences() {
    for (auto& [id, entry] : entries_) Wipe(entry.secret);
}

Status SecretReferences::Check(const std::string& reference) const {
    auto refuse = [](const char* sentence) -> Status {
        return InvalidField("secret_reference", sentence);
    };
    const bool text =
        std::all_of(reference.begin(), reference.end(),
                    [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
    if (reference.size() > kMostReference || !text) {
        return refuse("A reference has at most 1024 printable characters.");
    }
    const std::string_view whole = reference;
    if (whole.starts_with(kVariable)) {
        if (MatchesAny(rules_.variables, whole.substr(kVariable.size()))) {
            return {};
        }
        return refuse(
            "The setting secret_variables does not allow this variable.");
    }
    if (whole.starts_with(kFile)) {
        const std::string_view path = whole.substr(kFile.size());
        if (IsBelow(rules_.folders, path) && path.find("/../") == path.npos &&
            !path.ends_with("/..") && !path.ends_with('/')) {
            return {};
        }
        return refuse("The setting secret_folders does not allow this file.");
    }
    if (whole.starts_with(kCommand)) {
        if (IsAllowedCommand(rules_.commands, whole.substr(kCommand.size()))) {
            return {};
        }
        return refuse(
            "The setting secret_commands does not allow this command.");
    }
    return refuse(
        "A reference is env:NAME, file:/path or command:/program words.");
}

Result<std::string> SecretReferences::Read(const std::string& reference) const {
    // The settings may have become narrower than they were.
    const Status allowed = Check(reference);
    if (!allowed.ok()) return Unreadable(std::string(allowed.error().text()));
    if (reference.starts_with(kVariable)) {
        return ReadVariable(reference.substr(kVariable.size()));
    }
    if (reference.starts_with(kFile)) {
        return ReadSecretFile(reference.substr(kFile.size()), rules_.folders);
    }
    return RunCommand(reference.substr(kCommand.size()));
}

SecretReferences::View SecretReferences::Find(
    std::int64_t provider_key_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(provider_key_id);
    if (found == entries_.end()) return {};
    const Entry& entry = found->second;
    return {!entry.secret.empty(), entry.error, entry.read_at};
}

void SecretReferences::Take(Entry& entry, Result<std::string> read) const {
    entry.tried_at = Steady::now();
    const auto before = entry.error;
    entry.error.reset();
    if (read.ok()) {
        Wipe(entry.secret);
        entry.secret = std::move(*read);
        entry.read_at = NowMs();
    } else {
        entry.error = read.error().detail;
    }
    if (entry.error != before) entry.told = false;
}

Result<std::string> SecretReferences::Get(std::int64_t provider_key_id,
                                          const std::string& reference) {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[provider_key_id];
    if (entry.reference != reference) {
        Wipe(entry.secret);
        entry = {};
        entry.reference = reference;
    }
    const bool quick = !reference.starts_with(kCommand);
    if (!entry.tried_at && quick) {
        entry.file_state = StateOf(reference);
        Take(entry, Read(reference));
    }
    if (!entry.secret.empty()) return entry.secret;
    return Unreadable(entry.error.value_or("The command has not ended yet."));
}

void SecretReferences::Keep(const std::set<std::int64_t>& provider_key_ids) {
    const std::lock_guard lock(mutex_);
    for (auto at = entries_.begin(); at != entries_.end();) {
        if (provider_key_ids.contains(at->first)) {
            ++at;
            continue;
        }
        Wipe(at->second.secret);
        at = entries_.erase(at);
    }
}

bool SecretReferences::IsDue(const Entry& entry) const {
    if (!entry.tried_at) return true;
    const auto since = Steady::now() - *entry.tried_at;
    if (entry.error && since >= kBetweenFailures) return true;
    if (entry.reference.starts_with(kFile)) {
        return StateOf(entry.reference) != entry.file_state;
    }
    return entry.reference.starts_with(kCommand) &&
           since >= rules_.between_commands;
}

std::vector<SecretReferences::Change> SecretReferences::KeepUp(bool commands) {
    std::vector<std::pair<std::int64_t, std::string>> due;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, entry] : entries_) {
            if (entry.reference.starts_with(kCommand) == commands &&
                IsDue(entry)) {
                due.emplace_back(id, entry.reference);
            }
        }
    }
    std::set<std::int64_t> others;
    for (const auto& [id, reference] : due) {
        // Nobody waits for a command.
        const std::string state = StateOf(reference);
        auto read = Read(reference);
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(id);
        if (found == entries_.end() || found->second.reference != reference) {
            continue;
        }
        Entry& entry = found->second;
        entry.file_state = state;
        if (read.ok() && *read != entry.secret) others.insert(id);
        Take(entry, std::move(read));
    }
    std::vector<Change> changes;
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
        const bool is_other = others.contains(id);
        if (entry.reference.starts_with(kCommand) != commands ||
            (entry.told && !is_other)) {
            continue;
        }
        entry.told = true;
        changes.push_back({id, is_other, entry.error});
    }
    return changes;
}

}  // namespace aiproxy::admin::service
