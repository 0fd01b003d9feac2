// SPDX-License-Identifier: MIT

#include "t/lib/demo/dialect_writer.h"

#include <openssl/evp.h>

namespace aiproxy::demo {

const DialectWriter& WriterOf(Dialect dialect) {
    switch (dialect) {
        case Dialect::kAnthropicMessages:
            return kAnthropicWriter;
        case Dialect::kGeminiContent:
            return kGeminiWriter;
        case Dialect::kOpenAiResponses:
            return kOpenAiResponsesWriter;
        case Dialect::kOpenAiImages:
        case Dialect::kOpenAiAudio:
        case Dialect::kOpenAiFiles:
            return kOpenAiMediaWriter;
        case Dialect::kCohere:
            return kCohereWriter;
        case Dialect::kOllama:
            return kOllamaWriter;
        case Dialect::kBedrockConverse:
            return kBedrockWriter;
        case Dialect::kBedrockInvoke:
            return kBedrockInvokeWriter;
        case Dialect::kOpenAiChat:
            break;
    }
    return kOpenAiWriter;
}

std::string Base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()),
                        static_cast<int>(bytes.size()));
    out.resize(length);
    return out;
}

std::string_view ErrorMessage(const Plan& plan, std::string_view usual) {
    return plan.error_message.empty() ? usual
                                      : std::string_view(plan.error_message);
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
