// SPDX-License-Identifier: MIT

#include "t/lib/demo/transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

namespace aiproxy::demo {

namespace {

int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_length,
                   const unsigned char* in, unsigned in_length, void*) {
    static constexpr unsigned char kHttp11[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    int found = SSL_select_next_proto(&chosen, out_length, kHttp11,
                                      sizeof(kHttp11) - 1, in, in_length);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK
                                           : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

SslContext MakeSslContext(const std::string& certificate,
                          const std::string& key) {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(),
                                           certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(),
                                    SSL_FILETYPE_PEM) != 1) {
        std::fprintf(stderr, "demo_provider: cannot load %s and %s\n",
                     certificate.c_str(), key.c_str());
        std::exit(1);
    }
    return context;
}

Transport::Transport(int fd, SSL_CTX* context) : fd_(fd) {
    int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (context == nullptr) return;
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), fd_);
    SSL_set_accept_state(ssl_.get());
}

Transport::~Transport() {
    close(fd_);
}

int Transport::SslResult(int result) {
    if (result > 0) return result;
    int error = SSL_get_error(ssl_.get(), result);
    bool again = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    return again ? kAgain : kGone;
}

int Transport::Read(char* buffer, std::size_t size) {
    if (ssl_) {
        ERR_clear_error();
        return SslResult(SSL_read(ssl_.get(), buffer, static_cast<int>(size)));
    }
    ssize_t got = recv(fd_, buffer, size, 0);
    if (got >= 0) return static_cast<int>(got);
    return errno == EAGAIN || errno == EINTR ? kAgain : kGone;
}

int Transport::Write(const char* bytes, std::size_t size) {
    size = std::min<std::size_t>(size, INT_MAX);
    if (ssl_) {
        ERR_clear_error();
        return SslResult(SSL_write(ssl_.get(), bytes, static_cast<int>(size)));
    }
    ssize_t put = send(fd_, bytes, size, MSG_NOSIGNAL);
    if (put >= 0) return static_cast<int>(put);
    return errno == EAGAIN || errno == EINTR ? kAgain : kGone;
}

void Transport::ResetOnClose() {
    linger now = {1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void Transport::EndWriting() {
    if (ssl_) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
    }
    shutdown(fd_, SHUT_WR);
}

}  // namespace aiproxy::demo
