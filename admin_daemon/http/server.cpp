// SPDX-License-Identifier: MIT

#include "admin_daemon/http/server.h"

#include <pistache/endpoint.h>
#include <pistache/http.h>
#include <pistache/net.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "admin_daemon/http/dispatch.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/random.h"
#include "core/base/id.h"

namespace aiproxy::admin::http {
namespace {

// As much as nginx lets through: what is too large for us is read to its end
// and refused in our form.
constexpr std::size_t kMaxRequestBytes = 8 * 1024 * 1024 + 64 * 1024;
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;

// Any header of a reply; Pistache does not send those of addRaw().
class RawHeader : public Pistache::Http::Header::Header {
 public:
    RawHeader(std::string name, std::string value)
        : name_(std::move(name)), value_(std::move(value)) {}
    const char* name() const override { return name_.c_str(); }
    void parse(const std::string&) override {}
    void write(std::ostream& os) const override { os << value_; }
    uint64_t hash() const override {
        return Pistache::Meta::Hash::fnv1a(name_.c_str(), name_.size());
    }

 private:
    const std::string name_;
    const std::string value_;
};

struct Shared {
    service::Services& services;
    const Log& log;
    std::atomic<bool> draining{false};
    std::atomic<int> in_flight{0};
};

std::string HeaderOf(const Pistache::Http::Request& request, const char* name) {
    const auto raw = request.headers().tryGetRaw(name);
    return raw ? raw->value() : std::string();
}

Request Translate(const Pistache::Http::Request& from) {
    Request to;
    to.method = Pistache::Http::methodString(from.method());
    to.path = from.resource();
    to.query = from.query().as_str();
    if (to.query.starts_with('?')) to.query.erase(0, 1);
    to.body = from.body();
    to.authorization = HeaderOf(from, "Authorization");
    to.content_type = HeaderOf(from, "Content-Type");
    to.origin = HeaderOf(from, "Origin");
    to.host = HeaderOf(from, "Host");
    to.forwarded_proto = HeaderOf(from, "X-Forwarded-Proto");
    to.forwarded_for = HeaderOf(from, "X-Forwarded-For");
    to.if_match = HeaderOf(from, "If-Match");
    to.idempotency_key = HeaderOf(from, "Idempotency-Key");
    to.from_console = HeaderOf(from, "X-Aiproxy-Console") == "1";
    if (from.cookies().has("sid")) {
        to.cookie_sid = from.cookies().get("sid").value;
    }
    to.request_id =
        FormatRequestId(MakeRequestId(NowMs(), service::RandomBytes<10>()));
    return to;
}

// One of these per thread of Pistache; they share what is behind the pointer.
class Adapter : public Pistache::Http::Handler {
 public:
    HTTP_PROTOTYPE(Adapter)
    explicit Adapter(std::shared_ptr<Shared> shared)
        : shared_(std::move(shared)) {}

    // Pistache queues writes by descriptor number: without this, an answer to
    // a client that left can go to the next one with the same number.
    void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>&) override {
        transport()->flush();
    }

    void onRequest(const Pistache::Http::Request& from,
                   Pistache::Http::ResponseWriter writer) override {
        shared_->in_flight.fetch_add(1);
        Reply reply;
        std::string request_id;
        try {
            const Request request = Translate(from);
            request_id = request.request_id;
            if (shared_->draining) {
                reply = ErrorReply(ErrorCode::kBusy, request_id);
            } else if (request.body.size() > kMaxBodyBytes) {
                reply = ErrorReply(ErrorCode::kRequestTooLarge, request_id);
            } else {
                reply = Dispatch(shared_->services, shared_->log, request);
            }
        } catch (...) {
            reply = ErrorReply(ErrorCode::kInternal, request_id);
        }
        Send(from, reply, request_id, writer);
        shared_->in_flight.fetch_sub(1);
    }

 private:
    void Send(const Pistache::Http::Request& from, Reply& reply,
              const std::string& request_id,
              Pistache::Http::ResponseWriter& writer) {
        auto add = [&](const std::string& name, const std::string& value) {
            writer.headers().add(std::make_shared<RawHeader>(name, value));
        };
        add("X-Request-Id", request_id);
        add("Cache-Control", "no-store");
        for (const auto& [name, value] : reply.headers) add(name, value);
        if (from.method() == Pistache::Http::Method::Head) reply.body.clear();
        auto code = static_cast<Pistache::Http::Code>(reply.status);
        if (reply.body.empty()) {
            writer.send(code);
            return;
        }
        writer.send(code, reply.body,
                    Pistache::Http::Mime::MediaType::fromString(reply.type));
    }

    std::shared_ptr<Shared> shared_;
};

}  // namespace

struct Server::Parts {
    Parts(service::Services& services, const Log& log)
        : shared(new Shared{services, log}) {}

    std::shared_ptr<Shared> shared;
    std::unique_ptr<Pistache::Http::Endpoint> endpoint;
};

Server::Server(service::Services& services, const Log& log)
    : parts_(std::make_unique<Parts>(services, log)) {}

Server::~Server() {
    Stop();
}

Status Server::Start(const std::string& listen, int threads) {
    try {
        parts_->endpoint = std::make_unique<Pistache::Http::Endpoint>(
            Pistache::Address(listen));
        parts_->endpoint->init(
            Pistache::Http::Endpoint::options()
                .threads(threads)
                .flags(Pistache::Tcp::Options::ReuseAddr |
                       Pistache::Tcp::Options::NoDelay)
                .maxRequestSize(kMaxRequestBytes)
                .keepaliveTimeout(std::chrono::seconds(300)));
        parts_->endpoint->setHandler(std::make_shared<Adapter>(parts_->shared));
        parts_->endpoint->serveThreaded();
    } catch (const std::exception& e) {
        return Error(ErrorCode::kInternal,
                     "listen: " + listen + ": " + e.what() +
                         ": free it, or choose another address");
    }
    return {};
}

void Server::Stop() {
    if (parts_->endpoint == nullptr) return;
    using std::chrono::milliseconds;
    parts_->shared->draining = true;
    for (int i = 0; i < 2000 && parts_->shared->in_flight > 0; ++i) {
        std::this_thread::sleep_for(milliseconds(10));
    }
    // Answers are written by Pistache's threads after the handler is done.
    std::this_thread::sleep_for(milliseconds(100));
    parts_->endpoint->shutdown();
    parts_->endpoint.reset();
}

}  // namespace aiproxy::admin::http
