// SPDX-License-Identifier: MIT

#include "core/dialect/request.h"

#include <algorithm>

#include "core/http/header.h"
#include "core/http/url.h"
#include "core/json/number.h"
#include "core/json/scanner.h"

namespace aiproxy::dialect {
namespace {

using json::Kind;

constexpr std::size_t kMaxModelBytes = 256;
constexpr std::string_view kAsked = R"({"include_usage":true})";

// A name as the most lenient parser reads it: unescaped, without case, and
// with the two characters beyond ASCII that fold into it (U+017F and U+212A),
// as Go's encoding/json does.
std::string Folded(std::string_view raw) {
    std::string name;
    json::AppendUnescaped(name, raw);
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        std::string_view rest = std::string_view(name).substr(i);
        if (rest.starts_with("\xc5\xbf")) {
            out += 's';
            i += 1;
        } else if (rest.starts_with("\xe2\x84\xaa")) {
            out += 'k';
            i += 2;
        } else if (name[i] >= 'A' && name[i] <= 'Z') {
            out += static_cast<char>(name[i] + ('a' - 'A'));
        } else {
            out += name[i];
        }
    }
    return out;
}

// Whether some parser takes raw for name, though it is not spelled so.
bool IsDisguised(std::string_view raw, std::string_view name) {
    if (raw.size() == name.size()) {
        return raw != name && http::EqualsIgnoreCase(raw, name);
    }
    return raw.size() > name.size() && raw.size() <= 6 * name.size() &&
           std::any_of(raw.begin(), raw.end(),
                       [](char c) {
                           return c == '\\' || c == '\xc5' || c == '\xe2';
                       }) &&
           Folded(raw) == name;
}

// What may stand in a record: valid UTF-8 without NUL, which databases do not
// take, at most kMaxModelBytes of it.
std::string CleanModel(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<signed char>(c) > 0;
    });
    if (plain) {
        return std::string(text.substr(0, kMaxModelBytes));
    }
    std::string out;
    while (!text.empty()) {
        const std::size_t bytes = json::Utf8SequenceBytes(text);
        std::string_view character = text.substr(0, bytes);
        if (bytes == 0 || text[0] == '\0') {
            character = "\xef\xbf\xbd";
        }
        if (out.size() + character.size() > kMaxModelBytes) {
            break;
        }
        out += character;
        text.remove_prefix(std::max(bytes, std::size_t{1}));
    }
    return out;
}

std::string ModelOf(std::string_view raw) {
    std::string text;
    // No escape is longer than six bytes of one character.
    json::AppendUnescaped(text, raw.substr(0, 6 * kMaxModelBytes + 12));
    return CleanModel(text);
}

Error Bad(std::string public_text) {
    Error error(ErrorCode::kRequestBad);
    error.public_text = std::move(public_text);
    return error;
}

// A body whose model decides about routing.
bool IsStrict(Dialect dialect) {
    switch (dialect) {
        case Dialect::kOpenAiChat:
        case Dialect::kOpenAiResponses:
        case Dialect::kOpenAiCompletions:
        case Dialect::kOpenAiEmbeddings:
        case Dialect::kAnthropicMessages:
        case Dialect::kCohere:
        case Dialect::kOllama:
            return true;
        default:
            return false;
    }
}

bool NeedsBody(Dialect dialect) {
    return dialect == Dialect::kOpenAiChat ||
           dialect == Dialect::kAnthropicMessages;
}

// Reads the members of the body. Strict: refuses what providers could read in
// another way than we do.
class BodyReader {
 public:
    BodyReader(const Route& route, std::string_view body)
        : route_(route),
          body_(body),
          scanner_(body),
          strict_(IsStrict(route.dialect)) {}

    // Fills fields as far as the body is valid.
    Status Read(RequestFields& fields) {
        if (scanner_.Peek() != Kind::kObject || !scanner_.EnterObject()) {
            return ErrorCode::kRequestMalformed;
        }
        fields.object_begin = scanner_.offset();
        std::string_view name;
        Status status;
        bool empty = true;
        while (status.ok() && scanner_.NextMember(name)) {
            empty = false;
            status = ReadMember(name, fields);
        }
        fields.object_is_empty = empty && !scanner_.failed();
        if (scanner_.failed() || (status.ok() && !scanner_.AtEnd())) {
            return ErrorCode::kRequestMalformed;
        }
        return status;
    }

    bool has_model() const { return has_model_; }
    bool says_stream() const { return saw_stream_; }
    bool strict() const { return strict_; }

 private:
    // Remembers that a field was there; an Error if it was already, or if
    // this is a disguise of it.
    Status Claim(bool& seen, std::string_view name, std::string_view raw) {
        const bool ambiguous = raw != name || seen;
        seen = true;
        if (ambiguous && strict_) {
            return ErrorCode::kRequestDuplicateField;
        }
        return {};
    }

