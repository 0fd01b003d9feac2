// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "admin_daemon/service/random.h"

namespace aiproxy::admin::api {
namespace {

std::optional<std::int64_t> ParseNumber(const std::string& text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end) return std::nullopt;
    return value;
}

}  // namespace

Fields::Fields(const std::string& body) {
    std::string why;
    auto parsed = Json::Parse(body, &why);
    if (!parsed || !parsed->is_object()) {
        Error error(ErrorCode::kRequestMalformed, why);
        if (parsed) error.public_text = "The body is not a JSON object.";
        status_ = error;
        return;
    }
    root_ = std::move(*parsed);
    object_ = root_.raw();
}

Fields::Fields(json_t* object, std::string prefix)
    : object_(json_is_object(object) ? object : nullptr),
      prefix_(std::move(prefix)) {
    if (object_ == nullptr) Fail("", "This must be an object.");
}

json_t* Fields::Take(const char* name) {
    seen_.insert(name);
    return object_ == nullptr ? nullptr : json_object_get(object_, name);
}

void Fields::Fail(const std::string& name, const char* sentence) {
    if (!status_.ok()) return;
    Error error(ErrorCode::kValidation);
    error.field = prefix_;
    if (!prefix_.empty() && !name.empty()) error.field += ".";
    error.field += name;
    error.public_text = sentence;
    status_ = error;
}

void Fields::Adopt(const Status& status) {
    if (status_.ok()) status_ = status;
}

void Fields::Read(const char* name, std::optional<std::string>& out) {
    json_t* value = Take(name);
    if (value == nullptr) return;
    if (!json_is_string(value)) return Fail(name, "This must be a string.");
    out.emplace(json_string_value(value), json_string_length(value));
}

void Fields::Read(const char* name, std::optional<std::int64_t>& out) {
    json_t* value = Take(name);
    if (value == nullptr) return;
    if (!json_is_integer(value)) return Fail(name, "This must be an integer.");
    out = json_integer_value(value);
}

void Fields::Read(const char* name, std::optional<bool>& out) {
    json_t* value = Take(name);
    if (value == nullptr) return;
    if (!json_is_boolean(value)) {
        return Fail(name, "This must be true or false.");
    }
    out = json_is_true(value);
}

void Fields::Read(const char* name,
                  std::optional<std::vector<std::string>>& out) {
    json_t* list = Take(name);
    if (list == nullptr) return;
    if (!json_is_array(list)) return Fail(name, "This must be a list.");
    out.emplace();
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        json_t* value = json_array_get(list, i);
        if (!json_is_string(value)) {
            return Fail(name, "This must be a list of strings.");
        }
        out->emplace_back(json_string_value(value), json_string_length(value));
    }
}

void Fields::Read(const char* name,
                  std::optional<std::vector<std::int64_t>>& out) {
    json_t* list = Take(name);
    if (list == nullptr) return;
    if (!json_is_array(list)) return Fail(name, "This must be a list.");
    out.emplace();
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        json_t* value = json_array_get(list, i);
        if (!json_is_integer(value)) {
            return Fail(name, "This must be a list of ids.");
        }
        out->push_back(json_integer_value(value));
    }
}

void Fields::ReadTime(const char* name,
                      std::optional<std::optional<UnixMs>>& out) {
    std::optional<std::optional<std::string>> text;
    Read(name, text);
    if (!text) return;
    out.emplace();
    if (!*text) return;
    *out = ParseTime(**text);
    if (!*out) Fail(name, "This must be a time as in RFC 3339.");
}

Status Fields::Finish() {
    const char* name;
    json_t* value;
    if (status_.ok() && object_ != nullptr) {
        json_object_foreach(object_, name, value) {
            if (!seen_.contains(name)) Fail(name, "There is no such field.");
        }
    }
    return status_;
}

std::optional<std::string> Query::Text(const char* name, std::size_t most) {
    seen_.insert(name);
    const auto found = query_.find(name);
    if (found == query_.end()) return std::nullopt;
    if (found->second.empty() || found->second.size() > most) Fail(name);
    return found->second;
}

std::optional<std::int64_t> Query::Number(const char* name, std::int64_t least,
                                          std::int64_t most) {
    const auto text = Text(name, 20);
    if (!text) return std::nullopt;
    const auto value = ParseNumber(*text);
    if (!value || *value < least || *value > most) {
        Fail(name);
        return std::nullopt;
    }
    return value;
}

std::optional<UnixMs> Query::Time(const char* name) {
    const auto text = Text(name, 64);
    if (!text) return std::nullopt;
    const auto time = ParseTime(*text);
    if (!time) Fail(name);
    return time;
}

std::optional<std::string> Query::OneOf(
    const char* name, std::span<const std::string_view> words) {
    const auto text = Text(name, 64);
    if (text && std::find(words.begin(), words.end(), *text) == words.end()) {
        Fail(name);
    }
    return text;
}

