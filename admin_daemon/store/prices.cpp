// SPDX-License-Identifier: MIT

#include "admin_daemon/store/prices.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kPriceSelect[] = R"(
SELECT id, price_list, model, effective_from, input, output, cache_read,
       cache_write_short, cache_write_long, tier_at, tier_input, tier_output,
       tier_cache_read, more, version
FROM prices )";

constexpr char kPriceCount[] = "SELECT count(*) FROM prices";

constexpr char kPriceInsert[] = R"(
INSERT INTO prices (price_list, model, effective_from, input, output,
                    cache_read, cache_write_short, cache_write_long, tier_at,
                    tier_input, tier_output, tier_cache_read, more, version,
                    created_at)
VALUES (:price_list, :model, :effective_from, :input, :output, :cache_read,
        :cache_write_short, :cache_write_long, :tier_at, :tier_input,
        :tier_output, :tier_cache_read, :more, :version, :created_at))";

struct PriceRow {
    Price value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.price_list));
        st.exchange(into(value.model));
        st.exchange(into(value.effective_from));
        st.exchange(into(value.input));
        st.exchange(into(value.output));
        st.exchange(into(value.cache_read));
        st.exchange(into(value.cache_write_short));
        st.exchange(into(value.cache_write_long));
        st.exchange(into(value.tier_at));
        st.exchange(into(value.tier_input));
        st.exchange(into(value.tier_output));
        st.exchange(into(value.tier_cache_read));
        st.exchange(into(value.more));
        st.exchange(into(value.version));
    }
    Price Take() { return value; }
};

}  // namespace

std::int64_t CountPrices(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kPriceCount).at(0);
}

void InsertPrice(Connection& connection, const Price& price, UnixMs now) {
    Execute(
        connection, kPriceInsert, use(price.price_list, "price_list"),
        use(price.model, "model"), use(price.effective_from, "effective_from"),
        use(price.input, "input"), use(price.output, "output"),
        use(price.cache_read, "cache_read"),
        use(price.cache_write_short, "cache_write_short"),
        use(price.cache_write_long, "cache_write_long"),
        use(price.tier_at, "tier_at"), use(price.tier_input, "tier_input"),
        use(price.tier_output, "tier_output"),
        use(price.tier_cache_read, "tier_cache_read"), use(price.more, "more"),
        use(price.version, "version"), use(now, "created_at"));
}

std::vector<Price> ListPrices(Connection& connection, std::int64_t after_id,
                              std::int64_t limit) {
    return Fetch<PriceRow>(connection,
                           std::string(kPriceSelect) +
                               "WHERE id > :after ORDER BY id "
                               "LIMIT :limit",
                           use(after_id, "after"), use(limit, "limit"));
}

std::optional<Price> FindPrice(Connection& connection, std::int64_t id) {
    return First(Fetch<PriceRow>(connection,
                                 std::string(kPriceSelect) + "WHERE id = :id",
                                 use(id, "id")));
}

std::vector<Price> ListAllPrices(Connection& connection) {
    return Fetch<PriceRow>(connection,
                           std::string(kPriceSelect) + "ORDER BY id");
}

std::vector<Price> ListPricesSince(Connection& connection,
                                   std::int64_t version) {
    return Fetch<PriceRow>(
        connection, std::string(kPriceSelect) + "WHERE version > :version",
        use(version, "version"));
}

}  // namespace aiproxy::admin::store
