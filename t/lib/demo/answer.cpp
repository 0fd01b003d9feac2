// SPDX-License-Identifier: MIT

#include "t/lib/demo/answer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <ctime>

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

std::string_view Reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 413:
            return "Payload Too Large";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

// The status line and the date, which is rendered once a second.
void AppendStatusLine(std::string& out, int status) {
    thread_local std::time_t rendered = 0;
    thread_local char date[64];
    std::time_t now = std::time(nullptr);
    if (now != rendered) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        rendered = now;
    }
    out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
    out.append(Reason(status)).append("\r\ndate: ").append(date);
    out.append("\r\n");
}

std::string_view ContentType(const Plan& plan) {
    if (!plan.content_type.empty()) return plan.content_type;
    if (!plan.streaming) return "application/json";
    if (plan.json_array) return "application/json; charset=UTF-8";
    if (plan.dialect == Dialect::kGeminiContent) return "text/event-stream";
    return "text/event-stream; charset=utf-8";
}

std::string WholeBody(const Plan& plan) {
    if (!plan.fault.body.empty()) return plan.fault.body;
    std::string body;
    const DialectWriter& writer = WriterOf(plan.dialect);
    (plan.kind == Kind::kError ? writer.error : writer.whole)(plan, body);
    return body;
}

}  // namespace

Answer::Answer(const Plan& plan, const HttpRequest& request)
    : plan_(plan),
      http_1_0_(request.http_1_0),
      keep_alive_(request.keep_alive) {
    if (!plan.fault.gzip) return;
    gzip_ = std::make_unique<z_stream>();
    deflateInit2(gzip_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
                 Z_DEFAULT_STRATEGY);
}

Answer::~Answer() {
    if (gzip_) deflateEnd(gzip_.get());
}

void Answer::Start(std::string& out) {
    if (plan_.streaming) {
        AppendHead(out, 0);
        std::string body = plan_.fault.body;
        if (body.empty()) {
            WriterOf(plan_.dialect).open(plan_, body);
        }
        Emit(out, body);
        return;
    }
    std::string body = WholeBody(plan_);
    if (gzip_) body = Deflate(body, Z_FINISH);
    AppendHead(out, body.size());
    EmitLimited(out, body);
    if (state_ != State::kRunning) return;
    if (chunked_) out += "0\r\n\r\n";
    state_ = State::kDone;
}

void Answer::Step(std::string& out) {
    if (!plan_.fault.body.empty()) return End(out);
    const DialectWriter& writer = WriterOf(plan_.dialect);
    std::string body;
    bool broken = plan_.fault.error_event && next_event_ >= plan_.events / 2;
    if (next_event_ < plan_.events && !broken) {
        if (plan_.fault.comments && plan_.sse()) body = ": keep-alive\n\n";
        writer.content(plan_, next_event_++, body);
        Emit(out, body);
        return;
    }
    if (broken) {
        writer.error_event(plan_, body);
    } else if (!plan_.fault.no_done) {
        writer.close(plan_, body);
    }
    Emit(out, body);
    if (state_ == State::kRunning) End(out);
}

int Answer::spoken_tokens() const {
    if (!plan_.streaming) return plan_.usage.output;
    return next_event_ == 0 ? 0 : plan_.OutputSoFar(next_event_ - 1);
}

void Answer::AppendHead(std::string& out, std::size_t length) {
    const Fault& fault = plan_.fault;
    AppendStatusLine(out, plan_.status);
    out.append("content-type: ").append(ContentType(plan_)).append("\r\n");
    if (plan_.streaming) out += "cache-control: no-cache\r\n";
    if (gzip_) out += "content-encoding: gzip\r\n";
    AppendDialectHeaders(out);
    if (fault.retry_after) {
        out += "retry-after: " + std::to_string(*fault.retry_after) + "\r\n";
    }
    for (const auto& [name, value] : fault.headers) {
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (fault.header_bytes > 0) {
        out.append("x-demo-filler: ");
        out.append(fault.header_bytes, 'h').append("\r\n");
    }
    AppendFraming(out, length);
}

// Those of the dialect, but for what the fault sends in their place.
void Answer::AppendDialectHeaders(std::string& out) {
    std::string lines;
    WriterOf(plan_.dialect).headers(plan_, lines);
    for (const auto& [name, value] : plan_.fault.headers) {
        std::string start = name + ":";
        std::transform(start.begin(), start.end(), start.begin(), ::tolower);
        std::size_t at =
            lines.starts_with(start) ? 0 : lines.find("\n" + start);
        if (at != lines.npos) {
            at += lines[at] == '\n' ? 1 : 0;
            lines.erase(at, lines.find('\n', at) + 1 - at);
        }
    }
    out += lines;
}

// How the body's end is told: by length, by chunks or by closing.
void Answer::AppendFraming(std::string& out, std::size_t length) {
    chunked_ = plan_.fault.chunked.value_or(plan_.streaming) && !http_1_0_;
    if (chunked_) {
        out += "transfer-encoding: chunked\r\n";
    } else if (!plan_.streaming) {
        out += "content-length: " + std::to_string(length) + "\r\n";
    } else {
        keep_alive_ = false;
    }
    out += keep_alive_ ? "connection: keep-alive\r\n\r\n"
                       : "connection: close\r\n\r\n";
}

void Answer::Emit(std::string& out, std::string_view bytes) {
    if (!gzip_) return EmitLimited(out, bytes);
    EmitLimited(out, Deflate(bytes, Z_SYNC_FLUSH));
}

// Appends body bytes, framed, as far as `cut` and `stall` let them through.
// A chunk that is cut short still promises its whole length.
void Answer::EmitLimited(std::string& out, std::string_view bytes) {
    std::size_t promised = bytes.size();
    const Fault& fault = plan_.fault;
    std::optional<std::uint64_t> limit = fault.cut ? fault.cut : fault.stall;
    if (limit && body_bytes_ + bytes.size() >= *limit) {
        bytes = bytes.substr(0, *limit - body_bytes_);
        state_ = fault.cut ? State::kCut : State::kStalled;
    }
    hash_.Add(bytes);
    body_bytes_ += bytes.size();
    if (!chunked_) {
        out.append(bytes);
        return;
    }
    if (bytes.empty()) return;
    char size[20];
    char* end = std::to_chars(size, size + sizeof(size), promised, 16).ptr;
    out.append(size, end - size).append("\r\n").append(bytes);
    if (bytes.size() == promised) out += "\r\n";
}

void Answer::End(std::string& out) {
    if (gzip_) EmitLimited(out, Deflate("", Z_FINISH));
    if (state_ != State::kRunning) return;
    if (chunked_) out += "0\r\n\r\n";
    state_ = State::kDone;
}

std::string Answer::Deflate(std::string_view bytes, int flush) {
    std::string out;
    char buffer[4096];
    gzip_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    gzip_->avail_in = static_cast<uInt>(bytes.size());
    do {
        gzip_->next_out = reinterpret_cast<Bytef*>(buffer);
        gzip_->avail_out = sizeof(buffer);
        deflate(gzip_.get(), flush);
        out.append(buffer, sizeof(buffer) - gzip_->avail_out);
    } while (gzip_->avail_out == 0);
    return out;
}

std::string SimpleAnswer(int status, std::string_view body, bool keep_alive) {
    std::string out;
    AppendStatusLine(out, status);
    out += "content-type: application/json\r\ncontent-length: " +
           std::to_string(body.size());
    out += keep_alive ? "\r\n\r\n" : "\r\nconnection: close\r\n\r\n";
    return out.append(body);
}

}  // namespace aiproxy::demo
