// SPDX-License-Identifier: MIT
//
// The path scanner beside jansson: on every text that is JSON both find the
// same; on every text at all each split finds the same. The first byte chooses
// the split.

#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "core/json/path.h"
#include "t/fuzz/pieces.h"
#include "t/fuzz/request.h"

namespace aiproxy::fuzz {

// The names of the way to each path; an array's elements come last.
inline constexpr std::array<json::PathTree::Path, 7> kPaths = {{
    {"id", true},
    {"usage"},
    {"usage.prompt_tokens"},
    {"usage.details.cached", true},
    {"x.usage.n"},
    {"choices"},
    {"choices[].finish", true},
}};
inline constexpr std::size_t kPlainPaths = 5;
inline constexpr std::size_t kArray = 5;
inline constexpr std::size_t kElements = 6;

inline json::Kind KindOf(const json_t* value) {
    if (value == nullptr) {
        return json::Kind::kAbsent;
    }
    switch (json_typeof(value)) {
        case JSON_OBJECT:
            return json::Kind::kObject;
        case JSON_ARRAY:
            return json::Kind::kArray;
        case JSON_STRING:
            return json::Kind::kString;
        case JSON_TRUE:
            return json::Kind::kTrue;
        case JSON_FALSE:
            return json::Kind::kFalse;
        case JSON_NULL:
            return json::Kind::kNull;
        default:
            return json::Kind::kNumber;
    }
}

inline const json_t* Follow(const json_t* value, std::string_view path) {
    while (value != nullptr && !path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(name.size() + 1, path.size()));
        value = json_object_get(value, std::string(name).c_str());
    }
    return value;
}

inline const char* CheckValue(const json::PathScanner& scanner,
                              std::size_t slot, const json_t* value) {
    if (scanner.kind(slot) != KindOf(value)) {
        return "another kind";
    }
    if (json_is_integer(value)) {
        const json_int_t wanted = json_integer_value(value);
        const auto found = scanner.count(slot);
        if (wanted < 0 ? found != 0 : found && *found != wanted) {
            return "another integer";
        }
    } else if (json_is_real(value)) {
        const double wanted = json_real_value(value);
        const auto found = scanner.count(slot);
        if (wanted >= 0 && wanted < 1e15 &&
            (!found ||
             std::abs(static_cast<double>(*found) - std::floor(wanted)) > 1)) {
            return "another real";
        }
    } else if (json_is_string(value) && kPaths[slot].keeps_text) {
        const std::string_view wanted(json_string_value(value),
                                      json_string_length(value));
        const std::string_view found = scanner.text(slot);
        if (wanted.substr(0, found.size()) != found ||
            (wanted.size() <= json::PathScanner::kMaxTextBytes &&
             wanted.size() != found.size())) {
            return "another text";
        }
    }
    return nullptr;
}

// What counts of a path through an array: the last that is not null.
inline const json_t* LastOf(const json_t* array, const char* name) {
    const json_t* last = nullptr;
    for (std::size_t i = 0; i < json_array_size(array); ++i) {
        const json_t* value = json_object_get(json_array_get(array, i), name);
        last = value == nullptr || json_is_null(value) ? last : value;
    }
    return last;
}

inline const char* CheckFound(const json::PathScanner& scanner,
                              std::string_view text) {
    json_error_t error;
    const Json root = Load(text, 0, error);
    if (root == nullptr || text.find('\0') != std::string_view::npos) {
        return nullptr;
    }
    if (!scanner.done()) {
        return "JSON, but not read to its end";
    }
    for (std::size_t slot = 0; slot < kPlainPaths; ++slot) {
        if (const char* wrong = CheckValue(
                scanner, slot, Follow(root.get(), kPaths[slot].path))) {
            return wrong;
        }
    }
    const json_t* array = json_object_get(root.get(), "choices");
    if (scanner.empty_array(kArray) !=
        (json_is_array(array) && json_array_size(array) == 0)) {
        return "another array";
    }
    // Names twice within an element: see json::PathTree.
    if (!json_is_array(array) ||
        Load(text, JSON_REJECT_DUPLICATES, error) == nullptr) {
        return nullptr;
    }
    return CheckValue(scanner, kElements, LastOf(array, "finish"));
}

inline bool SameFindings(const json::PathScanner& a,
                         const json::PathScanner& b) {
    for (std::size_t slot = 0; slot < kPaths.size(); ++slot) {
        if (a.kind(slot) != b.kind(slot) || a.count(slot) != b.count(slot) ||
            a.text(slot) != b.text(slot) ||
            a.empty_array(slot) != b.empty_array(slot)) {
            return false;
        }
    }
    return a.done() == b.done() && a.broken() == b.broken();
}

inline const char* CheckPath(std::string_view input) {
    if (input.empty()) {
        return nullptr;
    }
    const auto seed = static_cast<unsigned char>(input[0]);
    input.remove_prefix(1);
    static const json::PathTree tree(kPaths);
    json::PathScanner whole(tree);
    const std::size_t taken = whole.Feed(input);
    for (const Pieces& pieces : {Bytes(input), Cut(input, seed)}) {
        json::PathScanner split(tree);
        std::size_t sum = 0;
        for (std::string_view piece : pieces) {
            sum += split.Feed(piece);
        }
        if (!SameFindings(whole, split) || sum != taken) {
            return "a split finds something else";
        }
    }
    return CheckFound(whole, input);
}

}  // namespace aiproxy::fuzz
