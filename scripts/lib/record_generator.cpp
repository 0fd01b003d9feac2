// SPDX-License-Identifier: MIT
//
// Writes a backlog of records as a spool would hold it: what the daemon finds
// after an outage. The same arguments give the same records but for their time.
//
//     record_generator DIR COUNT [DAYS [END]]    spread over the last DAYS (0:
//                                                the last 100 s) before END,
//                                                in Unix milliseconds, or now

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/ledger/record.h"
#include "core/ledger/segment.h"

namespace {

using namespace aiproxy;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kClientKeys = 200;
constexpr int kProviderKeys = 24;
constexpr int kProviders = 4;
constexpr int kModels = 30;

class Generator {
 public:
    // Few keys have most of the requests, as everywhere.
    std::int64_t Skewed(int most) {
        const double x = Uniform();
        return 1 + static_cast<std::int64_t>(x * x * x * most);
    }
    double Uniform() { return std::uniform_real_distribution<>(0, 1)(random_); }

    ledger::Record Next(std::int64_t started_ms) {
        ledger::Record r;
        std::array<std::uint8_t, 10> bytes{};
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
        r.id = MakeRequestId(started_ms, bytes);
        r.started_at_ms = started_ms;
        r.duration_us = static_cast<std::uint64_t>(
            std::exp(std::normal_distribution<>(14, 1)(random_)));
        r.first_byte_us = r.duration_us / 4;
        r.method = "POST";
        r.dialect = dialect::Dialect::kOpenAiChat;
        r.streaming = Uniform() < 0.6;
        const std::int64_t model = Skewed(kModels);
        r.model_asked = "model-" + std::to_string(model);
        r.model_served = r.model_asked + "-2026-11-01";
        r.path = Uniform() < 0.001
                     ? "/v1/files/file-" + std::to_string(random_() % 100000)
                     : "/v1/chat/completions";
        r.client_key_id = Skewed(kClientKeys);
        r.provider_key_id = Skewed(kProviderKeys);
        r.provider_id = 1 + *r.provider_key_id % kProviders;
        r.client_ip = "10.1.2." + std::to_string(random_() % 250);
        r.user_agent = "OpenAI/Python 1.99.9";
        r.request_bytes = 500 + random_() % 4000;
        r.response_bytes = 500 + random_() % 9000;
        r.provider_request_id = "req_" + std::to_string(random_());
        r.generation = 7;
        r.candidates = 3;
        AddAttempts(r);
        Judge(r);
        return r;
    }

 private:
    void AddAttempts(ledger::Record& r) {
        const int attempts = Uniform() < 0.03 ? 2 : 1;
        for (int i = 0; i < attempts; ++i) {
            ledger::Attempt at;
            at.provider_id = *r.provider_id;
            at.provider_key_id = *r.provider_key_id;
            at.address = "192.0.2.7:443";
            at.status = i + 1 < attempts ? 503 : 200;
            at.result = i + 1 < attempts ? ledger::AttemptResult::kNext
                                         : ledger::AttemptResult::kPassed;
            at.started_us = 40 + static_cast<std::uint64_t>(i) * 1000;
            at.connect_us = 900;
            at.first_byte_us = r.first_byte_us;
            at.duration_us = r.duration_us;
            at.reused = true;
            r.attempts.push_back(at);
        }
    }

    void Judge(ledger::Record& r) {
        const double x = Uniform();
        r.outcome = ledger::RequestOutcome::kSuccess;
        r.status = 200;
        if (x < 0.02) {
            r.outcome = ledger::RequestOutcome::kFailed;
            r.status = x < 0.01 ? 429 : 503;
            r.attempts.back().status = r.status;
            r.attempts.back().rest_class = x < 0.01
                                               ? retry::RestClass::kRateLimited
                                               : retry::RestClass::kUnavailable;
        } else if (x < 0.03) {
            r.outcome = ledger::RequestOutcome::kRejected;
            r.status = 429;
            r.error_code = "limit.requests_per_minute";
            r.attempts.clear();
            r.provider_id.reset();
            r.provider_key_id.reset();
            r.first_byte_us.reset();
            r.duration_us = 200;
        } else if (x < 0.035) {
            r.outcome = ledger::RequestOutcome::kAborted;
            r.status = 499;
        }
        if (r.outcome != ledger::RequestOutcome::kSuccess) return;
        r.usage_source = usage::UsageSource::kReported;
        r.usage.input = 50 + static_cast<std::int64_t>(random_() % 8000);
        r.usage.cache_read = *r.usage.input / 2;
        r.usage.output = 10 + static_cast<std::int64_t>(random_() % 1500);
        if (Uniform() < 0.98) {
            r.cost_pico = *r.usage.input * 2'500'000 +
                          *r.usage.output * 10'000'000;
            r.price_version = 3;
        }
    }

    std::mt19937_64 random_{20261124};
};

class Spool {
 public:
    explicit Spool(std::string folder)
        : folder_(std::move(folder)),
          bytes_(new std::byte[ledger::kSegmentBytes]()) {}

    void Append(std::string_view body) {
        if (!writer_) Begin();
        if (!writer_->Append(body)) {
            End();
            Begin();
            if (!writer_->Append(body)) std::abort();
        }
        // Frames are at multiples of 8.
        used_ += (ledger::kFrameHeaderBytes + body.size() + 7) / 8 * 8;
    }
    void End() {
        if (!writer_) return;
        writer_->Seal();
        const std::string path = folder_ + "/" + ledger::Hex(id_);
        std::FILE* file = std::fopen(path.c_str(), "wb");
        if (file == nullptr ||
            std::fwrite(bytes_.get(), 1, used_, file) != used_ ||
            std::fclose(file) != 0) {
            std::perror(path.c_str());
            std::exit(1);
        }
        writer_.reset();
    }

 private:
    void Begin() {
        std::memset(bytes_.get(), 0, ledger::kSegmentBytes);
        std::random_device device;
        for (auto& byte : id_) byte = static_cast<std::uint8_t>(device());
        ledger::FormatSegment(bytes_.get(), id_);
        auto writer = ledger::SegmentWriter::Attach(bytes_.get());
        if (!writer.ok()) std::abort();
        writer_.emplace(std::move(*writer));
        used_ = ledger::kHeaderBytes;
    }

    const std::string folder_;
    std::unique_ptr<std::byte[]> bytes_;
    std::optional<ledger::SegmentWriter> writer_;
    ledger::SegmentId id_{};
    std::size_t used_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: record_generator DIR COUNT [DAYS [END]]\n");
        return 2;
    }
    const long long count = std::atoll(argv[2]);
    const double days = argc > 3 ? std::atof(argv[3]) : 0;
    const auto span = static_cast<std::int64_t>(
        days > 0 ? days * static_cast<double>(kDayMs) : 100'000);
    const std::int64_t now =
        argc > 4 ? std::atoll(argv[4])
                 : std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now().time_since_epoch())
            .count();
    std::filesystem::create_directories(argv[1]);
    Generator generator;
    Spool spool(argv[1]);
    ledger::Encoder encoder;
    for (long long i = 0; i < count; ++i) {
        const std::int64_t at =
            now - span +
            static_cast<std::int64_t>(static_cast<double>(span) *
                                      static_cast<double>(i) /
                                      static_cast<double>(count));
        spool.Append(encoder.Encode(generator.Next(at)));
    }
    spool.End();
    return 0;
}
