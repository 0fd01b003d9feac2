// SPDX-License-Identifier: MIT

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "admin_daemon/document/document.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/random.h"
#include "core/base/id.h"

namespace aiproxy::admin::document {
namespace {

// Who did it, in the audit log.
constexpr char kTerminal[] = "(terminal)";
constexpr std::size_t kMostProblems = 50;

// Of the document alone: the database would answer the same another time.
bool IsOfDocument(ErrorCode code) {
    return code == ErrorCode::kValidation || code == ErrorCode::kConflict ||
           code == ErrorCode::kRequestBad ||
           code == ErrorCode::kRequestMalformed;
}

std::string At(const char* section, std::size_t i) {
    return std::string(section) + "[" + std::to_string(i) + "]";
}

std::string Below(const std::string& path, const std::string& field) {
    if (field.empty()) return path;
    return path + (field.front() == '[' ? "" : ".") + field;
}

class Importer {
 public:
    Importer(Work& work, const Yaml& document, const ImportOptions& options)
        : work_(work), document_(document), options_(options) {
        request_id_ =
            FormatRequestId(MakeRequestId(NowMs(), service::RandomBytes<10>()));
    }

    Result<Report> Run() {
        const Status status =
            work_.database.Together([&](bool& keep) -> Status {
                report_ = {};
                work_.names.Clear();
                const Status done = ImportAll();
                keep = options_.keep && report_.problems.empty();
                return done;
            });
        if (!status.ok()) return status.error();
        if (!options_.keep || !report_.problems.empty()) report_.made.clear();
        return std::move(report_);
    }

 private:
    Status ImportAll() {
        CheckSections();
        Status status = ImportSettings();
        for (const Kind& kind : Kinds()) {
            if (status.ok()) status = ImportKind(kind);
        }
        if (status.ok()) status = ImportPrices();
        const auto kinds = Kinds();
        for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind) {
            if (status.ok() && options_.prune) status = Prune(*kind);
        }
        return status;
    }

    void Complain(const std::string& path, const std::string& text) {
        if (report_.problems.size() >= kMostProblems) return;
        report_.problems.push_back({document_.lines.Find(path), path, text});
    }

    // True when the error is the document's, and told; else it ends all.
    bool Tell(const std::string& path, const char* section,
              const Error& error) {
        if (!IsOfDocument(error.code)) return false;
        Complain(Below(path, FieldInDocument(section, error.field)),
                 std::string(error.text()));
        return true;
    }

    void CheckSections() {
        std::set<std::string> known = {"version", "settings", "prices"};
        for (const Kind& kind : Kinds()) known.insert(kind.section);
        const char* name;
        json_t* value;
        json_object_foreach(document_.root.raw(), name, value) {
            if (!known.contains(name)) {
                Complain(name, "There is no such section.");
            }
        }
        json_t* version = json_object_get(document_.root.raw(), "version");
        if (version == nullptr || json_integer_value(version) != kVersion) {
            Complain("version", "This must be 1.");
        }
    }

    // One change: a part of the transaction that goes when it is refused or
    // changes nothing. work says what there is then.
    Status Change(const char* section, const char* audit_type,
                  const std::string& name, const std::string& path,
                  const Json& before,
                  const std::function<Result<Row>()>& write) {
        Item item;
        std::optional<Row> written;
        const Status status =
            work_.database.Together([&](bool& keep) -> Status {
                auto after = write();
                if (!after.ok()) return after.error();
                keep = json_equal(before.raw(), after->object.raw()) == 0;
                item = ItemOf(section, name, before, after->object);
                written = std::move(*after);
                return keep ? Audit(item, audit_type, written->id) : Status();
            });
        if (!status.ok()) {
            return Tell(path, section, status.error()) ? Status() : status;
        }
        if (json_equal(before.raw(), written->object.raw()) != 0) {
            ++report_.unchanged;
        } else {
            report_.items.push_back(std::move(item));
        }
        return {};
    }

