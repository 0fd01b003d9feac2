// SPDX-License-Identifier: MIT

#include "admin_daemon/store/settings.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kSettingsFind[] = R"(
SELECT is_client_key_open, is_jwt_open, is_oauth_open, cors_origins,
       is_traceparent_passed, payload_days, is_usage_page_open, version,
       updated_at
FROM settings WHERE id = 1)";

constexpr char kSettingsUpdate[] = R"(
UPDATE settings SET
    is_client_key_open = :is_client_key_open, is_jwt_open = :is_jwt_open,
    is_oauth_open = :is_oauth_open, cors_origins = :cors_origins,
    is_traceparent_passed = :is_traceparent_passed,
    payload_days = :payload_days, is_usage_page_open = :is_usage_page_open,
    version = :version, updated_at = :updated_at
WHERE id = 1)";

struct Row {
    SettingsRow value;
    std::string cors_origins;
    void Into(soci::statement& st) {
        st.exchange(into(value.client_keys));
        st.exchange(into(value.jwt));
        st.exchange(into(value.oauth));
        st.exchange(into(cors_origins));
        st.exchange(into(value.traceparent));
        st.exchange(into(value.payload_days));
        st.exchange(into(value.usage_page));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
    }
    SettingsRow Take() {
        value.cors_origins = DecodeStrings(cors_origins);
        return value;
    }
};

}  // namespace

SettingsRow FindSettings(Connection& connection) {
    return Fetch<Row>(connection, kSettingsFind).at(0);
}

void UpdateSettings(Connection& connection, const SettingsRow& row) {
    const std::string origins = EncodeStrings(row.cors_origins);
    Execute(connection, kSettingsUpdate,
            use(row.client_keys, "is_client_key_open"),
            use(row.jwt, "is_jwt_open"), use(row.oauth, "is_oauth_open"),
            use(origins, "cors_origins"),
            use(row.traceparent, "is_traceparent_passed"),
            use(row.payload_days, "payload_days"),
            use(row.usage_page, "is_usage_page_open"),
            use(row.version, "version"), use(row.updated_at, "updated_at"));
}

}  // namespace aiproxy::admin::store
