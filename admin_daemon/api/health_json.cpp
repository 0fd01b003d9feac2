// SPDX-License-Identifier: MIT

#include "admin_daemon/api/health_json.h"

#include "core/retry/verdict.h"

namespace aiproxy::admin::api {

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

}  // namespace aiproxy::admin::api
