// SPDX-License-Identifier: MIT

#include "admin_daemon/api/health_json.h"

#include "core/retry/verdict.h"

namespace aiproxy::admin::api {
namespace {

Json QuotaJson(const std::optional<state::VendorSight>& sight) {
    if (!sight) return Json();
    const UnixMs boot = NowMs() - service::BootNow();
    std::optional<UnixMs> resets_at;
    if (sight->reset) resets_at = boot + *sight->reset;
    Json json = Json::Object();
    json.Set("limit", sight->limit);
    json.Set("remaining", sight->remaining);
    json.Set("resets_at", TimeText(resets_at));
    json.Set("seen_at", FormatTime(boot + sight->seen));
    return json;
}

}  // namespace

std::optional<state::SlotView> ViewOf(Services& services,
                                      std::int64_t provider_key_id) {
    return services.state.View({services.publication.SlotOf(provider_key_id),
                                state::Owner::kProviderKey, provider_key_id});
}

Json HealthJson(const service::ProviderKey& key,
                const std::optional<state::SlotView>& view) {
    const UnixMs now = NowMs();
    std::string state = !view                 ? "unknown"
                        : view->key.half_open ? "trial"
                                              : "ready";
    std::optional<std::string> rest_class;
    std::optional<std::int64_t> status;
    std::optional<UnixMs> until;
    std::int64_t remaining = 0;
    if (view && view->rest.until_ms > service::BootNow()) {
        state = "resting";
        remaining = view->rest.until_ms - service::BootNow();
        until = now + remaining;
        rest_class =
            retry::Name(static_cast<retry::RestClass>(view->rest.rest_class));
        if (rest_class->empty()) rest_class.reset();
        if (view->rest.status != 0) status = view->rest.status;
    }
    if (key.expires_at && *key.expires_at <= now) state = "expired";
    if (!key.is_enabled) state = "disabled";
    Json health = Json::Object();
    health.Set("state", state);
    health.Set("class", rest_class);
    health.Set("status", status);
    health.Set("until", TimeText(until));
    health.Set("remaining_ms", std::max<std::int64_t>(0, remaining));
    health.Set("score", view && view->key.score
                            ? std::optional<std::int64_t>(*view->key.score)
                            : std::nullopt);
    return health;
}

Json VendorQuotaJson(const std::optional<state::SlotView>& view) {
    Json json = Json::Object();
    json.Set("requests",
             QuotaJson(view ? view->vendor_requests : std::nullopt));
    json.Set("tokens", QuotaJson(view ? view->vendor_tokens : std::nullopt));
    return json;
}

}  // namespace aiproxy::admin::api