    Item ItemOf(const char* section, const std::string& name,
                const Json& before, const Json& after) {
        auto shown = [&](const Json& object) -> Json {
            if (!object.is_object()) return Json();
            return WithNames(section, object, work_.names);
        };
        Item item;
        item.section = section;
        item.name = name;
        item.state = !before.is_object()  ? "added"
                     : !after.is_object() ? "removed"
                                          : "changed";
        item.before = MaskedAfter(before, before);
        item.after = MaskedAfter(before, after);
        item.before = shown(item.before);
        item.after = shown(item.after);
        return item;
    }

    Status Audit(const Item& item, const char* type, std::int64_t id) {
        service::AuditEntry entry;
        entry.request_id = request_id_;
        entry.username = kTerminal;
        entry.action = item.state == "removed" ? "delete" : "import";
        entry.object_type = type;
        if (id != 0) entry.object_id = std::to_string(id);
        if (item.before.is_object()) entry.before = item.before.Dump();
        const Status begun = work_.audit.Begin(entry);
        if (!begun.ok()) return begun;
        entry.status = item.state == "removed" ? 204 : 200;
        if (item.after.is_object()) entry.after = item.after.Dump();
        return work_.audit.Finish(entry);
    }

    Status ImportSettings() {
        json_t* asked = json_object_get(document_.root.raw(), "settings");
        if (asked == nullptr) return {};
        auto before = SettingsObject(work_);
        if (!before.ok()) return before.error();
        return Change("settings", "settings", "", "settings", *before,
                      [&]() -> Result<Row> {
                          const Status done =
                              WriteSettings(work_, Json(json_incref(asked)));
                          if (!done.ok()) return done.error();
                          auto after = SettingsObject(work_);
                          if (!after.ok()) return after.error();
                          return Row{0, std::move(*after)};
                      });
    }

    Status ImportKind(const Kind& kind) {
        auto rows = kind.list(work_, true);
        if (!rows.ok()) return rows.error();
        std::map<std::string, Row> there;
        for (Row& row : *rows) {
            const std::string name =
                TextOf(row.object, kind.identity).value_or("");
            if (kind.of) work_.names.Put(*kind.of, row.id, name);
            there[name] = std::move(row);
        }
        json_t* list = json_object_get(document_.root.raw(), kind.section);
        if (list == nullptr || json_is_null(list)) return {};
        if (!json_is_array(list)) {
            Complain(kind.section, "This must be a list.");
            return {};
        }
        std::set<std::string> seen;
        std::size_t i;
        json_t* object;
        json_array_foreach(list, i, object) {
            const std::string path = At(kind.section, i);
            const char* name =
                json_string_value(json_object_get(object, kind.identity));
            if (name == nullptr || *name == 0) {
                Complain(Below(path, kind.identity), "A name is needed.");
                continue;
            }
            if (!seen.insert(name).second) {
                Complain(Below(path, kind.identity),
                         "There is another one of this name in the file.");
                continue;
            }
            const auto found = there.find(name);
            const Status status =
                ImportObject(kind, path, name,
                             found == there.end() ? nullptr : &found->second,
                             Json(json_incref(object)));
            if (!status.ok()) return status;
        }
        return {};
    }

    Result<Json> Desired(const Kind& kind, const std::string& name,
                         const Row* before, const Json& object) {
        const auto clear = WithClear(
            work_.master, std::string(kind.section) + ":" + name, object);
        if (!clear.ok()) return clear.error();
        auto with_ids = WithIds(kind.section, *clear, work_.names);
        if (!with_ids.ok()) return with_ids.error();
        Json desired = Overlaid(kind.defaults(work_, *with_ids), *with_ids);
        for (const char* member : kind.kept) {
            if (before == nullptr ||
                json_object_get(with_ids->raw(), member) != nullptr) {
                continue;
            }
            json_t* kept = json_object_get(before->object.raw(), member);
            if (kept != nullptr) desired.Set(member, Json(json_incref(kept)));
        }
        return desired;
    }

