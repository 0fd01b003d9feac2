// SPDX-License-Identifier: MIT
//
// What a filter of records asks, in SQL: by which index they are found (the
// driver), what that index does, and what is asked of what it found. For the
// .cpp files of this folder; <soci/soci.h> is included before.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/records.h"

namespace aiproxy::admin::store {

// Behind every text that begins with what stands before it.
inline constexpr char kLastCharacter[] = "\xf4\x8f\xbf\xbf";

enum class Driver {
    kTime,
    kRequestId,
    kRarePath,
    kErrorClass,
    kOutcome,
    kStatus,
    kUsageSource,
    kClientKey,
    kProviderKey,
    kModel,
    kUser,
    kProvider,
};

inline const char* IndexOf(Driver driver) {
    switch (driver) {
        case Driver::kErrorClass:
            return "proxy_tracing_error_class";
        case Driver::kOutcome:
            return "proxy_tracing_outcome";
        case Driver::kStatus:
            return "proxy_tracing_status";
        case Driver::kUsageSource:
            return "proxy_tracing_usage_source";
        case Driver::kClientKey:
            return "proxy_tracing_client_key_id";
        case Driver::kProviderKey:
            return "proxy_tracing_provider_key_id";
        case Driver::kModel:
            return "proxy_tracing_model";
        case Driver::kUser:
            return "proxy_tracing_user_id";
        case Driver::kProvider:
            return "proxy_tracing_provider_id";
        case Driver::kRarePath:
            return "proxy_tracing_path";
        default:
            return "proxy_tracing_started_at";
    }
}

// What few records have comes first; what most have is in no index.
inline Driver DriverOf(const RecordFilter& f) {
    if (f.request_id) return Driver::kRequestId;
    if (f.error_class) return Driver::kErrorClass;
    if (f.outcome && *f.outcome != "success") return Driver::kOutcome;
    if (f.status && *f.status >= 300) return Driver::kStatus;
    if (f.usage_source && *f.usage_source != "reported") {
        return Driver::kUsageSource;
    }
    if (f.client_key_id) return Driver::kClientKey;
    if (f.provider_key_id) return Driver::kProviderKey;
    if (f.model) return Driver::kModel;
    if (f.user_id) return Driver::kUser;
    if (f.provider_id) return Driver::kProvider;
    return Driver::kTime;
}

inline std::string Lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

// LIKE's pattern for texts that have it anywhere.
inline std::string ContainsPattern(const std::string& part) {
    std::string pattern = "%";
    for (char c : Lower(part)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

inline constexpr char kContains[] = R"((lower(t.path) LIKE :contains ESCAPE '\'
 OR lower(t.model) LIKE :contains ESCAPE '\'
 OR lower(t.model_served) LIKE :contains ESCAPE '\'
 OR lower(t.error_code) LIKE :contains ESCAPE '\'
 OR lower(t.user_agent) LIKE :contains ESCAPE '\'
 OR t.client_ip LIKE :contains ESCAPE '\'
 OR lower(t.provider_request_id) LIKE :contains ESCAPE '\'))";

inline constexpr std::int64_t kTermDayMs = 86'400'000;

// The conditions of one filter, found by one driver, and their values.
class Terms {
 public:
    Terms(const Connection& connection, const RecordFilter& filter,
          Driver driver)
        : backend_(connection.backend), f_(filter), driver_(driver) {
        if (f_.prefix) prefix_end_ = *f_.prefix + kLastCharacter;
        if (f_.contains) pattern_ = ContainsPattern(*f_.contains);
        if (f_.after) {
            position_ms_ = f_.after->started_at;
            position_id_ = f_.after->id;
        }
        if (f_.from) from_day_ = *f_.from / kTermDayMs - 1;
        if (f_.to) to_day_ = *f_.to / kTermDayMs + 1;
    }

    // What the driver's index finds.
    void AddInner(Conditions& where) const {
        if (driver_ == Driver::kRarePath) {
            AddPrefix(where);
            return;
        }
        if (driver_ == Driver::kRequestId) {
            where.Add(f_.request_day, "request_day", "t.day = :request_day");
        }
        AddEqual(where, true);
        AddTime(where);
    }
    // What is asked of what it found.
    void AddOuter(Conditions& where) const {
        AddEqual(where, false);
        if (driver_ == Driver::kRarePath) {
            AddTime(where);
        } else {
            AddPrefix(where);
        }
        where.Add(pattern_, "contains", kContains);
    }
    // All of them, for an index that knows none.
    void AddAll(Conditions& where) const {
        AddEqual(where, true);
        AddTime(where);
        AddOuter(where);
    }

    bool whole() const { return f_.whole; }
    std::string Order() const {
        return f_.oldest_first ? " ORDER BY t.started_at, t.id"
                               : " ORDER BY t.started_at DESC, t.id DESC";
    }
    // SQLite knows nothing of how often values are; Postgres does.
    std::string Table() const {
        std::string table = "proxy_tracing t";
        if (backend_ == Backend::kSqlite && driver_ != Driver::kRequestId) {
            table += std::string(" INDEXED BY ") + IndexOf(driver_);
        }
        return table + " ";
    }

 private:
    template <class T>
    void AddOne(Conditions& where, bool inner, Driver driver,
                const std::optional<T>& value, const char* name,
                const char* condition) const {
        if (inner == (driver == driver_)) where.Add(value, name, condition);
    }
    // The literals let both databases see that the index has them all.
    void AddEqual(Conditions& where, bool inner) const {
        auto add = [&](Driver driver, const auto& value, const char* name,
                       const char* condition) {
            AddOne(where, inner, driver, value, name, condition);
        };
        add(Driver::kRequestId, f_.request_id, "request_id",
            "t.request_id = :request_id");
        add(Driver::kErrorClass, f_.error_class, "error_class",
            "t.error_class = :error_class");
        add(Driver::kOutcome, f_.outcome, "outcome",
            driver_ == Driver::kOutcome
                ? "t.outcome = :outcome AND t.outcome <> 'success'"
                : "t.outcome = :outcome");
        add(Driver::kStatus, f_.status, "status",
            driver_ == Driver::kStatus
                ? "t.status = :status AND t.status >= 300"
                : "t.status = :status");
        add(Driver::kUsageSource, f_.usage_source, "usage_source",
            driver_ == Driver::kUsageSource
                ? "t.usage_source = :usage_source AND "
                  "t.usage_source <> 'reported'"
                : "t.usage_source = :usage_source");
        add(Driver::kClientKey, f_.client_key_id, "client_key_id",
            "t.client_key_id = :client_key_id");
        add(Driver::kProviderKey, f_.provider_key_id, "provider_key_id",
            "t.provider_key_id = :provider_key_id");
        add(Driver::kModel, f_.model, "model", "t.model = :model");
        add(Driver::kUser, f_.user_id, "user_id", "t.user_id = :user_id");
        add(Driver::kProvider, f_.provider_id, "provider_id",
            "t.provider_id = :provider_id");
    }
    void AddTime(Conditions& where) const {
        where.Add(f_.from, "from_ms", "t.started_at >= :from_ms");
        where.Add(f_.to, "to_ms", "t.started_at < :to_ms");
        if (backend_ == Backend::kPostgres) {
            // Leaves partitions out; an id may be of the day beside.
            where.Add(from_day_, "from_day", "t.day >= :from_day");
            where.Add(to_day_, "to_day", "t.day <= :to_day");
        }
        // Spelled so that both databases use the index for the first part.
        where.Add(position_ms_, "at_ms",
                  f_.oldest_first ? "t.started_at >= :at_ms"
                                  : "t.started_at <= :at_ms");
        where.Add(position_id_, "at_id",
                  f_.oldest_first ? "(t.started_at > :at_ms OR t.id > :at_id)"
                                  : "(t.started_at < :at_ms OR t.id < :at_id)");
    }
    void AddPrefix(Conditions& where) const {
        const bool path = f_.prefix && f_.prefix->starts_with("/");
        where.Add(f_.prefix, "prefix",
                  path ? "t.path >= :prefix" : "t.model >= :prefix");
        where.Add(prefix_end_, "prefix_end",
                  path ? "t.path < :prefix_end" : "t.model < :prefix_end");
    }

    const Backend backend_;
    const RecordFilter& f_;
    const Driver driver_;
    std::optional<std::string> prefix_end_;
    std::optional<std::string> pattern_;
    std::optional<UnixMs> position_ms_;
    std::optional<std::int64_t> position_id_;
    std::optional<std::int64_t> from_day_;
    std::optional<std::int64_t> to_day_;
};

}  // namespace aiproxy::admin::store
