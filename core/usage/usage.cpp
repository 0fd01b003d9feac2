// SPDX-License-Identifier: MIT

#include "core/usage/usage.h"

#include <algorithm>

namespace aiproxy::usage {
namespace {

constexpr std::array<std::string_view, kTiers> kTierNames = {
    "",      "standard", "priority",    "flex",
    "batch", "fast",     "provisioned", "off_peak"};

struct Said {
    std::string_view text;
    Tier tier;
};
constexpr Said kSaid[] = {
    {"default", Tier::kStandard},
    {"standard", Tier::kStandard},
    {"auto", Tier::kStandard},
    {"on_demand", Tier::kStandard},
    {"ON_DEMAND", Tier::kStandard},
    {"reserved", Tier::kProvisioned},
    {"priority", Tier::kPriority},
    {"ON_DEMAND_PRIORITY", Tier::kPriority},
    {"flex", Tier::kFlex},
    {"ON_DEMAND_FLEX", Tier::kFlex},
    {"batch", Tier::kBatch},
    {"fast", Tier::kFast},
    {"scale", Tier::kProvisioned},
    {"PROVISIONED_THROUGHPUT", Tier::kProvisioned},
    {"ON_DEMAND_OFFPEAK", Tier::kOffPeak},
};

}  // namespace

std::string_view Name(Tier tier) {
    const auto at = static_cast<std::size_t>(tier);
    return at < kTierNames.size() ? kTierNames[at] : "";
}

std::optional<Tier> TierFromName(std::string_view name) {
    const auto found =
        std::find(kTierNames.begin() + 1, kTierNames.end(), name);
    return found == kTierNames.end()
               ? std::nullopt
               : std::optional(static_cast<Tier>(found - kTierNames.begin()));
}

Tier ReadTier(std::string_view text) {
    for (const Said& said : kSaid) {
        if (said.text == text) {
            return said.tier;
        }
    }
    return Tier::kUnknown;
}

std::string_view Name(Geo geo) {
    switch (geo) {
        case Geo::kGlobal:
            return "global";
        case Geo::kUs:
            return "us";
        case Geo::kEu:
            return "eu";
        default:
            return "";
    }
}

Geo ReadGeo(std::string_view text) {
    for (Geo geo : {Geo::kGlobal, Geo::kUs, Geo::kEu}) {
        if (text == Name(geo)) {
            return geo;
        }
    }
    return Geo::kUnknown;
}

void Add(Count& sum, Count more) {
    if (more) {
        const std::int64_t room = kMostTokens - sum.value_or(0);
        sum =
            sum.value_or(0) + std::min(*more, std::max<std::int64_t>(room, 0));
    }
}

void Add(Usage& sum, const Usage& more) {
    for (const UsageField& field : kUsageFields) {
        Add(sum.*field.member, more.*field.member);
    }
    for (const DetailField& field : kDetailFields) {
        Add(sum.*field.member, more.*field.member);
    }
    sum.tier = more.tier == Tier::kUnknown ? sum.tier : more.tier;
    sum.geo = more.geo == Geo::kUnknown ? sum.geo : more.geo;
}

std::string_view Name(UsageSource source) {
    switch (source) {
        case UsageSource::kReported:
            return "reported";
        case UsageSource::kPartial:
            return "partial";
        case UsageSource::kEstimated:
            return "estimated";
        case UsageSource::kDrained:
            return "drained";
        default:
            return "none";
    }
}

}  // namespace aiproxy::usage
