// SPDX-License-Identifier: MIT

#include "t/lib/demo/openai_usage.h"

#include <algorithm>

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

// A thousandth of a cent for a token, whatever token.
constexpr long long kTicksPerToken = 100'000;  // xAI: 10^10 are a dollar

void AppendDetails(const Plan& plan, std::string& out, int output) {
    const Usage& usage = plan.usage;
    out += ",\"prompt_tokens_details\":{";
    AppendNumber(out, "cached_tokens", usage.cache_read);
    if (usage.cache_write() > 0) {
        AppendNumber(out, "cache_write_tokens", usage.cache_write());
    }
    AppendNumber(out, "audio_tokens", 0);
    out += "},\"completion_tokens_details\":{";
    AppendNumber(out, "reasoning_tokens", std::min(usage.reasoning, output));
    AppendNumber(out, "audio_tokens", 0);
    AppendNumber(out, "accepted_prediction_tokens", 0);
    AppendNumber(out, "rejected_prediction_tokens", 0);
    out += "}";
}

void AppendVendors(const Plan& plan, std::string& out, int output) {
    const Usage& usage = plan.usage;
    int total = usage.input + output;
    switch (plan.vendor) {
        case Vendor::kDeepSeek:
            AppendNumber(out, "prompt_cache_hit_tokens", usage.cache_read);
            AppendNumber(out, "prompt_cache_miss_tokens",
                         usage.input - usage.cache_read);
            return;
        case Vendor::kGroq:
            out +=
                ",\"queue_time\":0.01,\"prompt_time\":0.002,"
                "\"completion_time\":0.1,\"total_time\":0.112";
            return;
        case Vendor::kMistral:
            AppendNumber(out, "num_cached_tokens", usage.cache_read);
            return;
        case Vendor::kOpenRouter:
            out += ",\"cost\":0.0000" + std::to_string(100000 + total) +
                   ",\"is_byok\":false,\"cost_details\":"
                   "{\"upstream_inference_cost\":null}";
            return;
        case Vendor::kXai:
            AppendNumber(out, "num_sources_used", 0);
            AppendNumber(out, "cost_in_usd_ticks", kTicksPerToken * total);
            return;
        case Vendor::kOpenAi:
        case Vendor::kAzure:
            return;
    }
}

}  // namespace

std::string OpenAiUsage(const Plan& plan, int output) {
    const Usage& usage = plan.usage;
    // xAI's completion_tokens are without reasoning; its total has both.
    bool apart = plan.vendor == Vendor::kXai;
    int hidden = apart ? std::min(usage.reasoning, output) : 0;
    std::string out = "{";
    AppendNumber(out, "prompt_tokens", usage.input);
    AppendNumber(out, "completion_tokens", output - hidden);
    AppendNumber(out, "total_tokens", usage.input + output);
    AppendDetails(plan, out, output);
    AppendVendors(plan, out, output);
    return out + "}";
}

bool TellsUsageUnasked(Vendor vendor) {
    return vendor == Vendor::kGroq || vendor == Vendor::kMistral ||
           vendor == Vendor::kOpenRouter || vendor == Vendor::kXai;
}

}  // namespace aiproxy::demo
