// SPDX-License-Identifier: MIT

#include "core/pricing/price_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace aiproxy::pricing {
namespace {

constexpr std::string_view kHeader =
    "provider,model,input,output,cache_read,cache_write_short,"
    "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,"
    "effective_from";
constexpr std::string_view kMore = ",more";

Status Bad(std::size_t line, const std::string& what) {
    Error error(ErrorCode::kRequestBad);
    error.public_text =
        "Line " + std::to_string(line) + " of the prices: " + what;
    error.detail = error.public_text;
    return error;
}

Status Bad(const std::string& what) {
    Error error(ErrorCode::kRequestBad);
    error.public_text = what;
    error.detail = what;
    return error;
}

// "2026-10-07": its first moment in UTC.
std::optional<UnixMs> ParseDay(std::string_view text) {
    int parts[3] = {};
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const std::string_view texts[3] = {text.substr(0, 4), text.substr(5, 2),
                                       text.substr(8, 2)};
    for (int i = 0; i < 3; ++i) {
        const char* end = texts[i].data() + texts[i].size();
        if (std::from_chars(texts[i].data(), end, parts[i]).ptr != end) {
            return std::nullopt;
        }
    }
    const std::chrono::year_month_day day(
        std::chrono::year(parts[0]),
        std::chrono::month(static_cast<unsigned>(parts[1])),
        std::chrono::day(static_cast<unsigned>(parts[2])));
    if (!day.ok() || parts[1] < 0 || parts[2] < 0) {
        return std::nullopt;
    }
    constexpr std::int64_t kMsPerDay = 86'400'000;
    return std::chrono::sys_days(day).time_since_epoch().count() * kMsPerDay;
}

std::optional<std::int64_t> ParseTokens(std::string_view text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end && value >= 0
               ? std::optional(value)
               : std::nullopt;
}

}  // namespace

Status ParsePriceRow(const PriceFields& fields, PriceRow& row) {
    constexpr MaybePrice Price::*kMoney[] = {
        &Price::input,
        &Price::output,
        &Price::cache_read,
        &Price::cache_write_short,
        &Price::cache_write_long,
        nullptr,  // tier_at
        &Price::tier_input,
        &Price::tier_output,
        &Price::tier_cache_read,
    };
    constexpr std::size_t kFirst = 2;
    row.price_list = fields[0];
    row.model = fields[1];
    if (row.price_list.empty() || row.model.empty()) {
        return Bad("provider and model are needed.");
    }
    for (std::size_t i = 0; i < std::size(kMoney); ++i) {
        const std::string_view text = fields[kFirst + i];
        if (text.empty()) {
            continue;
        }
        auto& to =
            kMoney[i] == nullptr ? row.price.tier_at : row.price.*kMoney[i];
        to = kMoney[i] == nullptr ? ParseTokens(text) : ParsePerMillion(text);
        if (!to) {
            return Bad("\"" + std::string(text) + "\" is no number.");
        }
    }
    if (!fields[11].empty()) {
        row.effective_from_ms = ParseDay(fields[11]);
        if (!row.effective_from_ms) {
            return Bad("\"" + std::string(fields[11]) + "\" is no day.");
        }
    }
    if (row.price.tier_at && !row.price.tier_input) {
        return Bad("tier_at without tier_input.");
    }
    return ParseMore(fields[12], row.price);
}

Status PriceTableBuilder::Add(PriceRow row) {
    const std::string names = std::move(row.model);
    std::string_view models = names;
    do {
        row.model = models.substr(0, models.find('|'));
        models.remove_prefix(std::min(models.size(), row.model.size() + 1));
        const bool is_new =
            seen_
                .insert({row.price_list, row.model, row.effective_from_ms,
                         row.price.only_tier, row.price.from_minute})
                .second;
        if (row.model.empty() || !is_new) {
            return Bad("\"" + row.model + "\" is there twice.");
        }
        rows_.push_back(row);
    } while (!models.empty());
    return {};
}

namespace {

bool Split(std::string_view line, bool has_more, PriceFields& fields) {
    fields = {};
    const std::size_t count =
        has_more ? kPriceColumns.size() : kPriceColumns.size() - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t comma = line.find(',');
        fields[i] = line.substr(0, comma);
        const bool last = comma == std::string_view::npos;
        if (last != (i + 1 == count)) {
            return false;
        }
        line.remove_prefix(last ? line.size() : comma + 1);
    }
    return true;
}

// Reads the lines one after the other.
class TableReader {
 public:
    Status Take(std::string_view line, std::size_t number) {
        if (!has_header_) {
            has_header_ = true;
            has_more_ = line.ends_with(kMore);
            line.remove_suffix(has_more_ ? kMore.size() : 0);
            return line == kHeader ? Status()
                                   : Bad(number, "the header is not known.");
        }
        PriceFields fields;
        if (!Split(line, has_more_, fields)) {
            return Bad(number, "too few or too many fields.");
        }
        PriceRow row;
        Status status = ParsePriceRow(fields, row);
        if (status.ok()) status = builder_.Add(std::move(row));
        return status.ok() ? status : Bad(number, status.error().public_text);
    }

    bool has_header() const { return has_header_; }
    std::vector<PriceRow> rows() && { return std::move(builder_).Take(); }

 private:
    bool has_header_ = false;
    bool has_more_ = false;
    PriceTableBuilder builder_;
};

}  // namespace

Result<std::vector<PriceRow>> ParsePriceTable(std::string_view csv) {
    TableReader reader;
    std::size_t number = 0;
    while (!csv.empty()) {
        std::string_view line = csv.substr(0, csv.find('\n'));
        csv.remove_prefix(std::min(csv.size(), line.size() + 1));
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        ++number;
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        Status status = reader.Take(line, number);
        if (!status.ok()) {
            Error error = status.error();
            error.detail.append(" In the row: ").append(line);
            return error;
        }
    }
    if (!reader.has_header()) {
        return Bad(number, "there is no header.").error();
    }
    return std::move(reader).rows();
}

}  // namespace aiproxy::pricing
