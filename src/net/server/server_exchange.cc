#include "net/server/server_exchange.h"

#include <charconv>

#include "net/server/web_socket_handshake.h"

namespace dth::net {
namespace asio = boost::asio;
namespace {

// What a handler holds; the connection has the rest.
class WebSocketHandle final : public WebSocket {
 public:
  WebSocketHandle(std::shared_ptr<WebSocketCore> core, std::string subprotocol)
      : core_(std::move(core)), subprotocol_(std::move(subprotocol)) {}
  Async<Result<std::optional<std::string>>> receive() override { return core_->receive(); }
  Async<Result<void>> send(std::string text) override { return core_->send(std::move(text)); }
  Async<void> close(std::uint16_t code, std::string reason) override {
    return core_->close(code, std::move(reason));
  }
  std::string_view subprotocol() const override { return subprotocol_; }

 private:
  std::shared_ptr<WebSocketCore> core_;
  std::string subprotocol_;
};

// RFC 9110, 6.4.1 and 8.6.
bool has_no_body(unsigned status) { return status == 204 || status == 304; }

std::string chunk_head(std::size_t size) {
  char digits[16];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, size, 16).ptr)
      .append("\r\n");
}

ServerResponse plain_answer(unsigned status, std::string_view why, HttpHeaders headers) {
  ServerResponse answer{status, std::move(headers)};
  answer.headers.add("Content-Type", "text/plain; charset=utf-8");
  answer.headers.add("Cache-Control", "no-store");
  answer.body = std::to_string(status).append(" ").append(status_text(status));
  if (!why.empty()) answer.body.append(": ").append(why);
  answer.body.append("\n");
  return answer;
}

}  // namespace

ConnectionExchange::ConnectionExchange(ConnectionParts parts, ServerRequest request, bool http_1_0,
                                       bool keep_alive)
    : parts_(parts), request_(std::move(request)), http_1_0_(http_1_0), keep_alive_(keep_alive) {}

bool ConnectionExchange::wants_websocket() const { return net::wants_websocket(request_); }

void ConnectionExchange::tell_problem(std::string_view what) const {
  parts_.core.tell_problem("the answer to " + request_.method + " " + request_.path + " (request " +
                           request_.id + "): " + std::string(what));
}

Result<void> ConnectionExchange::begin(std::string_view what) {
  if (state_ == State::open) return {};
  if (state_ != State::broken) tell_problem(std::string(what) + " after another answer was begun");
  return Error{ErrorCode::internal, "the request was answered already", ""};
}

AnswerFraming ConnectionExchange::framing() const {
  AnswerFraming framing;
  framing.close = !keep_alive_;
  framing.keep_alive_1_0 = http_1_0_;
  return framing;
}

Async<Result<void>> ConnectionExchange::put(Bytes first, Bytes second) {
  auto written =
      co_await write_all(parts_.stream, first, second, parts_.core.options.limits.write_timeout);
  if (written.has_error()) {
    state_ = State::broken;
    keep_alive_ = false;
    parts_.stream.cut();
  }
  co_return written;
}

Async<Result<void>> ConnectionExchange::send(ServerResponse answer, AnswerFraming framing,
                                             std::string_view body) {
  if (parts_.core.stopping && !framing.upgrade) {
    keep_alive_ = false;
    framing.close = true;
  }
  std::string head;
  const auto now = parts_.core.clock.now();
  auto written =
      parts_.core.heads.write(answer.status, answer.headers, framing, request_.id, now, &head);
  const bool is_status = (answer.status >= 200 && answer.status <= 599) || framing.upgrade;
  if (written.has_error() || !is_status) {
    tell_problem(written.has_error() ? written.error().message
                                     : "no status that an answer may have");
    answer = plain_answer(500, "", {});
    state_ = State::answered;
    framing = this->framing();
    framing.length = answer.body.size();
    body = is_head() ? std::string_view() : answer.body;
    static_cast<void>(
        parts_.core.heads.write(500, answer.headers, framing, request_.id, now, &head));
  }
  status_ = answer.status;
  body_bytes_ += body.size();
  co_return co_await put(as_bytes(head), as_bytes(body));
}

Async<Result<void>> ConnectionExchange::answer(ServerResponse answer) {
  auto begun = begin("an answer");
  if (begun.has_error()) co_return begun;
  state_ = State::answered;
  std::string own_body = std::move(answer.body);
  std::string_view body =
      answer.shared_body.data() != nullptr ? answer.shared_body : std::string_view(own_body);
  const std::shared_ptr<const void> owner = answer.shared_owner;
  AnswerFraming framing = this->framing();
  if (has_no_body(answer.status)) {
    body = {};
  } else {
    framing.length = body.size();
  }
  if (is_head()) body = {};
  co_return co_await send(std::move(answer), framing, body);
}

