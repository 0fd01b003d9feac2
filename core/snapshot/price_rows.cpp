// SPDX-License-Identifier: MIT

#include "core/snapshot/price_rows.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using pricing::Price;

// How places are numbered among the factors; classes of service are below.
constexpr std::uint8_t kUs = 100;
constexpr std::uint8_t kEu = 101;

struct Row {
    std::optional<std::int64_t> Price::*member;
    void (wire::PriceBuilder::*write)(std::int64_t);
    flatbuffers::Optional<std::int64_t> (wire::Price::*read)() const;
};
constexpr Row kRows[] = {
    {&Price::input, &wire::PriceBuilder::add_input, &wire::Price::input},
    {&Price::output, &wire::PriceBuilder::add_output, &wire::Price::output},
    {&Price::cache_read, &wire::PriceBuilder::add_cache_read,
     &wire::Price::cache_read},
    {&Price::cache_write_short, &wire::PriceBuilder::add_cache_write_short,
     &wire::Price::cache_write_short},
    {&Price::cache_write_long, &wire::PriceBuilder::add_cache_write_long,
     &wire::Price::cache_write_long},
    {&Price::tier_at, &wire::PriceBuilder::add_tier_at, &wire::Price::tier_at},
    {&Price::tier_input, &wire::PriceBuilder::add_tier_input,
     &wire::Price::tier_input},
    {&Price::tier_output, &wire::PriceBuilder::add_tier_output,
     &wire::Price::tier_output},
    {&Price::tier_cache_read, &wire::PriceBuilder::add_tier_cache_read,
     &wire::Price::tier_cache_read},
    {&Price::tier_cache_write_short,
     &wire::PriceBuilder::add_tier_cache_write_short,
     &wire::Price::tier_cache_write_short},
    {&Price::tier_cache_write_long,
     &wire::PriceBuilder::add_tier_cache_write_long,
     &wire::Price::tier_cache_write_long},
    {&Price::reasoning, &wire::PriceBuilder::add_reasoning,
     &wire::Price::reasoning},
    {&Price::input_audio, &wire::PriceBuilder::add_input_audio,
     &wire::Price::input_audio},
    {&Price::input_image, &wire::PriceBuilder::add_input_image,
     &wire::Price::input_image},
    {&Price::input_video, &wire::PriceBuilder::add_input_video,
     &wire::Price::input_video},
    {&Price::cache_read_audio, &wire::PriceBuilder::add_cache_read_audio,
     &wire::Price::cache_read_audio},
    {&Price::cache_read_image, &wire::PriceBuilder::add_cache_read_image,
     &wire::Price::cache_read_image},
    {&Price::output_audio, &wire::PriceBuilder::add_output_audio,
     &wire::Price::output_audio},
    {&Price::output_image, &wire::PriceBuilder::add_output_image,
     &wire::Price::output_image},
    {&Price::web_search, &wire::PriceBuilder::add_web_search,
     &wire::Price::web_search},
    {&Price::web_fetch, &wire::PriceBuilder::add_web_fetch,
     &wire::Price::web_fetch},
    {&Price::code_run, &wire::PriceBuilder::add_code_run,
     &wire::Price::code_run},
    {&Price::file_search, &wire::PriceBuilder::add_file_search,
     &wire::Price::file_search},
    {&Price::other_tool, &wire::PriceBuilder::add_other_tool,
     &wire::Price::other_tool},
    {&Price::search_unit, &wire::PriceBuilder::add_search_unit,
     &wire::Price::search_unit},
    {&Price::page, &wire::PriceBuilder::add_page, &wire::Price::page},
    {&Price::image, &wire::PriceBuilder::add_image, &wire::Price::image},
    {&Price::character, &wire::PriceBuilder::add_character,
     &wire::Price::character},
    {&Price::request, &wire::PriceBuilder::add_request, &wire::Price::request},
    {&Price::audio_input_hour, &wire::PriceBuilder::add_audio_input_hour,
     &wire::Price::audio_input_hour},
    {&Price::audio_output_hour, &wire::PriceBuilder::add_audio_output_hour,
     &wire::Price::audio_output_hour},
    {&Price::from_minute, &wire::PriceBuilder::add_from_minute,
     &wire::Price::from_minute},
    {&Price::to_minute, &wire::PriceBuilder::add_to_minute,
     &wire::Price::to_minute},
};

void AddFactor(std::vector<wire::Factor>& list, std::uint8_t of,
               const std::optional<pricing::Factor>& factor) {
    if (factor) {
        list.emplace_back(factor->numerator, factor->denominator, of);
    }
}

