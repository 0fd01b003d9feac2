// SPDX-License-Identifier: MIT

#include "t/lib/demo/request_log.h"

#include <charconv>

#include "t/lib/demo/digest.h"
#include "t/lib/demo/json.h"

namespace aiproxy::demo {

namespace {

void AppendMember(std::string& out, std::string_view name,
                  std::string_view text) {
    out.append(",\"").append(name).append("\":");
    AppendJsonString(out, text);
}

void AppendMember(std::string& out, std::string_view name, long long value) {
    out.append(",\"").append(name).append("\":").append(std::to_string(value));
}

void AppendFlag(std::string& out, std::string_view name, bool value) {
    out.append(",\"").append(name).append(value ? "\":true" : "\":false");
}

void AppendHeaders(std::string& out, const HttpRequest& request) {
    out += ",\"headers\":[";
    for (const auto& [name, value] : request.headers) {
        if (out.back() != '[') out += ',';
        out += '[';
        AppendJsonString(out, name);
        out += ',';
        AppendJsonString(out, value);
        out += ']';
    }
    out += ']';
}

void AppendUsage(std::string& out, const Usage& usage) {
    out += ",\"usage\":{\"input_tokens\":" + std::to_string(usage.input);
    AppendMember(out, "output_tokens", usage.output);
    AppendMember(out, "cache_read_tokens", usage.cache_read);
    AppendMember(out, "cache_write_5m_tokens", usage.cache_write_5m);
    AppendMember(out, "cache_write_1h_tokens", usage.cache_write_1h);
    AppendMember(out, "cache_write_30m_tokens", usage.cache_write_30m);
    AppendMember(out, "reasoning_tokens", usage.reasoning);
    for (auto [name, value] :
         {std::pair{"input_audio_tokens", usage.input_audio},
          std::pair{"input_image_tokens", usage.input_image},
          std::pair{"output_audio_tokens", usage.output_audio},
          std::pair{"output_image_tokens", usage.output_image}}) {
        if (value > 0) AppendMember(out, name, value);
    }
    out += '}';
}

void AppendExchange(std::string& out, const Exchange& e) {
    out += "{\"n\":" + std::to_string(e.number);
    AppendMember(out, "time_ms", e.time_ms);
    AppendMember(out, "connection", static_cast<long long>(e.connection));
    AppendFlag(out, "tls", e.tls);
    AppendFlag(out, "tls_resumed", e.tls_resumed);
    AppendMember(out, "method", e.request.method);
    AppendMember(out, "path", e.request.target);
    AppendHeaders(out, e.request);
    AppendMember(out, "body", e.request.body);
    AppendMember(out, "body_bytes", static_cast<long long>(e.body_bytes));
    AppendMember(
        out, "body_sha256",
        e.body_sha256.empty() ? Sha256Hex(e.request.body) : e.body_sha256);
    AppendMember(out, "credential", e.plan.credential);
    AppendMember(out, "model", e.plan.model);
    AppendMember(out, "dialect", DialectName(e.plan.dialect));
    AppendFlag(out, "streaming", e.plan.streaming);
    AppendMember(out, "status", e.status);
    AppendUsage(out, e.plan.usage);
    AppendMember(out, "sent_bytes", static_cast<long long>(e.sent_bytes));
    AppendMember(out, "sent_sha256", e.sent_sha256);
    AppendMember(out, "spoken_tokens", e.spoken_tokens);
    AppendFlag(out, "ended", e.ended);
    AppendFlag(out, "completed", e.completed);
    out += '}';
}

}  // namespace

std::size_t RequestLog::Weight(const Exchange& exchange) {
    return exchange.request.head.size() + exchange.request.body.size() +
           sizeof(Exchange);
}

void RequestLog::Add(const std::shared_ptr<Exchange>& exchange) {
    std::string& body = exchange->request.body;
    exchange->body_bytes = body.size();
    if (body.size() > kMaxBody) {
        exchange->body_sha256 = Sha256Hex(body);
        body.resize(kMaxBody);
        body.shrink_to_fit();
    }
    std::lock_guard lock(mutex_);
    exchange->number = ++last_number_;
    bytes_ += Weight(*exchange);
    exchanges_.push_back(exchange);
    while (exchanges_.size() > kMaxExchanges || bytes_ > kMaxBytes) {
        bytes_ -= Weight(*exchanges_.front());
        exchanges_.pop_front();
    }
}

void RequestLog::End(Exchange& exchange, bool completed, int status,
                     std::uint64_t sent_bytes, std::string sent_sha256) {
    std::lock_guard lock(mutex_);
    exchange.ended = true;
    exchange.completed = completed;
    exchange.status = status;
    exchange.sent_bytes = sent_bytes;
    exchange.sent_sha256 = std::move(sent_sha256);
}

void RequestLog::Clear() {
    std::lock_guard lock(mutex_);
    exchanges_.clear();
    bytes_ = 0;
}

std::string RequestLog::List(std::uint64_t since) const {
    std::lock_guard lock(mutex_);
    std::string out = "[";
    for (const auto& exchange : exchanges_) {
        if (exchange->number <= since) continue;
        if (out.size() > 1) out += ",\n";
        AppendExchange(out, *exchange);
    }
    return out + "]\n";
}

std::uint64_t RequestLog::last_number() const {
    std::lock_guard lock(mutex_);
    return last_number_;
}

int AnswerControl(Service& service, const HttpRequest& request,
                  std::string& body) {
    if (request.path == "/demo/health") {
        body = "{\"status\":\"ok\"}\n";
        return 200;
    }
    if (request.path == "/demo/stats") {
        const Counters& counters = service.counters;
        body = "{\"requests\":" + std::to_string(service.log.last_number());
        AppendMember(body, "connections_accepted",
                     static_cast<long long>(counters.connections_accepted));
        AppendMember(body, "connections_open",
                     static_cast<long long>(counters.connections_open));
        AppendMember(body, "answers_open",
                     static_cast<long long>(counters.answers_open));
        body += "}\n";
        return 200;
    }
    if (request.path != "/demo/requests") {
        body = "{\"error\":\"no such control\"}\n";
        return 404;
    }
    if (request.method == "DELETE") {
        service.log.Clear();
        service.faults.Clear();
        body = "{}\n";
        return 200;
    }
    std::string since = request.QueryValue("since");
    std::uint64_t number = 0;
    std::from_chars(since.data(), since.data() + since.size(), number);
    body = service.log.List(number);
    return 200;
}

}  // namespace aiproxy::demo
