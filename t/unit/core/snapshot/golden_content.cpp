// SPDX-License-Identifier: MIT

#include "t/unit/core/snapshot/golden_content.h"

#include <cppunit/TestAssert.h>

#include "core/pricing/price_table.h"

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
    provider.slot = 0;
    VerdictRule rule;
    rule.status = 418;
    rule.name = "teapot";
    rule.text = "short and stout";
    rule.verdict = retry::VerdictClass::kBusy;
    rule.scope = retry::Scope::kProvider;
    rule.rest_ms = 0;
    provider.verdict_rules = {rule, VerdictRule{}};
    provider.verdict_table = retry::Table::kOpenAi;
    provider.model_rules = {{wire::ModelSource::kPath, "deployments"}};
    provider.usage_mapping = "{}";
    provider.allowed_headers = {"x-title"};
    provider.egress = "192.0.2.7";
    provider.websocket = true;
    return provider;
}

ProviderKey ZeroKey() {
    ProviderKey key;
    key.id = 12;
    key.name = "zero";
    key.is_enabled = false;
    key.provider_id = 7;
    key.slot = 0;
    key.weight = 0;
    key.expires_at_ms = 0;
    key.sealed = std::string("\0", 1);
    key.priority = 0;
    key.limits.requests_per_minute = 0;
    key.limits.tokens_per_minute = 0;
    key.limits.requests_per_day = 0;
    key.limits.max_in_flight = 0;
    key.limits.requests_per_second = 0;
    key.limits.tokens_per_day = 0;
    key.limits.cost_per_day = 0;
    key.limits.cost_per_month = 0;
    key.score = 0;
    key.credential_state = wire::CredentialState::kSignInNeeded;
    key.credential_reason = "session expired";
    key.oauth = true;
    key.owner_user_id = 0;
    return key;
}

ClientKey ZeroClient() {
    ClientKey client;
    client.digest = DigestOf(0x00, 1);
    client.id = 22;
    client.name = "zero";
    client.is_enabled = false;
    client.user_id = 0;
    client.slot = 0;
    client.expires_at_ms = 0;
    client.limits.requests_per_second = 0;
    client.limits.requests_per_minute = 0;
    client.limits.requests_per_day = 0;
    client.limits.tokens_per_minute = 0;
    client.limits.tokens_per_day = 0;
    client.limits.cost_per_day = 0;
    client.limits.cost_per_month = 0;
    client.limits.max_in_flight = 0;
    client.time_zone = "Asia/Kathmandu";
    client.when_unknown = wire::WhenUnknown::kFraction;
    client.local_percent = 0;
    client.max_output_tokens = 0;
    client.ends_at_limit = true;
    client.retry_after_timeout = false;
    client.strategy = pool::Strategy::kSticky;
    client.user_is_enabled = false;
    client.allowed_addresses = {
        {*http::ParseCidr("192.0.2.0/24"), *http::ParseCidr("2001:db8::/32")}};
    client.allowed_models = {{"gpt-4o", "claude-*"}};
    client.allowed_providers = {{8, 99}};
    client.sticky_source = wire::StickySource::kHeader;
    client.sticky_header = "x-session";
    client.max_attempts = 0;
    client.attempts_within_ms = 0;
    client.retry_percent = 0;
    client.park_ms = 0;
    client.drain_on_abort = true;
    client.drain_ms = 0;
    client.drain_bytes = 0;
    client.not_before_ms = 0;
    client.previous = {DigestOf(0x7f), 5000};
    return client;
}

Authentication GoldenAuthentication() {
    Issuer issuer;
    issuer.id = 41;
    issuer.issuer = "https://id.example.com";
    issuer.audiences = {"gateway"};
    issuer.skew_s = 0;
    issuer.claim = "sub";
    issuer.clients = {{"zoe", 21}, {"ann", 22}};
    VerificationKey rsa;
    rsa.id = 51;
    rsa.version = 2;
    rsa.kid = "2024";
    rsa.public_key = "der";
    VerificationKey hmac;
    hmac.id = 52;
    hmac.algorithm = jwt::Algorithm::kHs256;
    hmac.sealed = "sealed";
    issuer.keys = {rsa, hmac};
    issuer.fresh_until_ms = 0;
    Authentication authentication;
    authentication.client_keys = false;
    authentication.jwt = true;
    authentication.oauth = true;
    authentication.issuers = {issuer};
    authentication.revoked = {"b", "a"};
    return authentication;
}

constexpr char kZeroMore[] =
    "reasoning=0 input_audio=0 input_image=0 input_video=0 cache_read_audio=0 "
    "cache_read_image=0 output_audio=0 output_image=0 "
    "tier_cache_write_short=0 tier_cache_write_long=0 character=0 "
    "web_search=0 web_fetch=0 code_run=0 file_search=0 other_tool=0 "
    "search_unit=0 page=0 request=0 image=0 audio_input_hour=0 "
    "audio_output_hour=0 priority=0 flex=1/2 us=11/10 eu=0 "
    "hours=00:00-24:00";

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

    ProviderKey absent_key;
    absent_key.id = 11;
    absent_key.name = "absent";
    absent_key.provider_id = 8;
    absent_key.weight = 3;
    absent_key.sealed = "sealed";
    content.provider_keys = {absent_key, ZeroKey()};

    ClientKey absent;
    absent.digest = DigestOf(0xff);
    absent.id = 21;
    absent.name = "absent";
    absent.strategy = pool::Strategy::kWeighted;
    absent.pool = {12, 11};
    content.client_keys = {absent, ZeroClient()};

    PriceRow zero_price = Price("zero", 32);
    zero_price.effective_from_ms = 0;
    CPPUNIT_ASSERT(pricing::ParseMore(kZeroMore, zero_price.price).ok());
    for (auto member :
         {&pricing::Price::input, &pricing::Price::output,
          &pricing::Price::cache_read, &pricing::Price::cache_write_short,
          &pricing::Price::cache_write_long, &pricing::Price::tier_at,
          &pricing::Price::tier_input, &pricing::Price::tier_output,
          &pricing::Price::tier_cache_read}) {
        zero_price.price.*member = 0;
    }
    content.prices = {zero_price, Price("absent", 31)};
    content.authentication = GoldenAuthentication();
    content.settings = {{"https://console.example.com"}, true};
    content.zones = {{"Asia/Kathmandu",
                      {1'700'000'100'000, 1'700'086'500'000, 1'700'172'900'000},
                      {1'698'776'100'000, 1'701'368'100'000}}};
    User user;
    user.id = 0;
    user.slot = 0;
    user.limits.requests_per_day = 0;
    user.limits.cost_per_month = 5;
    content.users = {user};
    return content;
}

}  // namespace aiproxy::snapshot
