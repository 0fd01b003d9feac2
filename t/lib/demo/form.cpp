// SPDX-License-Identifier: MIT

#include "t/lib/demo/form.h"

namespace aiproxy::demo {

namespace {

// name="value" of a header; empty when it is not there.
std::string_view Parameter(std::string_view header, std::string_view name) {
    std::string start = std::string(name) + "=";
    std::size_t at = header.find(start);
    // "name" must not be found in "filename".
    while (at != header.npos && at > 0 && header[at - 1] != ' ' &&
           header[at - 1] != ';') {
        at = header.find(start, at + 1);
    }
    if (at == header.npos) return {};
    header.remove_prefix(at + start.size());
    if (!header.starts_with('"')) {
        return header.substr(0, header.find_first_of(";\r\n"));
    }
    header.remove_prefix(1);
    return header.substr(0, header.find('"'));
}

void AddPart(std::string_view head, std::string_view content, Form& form) {
    std::string_view name = Parameter(head, "name");
    std::string_view file = Parameter(head, "filename");
    if (file.data() == nullptr) {
        form.fields[std::string(name)] = content;
        return;
    }
    form.has_file = true;
    form.file_name = file;
    form.file_bytes += content.size();
}

}  // namespace

std::string Form::Field(std::string_view name) const {
    auto at = fields.find(name);
    return at == fields.end() ? "" : at->second;
}

bool ParseForm(std::string_view content_type, std::string_view body,
               Form& form) {
    if (!content_type.starts_with("multipart/form-data")) return false;
    std::string line = "--" + std::string(Parameter(content_type, "boundary"));
    if (line.size() == 2 || !body.starts_with(line)) return false;
    body.remove_prefix(line.size());
    line.insert(0, "\r\n");
    while (body.starts_with("\r\n")) {
        body.remove_prefix(2);
        std::size_t head = body.find("\r\n\r\n");
        std::size_t end = body.find(line);
        if (head == body.npos || end == body.npos || end < head + 4) {
            return false;
        }
        AddPart(body.substr(0, head), body.substr(head + 4, end - head - 4),
                form);
        body.remove_prefix(end + line.size());
    }
    return body.starts_with("--");
}

}  // namespace aiproxy::demo
