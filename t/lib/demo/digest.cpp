// SPDX-License-Identifier: MIT

#include "t/lib/demo/digest.h"

namespace aiproxy::demo {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    // Fetched once: OpenSSL 3 looks an algorithm up at each use else.
    static const EVP_MD* const algorithm =
        EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_DigestInit_ex(context_.get(), algorithm, nullptr);
}

void Sha256::Add(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::Hex() {
    static constexpr char kDigits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &length);
    std::string out;
    for (unsigned i = 0; i < length; ++i) {
        out += kDigits[digest[i] >> 4];
        out += kDigits[digest[i] & 15];
    }
    return out;
}

std::string Sha256Hex(std::string_view bytes) {
    Sha256 hash;
    hash.Add(bytes);
    return hash.Hex();
}

}  // namespace aiproxy::demo
