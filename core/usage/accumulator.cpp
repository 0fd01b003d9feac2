// SPDX-License-Identifier: MIT

#include "core/usage/accumulator.h"

#include <algorithm>

namespace aiproxy::usage {
namespace {

struct Written {
    Count brief;
    Count longer;
    std::int64_t all = 0;
};

// The split of the written tokens. The total may be newer than the split
// (Anthropic repeats only the total): then the longer lifetime keeps its part
// and the rest has the shorter one.
Written SplitWritten(const Counts& counts) {
    Written written{counts.cache_write_short, counts.cache_write_long, 0};
    if (!counts.cache_write) {
        written.all = written.brief.value_or(0) + written.longer.value_or(0);
        return written;
    }
    written.all = *counts.cache_write;
    if (written.longer) {
        written.longer = std::min(*written.longer, written.all);
    }
    written.brief = written.all - written.longer.value_or(0);
    return written;
}

Count AllInput(const Counts& counts, Part cache, std::int64_t written) {
    const std::int64_t read = counts.cache_read.value_or(0);
    if (cache == Part::kBeside) {
        if (!counts.input && !counts.cache_read && written == 0) {
            return std::nullopt;
        }
        return counts.input.value_or(0) + read + written;
    }
    if (!counts.input && !(counts.total && counts.output)) {
        return std::nullopt;
    }
    std::int64_t input = counts.input ? *counts.input
                                      : std::max(*counts.total - *counts.output,
                                                 std::int64_t{0});
    // What does not fit in stands beside, whatever the dialect says.
    if (read > input) {
        input += read;
    }
    if (read + written > input) {
        input += written;
    }
    return input + counts.input_tool.value_or(0);
}

// Whether reasoning is in output: the total tells, if there is one.
Count AllOutput(const Counts& counts, Part reasoning, Count input) {
    const std::int64_t thought = counts.reasoning.value_or(0);
    if (!counts.output) {
        if (counts.total && input) {
            return std::max(*counts.total - *input, std::int64_t{0});
        }
        return reasoning == Part::kBeside ? counts.reasoning : std::nullopt;
    }
    const std::int64_t output = *counts.output;
    if (counts.total && input) {
        const std::int64_t rest = *counts.total - *input;
        if (rest == output) {
            return output;
        }
        if (rest == output + thought || rest > output) {
            return rest;
        }
    }
    const bool beside = reasoning == Part::kBeside || thought > output;
    return beside ? output + thought : output;
}

// No part is greater than what holds it.
void LimitParts(Usage& usage) {
    auto limit = [](Count& part, std::int64_t& room) {
        if (part) {
            part = std::min(*part, room);
            room -= *part;
        }
    };
    std::int64_t read = usage.cache_read.value_or(0);
    limit(usage.cache_read_audio, read);
    limit(usage.cache_read_image, read);
    std::int64_t input = usage.input.value_or(0);
    limit(usage.input_audio, input);
    limit(usage.input_image, input);
    limit(usage.input_video, input);
    std::int64_t output = usage.output.value_or(0);
    limit(usage.output_audio, output);
    limit(usage.output_image, output);
}

}  // namespace

void KeepLast(Counts& kept, const Counts& now) {
    for (auto member :
         {&Counts::input, &Counts::cache_read, &Counts::cache_write,
          &Counts::cache_write_short, &Counts::cache_write_long,
          &Counts::output, &Counts::reasoning, &Counts::total}) {
        if (now.*member) {
            kept.*member = now.*member;
        }
    }
    for (const DetailField& field : kDetailFields) {
        if (now.*field.member) {
            kept.*field.member = now.*field.member;
        }
    }
    kept.tier = now.tier == Tier::kUnknown ? kept.tier : now.tier;
    kept.geo = now.geo == Geo::kUnknown ? kept.geo : now.geo;
}

Usage Normalize(const Counts& counts, const Convention& convention) {
    const Written written = SplitWritten(counts);
    Usage usage;
    static_cast<Details&>(usage) = counts;
    usage.input = AllInput(counts, convention.cache, written.all);
    usage.cache_read = counts.cache_read;
    (convention.five_minutes ? usage.cache_write_5m : usage.cache_write_30m) =
        written.brief;
    (convention.five_minutes ? usage.cache_write_1h : usage.cache_write_12h) =
        written.longer;
    usage.output = AllOutput(counts, convention.reasoning, usage.input);
    usage.reasoning = counts.reasoning;
    if (usage.reasoning && usage.output) {
        usage.reasoning = std::min(*usage.reasoning, *usage.output);
    }
    LimitParts(usage);
    return usage;
}

}  // namespace aiproxy::usage
