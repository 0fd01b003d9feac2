// SPDX-License-Identifier: MIT

#include "admin_daemon/store/unpriced.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

// The first two conditions are those of the index, word by word. SUM is
// NUMERIC on Postgres.
constexpr char kUnpricedList[] = R"(
SELECT provider_id, COALESCE(model_served, model), count(*),
       CAST(SUM(COALESCE(input_tokens, 0)) AS BIGINT),
       CAST(SUM(COALESCE(output_tokens, 0)) AS BIGINT),
       min(started_at), max(started_at)
FROM proxy_tracing
WHERE cost IS NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)
      AND started_at >= :from_ms AND started_at < :to_ms
GROUP BY provider_id, COALESCE(model_served, model)
ORDER BY count(*) DESC, 2, 1 LIMIT :limit)";

struct UnpricedRow {
    UnpricedModel value;
    void Into(soci::statement& st) {
        st.exchange(into(value.provider_id));
        st.exchange(into(value.model));
        st.exchange(into(value.requests));
        st.exchange(into(value.input_tokens));
        st.exchange(into(value.output_tokens));
        st.exchange(into(value.first_seen));
        st.exchange(into(value.last_seen));
    }
    UnpricedModel Take() { return value; }
};

}  // namespace

std::vector<UnpricedModel> ListUnpriced(Connection& connection, UnixMs from,
                                        UnixMs to, std::int64_t limit) {
    return Fetch<UnpricedRow>(connection, kUnpricedList, use(from, "from_ms"),
                              use(to, "to_ms"), use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
