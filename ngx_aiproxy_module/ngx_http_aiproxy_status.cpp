/* SPDX-License-Identifier: MIT
 *
 * The status endpoint: how this node is, as JSON or as Prometheus text.  From
 * the state file, which all workers write, and the snapshot of the worker
 * that answers.  Names no caller and shows no secret.
 */

#include "ngx_aiproxy_module/ngx_http_aiproxy.h"

#include "core/http/url.h"
#include "core/ledger/segment.h"

namespace state = aiproxy::state;
namespace wire = aiproxy::snapshot::wire;


/* as many resting keys are named; all are counted */

#define NGX_HTTP_AIPROXY_STATUS_NAMED  100


namespace {

/* a figure with its names in both forms; labels are for Prometheus */

struct ngx_http_aiproxy_figure_t {
    const char   *metric;
    const char   *type;
    const char   *help;
    const char   *member;
    std::string   value;
};

struct ngx_http_aiproxy_status_worker_t {
    int32_t   pid;
    uint64_t  generation;
    int64_t   uptime_ms;
    uint32_t  running;
    uint32_t  idle;
};

struct ngx_http_aiproxy_status_resting_t {
    int64_t   key_id;
    int64_t   for_ms;
    uint32_t  status;
};

struct ngx_http_aiproxy_status_facts_t {
    std::vector<ngx_http_aiproxy_figure_t>          figures;
    std::vector<ngx_http_aiproxy_status_worker_t>   workers;
    std::vector<ngx_http_aiproxy_status_resting_t>  resting;
};

}


static ngx_int_t ngx_http_aiproxy_status_handler(ngx_http_request_t *r);
static bool ngx_http_aiproxy_status_wanted(ngx_http_request_t *r,
    bool *prometheus);
static ngx_http_aiproxy_status_facts_t ngx_http_aiproxy_status_facts(void);
static std::string ngx_http_aiproxy_status_json(
    const ngx_http_aiproxy_status_facts_t &facts);
static std::string ngx_http_aiproxy_status_text(
    const ngx_http_aiproxy_status_facts_t &facts);
static ngx_int_t ngx_http_aiproxy_status_send(ngx_http_request_t *r,
    const std::string &body, bool prometheus);


static ngx_int_t
ngx_http_aiproxy_status_handler(ngx_http_request_t *r)
{
    bool  prometheus;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    ngx_int_t rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!ngx_http_aiproxy_status_wanted(r, &prometheus)) {
        return NGX_HTTP_BAD_REQUEST;
    }

    return ngx_http_aiproxy_guard(r->connection->log,
                                  NGX_HTTP_INTERNAL_SERVER_ERROR, [&] {
        auto facts = ngx_http_aiproxy_status_facts();

        return ngx_http_aiproxy_status_send(
                   r, prometheus ? ngx_http_aiproxy_status_text(facts)
                                 : ngx_http_aiproxy_status_json(facts),
                   prometheus);
    });
}


/* Prometheus asks for text/plain or OpenMetrics, a person for neither */

static bool
ngx_http_aiproxy_status_wanted(ngx_http_request_t *r, bool *prometheus)
{
    auto format = aiproxy::http::FindQuery(ngx_http_aiproxy_view(r->args),
                                           "format");
    if (format) {
        *prometheus = format->value == "prometheus";
        return *prometheus || format->value == "json";
    }

    auto accept = ngx_http_aiproxy_header(r, "accept");

    *prometheus = accept.find("text/plain") != accept.npos
                  || accept.find("openmetrics-text") != accept.npos;

    return true;
}


/* milliseconds as seconds */

static std::string
ngx_http_aiproxy_status_seconds(int64_t ms)
{
    u_char  buffer[NGX_INT64_LEN + 5];

    ms = ngx_max(ms, 0);

    u_char *last = ngx_sprintf(buffer, "%L.%03L", ms / 1000, ms % 1000);

    return std::string(ngx_http_aiproxy_view(buffer, last));
}