    Status ReadMember(std::string_view name, RequestFields& fields) {
        if (name == "model" || IsDisguised(name, "model")) {
            return ReadModel(name, fields);
        }
        if (name == "stream" || IsDisguised(name, "stream")) {
            return ReadStream(name, fields);
        }
        if (MustAskForUsage(route_.dialect) &&
            (name == "stream_options" || IsDisguised(name, "stream_options"))) {
            return ReadStreamOptions(name, fields);
        }
        if (name == "max_tokens" || name == "max_completion_tokens" ||
            name == "max_output_tokens") {
            return ReadMaxTokens(fields);
        }
        if (name == "n" || name == "best_of") {
            return ReadChoices(fields);
        }
        if (name == "user") {
            return ReadText(fields.user);
        }
        if (name == "prompt_cache_key") {
            return ReadText(fields.prompt_cache_key);
        }
        if (name == "metadata" && scanner_.Peek() == Kind::kObject) {
            return ReadMetadata(fields);
        }
        if (name == "generationConfig" &&
            route_.dialect == Dialect::kGeminiContent &&
            scanner_.Peek() == Kind::kObject) {
            return ReadGenerationConfig(fields);
        }
        return Passed(scanner_.Skip());
    }

    static Status Passed(bool ok) {
        return ok ? Status() : Status(ErrorCode::kRequestMalformed);
    }

    Status ReadModel(std::string_view name, RequestFields& fields) {
        Status status = Claim(saw_model_, "model", name);
        if (!status.ok()) {
            return status;
        }
        if (scanner_.Peek() != Kind::kString) {
            has_model_ = false;
            return Passed(scanner_.Skip());
        }
        std::string_view raw;
        if (!scanner_.String(raw)) {
            return ErrorCode::kRequestMalformed;
        }
        has_model_ = true;
        fields.model = ModelOf(raw);
        return {};
    }

    Status ReadStream(std::string_view name, RequestFields& fields) {
        Status status = Claim(saw_stream_, "stream", name);
        if (!status.ok()) {
            return status;
        }
        const Kind kind = scanner_.Peek();
        fields.streaming = kind == Kind::kTrue;
        if (!scanner_.Skip()) {
            return ErrorCode::kRequestMalformed;
        }
        if (strict_ && kind != Kind::kTrue && kind != Kind::kFalse &&
            kind != Kind::kNull) {
            return Bad("\"stream\" must be a boolean.");
        }
        return {};
    }

    Status ReadStreamOptions(std::string_view name, RequestFields& fields) {
        Status status = Claim(saw_stream_options_, "stream_options", name);
        if (!status.ok()) {
            return status;
        }
        const Kind kind = scanner_.Peek();
        fields.stream_options_begin = scanner_.offset();
        fields.stream_options_is_null = kind == Kind::kNull;
        if (kind == Kind::kObject) {
            scanner_.EnterObject();
            std::string_view member;
            bool seen = false;
            while (status.ok() && scanner_.NextMember(member)) {
                if (member == "include_usage" ||
                    IsDisguised(member, "include_usage")) {
                    status = Claim(seen, "include_usage", member);
                    fields.usage_asked = scanner_.Peek() == Kind::kTrue;
                }
                if (status.ok() && !scanner_.Skip()) {
                    return ErrorCode::kRequestMalformed;
                }
            }
            status = scanner_.failed() ? ErrorCode::kRequestMalformed : status;
        } else {
            status = Passed(scanner_.Skip());
            if (status.ok() && kind != Kind::kNull) {
                return Bad("\"stream_options\" must be an object.");
            }
        }
        fields.stream_options_end = scanner_.offset();
        return status;
    }

    Status ReadMaxTokens(RequestFields& fields) {
        const Kind kind = scanner_.Peek();
        const std::size_t begin = scanner_.offset();
        if (!scanner_.Skip()) {
            return ErrorCode::kRequestMalformed;
        }
        if (kind == Kind::kNumber) {
            fields.max_tokens = json::ParseCount(
                body_.substr(begin, scanner_.offset() - begin));
        }
        return {};
    }

    // How often the model answers: the greatest of what is said.
    Status ReadChoices(RequestFields& fields) {
        const Kind kind = scanner_.Peek();
        const std::size_t begin = scanner_.offset();
        if (!scanner_.Skip()) {
            return ErrorCode::kRequestMalformed;
        }
        if (kind == Kind::kNumber) {
            const auto count = json::ParseCount(
                body_.substr(begin, scanner_.offset() - begin));
            fields.choices = std::max(fields.choices, count);
        }
        return {};
    }

    // A string; anything else says nothing.
    Status ReadText(std::string& text) {
        if (scanner_.Peek() != Kind::kString) {
            return Passed(scanner_.Skip());
        }
        std::string_view raw;
        if (!scanner_.String(raw)) {
            return ErrorCode::kRequestMalformed;
        }
        text = ModelOf(raw);
        return {};
    }

    Status ReadMetadata(RequestFields& fields) {
        scanner_.EnterObject();
        std::string_view name;
        while (scanner_.NextMember(name)) {
            Status status = name == "user_id" && fields.user.empty()
                                ? ReadText(fields.user)
                                : Passed(scanner_.Skip());
            if (!status.ok()) {
                return status;
            }
        }
        return Passed(!scanner_.failed());
    }

