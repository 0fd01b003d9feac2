// SPDX-License-Identifier: MIT

#include "core/pricing/cost.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace aiproxy::pricing {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMsPerHour = 3'600'000;
constexpr std::size_t kUsualLines = 4;

Wide Gcd(Wide a, Wide b) {
    while (b != 0) {
        const Wide rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

// A fraction in lowest terms; broken once something did not fit.
class Fraction {
 public:
    Fraction() = default;
    Fraction(Wide numerator, Wide denominator)
        : numerator_(numerator), denominator_(denominator) {
        Reduce();
    }

    void Multiply(Wide numerator, Wide denominator) {
        if (numerator == denominator && numerator > 0) {
            return;
        }
        fits_ &=
            !__builtin_mul_overflow(numerator_, numerator, &numerator_) &&
            !__builtin_mul_overflow(denominator_, denominator, &denominator_);
        Reduce();
    }

    void Add(const Fraction& other) {
        if (denominator_ == 1 && other.denominator_ == 1) {
            fits_ &=
                other.fits_ && !__builtin_add_overflow(
                                   numerator_, other.numerator_, &numerator_);
            return;
        }
        Wide left = 0;
        Wide right = 0;
        fits_ &=
            other.fits_ &&
            !__builtin_mul_overflow(numerator_, other.denominator_, &left) &&
            !__builtin_mul_overflow(other.numerator_, denominator_, &right) &&
            !__builtin_add_overflow(left, right, &numerator_) &&
            !__builtin_mul_overflow(denominator_, other.denominator_,
                                    &denominator_);
        Reduce();
    }

    // Half up; nullopt: it does not fit a PicoUsd.
    std::optional<PicoUsd> Rounded() const {
        if (!fits_) {
            return std::nullopt;
        }
        Wide rounded = numerator_;
        if (denominator_ != 1) {
            const Wide rest = numerator_ % denominator_;
            rounded = numerator_ / denominator_ +
                      (rest >= denominator_ - rest ? 1 : 0);
        }
        return rounded > kGreatest
                   ? std::nullopt
                   : std::optional(static_cast<PicoUsd>(rounded));
    }

 private:
    void Reduce() {
        if (!fits_ || denominator_ <= 0) {
            fits_ = false;
            return;
        }
        if (denominator_ == 1) {
            return;
        }
        const Wide common = Gcd(numerator_, denominator_);
        if (common > 1) {
            numerator_ /= common;
            denominator_ /= common;
        }
    }

    Wide numerator_ = 0;
    Wide denominator_ = 1;
    bool fits_ = true;
};

Fraction AmountOf(const Line& line) {
    Fraction amount(line.quantity, 1);
    amount.Multiply(line.price, line.per);
    amount.Multiply(line.scale.numerator, line.scale.denominator);
    return amount;
}

// Puts together the lines of a bill.
class BillMaker {
 public:
    BillMaker(const Price& price, const usage::Usage& usage)
        : price_(price), usage_(usage) {}

    Bill Make() && {
        bill_.state = CostState::kPriced;
        bill_.lines.reserve(kUsualLines);
        const bool has_tokens = usage_.input && usage_.output;
        if (has_tokens) {
            AddInput();
            AddOutput();
        } else if (usage_.input || usage_.output) {
            bill_.state = CostState::kNoUsage;
        }
        AddCalls();
        AddPieces(has_tokens);
        AddFactors();
        if (bill_.state == CostState::kPriced && !has_tokens &&
            bill_.lines.empty()) {
            bill_.state = CostState::kNoUsage;
        }
        Sum();
        return std::move(bill_);
    }

 private:
    static std::int64_t Of(usage::Count count) { return count.value_or(0); }

    // A line, if there is something to bill.
    void Add(std::string_view what, std::int64_t quantity, MaybePrice price,
             bool token, std::int64_t per = 1, Factor scale = {}) {
        if (quantity == 0) {
            return;
        }
        if (quantity < 0 || bill_.state != CostState::kPriced) {
            bill_.state = bill_.state == CostState::kPriced
                              ? CostState::kTooGreat
                              : bill_.state;
            return;
        }
        if (!price || *price < 0) {
            bill_.state = CostState::kNoPrice;
            bill_.missing = what;
            return;
        }
        bill_.lines.push_back({what, quantity, *price, per, scale, token});
    }

    // A cache write in a tier, which may state no price of its own.
    void AddWrite(std::string_view what, std::int64_t quantity,
                  MaybePrice price, MaybePrice tier_price) {
        if (!bill_.long_context || tier_price) {
            Add(what, quantity, bill_.long_context ? tier_price : price, true);
        } else if (!price_.input || !price_.tier_input || *price_.input <= 0) {
            Add(what, quantity, std::nullopt, true);
        } else {
            Add(what, quantity, price, true, 1,
                {*price_.tier_input, *price_.input});
        }
    }

    void AddInput() {
        const std::int64_t input = *usage_.input;
        bill_.long_context = price_.tier_at && input > *price_.tier_at;
        const MaybePrice base =
            bill_.long_context ? price_.tier_input : price_.input;
        const MaybePrice read_price = CacheReadPrice(base);
        const std::int64_t read = Of(usage_.cache_read);
        const std::int64_t read_audio =
            Part(price_.cache_read_audio, usage_.cache_read_audio, read);
        const std::int64_t read_image =
            Part(price_.cache_read_image, usage_.cache_read_image,
                 read - read_audio);
        Wide brief =
            Wide(Of(usage_.cache_write_5m)) + Of(usage_.cache_write_30m);
        Wide longer =
            Wide(Of(usage_.cache_write_1h)) + Of(usage_.cache_write_12h);
        if (brief > kGreatest || longer > kGreatest || input < 0) {
            bill_.state = CostState::kTooGreat;
            return;
        }
        // What is cached is billed as cached, not by its modality.
        const std::int64_t audio = std::max<std::int64_t>(
            0, Of(usage_.input_audio) - Of(usage_.cache_read_audio));
        const std::int64_t image = Part(
            price_.input_image,
            Of(usage_.input_image) - Of(usage_.cache_read_image), kGreatest);
        const std::int64_t video =
            Part(price_.input_video, usage_.input_video, kGreatest);
        const Wide rest =
            Wide(input) - read - brief - longer - audio - image - video;
        Add("input", static_cast<std::int64_t>(std::max(rest, Wide(0))), base,
            true);
        Add("input_audio", audio, price_.input_audio, true);
        Add("input_image", image, price_.input_image, true);
        Add("input_video", video, price_.input_video, true);
        Add("cache_read", read - read_audio - read_image, read_price, true);
        Add("cache_read_audio", read_audio, price_.cache_read_audio, true);
        Add("cache_read_image", read_image, price_.cache_read_image, true);
        AddWrite(
            "cache_write_short", static_cast<std::int64_t>(brief),
            price_.cache_write_short ? price_.cache_write_short : price_.input,
            price_.tier_cache_write_short);
        AddWrite("cache_write_long", static_cast<std::int64_t>(longer),
                 price_.cache_write_long, price_.tier_cache_write_long);
    }

    MaybePrice CacheReadPrice(MaybePrice base) const {
        const MaybePrice own =
            bill_.long_context ? price_.tier_cache_read : price_.cache_read;
        return own ? own : base;
    }

    // A part that is billed by itself only if it has a price.
    static std::int64_t Part(MaybePrice price, usage::Count count,
                             std::int64_t room) {
        return price ? std::clamp<std::int64_t>(Of(count), 0,
                                                std::max<std::int64_t>(room, 0))
                     : 0;
    }

    void AddOutput() {
        const std::int64_t output = *usage_.output;
        const std::int64_t audio = std::min(Of(usage_.output_audio), output);
        const std::int64_t image =
            std::min(Of(usage_.output_image), output - audio);
        const std::int64_t thought =
            Part(price_.reasoning, usage_.reasoning, output - audio - image);
        Add("output", output < 0 ? output : output - audio - image - thought,
            bill_.long_context ? price_.tier_output : price_.output, true);
        Add("output_audio", audio, price_.output_audio, true);
        Add("output_image", image, price_.output_image, true);
        Add("reasoning", thought, price_.reasoning, true);
    }

    void AddCalls() {
        Add("web_search", Of(usage_.web_searches), price_.web_search, false);
        Add("web_fetch", Of(usage_.web_fetches), price_.web_fetch, false);
        Add("code_run", Of(usage_.code_runs), price_.code_run, false);
        Add("file_search", Of(usage_.file_searches), price_.file_search, false);
        Add("other_tool", Of(usage_.other_tools), price_.other_tool, false);
        Add("search_unit", Of(usage_.search_units), price_.search_unit, false);
        Add("audio_input_hour", Of(usage_.audio_input_ms),
            price_.audio_input_hour, true, kMsPerHour);
        Add("audio_output_hour", Of(usage_.audio_output_ms),
            price_.audio_output_hour, true, kMsPerHour);
    }

    // Told beside the tokens they are no more than facts, unless priced.
    void AddPieces(bool has_tokens) {
        auto add = [&](std::string_view what, usage::Count count,
                       MaybePrice price) {
            if (price || !has_tokens) {
                Add(what, Of(count), price, false);
            }
        };
        add("page", usage_.pages, price_.page);
        add("image", usage_.images, price_.image);
        add("character", usage_.characters, price_.character);
        if (price_.request) {
            Add("request", 1, price_.request, false);
        }
    }

    void AddFactors() {
        const auto tier = static_cast<std::size_t>(usage_.tier);
        const bool plain = usage_.tier == usage::Tier::kUnknown ||
                           usage_.tier == usage::Tier::kStandard ||
                           usage_.tier == price_.only_tier;
        if (!plain && tier < price_.tier_factors.size() &&
            price_.tier_factors[tier]) {
            bill_.service = *price_.tier_factors[tier];
        } else if (!plain && HasTokens() && bill_.state == CostState::kPriced) {
            bill_.state = CostState::kNoPrice;
            bill_.missing = Name(usage_.tier);
        }
        const auto& place = usage_.geo == usage::Geo::kUs   ? price_.us_factor
                            : usage_.geo == usage::Geo::kEu ? price_.eu_factor
                                                            : kNowhere;
        bill_.place = place.value_or(Factor());
    }

    bool HasTokens() const {
        return std::any_of(bill_.lines.begin(), bill_.lines.end(),
                           [](const Line& line) { return line.token; });
    }

    void Sum() {
        if (bill_.state != CostState::kPriced) {
            return;
        }
        Fraction tokens;
        Fraction others;
        for (const Line& line : bill_.lines) {
            (line.token ? tokens : others).Add(AmountOf(line));
        }
        tokens.Multiply(bill_.service.numerator, bill_.service.denominator);
        tokens.Multiply(bill_.place.numerator, bill_.place.denominator);
        tokens.Add(others);
        bill_.cost = tokens.Rounded();
        bill_.state = bill_.cost ? CostState::kPriced : CostState::kTooGreat;
    }

    static constexpr std::optional<Factor> kNowhere{};

    const Price& price_;
    const usage::Usage& usage_;
    Bill bill_;
};

// 1234567 -> "1,234,567"
std::string Grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

}  // namespace

Bill MakeBill(const Price& price, const usage::Usage& usage) {
    Bill bill = BillMaker(price, usage).Make();
    if (usage.provider_cost) {
        bill.state = CostState::kProvider;
        bill.cost = usage.provider_cost;
    }
    return bill;
}

std::optional<PicoUsd> Cost(const Price& price, const usage::Usage& usage) {
    return usage.provider_cost ? usage.provider_cost
                               : MakeBill(price, usage).cost;
}

std::string Describe(const Line& line) {
    constexpr int kMicroDecimals = 6;
    std::string text = Grouped(line.quantity);
    text.append(line.per == 1 ? " " : " ms ").append(line.what);
    text += " × " + FormatDecimal(line.price, kMicroDecimals) + " µ$";
    if (line.per != 1) {
        text += " / " + Grouped(line.per) + " ms";
    }
    if (line.scale != Factor{}) {
        text += " × " + FormatDecimal(line.scale.numerator, kMicroDecimals) +
                " / " + FormatDecimal(line.scale.denominator, kMicroDecimals);
    }
    return text;
}

std::string Amount(const Line& line) {
    const auto amount = AmountOf(line).Rounded();
    return amount ? FormatUsd(*amount) : std::string();
}

}  // namespace aiproxy::pricing
