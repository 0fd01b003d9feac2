// SPDX-License-Identifier: MIT
//
// SHA-256 of what was received and sent.

#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace aiproxy::demo {

class Sha256 {
 public:
    Sha256();
    void Add(std::string_view bytes);
    std::string Hex();  // ends it

 private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::string Sha256Hex(std::string_view bytes);

}  // namespace aiproxy::demo
