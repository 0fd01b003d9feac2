// SPDX-License-Identifier: MIT

#include "admin_daemon/service/password.h"

#include <sodium.h>

#include <chrono>

namespace aiproxy::admin::service {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kPatience{200};

// Of a random password, so that an unknown name takes as long as a known one.
constexpr char kNobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5a25vd3N0aGlzIQ$"
    "X0bGbqnMlmYvAXDqRf5gSNEDmYXeVnAyMMvwFLeLRp0";

class Slot {
 public:
    explicit Slot(std::counting_semaphore<2>& slots)
        : slots_(slots), had_(slots.try_acquire_for(kPatience)) {}
    ~Slot() {
        if (had_) slots_.release();
    }
    bool had() const { return had_; }

 private:
    std::counting_semaphore<2>& slots_;
    bool had_;
};

}  // namespace

Result<std::string> Passwords::Hash(const std::string& password) {
    const Slot slot(slots_);
    if (!slot.had()) return Error(ErrorCode::kBusy, "password slots");
    char out[crypto_pwhash_STRBYTES];
    if (::crypto_pwhash_str(out, password.data(), password.size(), kPasses,
                            kMemoryBytes) != 0) {
        return Error(ErrorCode::kBusy, "no memory for argon2id");
    }
    return std::string(out);
}

Result<bool> Passwords::Verify(const std::string& hash,
                               const std::string& password) {
    const Slot slot(slots_);
    if (!slot.had()) return Error(ErrorCode::kBusy, "password slots");
    const bool known = !hash.empty();
    const int code = ::crypto_pwhash_str_verify(
        known ? hash.c_str() : kNobody, password.data(), password.size());
    return known && code == 0;
}

}  // namespace aiproxy::admin::service
