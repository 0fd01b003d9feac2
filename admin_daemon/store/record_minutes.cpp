// SPDX-License-Identifier: MIT
//
// Sums of records by minute, as roll-ups have them by quarter of an hour.

#include <fmt/format.h>
#include <soci/soci.h>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr std::array<const char*, kDimensions> kColumns = {
    "client_key_id", "provider_key_id", "user_id",
    "provider_id",   "model",           "error_class"};

// In the order of VisitSums. Casts, for SUM is NUMERIC on Postgres.
constexpr char kMinuteList[] = R"(
SELECT started_at / 60000 * 60000 AS minute, count(*),
    count(*) FILTER (WHERE outcome = 'success'),
    count(*) FILTER (WHERE outcome = 'rejected'),
    count(*) FILTER (WHERE outcome = 'failed'),
    count(*) FILTER (WHERE outcome = 'aborted'),
    CAST(sum(attempts) AS BIGINT),
    CAST(sum(COALESCE(input_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(output_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(cache_read_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(cache_write_5m_tokens, 0)
             + COALESCE(cache_write_1h_tokens, 0)
             + COALESCE(cache_write_30m_tokens, 0)
             + COALESCE(cache_write_12h_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(reasoning_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(cost, 0)) AS BIGINT),
    count(*) FILTER (WHERE cost IS NULL AND (input_tokens IS NOT NULL
                                             OR output_tokens IS NOT NULL)),
    CAST(sum(CASE WHEN outcome = 'success' THEN duration_us
                  ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN outcome = 'success' THEN COALESCE(first_byte_us, 0)
                  ELSE 0 END) AS BIGINT),
    count(*) FILTER (WHERE outcome = 'success' AND first_byte_us IS NOT NULL)
FROM proxy_tracing
WHERE started_at >= :from_ms AND started_at < :to_ms {}
GROUP BY minute ORDER BY minute)";

struct MinuteRow {
    RollupRow value;
    void Into(soci::statement& st) {
        st.exchange(into(value.start));
        VisitSums(value.sums, [&](const char*, std::int64_t& field) {
            st.exchange(into(field));
        });
    }
    RollupRow Take() { return value; }
};

}  // namespace

std::vector<RollupRow> ListMinutes(Connection& connection,
                                   std::optional<Dimension> dimension,
                                   const std::string& key, UnixMs from,
                                   UnixMs to) {
    MinuteRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    st.exchange(use(from, "from_ms"));
    st.exchange(use(to, "to_ms"));
    std::string of;
    std::int64_t id = 0;
    if (dimension) {
        const bool text =
            *dimension == Dimension::kModel || *dimension == Dimension::kClass;
        of = fmt::format("AND {} = :key",
                         kColumns[static_cast<std::size_t>(*dimension)]);
        if (text) {
            st.exchange(use(key, "key"));
        } else {
            id = std::stoll(key);
            st.exchange(use(id, "key"));
        }
    }
    return Run(st, fmt::format(kMinuteList, of), row);
}

}  // namespace aiproxy::admin::store
