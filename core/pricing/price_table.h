// SPDX-License-Identifier: MIT
//
// A price list as a CSV text (conf/prices.csv, what an operator imports), and
// what a price has beside its ten plain columns as one line of text. Reading
// is strict: what is not understood is refused with the number of its line.
//
//   provider,model,input,output,cache_read,cache_write_short,
//   cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,
//   effective_from,more
//
// USD per million tokens; an empty field is unknown. "more" is a list of
// name=value, separated by spaces:
//
//   reasoning, input_audio, input_image, input_video, cache_read_audio,
//   cache_read_image, output_audio, output_image, tier_cache_write_short,
//   tier_cache_write_long, character         USD per million
//   web_search, web_fetch, code_run, file_search, other_tool, search_unit,
//   page, request                            USD per thousand
//   image                                    USD each
//   audio_input_hour, audio_output_hour      USD per hour
//   priority, flex, batch, fast, provisioned, off_peak, us, eu
//                                            factors: 2, 1/2, 11/10
//   service=fast        the row holds for that class of service alone
//   hours=01:00-04:00   and in these hours alone, UTC

#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/result.h"
#include "core/pricing/price.h"

namespace aiproxy::pricing {

// Sets what the text says; an Error that names what is wrong.
Status ParseMore(std::string_view text, Price& price);

// The inverse, in a fixed order; "" when there is nothing.
std::string FormatMore(const Price& price);

// The columns of a row, in their order.
inline constexpr std::array<std::string_view, 13> kPriceColumns = {
    "provider",
    "model",
    "input",
    "output",
    "cache_read",
    "cache_write_short",
    "cache_write_long",
    "tier_at",
    "tier_input",
    "tier_output",
    "tier_cache_read",
    "effective_from",
    "more"};
using PriceFields = std::array<std::string_view, kPriceColumns.size()>;

// One row by its fields; the model stays as it stands there. Errors: a sentence
// that names what is wrong.
Status ParsePriceRow(const PriceFields& fields, PriceRow& row);

// Puts a table together: a model "a|b" makes two rows. Errors: a row that says
// the same of the same model as one before.
class PriceTableBuilder {
 public:
    Status Add(PriceRow row);
    std::vector<PriceRow> Take() && { return std::move(rows_); }

 private:
    // List, model, time, class of service, hours.
    using Key = std::tuple<std::string, std::string, std::optional<UnixMs>,
                           usage::Tier, std::optional<std::int64_t>>;
    std::set<Key> seen_;
    std::vector<PriceRow> rows_;
};

// Rows in the order of the text. Refused: a
// header that is not the one above (but for a missing "more"), a row that says
// the same of the same model twice.
Result<std::vector<PriceRow>> ParsePriceTable(std::string_view csv);

}  // namespace aiproxy::pricing
