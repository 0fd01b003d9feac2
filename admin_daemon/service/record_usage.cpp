// SPDX-License-Identifier: MIT

#include "admin_daemon/service/record_usage.h"

namespace aiproxy::admin::service {
namespace {

Json OthersJson(const ledger::Record& record) {
    Json others = Json::Array();
    for (const usage::ModelUsage& other : record.other_models) {
        Json json = Json::Object();
        json.Set("model", ValidUtf8(other.model));
        json.Set("counts", CountsJson(other.usage, true));
        json.Set("tier", usage::Name(other.usage.tier));
        others.Append(json);
    }
    return others;
}

// How it was counted where the provider did not, or the caller left.
void AddManner(const ledger::Record& record, Json& json) {
    if (record.on_abort != ledger::OnAbort::kNone) {
        json.Set("on_abort", ledger::Name(record.on_abort));
    }
    if (record.drained_bytes) {
        json.Set("drained_bytes", *record.drained_bytes);
    }
    if (record.calibration_ppm) {
        Json calibration = Json::Object();
        calibration.Set("ppm", *record.calibration_ppm);
        calibration.Set("error_ppm", record.calibration_error_ppm.value_or(0));
        json.Set("calibration", calibration);
    }
    if (record.stored) json.Set("stored", true);
}

usage::Count NumberOf(json_t* object, std::string_view name) {
    json_t* value = json_object_getn(object, name.data(), name.size());
    return json_is_integer(value) ? usage::Count(json_integer_value(value))
                                  : std::nullopt;
}

std::string_view TextOf(json_t* object, const char* name) {
    const char* text = json_string_value(json_object_get(object, name));
    return text == nullptr ? std::string_view() : std::string_view(text);
}

void ReadCounts(json_t* counts, usage::Usage& to) {
    for (const usage::UsageField& field : usage::kUsageFields) {
        if (const auto count = NumberOf(counts, field.name)) {
            to.*field.member = count;
        }
    }
    for (const usage::DetailField& field : usage::kDetailFields) {
        to.*field.member = NumberOf(counts, field.name);
    }
}

}  // namespace

Json CountsJson(const usage::Usage& usage, bool with_tokens) {
    Json counts = Json::Object();
    for (const usage::UsageField& field : usage::kUsageFields) {
        const usage::Count& count = usage.*field.member;
        if (with_tokens && count) counts.Set(field.name, *count);
    }
    for (const usage::DetailField& field : usage::kDetailFields) {
        const usage::Count& count = usage.*field.member;
        if (count) counts.Set(field.name, *count);
    }
    return counts;
}

std::optional<std::string> UsageMore(const ledger::Record& record) {
    Json json = Json::Object();
    const Json counts = CountsJson(record.usage, false);
    if (json_object_size(counts.raw()) > 0) json.Set("counts", counts);
    if (record.usage.tier != usage::Tier::kUnknown) {
        json.Set("tier", usage::Name(record.usage.tier));
    }
    if (record.usage.geo != usage::Geo::kUnknown) {
        json.Set("geo", usage::Name(record.usage.geo));
    }
    if (!record.other_models.empty()) json.Set("others", OthersJson(record));
    AddManner(record, json);
    if (json_object_size(json.raw()) == 0) return std::nullopt;
    return json.Dump();
}

StoredUsage UsageOf(const store::Record& record) {
    StoredUsage stored;
    usage::Usage& usage = stored.usage;
    usage.input = record.input_tokens;
    usage.cache_read = record.cache_read_tokens;
    usage.cache_write_5m = record.cache_write_5m_tokens;
    usage.cache_write_1h = record.cache_write_1h_tokens;
    usage.cache_write_30m = record.cache_write_30m_tokens;
    usage.cache_write_12h = record.cache_write_12h_tokens;
    usage.output = record.output_tokens;
    usage.reasoning = record.reasoning_tokens;
    if (!record.usage_more) return stored;
    const auto more = Json::Parse(*record.usage_more);
    if (!more) return stored;
    ReadCounts(json_object_get(more->raw(), "counts"), usage);
    usage.tier = usage::TierFromName(TextOf(more->raw(), "tier"))
                     .value_or(usage::Tier::kUnknown);
    usage.geo = usage::ReadGeo(TextOf(more->raw(), "geo"));
    std::size_t i;
    json_t* row;
    json_array_foreach(json_object_get(more->raw(), "others"), i, row) {
        usage::ModelUsage& other = stored.others.emplace_back();
        other.model = TextOf(row, "model");
        ReadCounts(json_object_get(row, "counts"), other.usage);
        other.usage.tier = usage::TierFromName(TextOf(row, "tier"))
                               .value_or(usage::Tier::kUnknown);
    }
    return stored;
}

void ForgetUsage(store::Record& record) {
    for (auto* count :
         {&record.input_tokens, &record.cache_read_tokens,
          &record.cache_write_5m_tokens, &record.cache_write_1h_tokens,
          &record.cache_write_30m_tokens, &record.cache_write_12h_tokens,
          &record.output_tokens, &record.reasoning_tokens, &record.cost,
          &record.price_version_id}) {
        count->reset();
    }
    Json json = Json::Object();
    json.Set("stored", true);
    record.usage_more = json.Dump();
    record.usage_source = "repeated";
}

}  // namespace aiproxy::admin::service