Async<void> ConnectionExchange::refuse(unsigned status, std::string_view why) {
  HttpHeaders none;
  co_await refuse(status, why, std::move(none));
}

Async<void> ConnectionExchange::refuse(unsigned status, std::string_view why, HttpHeaders headers) {
  ServerResponse answer = plain_answer(status, why, std::move(headers));
  static_cast<void>(co_await this->answer(std::move(answer)));
}

Async<Result<void>> ConnectionExchange::stop_instead() {
  co_await refuse(503, "the server stops");
  co_return cancelled_error();
}

Async<Result<void>> ConnectionExchange::begin_stream(ServerResponse answer) {
  auto begun = begin("a stream");
  if (begun.has_error()) co_return begun;
  if (parts_.core.stopping) co_return co_await stop_instead();
  state_ = State::streaming;
  chunked_ = !http_1_0_ && !is_head() && !has_no_body(answer.status);
  if (http_1_0_) keep_alive_ = false;
  AnswerFraming framing = this->framing();
  framing.chunked = !http_1_0_ && !has_no_body(answer.status);
  const std::string beginning = std::move(answer.body);
  auto sent = co_await send(std::move(answer), framing, {});
  if (sent.has_error() || beginning.empty()) co_return sent;
  co_return co_await write(beginning);
}

Async<Result<void>> ConnectionExchange::write(std::string bytes) {
  if (state_ != State::streaming)
    co_return Error{ErrorCode::unavailable, "the stream has ended", ""};
  if (bytes.empty() || is_head() || has_no_body(status_)) co_return Result<void>();
  body_bytes_ += bytes.size();
  if (!chunked_) co_return co_await put(as_bytes(bytes), {});
  const std::string head = chunk_head(bytes.size());
  bytes.append("\r\n");
  co_return co_await put(as_bytes(head), as_bytes(bytes));
}

Async<std::unique_ptr<WebSocket>> ConnectionExchange::accept_websocket(
    std::vector<std::string> subprotocols, std::size_t message_bytes_max) {
  if (begin("a WebSocket").has_error()) co_return nullptr;
  if (parts_.core.stopping) {
    static_cast<void>(co_await stop_instead());
    co_return nullptr;
  }
  WebSocketHandshake handshake = answer_websocket(request_, http_1_0_, subprotocols);
  if (handshake.status != 101) {
    co_await refuse(handshake.status, handshake.why, std::move(handshake.headers));
    co_return nullptr;
  }
  state_ = State::websocket;
  keep_alive_ = false;
  ServerResponse answer{101, std::move(handshake.headers)};
  AnswerFraming framing;
  framing.upgrade = true;
  auto sent = co_await send(std::move(answer), framing, {});
  if (sent.has_error() || state_ != State::websocket) co_return nullptr;
  const ServerLimits& limits = parts_.core.options.limits;
  const WebSocketCore::Limits bounds{message_bytes_max, limits.body_timeout, limits.ping_interval,
                                     limits.write_timeout};
  websocket_ = std::make_shared<WebSocketCore>(parts_.core.executor, parts_.stream, parts_.in,
                                               bounds, request_.memory.reservation());
  parts_.scope.spawn(WebSocketCore::pump(websocket_));
  co_return std::make_unique<WebSocketHandle>(websocket_, std::move(handshake.subprotocol));
}

Async<void> ConnectionExchange::finish(std::optional<std::string> failure) {
  if (failure) tell_problem("the handler threw: " + *failure);
  // What ends the answer is sent also where the handler was cancelled; it is bounded in time.
  parts_.stream.ignore_cancellation();
  if (state_ == State::open) {
    if (!failure) tell_problem("the handler gave none");
    co_await refuse(500, "");
  } else if (websocket_) {
    const std::uint16_t code = parts_.core.stopping ? close_code::going_away
                               : failure            ? close_code::internal_error
                                                    : close_code::normal;
    co_await websocket_->close(code, "");
  } else if (state_ == State::streaming) {
    if (failure) {
      // Without its end, so that nobody takes it for whole.
      state_ = State::broken;
      keep_alive_ = false;
      parts_.stream.cut();
    } else {
      state_ = State::answered;
      if (chunked_) static_cast<void>(co_await put(as_bytes("0\r\n\r\n"), {}));
    }
  }
}

}  // namespace dth::net
