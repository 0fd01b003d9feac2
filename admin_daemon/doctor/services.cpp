// SPDX-License-Identifier: MIT

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/redis_client.h"
#include "admin_daemon/doctor/checks.h"

namespace aiproxy::admin::doctor {
namespace {

void CheckDaemon(const Settings& settings, Findings& findings) {
    const client::NetworkGuard guard(client::ParseNetworks("127.0.0.0/8, ::1")
                                         .value_or(std::vector<http::Cidr>()));
    const client::HttpClient http(guard);
    client::HttpRequest request;
    request.url = "http://" + settings.listen() + "/api/openapi.json";
    request.headers = {{"X-Aiproxy-Console", "1"}};
    request.timeout_ms = 3'000;
    request.most_bytes = 4 * 1024 * 1024;
    const auto reply = http.Send(request);
    if (!reply.ok()) {
        findings.push_back(Fail(
            "daemon",
            settings.listen() + " does not answer: " + reply.error().detail,
            "Start aiproxy-admin serve, and look at its "
            "log. nginx serves on meanwhile."));
    } else if (reply->status != 200) {
        findings.push_back(Fail(
            "daemon",
            settings.listen() + " answers " + std::to_string(reply->status),
            "Another program may listen there: look at the setting "
            "listen."));
    } else {
        findings.push_back(Ok("daemon", settings.listen() + " answers"));
    }
}

void CheckRedis(const Settings& settings, Findings& findings) {
    const auto address = client::ParseRedisUrl(settings.redis);
    if (!address) return;
    client::RedisClient redis(*address);
    const auto said = redis.Call({"INFO", "memory"});
    if (!said.ok()) {
        findings.push_back(
            Fail("redis", said.error().detail,
                 "Limits go by each client key's policy while it is away: "
                 "look at the setting redis and at the server."));
        return;
    }
    constexpr std::string_view name = "maxmemory_policy:";
    std::string policy = said->value_or("");
    const std::size_t at = policy.find(name);
    policy = at == policy.npos ? "" : policy.substr(at + name.size());
    policy = policy.substr(0, policy.find_first_of("\r\n"));
    if (policy == "noeviction") {
        findings.push_back(Ok("redis", "answers, noeviction"));
        return;
    }
    findings.push_back(
        Fail("redis",
             "maxmemory-policy is " + (policy.empty() ? "not told" : policy),
             "It may forget what was used: set maxmemory-policy noeviction."));
}

}  // namespace

void CheckServices(const Settings& settings, Findings& findings) {
    CheckDaemon(settings, findings);
    CheckRedis(settings, findings);
}

}  // namespace aiproxy::admin::doctor