    Status ReadGenerationConfig(RequestFields& fields) {
        scanner_.EnterObject();
        std::string_view name;
        while (scanner_.NextMember(name)) {
            Status status = name == "maxOutputTokens" ? ReadMaxTokens(fields)
                            : name == "candidateCount"
                                ? ReadChoices(fields)
                                : Passed(scanner_.Skip());
            if (!status.ok()) {
                return status;
            }
        }
        return Passed(!scanner_.failed());
    }

    const Route& route_;
    std::string_view body_;
    json::Scanner scanner_;
    bool strict_;
    bool saw_model_ = false;
    bool saw_stream_ = false;
    bool saw_stream_options_ = false;
    bool has_model_ = false;
};

// Transcriptions and picture edits come as forms.
bool IsForm(Dialect dialect, std::string_view body) {
    return (dialect == Dialect::kOpenAiAudio ||
            dialect == Dialect::kOpenAiImages) &&
           body.starts_with("--");
}

// The value of a plain field, if that is what the part is.
std::optional<std::string_view> FieldOf(std::string_view part,
                                        std::string_view name) {
    const std::size_t head_end = part.find("\r\n\r\n");
    if (head_end == std::string_view::npos || head_end > 1024) {
        return std::nullopt;
    }
    const std::string_view head = part.substr(0, head_end);
    const std::string quoted = std::string("name=\"").append(name) + '"';
    std::string_view value = part.substr(head_end + 4);
    if (head.find(quoted) == std::string_view::npos ||
        head.find("filename=") != std::string_view::npos ||
        !value.ends_with("\r\n")) {
        return std::nullopt;
    }
    value.remove_suffix(2);
    return value;
}

// multipart/form-data (RFC 7578): the boundary is the first line.
Status ReadForm(std::string_view body, RequestFields& fields) {
    constexpr std::size_t kMaxBoundaryBytes = 80;
    const std::size_t line = body.substr(0, kMaxBoundaryBytes).find("\r\n");
    if (line == std::string_view::npos) {
        return {};
    }
    const std::string_view boundary = body.substr(0, line);
    bool has_model = false;
    std::string_view rest = body.substr(line);
    while (!rest.empty()) {
        const std::size_t end = rest.find(boundary);
        const std::string_view part = rest.substr(0, end);
        rest = end == std::string_view::npos
                   ? std::string_view()
                   : rest.substr(end + boundary.size());
        if (auto model = FieldOf(part, "model")) {
            if (has_model) {
                return ErrorCode::kRequestDuplicateField;
            }
            has_model = true;
            fields.model = CleanModel(model->substr(0, kMaxModelBytes));
        } else if (auto stream = FieldOf(part, "stream")) {
            fields.streaming = *stream == "true" || *stream == "True";
        }
    }
    return {};
}

}  // namespace

bool MustAskForUsage(Dialect dialect) {
    return dialect == Dialect::kOpenAiChat ||
           dialect == Dialect::kOpenAiCompletions;
}

Result<RequestFields> ReadRequest(const Route& route, std::string_view body) {
    RequestFields fields;
    if (IsForm(route.dialect, body)) {
        Status status = ReadForm(body, fields);
        if (!status.ok()) {
            return status.error();
        }
    } else if (!body.empty() || NeedsBody(route.dialect)) {
        BodyReader reader(route, body);
        Status status = reader.Read(fields);
        if (reader.strict() && !status.ok()) {
            return status.error();
        }
        if (NeedsBody(route.dialect) && !reader.has_model() &&
            route.path_model.empty()) {
            return ErrorCode::kRequestMissingModel;
        }
        fields.streaming |= route.streaming_by_default && !reader.says_stream();
    }
    if (!route.path_model.empty()) {
        fields.model = CleanModel(http::PercentDecode(route.path_model)
                                      .value_or(std::string(route.path_model)));
    }
    const bool by_path = route.dialect == Dialect::kGeminiContent ||
                         FamilyOf(route.dialect) == Family::kBedrock;
    fields.streaming =
        route.streaming_by_path || (fields.streaming && !by_path);
    return fields;
}

std::optional<Edit> AskForUsage(std::string_view body,
                                const RequestFields& fields) {
    if (!fields.streaming || fields.usage_asked) {
        return std::nullopt;
    }
    if (fields.stream_options_begin == 0) {
        std::string member(R"("stream_options":)");
        member.append(kAsked).append(fields.object_is_empty ? "" : ",");
        return Edit{fields.object_begin, 0, std::move(member)};
    }
    const std::size_t begin = fields.stream_options_begin;
    const std::size_t end = fields.stream_options_end;
    if (fields.stream_options_is_null) {
        return Edit{begin, end - begin, std::string(kAsked)};
    }
    json::Scanner scanner(body.substr(begin, end - begin));
    scanner.EnterObject();
    const std::size_t first = begin + scanner.offset();
    std::string_view name;
    bool empty = true;
    while (scanner.NextMember(name)) {
        empty = false;
        scanner.Peek();
        const std::size_t value = scanner.offset();
        scanner.Skip();
        if (name == "include_usage") {
            return Edit{begin + value, scanner.offset() - value, "true"};
        }
    }
    return Edit{first, 0,
                empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
}

}  // namespace aiproxy::dialect
