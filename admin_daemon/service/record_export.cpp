// SPDX-License-Identifier: MIT

#include "admin_daemon/service/record_export.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <memory>

#include "admin_daemon/files.h"
#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Record;

constexpr std::int64_t kPage = 1000;
constexpr std::size_t kBufferBytes = 1 << 20;

std::optional<std::string> Usd(const std::optional<std::int64_t>& pico) {
    if (!pico) return std::nullopt;
    return pricing::FormatUsd(*pico);
}

// Every fact of a record but its attempts and its decision, by name.
template <class V>
void VisitFacts(const Record& r, V&& visit) {
    visit("id", r.id);
    visit("request_id", r.request_id);
    visit("node_id", r.node_id);
    visit("started_at", FormatTime(r.started_at));
    visit("ended_at", FormatTime(r.ended_at));
    visit("method", r.method);
    visit("path", r.path);
    visit("dialect", r.dialect);
    visit("model", r.model);
    visit("model_served", r.model_served);
    visit("streaming", r.streaming);
    visit("status", r.status);
    visit("outcome", r.outcome);
    visit("error_code", r.error_code);
    visit("error_class", r.error_class);
    visit("user_id", r.user_id);
    visit("client_key_id", r.client_key_id);
    visit("client_key", r.client_key_name);
    visit("provider_id", r.provider_id);
    visit("provider", r.provider_name);
    visit("provider_key_id", r.provider_key_id);
    visit("provider_key", r.provider_key_name);
    visit("input_tokens", r.input_tokens);
    visit("cache_read_tokens", r.cache_read_tokens);
    visit("cache_write_5m_tokens", r.cache_write_5m_tokens);
    visit("cache_write_1h_tokens", r.cache_write_1h_tokens);
    visit("cache_write_30m_tokens", r.cache_write_30m_tokens);
    visit("cache_write_12h_tokens", r.cache_write_12h_tokens);
    visit("output_tokens", r.output_tokens);
    visit("reasoning_tokens", r.reasoning_tokens);
    visit("usage_source", r.usage_source);
    visit("cost_usd", Usd(r.cost));
    visit("price_version_id", r.price_version_id);
    visit("attempts", r.attempts);
    visit("first_byte_us", r.first_byte_us);
    visit("duration_us", r.duration_us);
    visit("request_bytes", r.request_bytes);
    visit("response_bytes", r.response_bytes);
    visit("client_ip", r.client_ip);
    visit("user_agent", r.user_agent);
    visit("provider_request_id", r.provider_request_id);
}

class CsvLine {
 public:
    void Add(const std::string& text) {
        Begin();
        // A spreadsheet would run what callers sent.
        const bool formula =
            !text.empty() &&
            std::string("=+-@\t\r").find(text[0]) != std::string::npos;
        const std::string safe = formula ? "'" + text : text;
        if (safe.find_first_of(",\"\r\n") == std::string::npos) {
            line_ += safe;
            return;
        }
        line_ += '"';
        for (char c : safe) {
            if (c == '"') line_ += '"';
            line_ += c;
        }
        line_ += '"';
    }
    void Add(std::int64_t value) {
        Begin();
        line_ += std::to_string(value);
    }
    void Add(bool value) {
        Begin();
        line_ += value ? "true" : "false";
    }
    template <class T>
    void Add(const std::optional<T>& value) {
        if (value) {
            Add(*value);
        } else {
            Begin();
        }
    }
    std::string Take() {
        first_ = true;
        return std::exchange(line_, {}) + "\r\n";
    }

 private:
    void Begin() {
        if (!first_) line_ += ',';
        first_ = false;
    }
    std::string line_;
    bool first_ = true;
};

std::string CsvHead() {
    CsvLine line;
    VisitFacts(Record(), [&](const char* name, const auto&) {
        line.Add(std::string(name));
    });
    return line.Take();
}

std::string CsvText(const Record& record) {
    CsvLine line;
    VisitFacts(record,
               [&](const char*, const auto& value) { line.Add(value); });
    return line.Take();
}