/* how the worker that answers is served with configuration */

static void
ngx_http_aiproxy_status_snapshot(ngx_http_aiproxy_status_facts_t &facts)
{
    auto snapshot = ngx_http_aiproxy_snapshot_current();

    if (snapshot == nullptr) {
        return;
    }

    const wire::Snapshot &root = snapshot->view.root();

    facts.figures.push_back({
        "aiproxy_snapshot_generation", "gauge",
        "Generation of the configuration that is served.",
        "snapshot_generation", std::to_string(root.generation())});
    facts.figures.push_back({
        "aiproxy_snapshot_age_seconds", "gauge",
        "Time since that configuration was published.",
        "snapshot_age_seconds", ngx_http_aiproxy_status_seconds(
            ngx_http_aiproxy_unix_ms() - root.created_at_ms())});
    facts.figures.push_back({
        "aiproxy_config_age_seconds", "gauge",
        "Time since the database was known to have no newer configuration.",
        "config_age_seconds", ngx_http_aiproxy_status_seconds(
            ngx_http_aiproxy_snapshot_age_ms(snapshot->view))});
    facts.figures.push_back({
        "aiproxy_client_keys", "gauge", "Client keys in the configuration.",
        "client_keys", std::to_string(root.client_keys()->size())});
    facts.figures.push_back({
        "aiproxy_provider_keys", "gauge",
        "Provider keys in the configuration.",
        "provider_keys", std::to_string(root.provider_keys()->size())});
}


static void
ngx_http_aiproxy_status_keys(ngx_http_aiproxy_status_facts_t &facts,
    state::State &shared)
{
    auto            snapshot = ngx_http_aiproxy_snapshot_current();
    size_t          resting = 0;
    aiproxy::BootMs now = ngx_http_aiproxy_boot_ms();

    if (snapshot == nullptr) {
        return;
    }

    for (const wire::ProviderKey *key : *snapshot->view.root().provider_keys())
    {
        state::SlotRef   slot = ngx_http_aiproxy_limit_slot(*key);
        aiproxy::BootMs  until = shared.RestUntil(slot);

        if (until <= now) {
            continue;
        }

        if (resting++ < NGX_HTTP_AIPROXY_STATUS_NAMED) {
            auto seen = shared.View(slot, now);

            facts.resting.push_back({key->id(), until - now,
                                     seen ? seen->rest.status : 0});
        }
    }

    facts.figures.push_back({
        "aiproxy_provider_keys_resting", "gauge",
        "Provider keys that get no requests now.",
        "provider_keys_resting", std::to_string(resting)});
}


static void
ngx_http_aiproxy_status_ledger(ngx_http_aiproxy_status_facts_t &facts,
    const state::Header &header)
{
    int64_t  quota = header.ledger_quota_bytes;
    int64_t  seen = header.daemon_seen_ms;

    facts.figures.push_back({
        "aiproxy_ledger_bytes", "gauge",
        "Records that wait in memory for the daemon, with prepared room.",
        "ledger_bytes", std::to_string(header.ledger_bytes)});
    facts.figures.push_back({
        "aiproxy_ledger_quota_bytes", "gauge",
        "What they may take; beyond it aiproxy_ledger_full decides.",
        "ledger_quota_bytes", std::to_string(
            quota > 0 ? quota : aiproxy::ledger::kDefaultQuotaBytes)});
    facts.figures.push_back({
        "aiproxy_records_lost_total", "counter",
        "Records that had no room.",
        "records_lost", std::to_string(header.records_lost)});
    facts.figures.push_back({
        "aiproxy_requests_refused_total", "counter",
        "Requests that were refused for want of room for a record.",
        "requests_refused", std::to_string(header.requests_refused)});
    facts.figures.push_back({
        "aiproxy_payloads_dropped_total", "counter",
        "Texts that were to be kept and had no room.",
        "payloads_dropped", std::to_string(header.payloads_dropped)});
    facts.figures.push_back({
        "aiproxy_snapshots_refused_total", "counter",
        "Configurations that a worker could not use.",
        "snapshots_refused", std::to_string(header.snapshots_refused)});
    facts.figures.push_back({
        "aiproxy_config_generation", "gauge",
        "Generation that the daemon published last; 0: none since the start.",
        "config_generation", std::to_string(header.generation)});

    if (seen != 0) {
        facts.figures.push_back({
            "aiproxy_daemon_seen_seconds", "gauge",
            "Time since the daemon was seen.",
            "daemon_seen_seconds", ngx_http_aiproxy_status_seconds(
                ngx_http_aiproxy_boot_ms() - seen)});
    }
}


