// SPDX-License-Identifier: MIT

#include <algorithm>
#include <charconv>

#include "core/pricing/price_table.h"

namespace aiproxy::pricing {
namespace {

// USD per million, per thousand, each: the decimals of a pico-USD.
constexpr int kPerMillion = 6;
constexpr int kPerThousand = 9;
constexpr int kEach = 12;

struct Named {
    std::string_view name;
    MaybePrice Price::*price;
    int decimals;
};
constexpr Named kPrices[] = {
    {"reasoning", &Price::reasoning, kPerMillion},
    {"input_audio", &Price::input_audio, kPerMillion},
    {"input_image", &Price::input_image, kPerMillion},
    {"input_video", &Price::input_video, kPerMillion},
    {"cache_read_audio", &Price::cache_read_audio, kPerMillion},
    {"cache_read_image", &Price::cache_read_image, kPerMillion},
    {"output_audio", &Price::output_audio, kPerMillion},
    {"output_image", &Price::output_image, kPerMillion},
    {"tier_cache_write_short", &Price::tier_cache_write_short, kPerMillion},
    {"tier_cache_write_long", &Price::tier_cache_write_long, kPerMillion},
    {"character", &Price::character, kPerMillion},
    {"web_search", &Price::web_search, kPerThousand},
    {"web_fetch", &Price::web_fetch, kPerThousand},
    {"code_run", &Price::code_run, kPerThousand},
    {"file_search", &Price::file_search, kPerThousand},
    {"other_tool", &Price::other_tool, kPerThousand},
    {"search_unit", &Price::search_unit, kPerThousand},
    {"page", &Price::page, kPerThousand},
    {"request", &Price::request, kPerThousand},
    {"image", &Price::image, kEach},
    {"audio_input_hour", &Price::audio_input_hour, kEach},
    {"audio_output_hour", &Price::audio_output_hour, kEach},
};

Status Bad(std::string_view name, std::string_view value) {
    Error error(ErrorCode::kRequestBad);
    error.public_text = "The price's \"" + std::string(name) + "=" +
                        std::string(value) + "\" is not understood.";
    return error;
}

std::optional<std::int64_t> Whole(std::string_view text) {
    std::int64_t value = 0;
    const auto result =
        std::from_chars(text.data(), text.data() + text.size(), value);
    const bool all =
        result.ec == std::errc() && result.ptr == text.data() + text.size();
    constexpr std::int64_t kMost = 1'000'000;
    return all && value >= 0 && value <= kMost ? std::optional(value)
                                               : std::nullopt;
}

// "2", "1/2"
std::optional<Factor> ParseFactor(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto numerator = Whole(text.substr(0, slash));
    const auto denominator = slash == std::string_view::npos
                                 ? std::optional<std::int64_t>(1)
                                 : Whole(text.substr(slash + 1));
    if (!numerator || !denominator || *denominator == 0) {
        return std::nullopt;
    }
    return Factor{*numerator, *denominator};
}

std::string FormatFactor(const Factor& factor) {
    std::string text = std::to_string(factor.numerator);
    if (factor.denominator != 1) {
        text += "/" + std::to_string(factor.denominator);
    }
    return text;
}

// "01:30" -> 90; "24:00" is the end of the day.
std::optional<std::int64_t> ParseMinute(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hours = Whole(text.substr(0, 2));
    const auto minutes = Whole(text.substr(3));
    if (!hours || !minutes || *minutes > 59 ||
        *hours * 60 + *minutes > 24 * 60) {
        return std::nullopt;
    }
    return *hours * 60 + *minutes;
}

std::string FormatMinute(std::int64_t minute) {
    std::string text = "00:00";
    text[0] = static_cast<char>('0' + minute / 600);
    text[1] = static_cast<char>('0' + minute / 60 % 10);
    text[3] = static_cast<char>('0' + minute % 60 / 10);
    text[4] = static_cast<char>('0' + minute % 10);
    return text;
}

bool SetHours(std::string_view text, Price& price) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return false;
    }
    price.from_minute = ParseMinute(text.substr(0, dash));
    price.to_minute = ParseMinute(text.substr(dash + 1));
    return price.from_minute && price.to_minute &&
           price.from_minute != price.to_minute;
}

// Of a factor's name; nullptr: it is none.
std::optional<Factor>* FactorOf(std::string_view name, Price& price) {
    if (name == "us") {
        return &price.us_factor;
    }
    if (name == "eu") {
        return &price.eu_factor;
    }
    const auto tier = usage::TierFromName(name);
    return tier && *tier != usage::Tier::kStandard
               ? &price.tier_factors[static_cast<std::size_t>(*tier)]
               : nullptr;
}

Status SetMore(std::string_view name, std::string_view value, Price& price) {
    const auto named =
        std::find_if(std::begin(kPrices), std::end(kPrices),
                     [&](const Named& row) { return row.name == name; });
    bool good = false;
    if (named != std::end(kPrices)) {
        MaybePrice& to = price.*named->price;
        good = !to;
        to = ParseDecimal(value, named->decimals);
        good = good && to;
    } else if (auto* factor = FactorOf(name, price)) {
        good = !*factor;
        *factor = ParseFactor(value);
        good = good && *factor;
    } else if (name == "service") {
        const auto tier = usage::TierFromName(value);
        good = tier && price.only_tier == usage::Tier::kUnknown;
        price.only_tier = tier.value_or(usage::Tier::kUnknown);
    } else if (name == "hours") {
        good = !price.from_minute && SetHours(value, price);
    }
    return good ? Status() : Bad(name, value);
}

}  // namespace

Status ParseMore(std::string_view text, Price& price) {
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const std::string_view name = pair.substr(0, pair.find('='));
        const std::string_view value =
            pair.substr(std::min(pair.size(), name.size() + 1));
        Status status = SetMore(name, value, price);
        if (!status.ok()) {
            return status;
        }
    }
    return {};
}

std::string FormatMore(const Price& price) {
    std::string text;
    auto add = [&text](std::string_view name, const std::string& value) {
        text.append(text.empty() ? "" : " ").append(name).append("=") += value;
    };
    for (const Named& named : kPrices) {
        if (const MaybePrice& value = price.*named.price) {
            add(named.name, FormatDecimal(*value, named.decimals));
        }
    }
    for (std::size_t i = 0; i < price.tier_factors.size(); ++i) {
        if (const auto& factor = price.tier_factors[i]) {
            add(Name(static_cast<usage::Tier>(i)), FormatFactor(*factor));
        }
    }
    if (price.us_factor) {
        add("us", FormatFactor(*price.us_factor));
    }
    if (price.eu_factor) {
        add("eu", FormatFactor(*price.eu_factor));
    }
    if (price.only_tier != usage::Tier::kUnknown) {
        add("service", std::string(Name(price.only_tier)));
    }
    if (price.from_minute && price.to_minute) {
        add("hours", FormatMinute(*price.from_minute) + "-" +
                         FormatMinute(*price.to_minute));
    }
    return text;
}

}  // namespace aiproxy::pricing
