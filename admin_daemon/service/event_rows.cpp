// SPDX-License-Identifier: MIT

#include "admin_daemon/service/event_rows.h"

#include "admin_daemon/json.h"
#include "core/base/id.h"
#include "core/retry/verdict.h"

namespace aiproxy::admin::service {
namespace {

void Say(std::string& text, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!text.empty()) text += ", ";
    text.append(name).append(": ").append(value);
}

// In the words of the record: "class: rate_limited, status: 429, …".
std::string AttemptText(const ledger::Record& from) {
    std::string text = from.detail;
    if (from.attempts.empty()) return text;
    const ledger::Attempt& at = from.attempts.front();
    Say(text, "class", retry::Name(at.rest_class));
    Say(text, "verdict", retry::Name(at.verdict));
    if (at.status) Say(text, "status", std::to_string(*at.status));
    Say(text, "error", at.error_name);
    Say(text, "scope", retry::Name(at.scope));
    if (at.scope == retry::Scope::kKeyModel) {
        Say(text, "model", from.model_asked);
    }
    if (at.rest_ms) Say(text, "rest_ms", std::to_string(*at.rest_ms));
    return text;
}

}  // namespace

store::Event ToEvent(const ledger::Record& from, const std::string& node_id) {
    store::Event to;
    to.node_id = node_id;
    to.occurred_at = from.started_at_ms;
    to.kind = ValidUtf8(from.event);
    // One that is about no request has none.
    if (from.id != RequestId{}) to.request_id = FormatRequestId(from.id);
    to.client_key_id = from.client_key_id;
    to.provider_id = from.provider_id;
    to.provider_key_id = from.provider_key_id;
    to.detail = ValidUtf8(AttemptText(from));
    return to;
}

std::optional<store::HistoryEntry> ToHistory(const ledger::Record& from,
                                             const std::string& node_id) {
    const bool rests = from.event == "key.rest";
    if ((!rests && from.event != "key.ready") || from.attempts.empty()) {
        return std::nullopt;
    }
    const ledger::Attempt& at = from.attempts.front();
    store::HistoryEntry to;
    to.provider_key_id = at.provider_key_id;
    to.began_at = to.last_at = from.started_at_ms;
    to.source = "traffic";
    to.node_id = node_id;
    if (from.id != RequestId{}) to.request_id = FormatRequestId(from.id);
    if (at.status) to.status = *at.status;
    to.verdict = "good";
    if (!rests) return to;
    to.verdict = retry::Name(at.verdict);
    to.rest_class = retry::Name(at.rest_class);
    to.scope = retry::Name(at.scope);
    if (at.scope == retry::Scope::kKeyModel) {
        to.model = ValidUtf8(from.model_asked);
    }
    if (!at.error_name.empty()) to.error = ValidUtf8(at.error_name);
    if (at.rest_ms) to.rest_until = from.started_at_ms + *at.rest_ms;
    return to;
}

std::optional<store::Rest> ToRest(const ledger::Record& from,
                                  const std::string& node_id) {
    if (from.event != "key.rest" || from.attempts.empty()) return std::nullopt;
    const ledger::Attempt& at = from.attempts.front();
    // Another node has another address.
    if (!at.rest_ms || at.scope == retry::Scope::kNone ||
        at.scope == retry::Scope::kEgress) {
        return std::nullopt;
    }
    store::Rest rest;
    rest.provider_id = at.provider_id;
    if (at.scope != retry::Scope::kProvider) {
        rest.provider_key_id = at.provider_key_id;
    }
    if (at.scope == retry::Scope::kKeyModel) {
        rest.model = ValidUtf8(from.model_asked);
    }
    rest.rest_class = retry::Name(at.rest_class);
    if (at.status) rest.status = *at.status;
    rest.began_at = from.started_at_ms;
    rest.until_at = from.started_at_ms + *at.rest_ms;
    rest.node_id = node_id;
    return rest;
}

}  // namespace aiproxy::admin::service