static void
ngx_http_aiproxy_status_workers(ngx_http_aiproxy_status_facts_t &facts,
    const state::State &shared)
{
    uint64_t  running = 0, idle = 0;

    for (uint32_t i = 0; i < state::kColumns; i++) {
        const state::ColumnHead &head = shared.head(i);

        if (head.entries == 0) {
            continue;
        }

        facts.workers.push_back({
            head.pid, head.generation,
            ngx_http_aiproxy_unix_ms() - head.started_at_ms,
            shared.CountRunning(i), head.idle_connections});

        running += facts.workers.back().running;
        idle += facts.workers.back().idle;
    }

    facts.figures.push_back({
        "aiproxy_requests_running", "gauge",
        "Requests that are under way.",
        "requests_running", std::to_string(running)});
    facts.figures.push_back({
        "aiproxy_idle_connections", "gauge",
        "Connections to providers that are kept for the next request.",
        "idle_connections", std::to_string(idle)});
}


static ngx_http_aiproxy_status_facts_t
ngx_http_aiproxy_status_facts(void)
{
    ngx_http_aiproxy_status_facts_t  facts;
    state::State                    *shared = ngx_http_aiproxy_state();

    facts.figures.push_back({
        "aiproxy_serving", "gauge",
        "1 if the worker that answers has a configuration and a state file.",
        "serving", shared != NULL && ngx_http_aiproxy_snapshot_current()
                       ? "1" : "0"});

    ngx_http_aiproxy_status_snapshot(facts);

    if (shared != NULL) {
        ngx_http_aiproxy_status_publish();
        ngx_http_aiproxy_status_keys(facts, *shared);
        ngx_http_aiproxy_status_workers(facts, *shared);
        ngx_http_aiproxy_status_ledger(facts, shared->header());
    }

    return facts;
}


static std::string
ngx_http_aiproxy_status_json(const ngx_http_aiproxy_status_facts_t &facts)
{
    std::string  text = "{";

    for (const auto &figure : facts.figures) {
        text += std::string("\"") + figure.member + "\":" + figure.value + ",";
    }

    text += "\"resting\":[";

    for (const auto &resting : facts.resting) {
        text += "{\"provider_key_id\":" + std::to_string(resting.key_id)
                + ",\"seconds\":"
                + ngx_http_aiproxy_status_seconds(resting.for_ms)
                + ",\"status\":" + std::to_string(resting.status) + "},";
    }

    if (text.back() == ',') {
        text.pop_back();
    }

    text += "],\"workers\":[";

    for (const auto &worker : facts.workers) {
        text += "{\"pid\":" + std::to_string(worker.pid)
                + ",\"generation\":" + std::to_string(worker.generation)
                + ",\"uptime_seconds\":"
                + ngx_http_aiproxy_status_seconds(worker.uptime_ms)
                + ",\"requests_running\":" + std::to_string(worker.running)
                + ",\"idle_connections\":" + std::to_string(worker.idle)
                + "},";
    }

    if (text.back() == ',') {
        text.pop_back();
    }

    return text + "]}\n";
}


