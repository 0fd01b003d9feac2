// SPDX-License-Identifier: MIT
//
// A multipart/form-data body, as the SDKs send files: the small fields, and
// what there is to know of the file.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace aiproxy::demo {

struct Form {
    std::map<std::string, std::string, std::less<>> fields;
    std::string file_name;
    std::size_t file_bytes = 0;
    bool has_file = false;

    std::string Field(std::string_view name) const;
};

// False when the body is not one.
bool ParseForm(std::string_view content_type, std::string_view body,
               Form& form);

}  // namespace aiproxy::demo
