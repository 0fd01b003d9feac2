// SPDX-License-Identifier: MIT

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

const DialectWriter& WriterOf(Dialect dialect) {
    switch (dialect) {
        case Dialect::kAnthropicMessages:
            return kAnthropicWriter;
        case Dialect::kGeminiContent:
            return kGeminiWriter;
        case Dialect::kOpenAiChat:
            break;
    }
    return kOpenAiWriter;
}

void AppendFrame(const Plan& plan, std::string& out, std::string_view name,
                 std::string_view data) {
    bool google = plan.dialect == Dialect::kGeminiContent;
    std::string_view end = plan.fault.crlf.value_or(google) ? "\r\n" : "\n";
    if (!name.empty()) out.append("event: ").append(name).append(end);
    out.append("data: ").append(data).append(end).append(end);
}

void AppendNumber(std::string& out, std::string_view name, long long value) {
    if (out.back() != '{') out += ',';
    out.append("\"").append(name).append("\":").append(std::to_string(value));
}

}  // namespace aiproxy::demo
