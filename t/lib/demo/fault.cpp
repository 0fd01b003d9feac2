// SPDX-License-Identifier: MIT

#include "t/lib/demo/fault.h"

#include <charconv>

#include "t/lib/demo/http_request.h"

namespace aiproxy::demo {

namespace {

template <class T>
bool Number(const std::string& text, T& value) {
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() &&
           value >= 0;
}

// One setter per kind of field, so that the table below is all there is to
// a new fault.
template <auto Field>
bool Set(Fault& fault, const std::string& text) {
    auto& field = fault.*Field;
    using T = std::remove_reference_t<decltype(field)>;
    if constexpr (std::is_same_v<T, std::string>) {
        field = text;
        return true;
    } else if constexpr (std::is_same_v<T, bool> ||
                         std::is_same_v<T, std::optional<bool>>) {
        field = text == "1";
        return text == "1" || text == "0";
    } else if constexpr (requires { field.value(); }) {
        typename T::value_type value{};
        bool good = Number(text, value);
        field = value;
        return good;
    } else {
        return Number(text, field);
    }
}

bool SetHeader(Fault& fault, const std::string& text) {
    std::size_t colon = text.find(':');
    if (colon == 0 || colon == text.npos) return false;
    fault.headers.emplace_back(text.substr(0, colon), text.substr(colon + 1));
    return true;
}

bool Ignore(Fault&, const std::string&) {
    return true;
}

struct Entry {
    std::string_view name;
    bool (*set)(Fault&, const std::string&);
};

constexpr Entry kEntries[] = {
    {"status", Set<&Fault::status>},
    {"error_code", Set<&Fault::error_code>},
    {"error_message", Set<&Fault::error_message>},
    {"body", Set<&Fault::body>},
    {"retry_after", Set<&Fault::retry_after>},
    {"header", SetHeader},
    {"header_bytes", Set<&Fault::header_bytes>},
    {"delay_ms", Set<&Fault::delay_ms>},
    {"event_delay_ms", Set<&Fault::event_delay_ms>},
    {"hang", Set<&Fault::hang>},
    {"close", Set<&Fault::close>},
    {"reset", Set<&Fault::reset>},
    {"garbage", Set<&Fault::garbage>},
    {"half_header", Set<&Fault::half_header>},
    {"cut", Set<&Fault::cut>},
    {"stall", Set<&Fault::stall>},
    {"split", Set<&Fault::split>},
    {"split_pause_us", Set<&Fault::split_pause_us>},
    {"gzip", Set<&Fault::gzip>},
    {"chunked", Set<&Fault::chunked>},
    {"crlf", Set<&Fault::crlf>},
    {"comments", Set<&Fault::comments>},
    {"error_event", Set<&Fault::error_event>},
    {"no_done", Set<&Fault::no_done>},
    {"no_usage", Set<&Fault::no_usage>},
    {"usage_every", Set<&Fault::usage_every>},
    {"events", Set<&Fault::events>},
    {"plain", Set<&Fault::plain>},
    {"big", Set<&Fault::big>},
    {"fragment", Set<&Fault::fragment>},
    {"tokens", Set<&Fault::tokens>},
    {"input", Set<&Fault::input>},
    {"cache_read", Set<&Fault::cache_read>},
    {"cache_write", Set<&Fault::cache_write>},
    {"reasoning", Set<&Fault::reasoning>},
    {"model", Set<&Fault::model>},
    {"seed", Set<&Fault::seed>},
    {"times", Ignore},
    {"tag", Ignore},
};

using Pairs = std::vector<std::pair<std::string_view, std::string>>;

// Splits "a=1,b=2"; a name alone means "=1".
Pairs Split(std::string_view spec) {
    Pairs pairs;
    while (!spec.empty()) {
        std::string_view item = spec.substr(0, spec.find(','));
        spec.remove_prefix(std::min(spec.size(), item.size() + 1));
        if (item.empty()) continue;
        std::size_t equals = item.find('=');
        std::string value =
            equals == item.npos ? "1" : PercentDecode(item.substr(equals + 1));
        pairs.emplace_back(item.substr(0, equals), std::move(value));
    }
    return pairs;
}

const Entry* Find(std::string_view name) {
    for (const Entry& entry : kEntries) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

}  // namespace

bool FaultBook::Apply(Fault& fault, std::string_view spec, std::string& error) {
    if (spec.empty()) return true;
    Pairs pairs = Split(spec);
    for (const auto& [name, value] : pairs) {
        int times = 0;
        if (name != "times") continue;
        if (!Number(value, times)) {
            error = "demo fault: bad value: times=" + value;
            return false;
        }
        if (Spent(spec, times)) return true;
    }
    for (const auto& [name, value] : pairs) {
        const Entry* entry = Find(name);
        if (entry == nullptr) {
            error = "demo fault: unknown name: " + std::string(name);
            return false;
        }
        if (!entry->set(fault, value)) {
            error = "demo fault: bad value: " + std::string(name) + "=" + value;
            return false;
        }
    }
    return true;
}

bool FaultBook::Spent(std::string_view spec, int times) {
    std::lock_guard lock(mutex_);
    auto found = seen_.find(spec);
    if (found == seen_.end()) {
        if (seen_.size() >= kMaxSpecs) seen_.clear();
        found = seen_.emplace(std::string(spec), 0).first;
    }
    if (found->second >= times) return true;
    ++found->second;
    return false;
}

void FaultBook::Clear() {
    std::lock_guard lock(mutex_);
    seen_.clear();
}

}  // namespace aiproxy::demo
