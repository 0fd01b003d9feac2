// SPDX-License-Identifier: MIT

#include "t/lib/demo/socket.h"

#include <openssl/evp.h>

#include <algorithm>

#include "t/lib/demo/dialect_writer.h"
#include "t/lib/demo/json.h"

namespace aiproxy::demo {

namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kMasked = 0x80;
enum Opcode { kContinue = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9 };
constexpr int kPong = 10;

std::string AcceptOf(std::string_view key) {
    std::string text(key);
    text += kGuid;
    unsigned char digest[20];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
    char base64[32];
    int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64),
                                 digest, static_cast<int>(size));
    return std::string(base64, length);
}

std::string Event(std::string_view type, std::string_view members) {
    std::string out = "{\"type\":\"";
    out.append(type).append("\",\"event_id\":\"event_demo\"");
    return out.append(members).append("}");
}

}  // namespace

bool IsHandshake(const HttpRequest& request) {
    return request.method == "GET" &&
           SameName(request.Header("upgrade"), "websocket") &&
           request.Header("sec-websocket-version") == "13" &&
           request.HasHeader("sec-websocket-key");
}

// Of the subprotocols offered the first is chosen, as a browser insists.
void Socket::Start(const HttpRequest& request, std::string& out) {
    out +=
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
        "connection: Upgrade\r\nsec-websocket-accept: " +
        AcceptOf(request.Header("sec-websocket-key")) + "\r\n";
    std::string_view offered = request.Header("sec-websocket-protocol");
    if (!offered.empty()) {
        out += "sec-websocket-protocol: ";
        out.append(offered.substr(0, offered.find(','))).append("\r\n");
    }
    for (const auto& [name, value] : plan_.fault.headers) {
        out.append(name).append(": ").append(value).append("\r\n");
    }
    out += "\r\n";
    std::string session = ",\"session\":{\"id\":\"sess_" + plan_.id +
                          "\",\"object\":\"realtime.session\",\"model\":";
    AppendJsonString(session, plan_.model_served);
    Send(out, kText, Event("session.created", session + "}"));
}

void Socket::Read(std::string& in, std::string& out) {
    while (!closed_ && ReadFrame(in, out)) {
    }
}

bool Socket::ReadFrame(std::string& in, std::string& out) {
    if (in.size() < 2) return false;
    auto byte = [&](std::size_t i) {
        return static_cast<unsigned char>(in[i]);
    };
    std::size_t head = 2;
    std::uint64_t size = byte(1) & 0x7f;
    if (size >= 126) {
        const std::size_t more = size == 126 ? 2 : 8;
        if (in.size() < head + more) return false;
        size = 0;
        for (std::size_t i = 0; i < more; ++i) size = size << 8 | byte(2 + i);
        head += more;
    }
    // What a client sends is masked, and no extension was agreed on.
    if ((byte(1) & kMasked) == 0 || (byte(0) & 0x70) != 0 ||
        size > kMaxMessage) {
        Close(out, 1002);
        return false;
    }
    if (in.size() < head + 4 + size) return false;
    std::string payload = in.substr(head + 4, size);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        payload[i] = static_cast<char>(payload[i] ^ in[head + i % 4]);
    }
    const unsigned char first = byte(0);
    in.erase(0, head + 4 + size);
    OnFrame(first, payload, out);
    return true;
}

void Socket::OnFrame(unsigned char head, std::string& payload,
                     std::string& out) {
    const int opcode = head & 0x0f;
    if (opcode == kClose) {
        SendFrame(out, kFinal | kClose, payload);
        closed_ = true;
        return;
    }
    if (opcode == kPing) return SendFrame(out, kFinal | kPong, payload);
    if (opcode == kPong) return;
    if (opcode != kContinue) opcode_ = opcode;
    message_ += payload;
    if (message_.size() > kMaxMessage) return Close(out, 1009);
    if ((head & kFinal) == 0) return;
    OnMessage(out);
    message_.clear();
}

