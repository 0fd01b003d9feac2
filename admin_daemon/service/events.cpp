// SPDX-License-Identifier: MIT

#include "admin_daemon/service/events.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr UnixMs kKeptMs = 30ll * 86'400'000;
constexpr std::int64_t kDeletedAtOnce = 1000;

}  // namespace

Result<std::vector<Event>> Events::List(const EventFilter& filter,
                                        std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Event>> {
        return store::ListEvents(c, filter, limit);
    });
}

Status Events::Add(Event event) {
    event.occurred_at = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::InsertEvents(c, {&event, 1});
        return {};
    });
}

Status Events::RemoveOld() {
    const UnixMs before = clock_() - kKeptMs;
    // In pieces, so that nobody waits long for the database.
    for (;;) {
        const auto deleted =
            database_.Write([&](Connection& c) -> Result<std::int64_t> {
                return store::DeleteOldEvents(c, before, kDeletedAtOnce);
            });
        if (!deleted.ok()) return deleted.error();
        if (*deleted < kDeletedAtOnce) return {};
    }
}

}  // namespace aiproxy::admin::service
