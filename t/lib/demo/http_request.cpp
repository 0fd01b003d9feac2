// SPDX-License-Identifier: MIT

#include "t/lib/demo/http_request.h"

#include <algorithm>
#include <charconv>

namespace aiproxy::demo {

namespace {

char Lower(char c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

std::string_view Trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

bool ParseNumber(std::string_view text, int base, std::uint64_t& value) {
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool SameName(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(),
                      [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string PercentDecode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::uint64_t code = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            ParseNumber(text.substr(i + 1, 2), 16, code)) {
            out += static_cast<char>(code);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string_view HttpRequest::Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (SameName(key, name)) return value;
    }
    return {};
}

bool HttpRequest::HasHeader(std::string_view name) const {
    for (const auto& header : headers) {
        if (SameName(header.first, name)) return true;
    }
    return false;
}

std::string HttpRequest::QueryValue(std::string_view name) const {
    std::string_view rest = query;
    while (!rest.empty()) {
        std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) != name) continue;
        if (equals == pair.npos) return {};
        return PercentDecode(pair.substr(equals + 1));
    }
    return {};
}

void RequestReader::Reset(HttpRequest* request) {
    *this = RequestReader();
    request_ = request;
}

RequestReader::State RequestReader::Bad(int status) {
    bad_status_ = status;
    return state_ = State::kBad;
}

RequestReader::State RequestReader::Read(std::string& in) {
    if (state_ == State::kHead && ReadHead(in) != State::kBody) return state_;
    if (state_ != State::kBody) return state_;
    return chunked_ ? ReadChunks(in) : ReadLength(in);
}

RequestReader::State RequestReader::ReadHead(std::string& in) {
    // A robust server skips empty lines before a request (RFC 9112, 2.2).
    std::size_t start = in.find_first_not_of("\r\n");
    if (start == in.npos) {
        in.clear();
        return state_;
    }
    std::size_t end = in.find("\r\n\r\n", start);
    if (end == in.npos) return in.size() > kMaxHead ? Bad(431) : state_;
    request_->head.assign(in, start, end + 4 - start);
    in.erase(0, end + 4);
    if (!ParseHead()) return state_ == State::kBad ? state_ : Bad(400);
    return state_ = State::kBody;
}

bool RequestReader::ParseHead() {
    HttpRequest& r = *request_;
    std::string_view rest = r.head;
    std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);

    std::size_t first = line.find(' ');
    std::size_t last = line.rfind(' ');
    if (first == line.npos || first == last) return false;
    r.method = line.substr(0, first);
    r.target = line.substr(first + 1, last - first - 1);
    std::string_view version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
    r.http_1_0 = version == "HTTP/1.0";
    r.keep_alive = !r.http_1_0;
    r.path = r.target.substr(0, r.target.find('?'));
    if (r.path.size() < r.target.size()) {
        r.query = r.target.substr(r.path.size() + 1);
    }

    while (true) {
        line = rest.substr(0, rest.find("\r\n"));
        if (line.empty()) break;
        rest.remove_prefix(line.size() + 2);
        std::size_t colon = line.find(':');
        if (colon == line.npos || colon == 0) return false;
        std::string_view name = line.substr(0, colon);
        std::string_view value = Trim(line.substr(colon + 1));
        r.headers.emplace_back(name, value);
        if (SameName(name, "content-length")) {
            if (!ParseNumber(value, 10, left_)) return false;
            if (left_ > kMaxBody) return Bad(413), false;
        } else if (SameName(name, "transfer-encoding")) {
            if (!SameName(value, "chunked")) return false;
            chunked_ = true;
        } else if (SameName(name, "connection")) {
            if (SameName(value, "close")) r.keep_alive = false;
            if (SameName(value, "keep-alive")) r.keep_alive = true;
        } else if (SameName(name, "expect")) {
            r.expects_continue = SameName(value, "100-continue");
        }
    }
    if (chunked_) left_ = 0;
    return true;
}

RequestReader::State RequestReader::ReadLength(std::string& in) {
    std::size_t take = std::min<std::uint64_t>(left_, in.size());
    if (request_->body.empty() && take == in.size() && take == left_) {
        request_->body.swap(in);
        in.clear();
    } else {
        request_->body.append(in, 0, take);
        in.erase(0, take);
    }
    left_ -= take;
    return left_ == 0 ? state_ = State::kDone : state_;
}

RequestReader::State RequestReader::ReadChunks(std::string& in) {
    std::size_t at = 0;
    while (state_ == State::kBody) {
        if (in_chunk_) {
            std::size_t take = std::min<std::uint64_t>(left_, in.size() - at);
            request_->body.append(in, at, take);
            at += take;
            left_ -= take;
            if (left_ > 0 || in.size() - at < 2) break;
            if (in.compare(at, 2, "\r\n") != 0) return Bad(400);
            at += 2;
            in_chunk_ = false;
        }
        std::size_t end = in.find("\r\n", at);
        if (end == in.npos) {
            if (in.size() - at > 4096) return Bad(400);
            break;
        }
        std::string_view line = std::string_view(in).substr(at, end - at);
        at = end + 2;
        if (in_trailer_) {
            if (line.empty()) state_ = State::kDone;
            continue;
        }
        line = Trim(line.substr(0, line.find(';')));
        if (!ParseNumber(line, 16, left_)) return Bad(400);
        if (request_->body.size() + left_ > kMaxBody) return Bad(413);
        in_chunk_ = left_ > 0;
        in_trailer_ = left_ == 0;
    }
    in.erase(0, at);
    return state_;
}

}  // namespace aiproxy::demo
