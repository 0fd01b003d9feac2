// SPDX-License-Identifier: MIT

#include "t/lib/demo/connection.h"

#include <algorithm>

namespace aiproxy::demo {

namespace {

std::chrono::nanoseconds Milliseconds(double ms) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(ms * 1e6));
}

std::int64_t UnixMilliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

Connection::Connection(std::uint64_t id, int fd, SSL_CTX* context,
                       Service& service)
    : id_(id), transport_(fd, context), service_(service) {
    exchange_ = std::make_shared<Exchange>();
    reader_.Reset(&exchange_->request);
    ++service_.counters.connections_accepted;
    ++service_.counters.connections_open;
}

Connection::~Connection() {
    Record(false);
    --service_.counters.connections_open;
}

bool Connection::OnReadable() {
    char buffer[64 * 1024];
    int got = 0;
    do {
        got = transport_.Read(buffer, sizeof(buffer));
        if (got == Transport::kGone) return false;
        if (got > 0 && state_ != State::kLingering) in_.append(buffer, got);
        // TLS may hold decrypted bytes that no event would tell of.
    } while (got > 0 && transport_.tls() && wants_read());
    return Run();
}

bool Connection::Run() {
    wake_.reset();
    while (true) {
        if (!Flush()) return false;
        if (!out_.empty()) return true;
        Next next = Step();
        if (next == Next::kWait) return true;
        if (next == Next::kClose) return false;
    }
}

Connection::Next Connection::Step() {
    switch (state_) {
        case State::kReading:
            return TakeRequest();
        case State::kDelayed:
            return Waits(due_) ? Next::kWait : StartAnswer();
        case State::kAnswering:
            return ContinueAnswer();
        case State::kSocket:
            return ContinueSocket();
        case State::kLastWords:
            return Next::kClose;
        case State::kStuck:
        case State::kLingering:
            return Next::kWait;
    }
    return Next::kClose;
}

Connection::Next Connection::TakeRequest() {
    RequestReader::State state = reader_.Read(in_);
    if (state == RequestReader::State::kDone) return BeginAnswer();
    if (state == RequestReader::State::kBad) {
        out_ =
            SimpleAnswer(reader_.bad_status(),
                         "{\"error\":{\"message\":\"bad request\"}}\n", false);
        state_ = State::kLingering;
        if (Flush()) transport_.EndWriting();
        in_.clear();
        return Next::kWait;
    }
    if (state == RequestReader::State::kBody && !continued_ &&
        exchange_->request.expects_continue) {
        continued_ = true;
        out_ = "HTTP/1.1 100 Continue\r\n\r\n";
        return Next::kAgain;
    }
    return Next::kWait;
}

Connection::Next Connection::BeginAnswer() {
    Exchange& exchange = *exchange_;
    if (exchange.request.path.starts_with("/demo/")) {
        std::string body;
        int status = AnswerControl(service_, exchange.request, body);
        out_ = SimpleAnswer(status, body, exchange.request.keep_alive);
        return EndAnswer();
    }
    exchange.connection = id_;
    exchange.tls = transport_.tls();
    exchange.tls_resumed = transport_.tls_resumed();
    exchange.time_ms = UnixMilliseconds();
    exchange.plan = MakePlan(exchange.request, service_.faults);
    service_.log.Add(exchange_);
    ++service_.counters.answers_open;
    answer_.emplace(exchange.plan, exchange.request);
    const Fault& fault = exchange.plan.fault;
    if (fault.hang) {
        state_ = State::kStuck;
        return Next::kWait;
    }
    due_ = Clock::now() + Milliseconds(fault.delay_ms);
    state_ = State::kDelayed;
    return fault.delay_ms > 0 ? Next::kAgain : StartAnswer();
}

Connection::Next Connection::StartAnswer() {
    const Fault& fault = exchange_->plan.fault;
    if (fault.reset) transport_.ResetOnClose();
    if (fault.close || (fault.reset && !fault.cut)) return Next::kClose;
    if (fault.garbage) {
        out_ = std::string("\x16\x03\x01 this is \0 not HTTP\r\n\r\n", 27);
        state_ = State::kLastWords;
        return Next::kAgain;
    }
    if (exchange_->plan.kind == Kind::kSocket && !fault.half_header) {
        return StartSocket();
    }
    answer_->Start(out_);
    if (fault.half_header) {
        out_.resize(out_.find("\r\n") + 8);
        state_ = State::kLastWords;
        return Next::kAgain;
    }
    head_sent_ = true;
    due_ = Clock::now() + Milliseconds(fault.event_delay_ms);
    state_ = State::kAnswering;
    return Next::kAgain;
}

