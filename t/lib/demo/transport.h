// SPDX-License-Identifier: MIT
//
// A connection's socket, plain or TLS, non-blocking.

#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>

namespace aiproxy::demo {

struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslFree>;

// Exits with a message when the files do not serve.
SslContext MakeSslContext(const std::string& certificate,
                          const std::string& key);

class Transport {
 public:
    static constexpr int kAgain = -1;
    static constexpr int kGone = 0;

    // Takes `fd`; `context` is null for plain.
    Transport(int fd, SSL_CTX* context);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    // Bytes moved, kAgain or kGone.
    int Read(char* buffer, std::size_t size);
    int Write(const char* bytes, std::size_t size);

    void ResetOnClose();  // RST instead of FIN
    void EndWriting();    // FIN (and TLS close_notify); reading goes on
    int fd() const { return fd_; }
    bool tls() const { return ssl_ != nullptr; }
    bool tls_resumed() const {
        return tls() && SSL_session_reused(ssl_.get()) == 1;
    }

 private:
    int SslResult(int result);

    int fd_;
    std::unique_ptr<SSL, SslFree> ssl_;
};

}  // namespace aiproxy::demo
