// SPDX-License-Identifier: MIT

#include "core/ledger/record_usage.h"

namespace aiproxy::ledger {
namespace {

using flatbuffers::Offset;

constexpr std::size_t kMaxModelBytes = 256;

usage::Count FromWire(flatbuffers::Optional<std::int64_t> count) {
    return count.has_value() ? usage::Count(count.value()) : std::nullopt;
}

// The counts of usage::Details and where they stand on the wire.
struct DetailOnWire {
    usage::Count usage::Details::*member;
    void (wire::UsageBuilder::*write)(std::int64_t);
    flatbuffers::Optional<std::int64_t> (wire::Usage::*read)() const;
};
constexpr DetailOnWire kDetailsOnWire[] = {
    {&usage::Details::input_audio, &wire::UsageBuilder::add_input_audio,
     &wire::Usage::input_audio},
    {&usage::Details::input_image, &wire::UsageBuilder::add_input_image,
     &wire::Usage::input_image},
    {&usage::Details::input_video, &wire::UsageBuilder::add_input_video,
     &wire::Usage::input_video},
    {&usage::Details::input_tool, &wire::UsageBuilder::add_input_tool,
     &wire::Usage::input_tool},
    {&usage::Details::cache_read_audio,
     &wire::UsageBuilder::add_cache_read_audio, &wire::Usage::cache_read_audio},
    {&usage::Details::cache_read_image,
     &wire::UsageBuilder::add_cache_read_image, &wire::Usage::cache_read_image},
    {&usage::Details::output_audio, &wire::UsageBuilder::add_output_audio,
     &wire::Usage::output_audio},
    {&usage::Details::output_image, &wire::UsageBuilder::add_output_image,
     &wire::Usage::output_image},
    {&usage::Details::web_searches, &wire::UsageBuilder::add_web_searches,
     &wire::Usage::web_searches},
    {&usage::Details::web_fetches, &wire::UsageBuilder::add_web_fetches,
     &wire::Usage::web_fetches},
    {&usage::Details::code_runs, &wire::UsageBuilder::add_code_runs,
     &wire::Usage::code_runs},
    {&usage::Details::file_searches, &wire::UsageBuilder::add_file_searches,
     &wire::Usage::file_searches},
    {&usage::Details::other_tools, &wire::UsageBuilder::add_other_tools,
     &wire::Usage::other_tools},
    {&usage::Details::audio_input_ms, &wire::UsageBuilder::add_audio_input_ms,
     &wire::Usage::audio_input_ms},
    {&usage::Details::audio_output_ms, &wire::UsageBuilder::add_audio_output_ms,
     &wire::Usage::audio_output_ms},
    {&usage::Details::pages, &wire::UsageBuilder::add_pages,
     &wire::Usage::pages},
    {&usage::Details::search_units, &wire::UsageBuilder::add_search_units,
     &wire::Usage::search_units},
    {&usage::Details::images, &wire::UsageBuilder::add_images,
     &wire::Usage::images},
    {&usage::Details::characters, &wire::UsageBuilder::add_characters,
     &wire::Usage::characters},
    {&usage::Details::provider_cost, &wire::UsageBuilder::add_provider_cost,
     &wire::Usage::provider_cost},
};
static_assert(std::size(kDetailsOnWire) == usage::kDetailFields.size());

Offset<wire::Usage> Write(
    flatbuffers::FlatBufferBuilder& builder, const usage::Usage& usage,
    Offset<flatbuffers::Vector<Offset<wire::ModelUsage>>> others) {
    wire::UsageBuilder b(builder);
    auto add = [&b](const usage::Count& count,
                    void (wire::UsageBuilder::*write)(std::int64_t)) {
        if (count) (b.*write)(*count);
    };
    add(usage.input, &wire::UsageBuilder::add_input);
    add(usage.cache_read, &wire::UsageBuilder::add_cache_read);
    add(usage.cache_write_5m, &wire::UsageBuilder::add_cache_write_5m);
    add(usage.cache_write_1h, &wire::UsageBuilder::add_cache_write_1h);
    add(usage.cache_write_30m, &wire::UsageBuilder::add_cache_write_30m);
    add(usage.cache_write_12h, &wire::UsageBuilder::add_cache_write_12h);
    add(usage.output, &wire::UsageBuilder::add_output);
    add(usage.reasoning, &wire::UsageBuilder::add_reasoning);
    for (const DetailOnWire& detail : kDetailsOnWire) {
        add(usage.*detail.member, detail.write);
    }
    b.add_tier(static_cast<std::uint8_t>(usage.tier));
    b.add_geo(static_cast<std::uint8_t>(usage.geo));
    if (!others.IsNull()) b.add_others(others);
    return b.Finish();
}

usage::Usage Read(const wire::Usage& from) {
    usage::Usage to;
    to.input = FromWire(from.input());
    to.cache_read = FromWire(from.cache_read());
    to.cache_write_5m = FromWire(from.cache_write_5m());
    to.cache_write_1h = FromWire(from.cache_write_1h());
    to.cache_write_30m = FromWire(from.cache_write_30m());
    to.cache_write_12h = FromWire(from.cache_write_12h());
    to.output = FromWire(from.output());
    to.reasoning = FromWire(from.reasoning());
    for (const DetailOnWire& detail : kDetailsOnWire) {
        to.*detail.member = FromWire((from.*detail.read)());
    }
    to.tier = from.tier() < usage::kTiers
                  ? static_cast<usage::Tier>(from.tier())
                  : usage::Tier::kUnknown;
    to.geo = from.geo() <= static_cast<std::uint8_t>(usage::Geo::kEu)
                 ? static_cast<usage::Geo>(from.geo())
                 : usage::Geo::kUnknown;
    return to;
}

}  // namespace

Offset<wire::Usage> WriteUsage(flatbuffers::FlatBufferBuilder& builder,
                               const Record& record) {
    if (record.usage == usage::Usage{} && record.other_models.empty()) {
        return 0;
    }
    std::vector<Offset<wire::ModelUsage>> others;
    for (const usage::ModelUsage& other : record.other_models) {
        if (others.size() == kMaxOtherModels) break;
        Offset<flatbuffers::String> model = 0;
        if (!other.model.empty()) {
            model =
                builder.CreateString(CleanText(other.model, kMaxModelBytes));
        }
        others.push_back(wire::CreateModelUsage(
            builder, model, Write(builder, other.usage, 0)));
    }
    return Write(builder, record.usage,
                 others.empty() ? 0 : builder.CreateVector(others));
}

void ReadUsage(const wire::Usage& from, Record& to) {
    to.usage = Read(from);
    if (from.others() == nullptr) {
        return;
    }
    for (const wire::ModelUsage* other : *from.others()) {
        if (other->usage() != nullptr &&
            to.other_models.size() < kMaxOtherModels) {
            to.other_models.push_back(
                {other->model() == nullptr ? "" : other->model()->str(),
                 Read(*other->usage())});
        }
    }
}

}  // namespace aiproxy::ledger
