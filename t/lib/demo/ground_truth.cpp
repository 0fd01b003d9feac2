// SPDX-License-Identifier: MIT

#include "t/lib/demo/ground_truth.h"

#include <algorithm>

namespace aiproxy::demo {

namespace {

constexpr int kMaxTokens = 10'000'000;
constexpr int kMaxEvents = 10'000'000;

struct Prompt {
    std::size_t bytes = 0;  // of decoded text
    int messages = 0;
    bool caches = false;  // Anthropic: a cache_control was seen
    bool one_hour = false;
};

void AddParts(Prompt& prompt, JsonValue parts) {
    prompt.bytes += parts.TextBytes();
    if (!parts.IsArray()) return;
    for (JsonValue part = parts.First(); part; part = part.Next()) {
        prompt.bytes += part.TextBytes() + part.Get("text").TextBytes();
        prompt.caches |= part.Get("cachePoint").IsObject();
        JsonValue cache = part.Get("cache_control");
        if (!cache.IsObject()) continue;
        prompt.caches = true;
        prompt.one_hour |= cache.Get("ttl").Text() == "1h";
    }
}

JsonValue Messages(Dialect dialect, JsonValue root) {
    switch (dialect) {
        case Dialect::kGeminiContent:
            return root.Get("contents");
        case Dialect::kOpenAiResponses:
            return root.Get("input");
        case Dialect::kOllama:
            return root.Get(root.Get("messages") ? "messages" : "prompt");
        default:
            return root.Get("messages");
    }
}

void AddEmbedded(Prompt& prompt, const Plan& plan, JsonValue root) {
    switch (plan.dialect) {
        case Dialect::kGeminiContent:
            return AddParts(prompt, root.Get("content").Get("parts"));
        case Dialect::kCohere:
            return AddParts(prompt, root.Get("texts"));
        default:
            return AddParts(prompt, root.Get("input"));
    }
}

Prompt ReadPrompt(const Plan& plan, JsonValue root) {
    Prompt prompt;
    bool gemini = plan.dialect == Dialect::kGeminiContent;
    prompt.bytes = plan.prompt_bytes;
    if (plan.kind == Kind::kEmbed) {
        AddEmbedded(prompt, plan, root);
        return prompt;
    }
    AddParts(prompt, root.Get("system"));
    AddParts(prompt, root.Get("instructions"));
    AddParts(prompt, root.Get("systemInstruction").Get("parts"));
    JsonValue messages = Messages(plan.dialect, root);
    if (messages.IsString()) {
        ++prompt.messages;
        AddParts(prompt, messages);
        return prompt;
    }
    for (JsonValue message = messages.First(); message;
         message = message.Next()) {
        ++prompt.messages;
        AddParts(prompt, message.Get(gemini ? "parts" : "content"));
    }
    return prompt;
}

std::int64_t OutputLimit(const Plan& plan, JsonValue root) {
    JsonValue limit = root.Get("max_completion_tokens");
    if (!limit) limit = root.Get("max_tokens");
    if (plan.dialect == Dialect::kGeminiContent) {
        limit = root.Get("generationConfig").Get("maxOutputTokens");
    } else if (plan.dialect == Dialect::kOpenAiResponses) {
        limit = root.Get("max_output_tokens");
    } else if (plan.dialect == Dialect::kOllama) {
        limit = root.Get("options").Get("num_predict");
    } else if (plan.dialect == Dialect::kBedrockConverse) {
        limit = root.Get("inferenceConfig").Get("maxTokens");
    }
    return std::max<std::int64_t>(1, limit.Integer().value_or(kMaxTokens));
}

int Length(JsonValue list) {
    int length = 0;
    for (JsonValue one = list.First(); one; one = one.Next()) ++length;
    return length;
}

// Speech, images and files are counted by their own simple rules.
bool SetMedia(Plan& plan) {
    Usage& usage = plan.usage;
    const Fault& fault = plan.fault;
    int text = static_cast<int>((plan.prompt_bytes + 3) / 4);
    if (plan.dialect == Dialect::kOpenAiImages) {
        usage.input_image = plan.file_bytes > 0 ? 100 : 0;
        usage.input = fault.input.value_or(text) + usage.input_image;
        usage.output_image = fault.tokens.value_or(64 * plan.count);
        usage.output = usage.output_image;
        plan.events = fault.events.value_or(2);
        return true;
    }
    if (plan.kind == Kind::kTranscribe) {
        usage.input_audio = static_cast<int>((plan.file_bytes + 99) / 100);
        usage.input = usage.input_audio + text;
        usage.output = fault.tokens.value_or(16);
    } else if (plan.kind == Kind::kSpeech) {
        usage.input = fault.input.value_or(text);
        usage.output_audio = usage.output = fault.tokens.value_or(32);
    } else if (plan.kind == Kind::kStored) {
        usage.input = fault.input.value_or(11);
        usage.output = fault.tokens.value_or(16);
    } else {
        return false;
    }
    plan.events = fault.events.value_or((usage.output + 1) / 2);
    return true;
}

void SetInput(Plan& plan, const Prompt& prompt, JsonValue root) {
    const Fault& fault = plan.fault;
    Usage& usage = plan.usage;
    std::size_t tokens = (prompt.bytes + 3) / 4 + 4 * prompt.messages + 3;
    usage.input = fault.input.value_or(static_cast<int>(tokens));
    if (plan.kind != Kind::kGenerate) return;

    bool anthropic = plan.dialect == Dialect::kAnthropicMessages ||
                     plan.dialect == Dialect::kBedrockInvoke ||
                     plan.dialect == Dialect::kBedrockConverse;
    bool openai = plan.dialect == Dialect::kOpenAiChat ||
                  plan.dialect == Dialect::kOpenAiResponses;
    bool reads = anthropic ? prompt.caches : plan.dialect != Dialect::kOllama;
    bool writes =
        anthropic ? prompt.caches : openai && root.Get("prompt_cache_options");
    int read = fault.cache_read.value_or(reads ? usage.input / 256 * 128 : 0);
    usage.cache_read = std::min(read, usage.input);
    int write = fault.cache_write.value_or(writes ? usage.input / 4 : 0);
    write = std::min(write, usage.input - usage.cache_read);
    if (openai) {
        usage.cache_write_30m = write;
    } else if (anthropic && prompt.one_hour) {
        usage.cache_write_1h = write;
    } else if (anthropic) {
        usage.cache_write_5m = write;
    }
}

}  // namespace

bool HasMessages(const Plan& plan, JsonValue root) {
    if (plan.dialect == Dialect::kOpenAiImages) return plan.prompt_bytes > 0;
    JsonValue messages = Messages(plan.dialect, root);
    return messages.TextBytes() > 0 || (messages.IsArray() && messages.First());
}

void SetGroundTruth(Plan& plan, JsonValue root) {
    if (SetMedia(plan)) return;
    Prompt prompt = ReadPrompt(plan, root);
    if (plan.kind == Kind::kEmbed && plan.dialect == Dialect::kCohere) {
        plan.count = std::max(1, Length(root.Get("texts")));
    } else if (plan.kind == Kind::kEmbed && root.Get("input").IsArray()) {
        plan.count = std::max(1, Length(root.Get("input")));
    } else if (plan.kind == Kind::kRerank) {
        plan.count = std::max(1, Length(root.Get("documents")));
    }
    SetInput(plan, prompt, root);
    if (plan.kind != Kind::kGenerate) return;

    const Fault& fault = plan.fault;
    std::int64_t tokens = 16 + static_cast<int>(prompt.bytes % 17);
    if (fault.events) tokens = 2ll * *fault.events;
    if (fault.tokens) tokens = *fault.tokens;
    std::int64_t limit = OutputLimit(plan, root);
    plan.limited = tokens > limit;
    tokens = std::min({tokens, limit, std::int64_t{kMaxTokens}});
    plan.usage.output = static_cast<int>(tokens);
    std::int64_t events = fault.events.value_or((plan.usage.output + 1) / 2);
    plan.events = static_cast<int>(
        std::clamp<std::int64_t>(events, 0, fault.events ? kMaxEvents : 1000));
    int reasoning =
        plan.model_served == "demo-large" ? plan.usage.output / 4 : 0;
    plan.usage.reasoning =
        std::min(fault.reasoning.value_or(reasoning), plan.usage.output);
}

}  // namespace aiproxy::demo