static void
ngx_http_aiproxy_status_head(std::string &text, const char *metric,
    const char *type, const char *help)
{
    text += std::string("# HELP ") + metric + " " + help + "\n# TYPE "
            + metric + " " + type + "\n";
}


static void
ngx_http_aiproxy_status_sample(std::string &text, const char *metric,
    const char *label, int64_t id, const std::string &value)
{
    text += std::string(metric) + "{" + label + "=\"" + std::to_string(id)
            + "\"} " + value + "\n";
}


static std::string
ngx_http_aiproxy_status_text(const ngx_http_aiproxy_status_facts_t &facts)
{
    std::string  text;

    for (const auto &figure : facts.figures) {
        ngx_http_aiproxy_status_head(text, figure.metric, figure.type,
                                     figure.help);
        text += std::string(figure.metric) + " " + figure.value + "\n";
    }

    ngx_http_aiproxy_status_head(text, "aiproxy_provider_key_rest_seconds",
                                 "gauge", "How long a provider key rests.");

    for (const auto &resting : facts.resting) {
        ngx_http_aiproxy_status_sample(
            text, "aiproxy_provider_key_rest_seconds", "provider_key",
            resting.key_id, ngx_http_aiproxy_status_seconds(resting.for_ms));
    }

    ngx_http_aiproxy_status_head(text, "aiproxy_worker_generation", "gauge",
                                 "The oldest generation that a worker holds.");

    for (const auto &worker : facts.workers) {
        ngx_http_aiproxy_status_sample(text, "aiproxy_worker_generation",
                                       "pid", worker.pid,
                                       std::to_string(worker.generation));
    }

    ngx_http_aiproxy_status_head(text, "aiproxy_worker_requests_running",
                                 "gauge", "Requests that a worker runs.");

    for (const auto &worker : facts.workers) {
        ngx_http_aiproxy_status_sample(text, "aiproxy_worker_requests_running",
                                       "pid", worker.pid,
                                       std::to_string(worker.running));
    }

    return text;
}


static ngx_int_t
ngx_http_aiproxy_status_send(ngx_http_request_t *r, const std::string &body,
    bool prometheus)
{
    if (prometheus) {
        ngx_str_set(&r->headers_out.content_type,
                    "text/plain; version=0.0.4; charset=utf-8");

    } else {
        ngx_str_set(&r->headers_out.content_type, "application/json");
    }

    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = (off_t) body.size();

    ngx_int_t rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    ngx_buf_t *b = ngx_create_temp_buf(r->pool, body.size());
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->last = ngx_cpymem(b->last, body.data(), body.size());
    b->last_buf = r == r->main;
    b->last_in_chain = 1;

    ngx_chain_t  out = {b, NULL};

    return ngx_http_output_filter(r, &out);
}


void
ngx_http_aiproxy_status_publish(void)
{
    state::State *shared = ngx_http_aiproxy_state();

    if (shared != NULL) {
        shared->head(shared->column()).idle_connections =
            ngx_http_aiproxy_keepalive_count();
    }
}


/* a location is a gateway or tells of it, not both */

char *
ngx_http_aiproxy_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    auto alcf = (ngx_http_aiproxy_loc_conf_t *) conf;
    auto clcf = (ngx_http_core_loc_conf_t *)
                    ngx_http_conf_get_module_loc_conf(cf,
                                                      ngx_http_core_module);
    auto amcf = (ngx_http_aiproxy_main_conf_t *)
                    ngx_http_conf_get_module_main_conf(cf, ngx_aiproxy_module);

    if (clcf->handler == ngx_http_aiproxy_status_handler) {
        return (char *) "is duplicate";
    }

    if (alcf->enable != NGX_CONF_UNSET) {
        return (char *) "conflicts with \"aiproxy\"";
    }

    alcf->enable = 0;
    amcf->used = 1;
    clcf->handler = ngx_http_aiproxy_status_handler;

    return NGX_CONF_OK;
}
