// SPDX-License-Identifier: MIT

#include "admin_daemon/service/resealing.h"

#include "admin_daemon/service/random.h"
#include "admin_daemon/store/sealed_rows.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::SealedColumn;
using store::SealedRow;

// True when the row has been sealed again; what changed meanwhile was sealed
// by whoever changed it, and is looked at in the next pass.
Result<bool> ResealRow(Connection& c, const SealingKey& master,
                       const SealedColumn& column, const SealedRow& row) {
    const auto blob = FromBase64Url(row.secret);
    if (!blob) return Error(ErrorCode::kInternal, "secret is not base64url");
    if (master.HasSealed(*blob)) return false;
    const std::string context = column.context + row.name;
    auto secret = master.Open(context, *blob);
    if (!secret.ok()) return secret.error();
    const auto sealed = master.Seal(context, *secret);
    Wipe(*secret);
    if (!sealed.ok()) return sealed.error();
    return store::UpdateSealedRow(c, column, row, Base64Url(*sealed));
}

struct Page {
    Resealed counts;
    std::string last;
    bool is_full = false;
};

Result<Page> ResealPage(Connection& c, const SealingKey& master,
                        const SealedColumn& column, const std::string& after) {
    Page page;
    const auto rows = store::ListSealedRows(c, column, after, column.page);
    for (const SealedRow& row : rows) {
        const auto done = ResealRow(c, master, column, row);
        if (!done.ok()) ++page.counts.failed;
        if (done.ok() && *done) ++page.counts.rows;
        page.last = row.name;
    }
    page.is_full = static_cast<std::int64_t>(rows.size()) == column.page;
    return page;
}

}  // namespace

Result<Resealed> Reseal(store::Database& database, const SealingKey& master) {
    Resealed sum;
    for (const SealedColumn& column : store::SealedColumns()) {
        std::string after;
        for (bool more = true; more;) {
            const auto page = database.Write([&](Connection& c) {
                return ResealPage(c, master, column, after);
            });
            if (!page.ok()) return page.error();
            sum.rows += page->counts.rows;
            sum.failed += page->counts.failed;
            after = page->last;
            more = page->is_full;
        }
    }
    return sum;
}

}  // namespace aiproxy::admin::service
