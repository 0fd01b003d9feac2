// SPDX-License-Identifier: MIT
//
// The rule for names that people give to keys: they stand in lists, logs and
// records. Called by the services of the objects that have one.

#pragma once

#include <string>

#include "admin_daemon/service/invalid_field.h"

namespace aiproxy::admin::service {

// REQUIRES: valid UTF-8, as JSON's reader leaves it.
inline Status CheckObjectName(const std::string& name) {
    std::size_t characters = 0;
    bool visible = false;
    bool control = false;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        // Every byte but a continuation begins a character.
        characters += (byte & 0xC0) != 0x80 ? 1 : 0;
        visible = visible || byte > 0x20;
        control = control || byte < 0x20 || byte == 0x7f;
    }
    if (visible && !control && characters <= 64) return {};
    return InvalidField("name",
                        "A name has 1 to 64 characters, not all blank, and no "
                        "control characters.");
}

}  // namespace aiproxy::admin::service
