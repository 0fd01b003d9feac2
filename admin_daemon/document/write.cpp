// SPDX-License-Identifier: MIT

#include "admin_daemon/document/document.h"

#include <algorithm>

namespace aiproxy::admin::document {
namespace {

// By name: ids differ from one database to another.
void Sort(std::vector<Row>& rows, const char* identity) {
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        return TextOf(a.object, identity) < TextOf(b.object, identity);
    });
}

Result<Json> WriteKind(Work& work, const Kind& kind, Secrets secrets) {
    auto rows = kind.list(work, secrets == Secrets::kSealed);
    if (!rows.ok()) return rows.error();
    Sort(*rows, kind.identity);
    Json list = Json::Array();
    for (const Row& row : *rows) {
        const std::string name = TextOf(row.object, kind.identity).value_or("");
        if (kind.of) work.names.Put(*kind.of, row.id, name);
        const Json shortened = Shortened(
            row.object, kind.defaults(work, row.object), kind.identity);
        auto safe = WithoutClear(
            work.master, std::string(kind.section) + ":" + name,
            WithNames(kind.section, shortened, work.names), secrets);
        if (!safe.ok()) return safe.error();
        list.Append(*safe);
    }
    return list;
}

}  // namespace

Result<Json> Write(Work& work, Secrets secrets) {
    Json document = Json::Object();
    // As one moment had it all.
    const Status status = work.database.Together([&](bool& keep) -> Status {
        keep = false;
        work.names.Clear();
        document = Json::Object();
        document.Set("version", kVersion);
        const auto settings = SettingsObject(work);
        if (!settings.ok()) return settings.error();
        document.Set("settings", *settings);
        for (const Kind& kind : Kinds()) {
            const auto list = WriteKind(work, kind, secrets);
            if (!list.ok()) return list.error();
            document.Set(kind.section, *list);
        }
        const auto prices = PriceObjects(work);
        if (!prices.ok()) return prices.error();
        Json list = Json::Array();
        for (const Json& price : *prices) list.Append(price);
        document.Set("prices", list);
        return {};
    });
    if (!status.ok()) return status.error();
    return document;
}

}  // namespace aiproxy::admin::document
