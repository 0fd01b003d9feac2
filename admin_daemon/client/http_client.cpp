// SPDX-License-Identifier: MIT

#include "admin_daemon/client/http_client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace aiproxy::admin::client {
namespace {

constexpr std::size_t kMostHeaders = 100;

struct FreeCurl {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
};
struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

struct Exchange {
    const NetworkGuard& guard;
    const HttpRequest& request;
    HttpReply reply;
    bool too_large = false;
    bool closed = false;  // the guard refused an address
};

std::size_t OnBody(char* bytes, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Exchange*>(data);
    const std::size_t left =
        exchange.request.most_bytes - exchange.reply.body.size();
    exchange.reply.body.append(bytes, std::min(size, left));
    // What was asked for is there: the rest is not waited for.
    exchange.too_large = size > left;
    return exchange.too_large ? 0 : size;
}

std::size_t OnHeader(char* bytes, std::size_t, std::size_t size, void* data) {
    auto& reply = static_cast<Exchange*>(data)->reply;
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

// Asked for every address that a name has, just before connecting: a name
// that resolves to another address later is caught as well.
curl_socket_t OnOpenSocket(void* data, curlsocktype, curl_sockaddr* to) {
    auto& exchange = *static_cast<Exchange*>(data);
    http::Address address{};
    if (to->family == AF_INET) {
        address[10] = address[11] = 0xff;
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&to->addr);
        std::memcpy(address.data() + 12, &v4->sin_addr, 4);
    } else if (to->family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&to->addr);
        std::memcpy(address.data(), &v6->sin6_addr, 16);
    }
    if (!exchange.guard.Allows(address)) {
        exchange.closed = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
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
             Exchange& exchange) {
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
    ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, OnOpenSocket);
    ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &exchange);
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
    Exchange exchange{guard_, request, {}};
    Prepare(curl.get(), request, headers.get(), exchange);
    SetRoute(curl.get(), request, connect_to.get());
    SetStop(curl.get(), request);
    const CURLcode code = ::curl_easy_perform(curl.get());
    if (exchange.closed && code != CURLE_OK) {
        return Error(ErrorCode::kForbidden,
                     "the host has an address that allowed_networks does not "
                     "open");
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
