// SPDX-License-Identifier: MIT
//
// Readers of a request's body and query, and writers of replies. A reader
// keeps the first thing that is wrong; Finish() tells it, and finds what
// nobody asked for. Types are checked here, rules in the services.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin_daemon/api/handlers.h"
#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin::api {

// The members of a JSON object. Errors: kRequestMalformed for what is no JSON
// object, kValidation for a member.
class Fields {
 public:
    explicit Fields(const std::string& body);
    // An object inside another; prefix names it in errors.
    Fields(json_t* object, std::string prefix);

    void Read(const char* name, std::optional<std::string>& out);
    void Read(const char* name, std::optional<std::int64_t>& out);
    void Read(const char* name, std::optional<bool>& out);
    void Read(const char* name, std::optional<std::vector<std::string>>& out);
    void Read(const char* name, std::optional<std::vector<std::int64_t>>& out);
    // Null clears.
    template <class T>
    void Read(const char* name, std::optional<std::optional<T>>& out) {
        json_t* value = Take(name);
        if (value == nullptr) return;
        out.emplace();
        if (!json_is_null(value)) Read(name, *out);
    }
    void ReadTime(const char* name, std::optional<std::optional<UnixMs>>& out);
    // nullptr when it is absent.
    json_t* Take(const char* name);
    void Fail(const std::string& name, const char* sentence);
    void Adopt(const Status& status);
    // The first error, or an unknown member.
    Status Finish();

 private:
    Json root_;
    json_t* object_ = nullptr;
    std::string prefix_;
    std::set<std::string> seen_;
    Status status_;
};

// The parameters of a query. Errors: kRequestBad with field.
class Query {
 public:
    explicit Query(const Call& call) : query_(call.query) {}

    std::optional<std::string> Text(const char* name, std::size_t most);
    std::optional<std::int64_t> Number(const char* name, std::int64_t least,
                                       std::int64_t most);
    std::optional<UnixMs> Time(const char* name);
    std::optional<bool> Flag(const char* name);
    std::optional<std::string> OneOf(const char* name,
                                     std::span<const std::string_view> words);
    bool Has(const char* name) const { return query_.contains(name); }
    void Fail(const char* name);
    Status Finish() const;

    // ?limit=, ?cursor=, ?search= and ?sort=NAME or -NAME, where a name is id
    // or one of the columns of text or of numbers.
    service::Page ReadPage(std::initializer_list<std::string_view> texts,
                           std::initializer_list<std::string_view> numbers);

    // ?limit=, and ?cursor= of lists ordered by id.
    std::int64_t Limit();
    std::int64_t AfterId();
    // ?cursor= of lists ordered by time, newest first, then id.
    void TimeCursor(std::optional<UnixMs>& before_time,
                    std::optional<std::int64_t>& before_id);

 private:
    const std::map<std::string, std::string>& query_;
    std::set<std::string> seen_;
    std::optional<std::string> wrong_;
};

// The {id} of the path. Errors: kNotFound.
Result<std::int64_t> PathId(const Call& call);

// The body of a rotation. Errors: kValidation.
Result<std::int64_t> ReadGrace(const Call& call);

Reply JsonReply(int status, const Json& body);
// With the entity tag that If-Match asks for.
Reply VersionedReply(int status, const Json& body, std::int64_t version);
// For 201: where the new object is, base + id.
Reply WithLocation(Reply reply, const char* base, std::int64_t id);
Reply WithGeneration(Reply reply, std::optional<std::uint64_t> generation);

// {"items": […], "next": …}. rows may be one longer than the page, which
// says that there is more.
template <class Rows, class ToJson, class ToCursor>
Reply ListReply(Rows rows, std::int64_t limit, ToJson&& to_json,
                ToCursor&& to_cursor) {
    std::optional<std::string> next;
    if (static_cast<std::int64_t>(rows.size()) > limit) {
        rows.resize(static_cast<std::size_t>(limit));
        next = to_cursor(rows.back());
    }
    Json items = Json::Array();
    for (const auto& row : rows) items.Append(to_json(row));
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", next);
    return JsonReply(200, body);
}

// The cursor behind a row: its value in the column of the order, and its id.
std::string PageCursor(const std::string& text, std::int64_t id);
std::string PageCursor(std::int64_t number, std::int64_t id);

// The same for a page. to_cursor is asked when the order is not that of ids.
template <class Rows, class ToJson, class ToCursor>
Reply PageReply(Rows rows, const service::Page& page, ToJson&& to_json,
                ToCursor&& to_cursor) {
    return ListReply(
        std::move(rows), page.limit - 1, to_json, [&](const auto& row) {
            return page.sort == "id" ? std::to_string(row.id) : to_cursor(row);
        });
}

template <class T>
Json ListJson(const std::vector<T>& values) {
    Json list = Json::Array();
    for (const T& value : values) list.Append(value);
    return list;
}

template <class T>
Json ListOrNull(const std::optional<std::vector<T>>& values) {
    return values ? ListJson(*values) : Json();
}

std::optional<std::string> TimeText(std::optional<UnixMs> time);
// The cursor behind a row, as TimeCursor reads it.
std::string FormatTimeCursor(UnixMs time, std::int64_t id);
Json RefJson(std::int64_t id, const std::string& name);
Json RefOrNull(std::optional<std::int64_t> id,
               const std::optional<std::string>& name);

}  // namespace aiproxy::admin::api