    Status ImportObject(const Kind& kind, const std::string& path,
                        const std::string& name, const Row* before,
                        const Json& object) {
        const auto desired = Desired(kind, name, before, object);
        if (!desired.ok()) {
            return Tell(path, kind.section, desired.error())
                       ? Status()
                       : Status(desired.error());
        }
        if (before != nullptr &&
            json_equal(before->object.raw(), desired->raw()) != 0) {
            ++report_.unchanged;
            return {};
        }
        const auto id = before == nullptr
                            ? std::nullopt
                            : std::optional<std::int64_t>(before->id);
        return Change(
            kind.section, kind.audit_type, name, path,
            before == nullptr ? Json() : before->object, [&]() -> Result<Row> {
                const auto written = kind.write(
                    work_, id, before == nullptr ? Json() : before->object,
                    *desired, report_.made);
                if (!written.ok()) return written.error();
                if (kind.of) work_.names.Put(*kind.of, *written, name);
                return kind.find(work_, *written);
            });
    }

    // Prices never change: a version that is not there yet is added.
    Status ImportPrices() {
        json_t* list = json_object_get(document_.root.raw(), "prices");
        if (list == nullptr || json_is_null(list)) return {};
        if (!json_is_array(list)) {
            Complain("prices", "This must be a list.");
            return {};
        }
        const auto rows = PriceObjects(work_);
        if (!rows.ok()) return rows.error();
        std::multiset<std::string> there;
        for (const Json& row : *rows) there.insert(Sorted(row));
        std::size_t i;
        json_t* object;
        json_array_foreach(list, i, object) {
            const auto normal = NormalPrice(Json(json_incref(object)));
            if (!normal.ok()) {
                if (!Tell(At("prices", i), "prices", normal.error())) {
                    return normal.error();
                }
                continue;
            }
            const Json& price = *normal;
            const auto same = there.find(Sorted(price));
            if (same != there.end()) {
                there.erase(same);
                ++report_.unchanged;
                continue;
            }
            const char* model =
                json_string_value(json_object_get(object, "model"));
            const Status status =
                Change("prices", "prices", model == nullptr ? "" : model,
                       At("prices", i), Json(), [&]() -> Result<Row> {
                           const Status added = AddPrice(work_, price);
                           if (!added.ok()) return added.error();
                           return Row{0, price};
                       });
            if (!status.ok()) return status;
        }
        return {};
    }

    static std::string Sorted(const Json& object) {
        char* text = json_dumps(object.raw(), JSON_COMPACT | JSON_SORT_KEYS);
        std::string out = text == nullptr ? "" : text;
        free(text);
        return out;
    }

    Status Prune(const Kind& kind) {
        json_t* list = json_object_get(document_.root.raw(), kind.section);
        if (!json_is_array(list)) return {};
        std::set<std::string> named;
        std::size_t i;
        json_t* object;
        json_array_foreach(list, i, object) {
            const char* name =
                json_string_value(json_object_get(object, kind.identity));
            if (name != nullptr) named.insert(name);
        }
        auto rows = kind.list(work_, true);
        if (!rows.ok()) return rows.error();
        for (const Row& row : *rows) {
            const std::string name =
                TextOf(row.object, kind.identity).value_or("");
            if (named.contains(name)) continue;
            const Status status =
                Change(kind.section, kind.audit_type, name, kind.section,
                       row.object, [&]() -> Result<Row> {
                           const Status gone = kind.remove(work_, row.id);
                           if (!gone.ok()) {
                               Error error = gone.error();
                               error.public_text =
                                   name + ": " + std::string(error.text());
                               return error;
                           }
                           return Row{row.id, Json()};
                       });
            if (!status.ok()) return status;
        }
        return {};
    }

    Work& work_;
    const Yaml& document_;
    const ImportOptions& options_;
    std::string request_id_;
    Report report_;
};

}  // namespace

Result<Report> Import(Work& work, const Yaml& document,
                      const ImportOptions& options) {
    return Importer(work, document, options).Run();
}

}  // namespace aiproxy::admin::document