Price ReadPrice(const wire::Price& row) {
    Price price;
    price.version_id = row.version_id();
    for (const Row& field : kRows) {
        const auto value = (row.*field.read)();
        if (value.has_value()) {
            price.*field.member = value.value();
        }
    }
    if (row.only_tier() < usage::kTiers) {
        price.only_tier = static_cast<usage::Tier>(row.only_tier());
    }
    if (row.factors() == nullptr) {
        return price;
    }
    for (const wire::Factor* factor : *row.factors()) {
        const pricing::Factor value{factor->numerator(), factor->denominator()};
        if (factor->of() == kUs) {
            price.us_factor = value;
        } else if (factor->of() == kEu) {
            price.eu_factor = value;
        } else if (factor->of() < usage::kTiers) {
            price.tier_factors[factor->of()] = value;
        }
    }
    return price;
}

int Compare(const wire::Price& row, std::string_view list,
            std::string_view model) {
    const int order = row.price_list()->string_view().compare(list);
    return order != 0 ? order : row.model()->string_view().compare(model);
}

// Which of two rows of a model that hold counts: the one for the class of
// service, then the one for the hour, then the newer.
bool Precedes(const wire::Price& row, const wire::Price& best) {
    const bool own = row.only_tier() != 0;
    if (own != (best.only_tier() != 0)) {
        return own;
    }
    const bool timed = row.from_minute().has_value();
    const auto from = row.effective_from_ms();
    const auto best_from = best.effective_from_ms();
    // A new price ends the old one's hours too.
    if (from != best_from) {
        return !best_from.has_value() ||
               (from.has_value() && from.value() > best_from.value());
    }
    return timed || !best.from_minute().has_value();
}

// What is asked of the table.
struct Wanted {
    std::string_view list;
    UnixMs at;
    usage::Tier tier;
};

const wire::Price* FindRow(const wire::Snapshot& root, const Wanted& wanted,
                           std::string_view model) {
    const auto& rows = *root.prices();
    auto row = std::lower_bound(
        rows.begin(), rows.end(), 0, [&](const wire::Price* left, int) {
            return Compare(*left, wanted.list, model) < 0;
        });
    const wire::Price* best = nullptr;
    for (; row != rows.end() && Compare(**row, wanted.list, model) == 0;
         ++row) {
        const auto from = row->effective_from_ms();
        const auto tier = static_cast<usage::Tier>(row->only_tier());
        if ((from.has_value() && from.value() > wanted.at) ||
            (tier != usage::Tier::kUnknown && tier != wanted.tier) ||
            (row->from_minute().has_value() &&
             !pricing::InWindow(ReadPrice(**row), wanted.at))) {
            continue;
        }
        if (best == nullptr || Precedes(**row, *best)) {
            best = *row;
        }
    }
    return best;
}

// The row whose name is the longest beginning of the model's, with a "*".
const wire::Price* FindPrefix(const wire::Snapshot& root, const Wanted& wanted,
                              std::string_view model) {
    std::string name(model);
    for (std::size_t size = name.size() + 1; size-- > 0;) {
        name.resize(size);
        name += '*';
        if (const wire::Price* row = FindRow(root, wanted, name)) {
            return row;
        }
        name.pop_back();
    }
    return nullptr;
}

}  // namespace

Offset<wire::Price> WritePrice(FlatBufferBuilder& builder,
                               const pricing::PriceRow& row) {
    const Price& price = row.price;
    const auto list = builder.CreateSharedString(row.price_list);
    const auto model = builder.CreateSharedString(row.model);
    std::vector<wire::Factor> factors;
    for (std::size_t i = 0; i < price.tier_factors.size(); ++i) {
        AddFactor(factors, static_cast<std::uint8_t>(i), price.tier_factors[i]);
    }
    AddFactor(factors, kUs, price.us_factor);
    AddFactor(factors, kEu, price.eu_factor);
    Offset<flatbuffers::Vector<const wire::Factor*>> factor_list = 0;
    if (!factors.empty()) {
        factor_list = builder.CreateVectorOfStructs(factors);
    }
    wire::PriceBuilder b(builder);
    b.add_price_list(list);
    b.add_model(model);
    b.add_version_id(price.version_id);
    if (row.effective_from_ms) {
        b.add_effective_from_ms(*row.effective_from_ms);
    }
    for (const Row& field : kRows) {
        if (const auto& value = price.*field.member) {
            (b.*field.write)(*value);
        }
    }
    if (!factors.empty()) {
        b.add_factors(factor_list);
    }
    b.add_only_tier(static_cast<std::uint8_t>(price.only_tier));
    return b.Finish();
}

std::optional<Price> Snapshot::FindPrice(std::string_view price_list,
                                         std::string_view model, UnixMs at,
                                         usage::Tier tier) const {
    const Wanted wanted{price_list, at, tier};
    const wire::Price* row = FindRow(*root_, wanted, model);
    if (row == nullptr) {
        const std::string_view undated = pricing::WithoutDate(model);
        row = undated.empty() ? nullptr : FindRow(*root_, wanted, undated);
    }
    if (row == nullptr) {
        row = FindPrefix(*root_, wanted, model);
    }
    return row == nullptr ? std::nullopt : std::optional(ReadPrice(*row));
}

}  // namespace aiproxy::snapshot
