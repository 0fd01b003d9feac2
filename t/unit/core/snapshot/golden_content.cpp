// SPDX-License-Identifier: MIT

#include "t/unit/core/snapshot/golden_content.h"

namespace aiproxy::snapshot {
namespace {

Provider FullProvider() {
    Provider provider;
    provider.id = 7;
    provider.name = "anthropic";
    provider.dialects = {dialect::Dialect::kAnthropicMessages};
    provider.tls = true;
    provider.host = "api.example.com";
    provider.port = 443;
    provider.path_prefix = "/v1";
    provider.addresses = {"192.0.2.1:443", "[2001:db8::1]:443"};
    provider.tls_name = "tls.example.com";
    provider.credential_name = "x-api-key";
    provider.required_headers = {{"anthropic-version", "2023-06-01"}};
    provider.price_list = "anthropic";
    return provider;
}

Provider ZeroProvider() {
    Provider provider;
    provider.id = 8;
    provider.name = "zero";
    provider.is_enabled = false;
    provider.tls_verify = false;
    provider.credential_in_query = true;
    provider.credential_name = "key";
    provider.credential_prefix = "Bearer ";
    provider.connect_timeout_ms = 0;
    provider.first_byte_timeout_ms = 0;
    provider.idle_timeout_ms = 0;
    provider.total_timeout_ms = 0;
    provider.ask_usage = true;
    return provider;
}

PriceRow Price(const char* model, std::int64_t version) {
    PriceRow row;
    row.price_list = "anthropic";
    row.model = model;
    row.price.version_id = version;
    return row;
}

}  // namespace

key::Digest DigestOf(std::uint8_t first, std::uint8_t last) {
    key::Digest digest{};
    digest.front() = first;
    digest.back() = last;
    return digest;
}

Content GoldenContent() {
    Content content;
    content.generation = 42;
    content.created_at_ms = 1'700'000'000'000;
    content.providers = {FullProvider(), ZeroProvider()};

    ProviderKey absent_key{11, "absent", true, 8, {}, 3, {}, "sealed"};
    ProviderKey zero_key{12, "zero", false, 7, 0, 0, 0, std::string("\0", 1)};
    content.provider_keys = {absent_key, zero_key};

    ClientKey absent;
    absent.digest = DigestOf(0xff);
    absent.id = 21;
    absent.name = "absent";
    absent.weighted = true;
    absent.pool = {12, 11};
    ClientKey zero;
    zero.digest = DigestOf(0x00, 1);
    zero.id = 22;
    zero.name = "zero";
    zero.is_enabled = false;
    zero.user_id = 0;
    zero.slot = 0;
    zero.expires_at_ms = 0;
    zero.requests_per_minute = 0;
    zero.retry_after_timeout = false;
    content.client_keys = {absent, zero};

    PriceRow zero_price = Price("zero", 32);
    zero_price.effective_from_ms = 0;
    zero_price.price = {32, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    content.prices = {zero_price, Price("absent", 31)};
    return content;
}

}  // namespace aiproxy::snapshot
