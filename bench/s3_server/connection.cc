#include "connection.h"

#include <algorithm>
#include <ctime>

namespace dth::bench {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 416:
      return "Range Not Satisfiable";
    case 501:
      return "Not Implemented";
    case 503:
      return "Slow Down";
    default:
      return "Internal Server Error";
  }
}

// "Date: ...\r\n", made once a second and thread.
const std::string& date_header() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    char formatted[64];
    text.assign(formatted, std::strftime(formatted, sizeof formatted,
                                         "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts));
    made = now;
  }
  return text;
}

}  // namespace

Connection::Connection(int descriptor, ssl_ctx_st* tls, Service& service,
                       std::vector<char>& scratch)
    : service_(service), scratch_(scratch), socket_(descriptor, tls) {}

Connection::Next Connection::run() {
  turn_bytes_ = 0;
  for (;;) {
    if (state_ == State::delay) {
      if (std::chrono::steady_clock::now() < wake_time_)
        return std::exchange(asleep_, true) ? Next::wait : Next::sleep;
      asleep_ = false;
      state_ = State::answer;
    }
    const State before = state_;
    Next next = Next::wait;
    if (state_ == State::head) next = read_head();
    if (state_ == State::body && state_ == before) next = read_body();
    if (state_ == State::answer && state_ == before) next = write_answer();
    if (next == Next::close) return next;
    if (state_ != before) continue;
    if (next == Next::wait || next == Next::again) return next;
  }
}

Connection::Next Connection::read_head() {
  for (;;) {
    const std::size_t end = in_.find("\r\n\r\n", used_);
    if (end != std::string::npos) {
      const std::string_view head(in_.data() + used_, end - used_);
      used_ = end + 4;
      return begin(head) ? Next::again : Next::close;
    }
    in_.erase(0, used_);
    used_ = 0;
    if (in_.size() > head_bytes_max) return Next::close;
    const ssize_t count = socket_.read(scratch_.data(), head_bytes_max);
    if (count == Socket::would_block) return Next::wait;
    if (count <= 0) return Next::close;
    in_.append(scratch_.data(), static_cast<std::size_t>(count));
  }
}

bool Connection::begin(std::string_view head) {
  auto request = parse_request(head);
  if (!request) return false;
  request_ = std::move(*request);
  if (own_resource(request_)) return true;
  admission_ = service_.admit(request_);
  payload_.emplace(request_, service_.options(), admission_.is_object, admission_.signer);
  if (request_.header("transfer-encoding")) {
    close_after_ = true;  // its end is not looked for
    answer(Service::refuse(request_, {411, "MissingContentLength",
                                      "You must provide the Content-Length HTTP header."}));
    return true;
  }
  const std::string* connection = request_.header("connection");
  close_after_ = connection != nullptr && *connection == "close";
  if (const std::string* expect = request_.header("expect"); expect && *expect == "100-continue") {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const iovec piece{const_cast<char*>(go_on.data()), go_on.size()};
    if (socket_.write(&piece, 1) != static_cast<ssize_t>(go_on.size())) return false;
  }
  state_ = State::body;
  return true;
}

Connection::Next Connection::read_body() {
  while (payload_->wire_remaining() > 0) {
    if (used_ < in_.size()) {
      const auto length = static_cast<std::size_t>(
          std::min<std::uint64_t>(in_.size() - used_, payload_->wire_remaining()));
      payload_->take({in_.data() + used_, length});
      used_ += length;
      continue;
    }
    if (turn_bytes_ > turn_bytes_max) return Next::again;
    std::span<char> space = payload_->space();
    if (space.empty()) space = scratch_;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(
        {space.size(), payload_->wire_remaining(), std::uint64_t{scratch_.size()}}));
    const ssize_t count = socket_.read(space.data(), length);
    if (count == Socket::would_block) return Next::wait;
    if (count <= 0) return Next::close;
    payload_->take({space.data(), static_cast<std::size_t>(count)});
    turn_bytes_ += static_cast<std::size_t>(count);
  }
  body_done();
  return Next::again;
}

void Connection::body_done() {
  auto error = payload_->finish();
  service_.counters().add_body_bytes_in(payload_->size());
  if (admission_.error) error = admission_.error;
  Response response =
      error ? Service::refuse(request_, *error) : service_.handle(request_, admission_, *payload_);
  payload_.reset();
  if (response.status >= 400) service_.counters().add_error(response.status);
  answer(std::move(response));
}

bool Connection::own_resource(const Request& request) {
  if (request.bucket != "_bench") return false;
  Response response;
  response.no_delay = true;
  if (request.method == "GET" && request.key == "counts") {
    response.text = service_.counters().json();
  } else if (request.method == "POST" && request.key == "reset") {
    service_.counters().reset();
  } else {
    response.status = 404;
  }
  answer(std::move(response));
  return true;
}

void Connection::answer(Response response) {
  response_ = std::move(response);
  if (!response_.object) response_.length = response_.text.size();
  out_.clear();
  out_.append("HTTP/1.1 ")
      .append(std::to_string(response_.status))
      .append(" ")
      .append(reason(response_.status));
  out_.append("\r\nx-amz-request-id: BENCH\r\n").append(date_header()).append(response_.headers);
  if (close_after_) out_.append("Connection: close\r\n");
  if (response_.status != 204 && response_.status != 304) {
    out_.append("Content-Length: ").append(std::to_string(response_.length)).append("\r\n");
  }
  out_.append("\r\n");
  if (!response_.object && !response_.no_body) out_.append(response_.text);
  if (response_.no_body || !response_.object) response_.length = 0;
  sent_ = 0;
  content_sent_ = 0;
  state_ = State::answer;
  if (service_.options().delay_ms > 0 && !response_.no_delay) {
    wake_time_ =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(service_.options().delay_ms);
    state_ = State::delay;
  }
}

Connection::Next Connection::write_answer() {
  while (sent_ < out_.size() || content_sent_ < response_.length) {
    if (turn_bytes_ > turn_bytes_max) return Next::again;
    iovec pieces[2] = {{out_.data() + sent_, out_.size() - sent_}, {nullptr, 0}};
    if (content_sent_ < response_.length) {
      const std::string_view bytes = response_.object->at(response_.offset + content_sent_);
      pieces[1].iov_base = const_cast<char*>(bytes.data());
      pieces[1].iov_len = static_cast<std::size_t>(std::min<std::uint64_t>(
          {bytes.size(), response_.length - content_sent_, std::uint64_t{1} << 20}));
    }
    const ssize_t count = socket_.write(pieces, 2);
    if (count == Socket::would_block) return Next::wait;
    if (count <= 0) return Next::close;
    const std::size_t of_head = std::min(static_cast<std::size_t>(count), out_.size() - sent_);
    sent_ += of_head;
    content_sent_ += static_cast<std::size_t>(count) - of_head;
    turn_bytes_ += static_cast<std::size_t>(count);
  }
  service_.counters().add_body_bytes_out(response_.length);
  response_ = Response();
  if (close_after_) return Next::close;
  state_ = State::head;
  return Next::again;
}

}  // namespace dth::bench
