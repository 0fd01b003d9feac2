// SPDX-License-Identifier: MIT

#include "admin_daemon/service/usage_mapping.h"

#include "admin_daemon/json.h"
#include "admin_daemon/service/invalid_field.h"
#include "core/dialect/mapping.h"

namespace aiproxy::admin::service {
namespace {

Error Refused(const std::string& text) {
    return InvalidField("usage_mapping", text);
}

}  // namespace

Result<std::string> MappingLines(std::string_view json) {
    const auto object = Json::Parse(json);
    if (!object || !object->is_object()) {
        return Refused("This must be an object.");
    }
    std::string lines;
    const char* name;
    json_t* value;
    json_object_foreach(object->raw(), name, value) {
        const char* rule = json_string_value(value);
        if (rule == nullptr) {
            return Refused("The rule of \"" + std::string(name) +
                           "\" must be a text.");
        }
        const std::string line = std::string(name) + " = " + rule;
        if (line.find_first_of("\n\r#") != std::string::npos) {
            return Refused("A rule is one line without \"#\".");
        }
        const auto parsed = dialect::Mapping::Parse(line);
        if (!parsed.ok()) {
            return Refused("\"" + line +
                           "\" is no rule: " + parsed.error().detail);
        }
        lines += line + "\n";
    }
    if (!dialect::Mapping::Parse(lines).ok()) {
        return Refused("There are too many rules or paths.");
    }
    return lines;
}

}  // namespace aiproxy::admin::service
