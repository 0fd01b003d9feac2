// SPDX-License-Identifier: MIT

#include "admin_daemon/service/payloads.h"

#include <algorithm>

#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/payloads.h"
#include "admin_daemon/store/settings.h"
#include "core/frame/inflate.h"
#include "core/json/scanner.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kPiece = 16384;
constexpr std::size_t kLongestSequence = 4;

std::string ContextOf(const std::string& request_id) {
    return "payloads.sealed:" + request_id;
}

// At most that much; is_cut when there was more.
std::string Decoded(std::string_view coded, frame::Coding coding,
                    std::size_t most, bool& is_cut) {
    if (coding == frame::Coding::kIdentity) {
        is_cut = is_cut || coded.size() > most;
        return std::string(coded.substr(0, most));
    }
    std::string plain;
    frame::Inflate inflate(coding);
    for (std::size_t at = 0; at < coded.size() && plain.size() <= most;
         at += kPiece) {
        inflate.Feed(coded.substr(at, kPiece), [&](std::string_view piece) {
            plain +=
                piece.substr(0, most + 1 - std::min(most + 1, plain.size()));
        });
    }
    is_cut = is_cut || plain.size() > most || !inflate.done();
    plain.resize(std::min(plain.size(), most));
    return plain;
}

// Without the beginning of a character that was cut. False: it is no text.
bool TrimToUtf8(std::string& text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size =
            json::Utf8SequenceBytes(std::string_view(text).substr(at));
        if (size == 0 || text[at] == '\0') break;
        at += size;
    }
    if (text.size() - at >= kLongestSequence ||
        (at < text.size() && text[at] == '\0')) {
        return false;
    }
    text.resize(at);
    return true;
}

Json TextJson(const std::optional<KeptText>& kept) {
    if (!kept) return Json();
    Json json = Json::Object();
    json.Set("text", kept->text);
    json.Set("content_type", kept->content_type);
    json.Set("bytes", kept->bytes);
    json.Set("hidden", kept->hidden);
    json.Set("is_cut", kept->is_cut);
    json.Set("is_binary", kept->is_binary);
    return json;
}

std::optional<KeptText> TextOf(json_t* json) {
    if (!json_is_object(json)) return std::nullopt;
    auto text = [&](const char* name) {
        const char* value = json_string_value(json_object_get(json, name));
        return std::string(value == nullptr ? "" : value);
    };
    auto number = [&](const char* name) {
        return json_integer_value(json_object_get(json, name));
    };
    auto flag = [&](const char* name) {
        return json_is_true(json_object_get(json, name)) != 0;
    };
    return KeptText{text("text"),     text("content_type"), number("bytes"),
                    number("hidden"), flag("is_cut"),       flag("is_binary")};
}

// Of a client key that was deleted meanwhile, what holds without rules.
store::PayloadLog RulesOf(Connection& c, std::int64_t client_key_id) {
    const auto key = store::FindClientKey(c, client_key_id);
    return key && key->payload_log ? *key->payload_log : store::PayloadLog();
}

}  // namespace

KeptText Readable(const payload::Part& part, const payload::Redactor& redactor,
                  std::size_t most) {
    KeptText kept;
    kept.content_type = ValidUtf8(part.content_type);
    kept.bytes = static_cast<std::int64_t>(part.bytes);
    kept.is_cut = part.is_cut;
    kept.is_binary = !part.coding;
    if (kept.is_binary) return kept;
    std::string plain = Decoded(part.text, *part.coding, most, kept.is_cut);
    kept.is_binary = !TrimToUtf8(plain);
    if (!kept.is_binary) {
        payload::Redacted redacted = redactor.Redact(plain);
        kept.text = std::move(redacted.text);
        kept.hidden = static_cast<std::int64_t>(redacted.hidden);
    }
    Wipe(plain);
    return kept;
}

Result<bool> Payloads::Keep(const RequestId& id, std::string_view file) {
    auto plain = node_.Open(payload::Context(id), file);
    if (!plain.ok()) return false;
    const auto content = payload::Decode(*plain);
    Wipe(*plain);
    if (!content || content->id != id) return false;
    const auto log =
        writer_.Read([&](Connection& c) -> Result<store::PayloadLog> {
            return RulesOf(c, content->client_key_id);
        });
    if (!log.ok()) return log.error();
    const auto redactor = payload::Redactor::Make(log->hide);
    if (!redactor.ok()) return redactor.error();
    const auto most = static_cast<std::size_t>(
        log->max_bytes.value_or(payload::kDefaultTextBytes));
    auto readable = [&](const std::optional<payload::Part>& part) {
        return part ? std::optional(Readable(*part, *redactor, most))
                    : std::nullopt;
    };
    Json json = Json::Object();
    json.Set("request", TextJson(readable(content->request)));
    json.Set("answer", TextJson(readable(content->answer)));
    std::string text = json.Dump();
    store::PayloadRow row;
    row.request_id = FormatRequestId(id);
    row.client_key_id = content->client_key_id;
    row.started_at = content->started_at_ms;
    const auto sealed = master_.Seal(ContextOf(row.request_id), text);
    Wipe(text);
    if (!sealed.ok()) return sealed.error();
    row.sealed = Base64Url(*sealed);
    return writer_.Write([&](Connection& c) -> Result<bool> {
        store::InsertPayload(c, row);
        return true;
    });
}

Result<KeptPayload> Payloads::Get(const std::string& request_id) {
    const auto id = ParseRequestId(request_id);
    if (!id) return ErrorCode::kNotFound;
    std::int64_t days = 0;
    const auto row =
        database_.Read([&](Connection& c) -> Result<store::PayloadRow> {
            auto found = store::FindPayload(c, FormatRequestId(*id));
            if (!found) return ErrorCode::kNotFound;
            days = store::FindSettings(c).payload_days;
            return std::move(*found);
        });
    if (!row.ok()) return row.error();
    const auto blob = FromBase64Url(row->sealed);
    if (!blob) return Error(ErrorCode::kInternal, "payload is not base64url");
    auto text = master_.Open(ContextOf(row->request_id), *blob);
    if (!text.ok()) return text.error();
    const auto json = Json::Parse(*text);
    Wipe(*text);
    if (!json) return Error(ErrorCode::kInternal, "payload is no JSON");
    KeptPayload kept;
    kept.client_key_id = row->client_key_id;
    kept.started_at = row->started_at;
    kept.kept_until = row->started_at + days * kDayMs;
    kept.request = TextOf(json_object_get(json->raw(), "request"));
    kept.answer = TextOf(json_object_get(json->raw(), "answer"));
    return kept;
}

}  // namespace aiproxy::admin::service
