// SPDX-License-Identifier: MIT

#include "admin_daemon/client/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "admin_daemon/client/guarded_socket.h"

namespace aiproxy::admin::client {
namespace {

constexpr std::size_t kMostHeaders = 100;

struct FreeCurl {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
};
struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

struct Transfer {
    GuardedSocket socket;
    const HttpRequest& request;
    HttpReply reply;
    bool too_large = false;
};

std::size_t OnBody(char* bytes, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Transfer*>(data);
    const std::size_t left =
        exchange.request.most_bytes - exchange.reply.body.size();
    exchange.reply.body.append(bytes, std::min(size, left));
    // What was asked for is there: the rest is not waited for.
    exchange.too_large = size > left;
    return exchange.too_large ? 0 : size;
}

std::size_t OnHeader(char* bytes, std::size_t, std::size_t size, void* data) {
    auto& reply = static_cast<Transfer*>(data)->reply;
    std::string_view line(bytes, size);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    // After a 1xx the answer's own headers begin.
    if (line.starts_with("HTTP/")) reply.headers.clear();
    const std::size_t colon = line.find(':');
    if (colon == line.npos || reply.headers.size() >= kMostHeaders) {
        return size;
    }
    std::string name(line.substr(0, colon));
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    line.remove_prefix(colon + 1);
    while (line.starts_with(' ') || line.starts_with('\t')) {
        line.remove_prefix(1);
    }
    reply.headers.emplace_back(std::move(name), line);
    return size;
}

// Called now and then, once a second at least.
int OnProgress(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const HttpRequest*>(data)->stop.stop_requested() ? 1 : 0;
}

ErrorCode CodeOf(CURLcode code) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return ErrorCode::kForbidden;
        case CURLE_OPERATION_TIMEDOUT:
            return ErrorCode::kUpstreamTimeout;
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
            return ErrorCode::kUpstreamClosed;
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            return ErrorCode::kUpstreamInvalid;
        default:
            return ErrorCode::kUpstreamConnect;
    }
}

std::optional<std::int64_t> TimeOf(CURL* curl, CURLINFO what) {
    curl_off_t time = 0;
    ::curl_easy_getinfo(curl, what, &time);
    if (time == 0) return std::nullopt;
    return static_cast<std::int64_t>(time);
}

// What did not come is what failed.
void ReadSteps(CURL* curl, CURLcode code, const Transfer& exchange,
               HttpSteps& steps) {
    steps.resolved_us = TimeOf(curl, CURLINFO_NAMELOOKUP_TIME_T);
    steps.connected_us = TimeOf(curl, CURLINFO_CONNECT_TIME_T);
    steps.secured_us = TimeOf(curl, CURLINFO_APPCONNECT_TIME_T);
    steps.answered_us = TimeOf(curl, CURLINFO_STARTTRANSFER_TIME_T);
    char* address = nullptr;
    ::curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address);
    if (address != nullptr) steps.address = address;
    const bool tls = exchange.request.url.starts_with("https://");
    // The time of connecting is that of TLS too, when that fails.
    long port = 0;
    ::curl_easy_getinfo(curl, CURLINFO_LOCAL_PORT, &port);
    if (exchange.socket.closed) {
        steps.failed = "address";
    } else if (code == CURLE_COULDNT_RESOLVE_HOST || !steps.resolved_us) {
        steps.failed = "dns";
    } else if (port == 0) {
        steps.failed = "connect";
    } else if (tls && !steps.secured_us) {
        steps.failed = "tls";
    } else {
        steps.failed = "answer";
    }
}

void SetStop(CURL* curl, const HttpRequest& request) {
    ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnProgress);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &request);
}

void SetRoute(CURL* curl, const HttpRequest& request, curl_slist* connect_to) {
    ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                       request.connect_timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request.timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to);
    if (!request.connect_from.empty()) {
        ::curl_easy_setopt(curl, CURLOPT_INTERFACE,
                           ("host!" + request.connect_from).c_str());
    }
    ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER,
                       request.verify_tls ? 1L : 0L);
    ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST,
                       request.verify_tls ? 2L : 0L);
}

void Prepare(CURL* curl, const HttpRequest& request, curl_slist* headers,
             Transfer& exchange) {
    ::curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    ::curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
    ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
    ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    ::curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
    ::curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
    SetGuardedSocket(curl, exchange.socket);
    if (!request.body.empty()) {
        ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                           static_cast<curl_off_t>(request.body.size()));
        ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    }
}

}  // namespace

std::optional<std::string> HttpReply::Header(const std::string& name) const {
    for (const auto& [known, value] : headers) {
        if (known == name) return value;
    }
    return std::nullopt;
}

Result<HttpReply> HttpClient::Send(const HttpRequest& request) const {
    return Exchange(request, nullptr);
}

HttpSteps HttpClient::Explain(const HttpRequest& request) const {
    HttpSteps steps;
    const auto reply = Exchange(request, &steps);
    if (reply.ok()) {
        steps.status = reply->status;
        steps.failed.clear();
    } else {
        steps.error = reply.error().detail;
    }
    return steps;
}

Result<HttpReply> HttpClient::Exchange(const HttpRequest& request,
                                       HttpSteps* steps) const {
    const std::unique_ptr<CURL, FreeCurl> curl(::curl_easy_init());
    if (curl == nullptr) return Error(ErrorCode::kInternal, "curl_easy_init");
    curl_slist* list = ::curl_slist_append(nullptr, "Expect:");
    for (const auto& [name, value] : request.headers) {
        list = ::curl_slist_append(list, (name + ": " + value).c_str());
    }
    const std::unique_ptr<curl_slist, FreeList> headers(list);
    // Whatever host and port the URL has.
    const std::unique_ptr<curl_slist, FreeList> connect_to(
        request.connect_to.empty()
            ? nullptr
            : ::curl_slist_append(nullptr,
                                  ("::" + request.connect_to).c_str()));
    Transfer exchange{{guard_}, request, {}};
    Prepare(curl.get(), request, headers.get(), exchange);
    SetRoute(curl.get(), request, connect_to.get());
    SetStop(curl.get(), request);
    const CURLcode code = ::curl_easy_perform(curl.get());
    if (steps != nullptr) ReadSteps(curl.get(), code, exchange, *steps);
    if (exchange.socket.closed && code != CURLE_OK) {
        return Error(ErrorCode::kForbidden, kClosedAddress);
    }
    if (exchange.too_large && !request.cut) {
        return Error(ErrorCode::kUpstreamConnect, "the answer is too large");
    }
    if (code != CURLE_OK && !exchange.too_large) {
        return Error(CodeOf(code), ::curl_easy_strerror(code));
    }
    long status = 0;
    ::curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    exchange.reply.status = static_cast<int>(status);
    return std::move(exchange.reply);
}

}  // namespace aiproxy::admin::client