std::string JsonText(const Record& record) {
    Json json = Json::Object();
    VisitFacts(record, [&](const char* name, const auto& value) {
        json.Set(name, value);
    });
    auto set = [&](const char* name, const std::optional<std::string>& text) {
        json.Set(name, text ? Json::Parse(*text).value_or(Json()) : Json());
    };
    set("usage_more", record.usage_more);
    set("attempt_list", record.attempt_list);
    set("decision", record.decision);
    return json.Dump() + "\n";
}

// A file under a temporary name, packed if asked for.
class Output {
 public:
    explicit Output(std::string path)
        : path_(std::move(path)), name_(path_ + ".tmp") {}
    ~Output() {
        if (!kept_) ::unlink(name_.c_str());
    }

    Status Open(bool packed) {
        file_ = File(::open(name_.c_str(),
                            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
        if (!file_.is_open()) return SystemError("open", name_);
        if (packed) stream_.reset(ZSTD_createCCtx());
        return {};
    }
    Status Add(std::string_view text) {
        if (!stream_) {
            buffer_ += text;
            return buffer_.size() < kBufferBytes ? Status() : Flush();
        }
        return Pack(text, ZSTD_e_continue);
    }
    // Complete, synced, under its own name.
    Status Finish() {
        Status status = stream_ ? Pack({}, ZSTD_e_end) : Status();
        if (status.ok()) status = Flush();
        if (!status.ok()) return status;
        if (::fsync(file_.fd()) != 0) return SystemError("sync", name_);
        if (::rename(name_.c_str(), path_.c_str()) != 0) {
            return SystemError("rename", name_);
        }
        kept_ = true;
        return {};
    }

 private:
    Status Pack(std::string_view text, ZSTD_EndDirective directive) {
        ZSTD_inBuffer in{text.data(), text.size(), 0};
        char bytes[64 * 1024];
        for (;;) {
            ZSTD_outBuffer out{bytes, sizeof(bytes), 0};
            const std::size_t left =
                ZSTD_compressStream2(stream_.get(), &out, &in, directive);
            if (ZSTD_isError(left)) {
                return Error(ErrorCode::kInternal, ZSTD_getErrorName(left));
            }
            buffer_.append(bytes, out.pos);
            if (buffer_.size() >= kBufferBytes) {
                const Status status = Flush();
                if (!status.ok()) return status;
            }
            const bool all = in.pos == in.size &&
                             (directive == ZSTD_e_continue || left == 0);
            if (all) return {};
        }
    }
    Status Flush() {
        std::string_view rest = buffer_;
        while (!rest.empty()) {
            const ssize_t n = ::write(file_.fd(), rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return SystemError("write", name_);
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        buffer_.clear();
        return {};
    }

    struct FreeStream {
        void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
    };
    const std::string path_;
    const std::string name_;
    File file_;
    std::unique_ptr<ZSTD_CCtx, FreeStream> stream_;
    std::string buffer_;
    bool kept_ = false;
};

}  // namespace

Result<std::int64_t> RecordExport::Write(store::RecordFilter filter,
                                         const std::string& format,
                                         const std::string& path,
                                         const Progress& progress) {
    const bool csv = format == "csv";
    if (!csv && format != "jsonl.zst") {
        return Error(ErrorCode::kValidation, "unknown format: " + format);
    }
    Output output(path);
    Status status = output.Open(!csv);
    if (status.ok() && csv) status = output.Add(CsvHead());
    filter.oldest_first = true;
    filter.whole = true;
    std::int64_t count = 0;
    while (status.ok()) {
        const auto page =
            database_.Read([&](Connection& c) -> Result<store::RecordPage> {
                return store::ListRecords(c, filter, kPage);
            });
        if (!page.ok()) return page.error();
        for (const Record& record : page->rows) {
            if (!status.ok()) break;
            status = output.Add(csv ? CsvText(record) : JsonText(record));
        }
        count += static_cast<std::int64_t>(page->rows.size());
        if (!page->next) break;
        if (!progress(count)) return Error(ErrorCode::kBusy, "stopped");
        filter.after = page->next;
    }
    if (status.ok()) status = output.Finish();
    if (!status.ok()) return status.error();
    return count;
}

}  // namespace aiproxy::admin::service
