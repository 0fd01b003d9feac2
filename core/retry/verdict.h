// SPDX-License-Identifier: MIT
//
// The words for what an attempt's outcome means: for the caller, for the
// provider key and for what rests. They stand in the state file, in snapshots
// and in records, so their numbers never change.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aiproxy::retry {

enum class VerdictClass : std::uint8_t {
    kNone = 0,     // an answer without a fault
    kClient = 1,   // the caller's own mistake: passed on, nobody is harmed
    kKeyDead = 2,  // the credential is refused
    kKeyQuota =
        3,  // its money or quota is gone for hours or until a person acts
    kKeyRate = 4,  // it is asked too often, until a stated time
    kBusy = 5,     // the provider is overloaded: its other keys rarely help
    kRetry = 6,    // an accident: the same again may work
};
inline constexpr VerdictClass kLastVerdictClass = VerdictClass::kRetry;
std::string_view Name(VerdictClass verdict);  // "client", "key_dead", …
std::optional<VerdictClass> VerdictClassFromName(std::string_view name);

// What rests.
enum class Scope : std::uint8_t {
    kNone = 0,
    kKey = 1,
    kKeyModel = 2,  // the key for the model asked
    kProvider = 3,
    kEgress = 4,  // the provider, as seen from our address
};
inline constexpr Scope kLastScope = Scope::kEgress;
std::string_view Name(Scope scope);  // "key", "key_model", …
std::optional<Scope> ScopeFromName(std::string_view name);

// Why no answer came.
enum class Failure : std::uint8_t {
    kNone = 0,     // an answer came; its status says which
    kConnect = 1,  // refused, unreachable, TLS failed
    kTimeout = 2,  // connect or first byte
    kClosed = 3,   // before the first byte of the answer's body
    kInvalid = 4,  // not valid HTTP
};

// What comes next, if something is left to try.
enum class Action : std::uint8_t {
    kPass = 0,          // the answer goes to the caller
    kNextKey = 1,       // any other key
    kNextProvider = 2,  // a key of another provider, else another key
    kSameKey = 3,       // once more, with the same key
    kRefresh = 4,       // the same key, when its token was refreshed
};

// Whose error bodies and statuses are read: the columns of the table.
enum class Table : std::uint8_t {
    kOpenAi = 0,  // and those who speak like it
    kAnthropic = 1,
    kGemini = 2,
    kBedrock = 3,
    kCohere = 4,
};
inline constexpr Table kLastTable = Table::kCohere;
std::string_view Name(Table table);  // "openai", …
std::optional<Table> TableFromName(std::string_view name);

// Why something rests; kept in the state file and in records.
enum class RestClass : std::uint8_t {
    kNone = 0,
    kCredential = 1,   // refused
    kRateLimited = 2,  // asked too often
    kUnavailable = 3,  // 5xx
    kUnreachable = 4,  // connect error
    kTimeout = 5,
    kInvalidAnswer = 6,  // garbage, early close
    kQuota = 7,          // money or quota gone
    kBusy = 8,           // overloaded
    kModel = 9,          // the key has no access to the model
};
inline constexpr RestClass kLastRestClass = RestClass::kModel;
std::optional<RestClass> RestClassFromName(std::string_view name);
std::string_view Name(RestClass rest_class);  // "credential", …; "" for kNone

}  // namespace aiproxy::retry
