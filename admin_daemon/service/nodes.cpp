// SPDX-License-Identifier: MIT

#include "admin_daemon/service/nodes.h"

#include <algorithm>

#include "admin_daemon/store/leases.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kListedMs = 86'400'000;

}  // namespace

Status Nodes::Report() {
    store::Node node = me_;
    const auto view = publication_.view();
    node.generation = static_cast<std::int64_t>(view.generation);
    node.config_version = view.version;
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateNode(c, node);
        return {};
    });
}

Result<std::vector<SeenNode>> Nodes::List() {
    return database_.Read([&](Connection& c) -> Result<std::vector<SeenNode>> {
        const UnixMs now = store::DatabaseNow(c);
        std::vector<SeenNode> list;
        for (store::Node& node : store::ListNodes(c, now - kListedMs)) {
            const std::int64_t silent =
                std::max<std::int64_t>(now - node.seen_at, 0);
            list.push_back({std::move(node), silent});
        }
        return list;
    });
}

Status Nodes::RemoveOld() {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteOldNodes(c, store::DatabaseNow(c) - kListedMs);
        return {};
    });
}

}  // namespace aiproxy::admin::service
