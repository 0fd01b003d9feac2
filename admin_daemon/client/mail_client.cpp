// SPDX-License-Identifier: MIT

#include "admin_daemon/client/mail_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "admin_daemon/client/guarded_socket.h"

namespace aiproxy::admin::client {
namespace {

struct FreeCurl {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
};
struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

std::size_t OnRead(char* to, std::size_t, std::size_t room, void* data) {
    auto& rest = *static_cast<std::string_view*>(data);
    const std::size_t size = std::min(room, rest.size());
    std::memcpy(to, rest.data(), size);
    rest.remove_prefix(size);
    return size;
}

int OnProgress(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Mail*>(data)->stop.stop_requested() ? 1 : 0;
}

void Prepare(CURL* curl, const Mail& mail, curl_slist* to,
             std::string_view& rest) {
    ::curl_easy_setopt(curl, CURLOPT_URL, mail.url.c_str());
    ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
    ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        static_cast<long>(mail.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!mail.username.empty()) {
        ::curl_easy_setopt(curl, CURLOPT_USERNAME, mail.username.c_str());
        ::curl_easy_setopt(curl, CURLOPT_PASSWORD, mail.password.c_str());
    }
    ::curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                       ("<" + mail.from + ">").c_str());
    ::curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    ::curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    ::curl_easy_setopt(curl, CURLOPT_READFUNCTION, OnRead);
    ::curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
    ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                       mail.connect_timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, mail.timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnProgress);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &mail);
}

}  // namespace

Status MailClient::Send(const Mail& mail) const {
    const std::unique_ptr<CURL, FreeCurl> curl(::curl_easy_init());
    if (curl == nullptr) return Error(ErrorCode::kInternal, "curl_easy_init");
    curl_slist* list = nullptr;
    for (const std::string& to : mail.to) {
        list = ::curl_slist_append(list, ("<" + to + ">").c_str());
    }
    const std::unique_ptr<curl_slist, FreeList> to(list);
    std::string_view rest = mail.message;
    GuardedSocket socket{guard_};
    Prepare(curl.get(), mail, to.get(), rest);
    SetGuardedSocket(curl.get(), socket);
    const CURLcode code = ::curl_easy_perform(curl.get());
    if (code == CURLE_OK) return {};
    if (socket.closed) return Error(ErrorCode::kForbidden, kClosedAddress);
    long status = 0;
    ::curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    std::string detail = ::curl_easy_strerror(code);
    if (status >= 400) detail += ", the server said " + std::to_string(status);
    return Error(ErrorCode::kUpstreamConnect, detail);
}

}  // namespace aiproxy::admin::client