void Socket::OnMessage(std::string& out) {
    if (opcode_ == kBinary) return Send(out, kBinary, message_);
    Json json;
    const bool parsed = json.Parse(message_);
    const JsonValue root = parsed ? json.root() : JsonValue();
    const std::string type = root.Get("type").Text();
    if (type == "response.create") {
        QueueResponse();
    } else if (type == "conversation.item.create") {
        JsonValue part = root.Get("item").Get("content").First();
        for (; part; part = part.Next()) {
            text_bytes_ += part.Get("text").TextBytes();
        }
        Send(out, kText, Event("conversation.item.added", ""));
    } else if (type == "session.update") {
        Send(out, kText, Event("session.updated", ""));
    } else {
        Send(out, kText,
             Event("error",
                   ",\"error\":{\"type\":\"invalid_request_error\","
                   "\"message\":\"no such event\"}"));
    }
}

void Socket::QueueResponse() {
    const std::string id = "resp_" + std::to_string(++responses_) + plan_.id;
    auto response = [&](std::string_view status, const std::string& usage) {
        return ",\"response\":{\"object\":\"realtime.response\",\"id\":\"" +
               id + "\",\"status\":\"" + std::string(status) +
               "\",\"usage\":" + usage + "}";
    };
    events_.push_back(
        Event("response.created", response("in_progress", "null")));
    const int count = plan_.fault.events.value_or(8);
    for (int i = 0; i < count; ++i) {
        std::string delta = ",\"response_id\":\"" + id + "\",\"delta\":";
        std::string words = "{\"type\":\"response.done\"} ";
        if (i == count / 2) words.append(plan_.fault.big, 'x');
        AppendJsonString(delta, words);
        events_.push_back(Event("response.output_text.delta", delta));
    }
    events_.push_back(
        Event("response.done", response("completed", UsageObject())));
}

std::string Socket::UsageObject() const {
    if (plan_.fault.no_usage) return "null";
    const Fault& fault = plan_.fault;
    const int bytes = static_cast<int>(text_bytes_);
    const int input = fault.input.value_or((bytes + 3) / 4 + 3);
    const int output = fault.tokens.value_or(16 + bytes % 17);
    const int cached = std::min(fault.cache_read.value_or(0), input);
    std::string out = "{";
    AppendNumber(out, "total_tokens", input + output);
    AppendNumber(out, "input_tokens", input);
    AppendNumber(out, "output_tokens", output);
    out += ",\"input_token_details\":{";
    AppendNumber(out, "text_tokens", input);
    AppendNumber(out, "audio_tokens", 0);
    AppendNumber(out, "cached_tokens", cached);
    out += "},\"output_token_details\":{";
    AppendNumber(out, "text_tokens", output);
    AppendNumber(out, "audio_tokens", 0);
    return out + "}}";
}

void Socket::Step(std::string& out) {
    const std::string event = std::move(events_.front());
    events_.pop_front();
    Send(out, kText, event);
}

// One message, in as many frames as the fault wants.
void Socket::Send(std::string& out, int opcode, std::string_view payload) {
    const std::size_t piece =
        plan_.fault.fragment > 0 ? plan_.fault.fragment : payload.size();
    std::size_t at = 0;
    do {
        const std::string_view part = payload.substr(at, piece);
        at += part.size();
        const bool last = at >= payload.size();
        SendFrame(out, (last ? kFinal : 0) | opcode, part);
        opcode = kContinue;
    } while (at < payload.size());
}

void Socket::SendFrame(std::string& out, unsigned char head,
                       std::string_view payload) {
    if (stalled_ || cut_) return;
    std::string frame(1, static_cast<char>(head));
    const std::uint64_t size = payload.size();
    const int more = size < 126 ? 0 : size < 65536 ? 2 : 8;
    frame += static_cast<char>(more == 0 ? size : more == 2 ? 126 : 127);
    for (int i = more - 1; i >= 0; --i) {
        frame += static_cast<char>(size >> (8 * i));
    }
    frame.append(payload);
    const Fault& fault = plan_.fault;
    const auto limit = fault.cut ? fault.cut : fault.stall;
    if (limit && bytes_ + frame.size() >= *limit) {
        frame.resize(*limit - bytes_);
        (fault.cut ? cut_ : stalled_) = true;
    }
    hash_.Add(frame);
    bytes_ += frame.size();
    out += frame;
}

void Socket::Close(std::string& out, int code) {
    const char payload[2] = {static_cast<char>(code >> 8),
                             static_cast<char>(code)};
    SendFrame(out, kFinal | kClose, {payload, 2});
    closed_ = true;
}

}  // namespace aiproxy::demo
