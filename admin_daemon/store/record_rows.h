// SPDX-License-Identifier: MIT
//
// The columns of a record, named once, for reading and for writing. For the
// .cpp files of this folder; <soci/soci.h> is included before.

#pragma once

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
}

}  // namespace aiproxy::admin::store
