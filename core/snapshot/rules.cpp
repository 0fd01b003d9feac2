// SPDX-License-Identifier: MIT
//
// The restrictions of a client key and the rules of a provider, as the
// request path asks for them.

#include <algorithm>

#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {
namespace {

std::string_view View(const flatbuffers::String* text) {
    return text == nullptr ? std::string_view() : text->string_view();
}

void SetHalf(http::Address& address, std::size_t from, std::uint64_t value) {
    for (std::size_t i = from + 8; i-- > from; value >>= 8) {
        address[i] = static_cast<std::uint8_t>(value);
    }
}

}  // namespace

bool AllowsAddress(const wire::ClientKey& client, const http::Address& from) {
    const auto* ranges = client.allowed_addresses();
    if (ranges == nullptr) {
        return true;
    }
    return std::any_of(
        ranges->begin(), ranges->end(), [&](const wire::Cidr* row) {
            http::Cidr range;
            SetHalf(range.address, 0, row->high());
            SetHalf(range.address, 8, row->low());
            range.bits = row->bits();
            return range.bits <= 128 && http::Contains(range, from);
        });
}

bool AllowsModel(const wire::ClientKey& client, std::string_view model) {
    const auto* names = client.allowed_models();
    if (names == nullptr) {
        return true;
    }
    return std::any_of(names->begin(), names->end(),
                       [&](const flatbuffers::String* row) {
                           std::string_view name = row->string_view();
                           if (!name.ends_with('*')) {
                               return name == model;
                           }
                           name.remove_suffix(1);
                           return model.starts_with(name);
                       });
}

bool AllowsProvider(const wire::ClientKey& client, std::uint32_t provider) {
    const auto* allowed = client.allowed_providers();
    return allowed == nullptr || std::find(allowed->begin(), allowed->end(),
                                           provider) != allowed->end();
}

const wire::Issuer* FindIssuer(const wire::Authentication& authentication,
                               std::string_view issuer) {
    if (authentication.issuers() == nullptr) {
        return nullptr;
    }
    for (const wire::Issuer* row : *authentication.issuers()) {
        if (row->issuer()->string_view() == issuer) {
            return row;
        }
    }
    return nullptr;
}

const wire::VerificationKey* FindVerificationKey(const wire::Issuer& issuer,
                                                 std::string_view kid) {
    if (issuer.keys() == nullptr) {
        return nullptr;
    }
    for (const wire::VerificationKey* row : *issuer.keys()) {
        std::string_view known = row->kid() == nullptr
                                     ? std::string_view()
                                     : row->kid()->string_view();
        if (known == kid) {
            return row;
        }
    }
    return nullptr;
}

bool IsRevoked(const wire::Authentication& authentication,
               std::string_view token_id) {
    const auto* revoked = authentication.revoked();
    if (revoked == nullptr) {
        return false;
    }
    auto at = std::lower_bound(
        revoked->begin(), revoked->end(), token_id,
        [](const flatbuffers::String* left, std::string_view wanted) {
            return left->string_view() < wanted;
        });
    return at != revoked->end() && at->string_view() == token_id;
}

std::vector<retry::Rule> VerdictRules(const wire::Provider& provider) {
    std::vector<retry::Rule> rules;
    if (provider.verdict_rules() == nullptr) {
        return rules;
    }
    for (const wire::VerdictRule* row : *provider.verdict_rules()) {
        retry::Rule rule;
        auto verdict = static_cast<retry::VerdictClass>(row->verdict());
        // What a newer writer means is not guessed.
        if (verdict > retry::kLastVerdictClass ||
            row->scope().value_or(0) >
                static_cast<std::uint8_t>(retry::kLastScope)) {
            continue;
        }
        rule.status = row->status().value_or(0);
        rule.name = View(row->name());
        rule.text = View(row->text());
        rule.verdict = verdict;
        rule.scope = row->scope().has_value()
                         ? static_cast<retry::Scope>(row->scope().value())
                         : retry::ScopeOf(verdict);
        if (row->rest_ms().has_value()) {
            rule.rest_ms = static_cast<std::int64_t>(
                std::min<std::uint64_t>(row->rest_ms().value(), INT64_MAX / 2));
        }
        rules.push_back(rule);
    }
    return rules;
}

retry::Table VerdictTable(const wire::Provider& provider,
                          dialect::Family family) {
    auto own = provider.verdict_table();
    return own.has_value() &&
                   own.value() <= static_cast<std::uint8_t>(retry::kLastTable)
               ? static_cast<retry::Table>(own.value())
               : retry::TableOf(family);
}

}  // namespace aiproxy::snapshot
