// SPDX-License-Identifier: MIT

#include "core/oauth/assertion.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "core/json/scanner.h"
#include "core/jwt/base64url.h"

namespace aiproxy::oauth {
namespace {

constexpr std::int64_t kLifeS = 3600;

struct Free {
    void operator()(BIO* bio) const { ::BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

// No key of ours asks for a passphrase.
int NoPassphrase(char*, int, int, void*) {
    return -1;
}

std::unique_ptr<EVP_PKEY, Free> ReadKey(const std::string& pem) {
    const std::unique_ptr<BIO, Free> bio(
        ::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::unique_ptr<EVP_PKEY, Free> key(
        bio == nullptr ? nullptr
                       : ::PEM_read_bio_PrivateKey(bio.get(), nullptr,
                                                   NoPassphrase, nullptr));
    ::ERR_clear_error();
    if (key != nullptr && ::EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
        key.reset();
    }
    return key;
}

std::string Sign(EVP_PKEY* key, std::string_view text) {
    const std::unique_ptr<EVP_MD_CTX, Free> context(::EVP_MD_CTX_new());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (context == nullptr ||
        ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr,
                             key) != 1 ||
        ::EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) !=
            1) {
        return {};
    }
    std::string out(size, '\0');
    if (::EVP_DigestSign(context.get(),
                         reinterpret_cast<unsigned char*>(out.data()), &size,
                         bytes, text.size()) != 1) {
        return {};
    }
    out.resize(size);
    return out;
}

void Member(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += out.size() > 1 ? "," : "";
    json::AppendQuoted(out, name);
    out += ':';
    json::AppendQuoted(out, value);
}

}  // namespace

Result<std::string> MakeAssertion(const ServiceAccount& account,
                                  std::string_view audience,
                                  std::string_view scope, std::int64_t now_s) {
    const auto key = ReadKey(account.private_key);
    if (key == nullptr) {
        return Error(ErrorCode::kValidation, "not a private RSA key in PEM");
    }
    std::string header = "{";
    Member(header, "alg", "RS256");
    Member(header, "typ", "JWT");
    Member(header, "kid", account.key_id);
    std::string claims = "{";
    Member(claims, "iss", account.email);
    Member(claims, "scope", scope);
    Member(claims, "aud", audience);
    claims += ",\"iat\":" + std::to_string(now_s) +
              ",\"exp\":" + std::to_string(now_s + kLifeS);
    std::string text = jwt::EncodeBase64Url(header + "}") + "." +
                       jwt::EncodeBase64Url(claims + "}");
    const std::string signature = Sign(key.get(), text);
    if (signature.empty()) {
        return Error(ErrorCode::kValidation, "the key does not sign");
    }
    return text + "." + jwt::EncodeBase64Url(signature);
}

}  // namespace aiproxy::oauth