Connection::Next Connection::StartSocket() {
    socket_.emplace(exchange_->plan);
    socket_->Start(exchange_->request, out_);
    head_sent_ = true;
    state_ = State::kSocket;
    return Next::kAgain;
}

Connection::Next Connection::ContinueSocket() {
    const double delay_ms = exchange_->plan.fault.event_delay_ms;
    socket_->Read(in_, out_);
    if (!out_.empty()) return Next::kAgain;
    if (socket_->cut()) {
        Record(false);
        return Next::kClose;
    }
    if (socket_->closed()) {
        Record(true);
        state_ = State::kLastWords;
        return Next::kAgain;
    }
    if (socket_->has_events() && !socket_->stalled()) {
        if (delay_ms > 0 && Waits(due_)) return Next::kWait;
        socket_->Step(out_);
        due_ = Clock::now() + Milliseconds(delay_ms);
    }
    return out_.empty() ? Next::kWait : Next::kAgain;
}

Connection::Next Connection::ContinueAnswer() {
    double delay_ms = exchange_->plan.fault.event_delay_ms;
    while (answer_->state() == Answer::State::kRunning) {
        if (delay_ms > 0 && Waits(due_)) return Next::kWait;
        answer_->Step(out_);
        due_ = Clock::now() + Milliseconds(delay_ms);
        if (delay_ms > 0 || out_.size() >= kWriteSize) return Next::kAgain;
    }
    if (!out_.empty()) return Next::kAgain;
    switch (answer_->state()) {
        case Answer::State::kCut:
            Record(false);
            return Next::kClose;
        case Answer::State::kStalled:
            state_ = State::kStuck;
            return Next::kWait;
        default:
            return EndAnswer();
    }
}

// All is written (or in out_): the next request, or the end.
Connection::Next Connection::EndAnswer() {
    bool keep_alive =
        answer_ ? answer_->keep_alive() : exchange_->request.keep_alive;
    Record(true);
    if (!keep_alive) {
        if (!Flush()) return Next::kClose;
        return out_.empty() ? Linger()
                            : (state_ = State::kLastWords, Next::kAgain);
    }
    exchange_ = std::make_shared<Exchange>();
    reader_.Reset(&exchange_->request);
    continued_ = false;
    state_ = State::kReading;
    return Next::kAgain;
}

// FIN first, so that no RST overtakes the answer when bytes are unread.
Connection::Next Connection::Linger() {
    transport_.EndWriting();
    in_.clear();
    state_ = State::kLingering;
    return Next::kWait;
}

// Writes what the split and the peer allow. False: the peer is gone.
bool Connection::Flush() {
    wants_write_ = false;
    std::size_t split = exchange_->plan.fault.split;
    while (written_ < out_.size()) {
        if (split > 0 && Waits(split_due_)) return true;
        std::size_t size = out_.size() - written_;
        if (split > 0) size = std::min(size, split);
        int put = transport_.Write(out_.data() + written_, size);
        if (put == Transport::kGone) return false;
        if (put == Transport::kAgain) {
            wants_write_ = true;
            return true;
        }
        written_ += put;
        if (split > 0) {
            split_due_ =
                Clock::now() +
                std::chrono::microseconds(exchange_->plan.fault.split_pause_us);
        }
    }
    out_.clear();
    written_ = 0;
    return true;
}

bool Connection::Waits(Clock::time_point until) {
    if (Clock::now() >= until) return false;
    wake_ = until;
    return true;
}

// The outcome, once; also when the peer left before the end.
void Connection::Record(bool completed) {
    if (!answer_) return;
    exchange_->spoken_tokens = answer_ ? answer_->spoken_tokens() : 0;
    service_.log.End(*exchange_, completed,
                     !head_sent_ ? 0
                     : socket_   ? 101
                                 : exchange_->plan.status,
                     !head_sent_ ? 0
                     : socket_   ? socket_->bytes()
                                 : answer_->body_bytes(),
                     !head_sent_ ? ""
                     : socket_   ? socket_->Sha256()
                                 : answer_->BodySha256());
    head_sent_ = false;
    answer_.reset();
    --service_.counters.answers_open;
}

}  // namespace aiproxy::demo
