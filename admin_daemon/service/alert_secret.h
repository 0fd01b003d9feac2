// SPDX-License-Identifier: MIT
//
// What signs webhooks, as Standard Webhooks 1.0 has it: an HMAC-SHA256 over
// id, time and body. Called by service/alert_channels and
// service/alert_delivery.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace aiproxy::admin::service {

// "whsec_" and 32 random bytes in base64.
std::string NewWebhookSecret();
// The key in a secret: the bytes behind "whsec_", or the text as it is;
// nullopt: neither base64 nor long enough.
std::optional<std::string> WebhookKey(const std::string& secret);
// "v1,…" over "id.seconds.body".
std::string SignWebhook(std::string_view key, std::string_view id,
                        std::int64_t seconds, std::string_view body);

// Base64 with padding (RFC 4648 section 4).
std::string Base64(std::string_view bytes);

}  // namespace aiproxy::admin::service
