// SPDX-License-Identifier: MIT

#include "admin_daemon/client/guarded_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace aiproxy::admin::client {
namespace {

curl_socket_t OnOpenSocket(void* data, curlsocktype, curl_sockaddr* to) {
    auto& socket = *static_cast<GuardedSocket*>(data);
    http::Address address{};
    if (to->family == AF_INET) {
        address[10] = address[11] = 0xff;
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&to->addr);
        std::memcpy(address.data() + 12, &v4->sin_addr, 4);
    } else if (to->family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&to->addr);
        std::memcpy(address.data(), &v6->sin6_addr, 16);
    }
    if (!socket.guard.Allows(address)) {
        socket.closed = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

}  // namespace

void SetGuardedSocket(CURL* curl, GuardedSocket& socket) {
    ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, OnOpenSocket);
    ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &socket);
}

}  // namespace aiproxy::admin::client
