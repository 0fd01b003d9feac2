// SPDX-License-Identifier: MIT
//
// The columns of a record, named once, for reading and for writing. For the
// .cpp files of this folder; <soci/soci.h> is included before.

#pragma once

#include <string>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/records.h"

namespace aiproxy::admin::store {

// Calls visit(column, field) for every column that a list shows.
template <class R, class V>
void VisitListed(R& r, V&& visit) {
    visit("day", r.day);
    visit("request_id", r.request_id);
    visit("started_at", r.started_at);
    visit("method", r.method);
    visit("path", r.path);
    visit("dialect", r.dialect);
    visit("model", r.model);
    visit("is_streaming", r.streaming);
    visit("status", r.status);
    visit("outcome", r.outcome);
    visit("error_code", r.error_code);
    visit("error_class", r.error_class);
    visit("client_key_id", r.client_key_id);
    visit("user_id", r.user_id);
    visit("provider_id", r.provider_id);
    visit("provider_key_id", r.provider_key_id);
    visit("input_tokens", r.input_tokens);
    visit("output_tokens", r.output_tokens);
    visit("usage_source", r.usage_source);
    visit("cost", r.cost);
    visit("attempts", r.attempts);
    visit("first_byte_us", r.first_byte_us);
    visit("duration_us", r.duration_us);
}

// …and for every other one but id.
template <class R, class V>
void VisitRest(R& r, V&& visit) {
    visit("node_id", r.node_id);
    visit("ended_at", r.ended_at);
    visit("model_served", r.model_served);
    visit("cache_read_tokens", r.cache_read_tokens);
    visit("cache_write_5m_tokens", r.cache_write_5m_tokens);
    visit("cache_write_1h_tokens", r.cache_write_1h_tokens);
    visit("cache_write_30m_tokens", r.cache_write_30m_tokens);
    visit("cache_write_12h_tokens", r.cache_write_12h_tokens);
    visit("reasoning_tokens", r.reasoning_tokens);
    visit("usage_more", r.usage_more);
    visit("price_version_id", r.price_version_id);
    visit("config_generation", r.config_generation);
    visit("request_bytes", r.request_bytes);
    visit("response_bytes", r.response_bytes);
    visit("client_ip", r.client_ip);
    visit("user_agent", r.user_agent);
    visit("provider_request_id", r.provider_request_id);
    visit("attempt_list", r.attempt_list);
    visit("decision", r.decision);
    visit("response_id", r.response_id);
}

// Adds names to a select of "t" and its id.
inline constexpr char kRecordNameColumns[] =
    "t.id, c.name AS client_key_name, p.name AS provider_name, "
    "k.name AS provider_key_name";
inline constexpr char kRecordNameJoins[] = R"(
LEFT JOIN client_keys c ON c.id = t.client_key_id
LEFT JOIN providers p ON p.id = t.provider_id
LEFT JOIN provider_keys k ON k.id = t.provider_key_id )";

struct RecordRow {
    Record value;
    bool whole = false;

    std::string Columns() const {
        std::string columns = kRecordNameColumns;
        auto add = [&](const char* column, const auto&) {
            columns += ", t.";
            columns += column;
        };
        VisitListed(value, add);
        if (whole) VisitRest(value, add);
        return columns;
    }
    void Into(soci::statement& st) {
        st.exchange(soci::into(value.id));
        st.exchange(soci::into(value.client_key_name));
        st.exchange(soci::into(value.provider_name));
        st.exchange(soci::into(value.provider_key_name));
        auto add = [&](const char*, auto& field) {
            st.exchange(soci::into(field));
        };
        VisitListed(value, add);
        if (whole) VisitRest(value, add);
    }
    Record Take() { return value; }
};

}  // namespace aiproxy::admin::store