std::optional<bool> Query::Flag(const char* name) {
    static constexpr std::array<std::string_view, 2> words = {"true", "false"};
    const auto text = OneOf(name, words);
    if (!text) return std::nullopt;
    return *text == "true";
}

void Query::Fail(const char* name) {
    if (!wrong_) wrong_ = name;
}

Status Query::Finish() const {
    Error error(ErrorCode::kRequestBad);
    error.public_text = "A query parameter is not valid.";
    if (wrong_) {
        error.field = *wrong_;
        return error;
    }
    for (const auto& [name, value] : query_) {
        if (seen_.contains(name)) continue;
        error.field = name;
        error.public_text = "There is no such query parameter.";
        return error;
    }
    return {};
}

service::Page Query::ReadPage(std::initializer_list<std::string_view> texts,
                              std::initializer_list<std::string_view> numbers) {
    service::Page page;
    // One more says whether there is another page.
    page.limit = Limit() + 1;
    page.search = Text("search", 256);
    std::string sort = Text("sort", 32).value_or("id");
    page.descending = sort.starts_with('-');
    if (page.descending) sort.erase(0, 1);
    const auto is_in = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), sort) != names.end();
    };
    page.by_text = is_in(texts);
    if (sort != "id" && !page.by_text && !is_in(numbers)) Fail("sort");
    page.sort = sort;
    const auto cursor = Text("cursor", 512);
    if (!cursor) return page;
    const std::size_t dot = cursor->find('.');
    page.after_id =
        ParseNumber(dot == cursor->npos ? *cursor : cursor->substr(dot + 1));
    const std::string value = cursor->substr(0, dot);
    if (page.by_text) {
        page.after_text = service::FromBase64Url(value);
        if (page.after_text && ValidUtf8(*page.after_text) != *page.after_text)
            page.after_text.reset();
    } else {
        page.after_number = ParseNumber(value);
    }
    const bool known = page.by_text ? page.after_text.has_value()
                                    : page.after_number.has_value();
    if (!known || page.after_id.value_or(-1) < 0 ||
        (dot == cursor->npos) != (sort == "id")) {
        Fail("cursor");
        page.after_id.reset();
    }
    return page;
}

std::int64_t Query::Limit() {
    return Number("limit", 1, 200).value_or(50);
}

std::int64_t Query::AfterId() {
    return Number("cursor", 1, INT64_MAX).value_or(0);
}

void Query::TimeCursor(std::optional<UnixMs>& before_time,
                       std::optional<std::int64_t>& before_id) {
    const auto text = Text("cursor", 64);
    if (!text) return;
    const std::size_t hyphen = text->find('-');
    const auto time = ParseNumber(text->substr(0, hyphen));
    const auto id = hyphen == text->npos
                        ? std::nullopt
                        : ParseNumber(text->substr(hyphen + 1));
    if (!time || !id || *time < 0 || *id < 1) return Fail("cursor");
    before_time = time;
    before_id = id;
}

Result<std::int64_t> PathId(const Call& call) {
    const auto id = ParseNumber(call.id);
    if (!id || *id < 1) return ErrorCode::kNotFound;
    return *id;
}

Result<std::int64_t> ReadGrace(const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::int64_t> grace_ms;
    fields.Read("grace_ms", grace_ms);
    if (!grace_ms) {
        fields.Fail("grace_ms", "How long what was goes on to work.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return *grace_ms;
}

Reply JsonReply(int status, const Json& body) {
    Reply reply;
    reply.status = status;
    reply.body = body.Dump();
    return reply;
}

Reply VersionedReply(int status, const Json& body, std::int64_t version) {
    Reply reply = JsonReply(status, body);
    reply.headers.emplace_back("ETag", "\"" + std::to_string(version) + "\"");
    return reply;
}

Reply WithLocation(Reply reply, const char* base, std::int64_t id) {
    reply.headers.emplace_back("Location", base + std::to_string(id));
    return reply;
}

Reply WithGeneration(Reply reply, std::optional<std::uint64_t> generation) {
    if (generation) {
        reply.headers.emplace_back("X-Config-Generation",
                                   std::to_string(*generation));
    }
    return reply;
}

std::string PageCursor(const std::string& text, std::int64_t id) {
    return service::Base64Url(text) + "." + std::to_string(id);
}

std::string PageCursor(std::int64_t number, std::int64_t id) {
    return std::to_string(number) + "." + std::to_string(id);
}

std::optional<std::string> TimeText(std::optional<UnixMs> time) {
    if (!time) return std::nullopt;
    return FormatTime(*time);
}

Json RefJson(std::int64_t id, const std::string& name) {
    Json ref = Json::Object();
    ref.Set("id", id);
    ref.Set("name", name);
    return ref;
}

Json RefOrNull(std::optional<std::int64_t> id,
               const std::optional<std::string>& name) {
    if (!id) return Json();
    return RefJson(*id, name.value_or("#" + std::to_string(*id)));
}

std::string FormatTimeCursor(UnixMs time, std::int64_t id) {
    return std::to_string(time) + "-" + std::to_string(id);
}

}  // namespace aiproxy::admin::api
