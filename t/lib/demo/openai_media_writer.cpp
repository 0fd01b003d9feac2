// SPDX-License-Identifier: MIT
//
// OpenAI's images, speech, transcriptions and files.

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

// A picture of one transparent pixel.
constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
    "60e6kgAAAABJRU5ErkJggg==";
constexpr std::string_view kFile = "what the file holds\n";

std::string Picture(const Plan& plan) {
    return std::string(kPng) + std::string(plan.fault.big, 'A');
}

std::string ImageUsage(const Plan& plan) {
    const Usage& usage = plan.usage;
    std::string out = "{";
    AppendNumber(out, "input_tokens", usage.input);
    out += ",\"input_tokens_details\":{";
    AppendNumber(out, "image_tokens", usage.input_image);
    AppendNumber(out, "text_tokens", usage.input - usage.input_image);
    out += "}";
    AppendNumber(out, "output_tokens", usage.output);
    out += ",\"output_tokens_details\":{";
    AppendNumber(out, "image_tokens", usage.output_image);
    AppendNumber(out, "text_tokens", usage.output - usage.output_image);
    out += "}";
    AppendNumber(out, "total_tokens", usage.input + usage.output);
    return out + "}";
}

std::string SpeechUsage(const Plan& plan) {
    std::string out = "{";
    AppendNumber(out, "input_tokens", plan.usage.input);
    AppendNumber(out, "output_tokens", plan.usage.output);
    AppendNumber(out, "total_tokens", plan.usage.input + plan.usage.output);
    return out + "}";
}

std::string TranscriptUsage(const Plan& plan) {
    const Usage& usage = plan.usage;
    std::string out = "{\"type\":\"tokens\"";
    AppendNumber(out, "input_tokens", usage.input);
    out += ",\"input_token_details\":{";
    AppendNumber(out, "text_tokens", usage.input - usage.input_audio);
    AppendNumber(out, "audio_tokens", usage.input_audio);
    out += "}";
    AppendNumber(out, "output_tokens", usage.output);
    AppendNumber(out, "total_tokens", usage.input + usage.output);
    return out + "}";
}

// ,"usage":{…} unless it is to be left out.
std::string UsageMember(const Plan& plan) {
    if (plan.fault.no_usage) return "";
    if (plan.dialect == Dialect::kOpenAiImages) {
        return ",\"usage\":" + ImageUsage(plan);
    }
    return ",\"usage\":" + (plan.kind == Kind::kSpeech ? SpeechUsage(plan)
                                                       : TranscriptUsage(plan));
}

void Image(const Plan& plan, std::string& out, std::string_view type,
           int index) {
    std::string data = "{\"type\":\"" + std::string(type) + "\"";
    AppendNumber(data, "created_at", plan.created);
    data += R"(,"size":"1024x1024","quality":"low","background":"auto",)"
            R"("output_format":"png","b64_json":")" +
            Picture(plan) + "\"";
    if (index >= 0) AppendNumber(data, "partial_image_index", index);
    if (index < 0) data += UsageMember(plan);
    AppendFrame(plan, out, type, data + "}");
}

void Open(const Plan&, std::string&) {}

void Content(const Plan& plan, int index, std::string& out) {
    if (plan.dialect == Dialect::kOpenAiImages) {
        return Image(plan, out, "image_generation.partial_image", index);
    }
    std::string_view type = plan.kind == Kind::kSpeech
                                ? "speech.audio.delta"
                                : "transcript.text.delta";
    std::string data = "{\"type\":\"" + std::string(type) + "\",";
    if (plan.kind == Kind::kSpeech) {
        data += "\"audio\":\"" + Base64(plan.Words(index)) + "\"}";
    } else {
        data += "\"delta\":";
        AppendJsonString(data, plan.Words(index));
        data += "}";
    }
    AppendFrame(plan, out, type, data);
}

void Close(const Plan& plan, std::string& out) {
    if (plan.dialect == Dialect::kOpenAiImages) {
        return Image(plan, out, "image_generation.completed", -1);
    }
    bool speech = plan.kind == Kind::kSpeech;
    std::string_view type =
        speech ? "speech.audio.done" : "transcript.text.done";
    std::string data = "{\"type\":\"" + std::string(type) + "\"";
    if (!speech) {
        data += ",\"text\":";
        AppendJsonString(data, plan.AllWords());
    }
    AppendFrame(plan, out, type, data + UsageMember(plan) + "}");
}

void ErrorEvent(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "error",
                R"({"type":"error","error":{"message":"the server had an )"
                R"(error","type":"server_error","param":null,"code":null}})");
}

void Images(const Plan& plan, std::string& out) {
    out += "{";
    AppendNumber(out, "created", plan.created);
    out += ",\"background\":\"opaque\",\"data\":[";
    for (int i = 0; i < plan.count; ++i) {
        out += i > 0 ? "," : "";
        out += "{\"b64_json\":\"" + Picture(plan) + "\"}";
    }
    out += "],\"output_format\":\"png\",\"quality\":\"low\"" +
           UsageMember(plan) + "}\n";
}

void Transcript(const Plan& plan, std::string& out) {
    if (!plan.content_type.empty()) {
        out += plan.AllWords();
        return;
    }
    out += "{\"text\":";
    AppendJsonString(out, plan.AllWords());
    out += UsageMember(plan) + "}\n";
}

void File(std::string& out, std::string_view id, std::string_view name,
          std::size_t bytes) {
    out += "{\"id\":";
    AppendJsonString(out, id);
    out += ",\"object\":\"file\"";
    AppendNumber(out, "bytes", static_cast<long long>(bytes));
    out += ",\"created_at\":1790000000,\"filename\":";
    AppendJsonString(out, name);
    out += ",\"purpose\":\"user_data\",\"status\":\"processed\"}";
}

void Files(const Plan& plan, std::string& out) {
    switch (plan.kind) {
        case Kind::kUpload:
            return File(out, "file-" + plan.id, plan.file_name,
                        plan.file_bytes);
        case Kind::kFile:
            return File(out, plan.object_id, "demo.txt", kFile.size());
        case Kind::kFileContent:
            out += kFile;
            return;
        case Kind::kFileDeleted:
            out += "{\"id\":";
            AppendJsonString(out, plan.object_id);
            out += ",\"object\":\"file\",\"deleted\":true}";
            return;
        default:
            out += R"({"object":"list","data":[)";
            File(out, "file-1", "demo.txt", kFile.size());
            out += R"(],"has_more":false,"first_id":"file-1",)"
                   R"("last_id":"file-1"})";
    }
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.dialect == Dialect::kOpenAiFiles) return Files(plan, out);
    if (plan.dialect == Dialect::kOpenAiImages) return Images(plan, out);
    if (plan.kind == Kind::kTranscribe) return Transcript(plan, out);
    // Bytes that are no text at all.
    out += "ID3";
    for (std::size_t i = 0; i < 1000 + plan.fault.big; ++i) {
        out += static_cast<char>(i * 7);
    }
}

}  // namespace

const DialectWriter kOpenAiMediaWriter = {
    Open, Content, Close, ErrorEvent, Whole, OpenAiError, OpenAiHeaders};

}  // namespace aiproxy::demo
