// SPDX-License-Identifier: MIT

#include "core/provider/model_rule.h"

#include "core/http/url.h"
#include "core/json/path.h"

namespace aiproxy::provider {
namespace {

constexpr std::size_t kMaxModelBytes = 256;

// "/a/deployments/gpt%2D4:run" with "deployments": "gpt-4".
std::string FromPath(std::string_view path, std::string_view before) {
    while (!path.empty()) {
        path.remove_prefix(1);  // "/"
        std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (segment != before || path.empty()) {
            continue;
        }
        std::string_view model = path.substr(1);
        model = model.substr(0, model.find_first_of("/:"));
        return http::PercentDecode(model).value_or(std::string());
    }
    return {};
}

std::string FromQuery(std::string_view query, std::string_view name) {
    auto found = http::FindQuery(query, name);
    return found ? http::PercentDecode(found->value).value_or(std::string())
                 : std::string();
}

std::string FromBody(std::string_view body, std::string_view name) {
    const json::PathTree::Path path[] = {{name, true}};
    const json::PathTree tree(path);
    json::PathScanner scanner(tree);
    scanner.Feed(body);
    return scanner.broken() ? std::string() : std::string(scanner.text(0));
}

}  // namespace

std::string FindModel(std::span<const ModelRule> rules, std::string_view path,
                      std::string_view query, std::string_view body) {
    for (const ModelRule& rule : rules) {
        std::string model =
            rule.source == ModelSource::kPath    ? FromPath(path, rule.name)
            : rule.source == ModelSource::kQuery ? FromQuery(query, rule.name)
                                                 : FromBody(body, rule.name);
        if (!model.empty() && model.size() <= kMaxModelBytes) {
            return model;
        }
    }
    return {};
}

}  // namespace aiproxy::provider
