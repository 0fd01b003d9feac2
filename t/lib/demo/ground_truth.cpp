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
        JsonValue cache = part.Get("cache_control");
        if (!cache.IsObject()) continue;
        prompt.caches = true;
        prompt.one_hour |= cache.Get("ttl").Text() == "1h";
    }
}

JsonValue Messages(Dialect dialect, JsonValue root) {
    return root.Get(dialect == Dialect::kGeminiContent ? "contents"
                                                       : "messages");
}

Prompt ReadPrompt(const Plan& plan, JsonValue root) {
    Prompt prompt;
    bool gemini = plan.dialect == Dialect::kGeminiContent;
    if (plan.kind == Kind::kEmbed) {
        AddParts(prompt,
                 gemini ? root.Get("content").Get("parts") : root.Get("input"));
        return prompt;
    }
    AddParts(prompt, root.Get("system"));
    AddParts(prompt, root.Get("systemInstruction").Get("parts"));
    JsonValue message = Messages(plan.dialect, root).First();
    for (; message; message = message.Next()) {
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
    }
    return std::max<std::int64_t>(1, limit.Integer().value_or(kMaxTokens));
}

void SetInput(Plan& plan, const Prompt& prompt, JsonValue root) {
    const Fault& fault = plan.fault;
    Usage& usage = plan.usage;
    std::size_t tokens = (prompt.bytes + 3) / 4 + 4 * prompt.messages + 3;
    usage.input = fault.input.value_or(static_cast<int>(tokens));
    if (plan.kind != Kind::kGenerate) return;

    bool anthropic = plan.dialect == Dialect::kAnthropicMessages;
    bool openai = plan.dialect == Dialect::kOpenAiChat;
    bool reads = !anthropic || prompt.caches;
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

bool HasMessages(Dialect dialect, JsonValue root) {
    JsonValue messages = Messages(dialect, root);
    return messages.IsArray() && messages.First();
}

void SetGroundTruth(Plan& plan, JsonValue root) {
    Prompt prompt = ReadPrompt(plan, root);
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
