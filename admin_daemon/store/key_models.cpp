// SPDX-License-Identifier: MIT

#include "admin_daemon/store/key_models.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

// Casts, for SUM is NUMERIC on Postgres.
constexpr char kKeyModelList[] = R"(
SELECT COALESCE(model, ''), count(*) AS requests,
    CAST(sum(COALESCE(input_tokens, 0) + COALESCE(output_tokens, 0)) AS BIGINT),
    CAST(sum(COALESCE(cost, 0)) AS BIGINT)
FROM (SELECT model, input_tokens, output_tokens, cost FROM proxy_tracing
      WHERE client_key_id = :client_key_id AND started_at >= :since
      ORDER BY started_at DESC, id DESC LIMIT :records) latest
GROUP BY model ORDER BY requests DESC, 1 LIMIT :models)";

struct Row {
    ModelSums value;
    void Into(soci::statement& st) {
        st.exchange(into(value.model));
        st.exchange(into(value.requests));
        st.exchange(into(value.tokens));
        st.exchange(into(value.cost));
    }
    ModelSums Take() { return value; }
};

}  // namespace

std::vector<ModelSums> ListKeyModels(Connection& connection,
                                     std::int64_t client_key_id, UnixMs since,
                                     std::int64_t records,
                                     std::int64_t models) {
    return Fetch<Row>(connection, kKeyModelList,
                      use(client_key_id, "client_key_id"), use(since, "since"),
                      use(records, "records"), use(models, "models"));
}

}  // namespace aiproxy::admin::store
