#pragma once

#include "base/async_scope.h"
#include "net/server/server_core.h"
#include "net/server/web_socket.h"

namespace dth::net {

// What an exchange uses of its connection, which outlives it.
struct ConnectionParts {
  ServerCore& core;
  AsyncScope& scope;  // joined before the stream goes
  Stream& stream;
  HeadBuffer& in;
};

// One request of a connection, and what is written in answer to it.
class ConnectionExchange final : public ServerExchange {
 public:
  // `keep_alive`: the connection is to serve another request after this one.
  ConnectionExchange(ConnectionParts parts, ServerRequest request, bool http_1_0, bool keep_alive);

  const ServerRequest& request() const override { return request_; }
  Async<Result<void>> answer(ServerResponse answer) override;
  Async<Result<void>> begin_stream(ServerResponse answer) override;
  Async<std::unique_ptr<WebSocket>> accept_websocket(std::vector<std::string> subprotocols,
                                                     std::size_t message_bytes_max) override;
  bool wants_websocket() const override;
  Async<Result<void>> write(std::string bytes) override;
  bool is_stopping() const override { return parts_.core.stopping; }

  // An answer of the server's own: its status, and a line that says why.
  Async<void> refuse(unsigned status, std::string_view why);
  Async<void> refuse(unsigned status, std::string_view why, HttpHeaders headers);

  // After the handler: ends what it began; answers 500 where it began nothing. `failure` is what it
  // threw.
  Async<void> finish(std::optional<std::string> failure);

  // A stream or a WebSocket lasts until somebody ends it.
  bool is_open_ended() const { return state_ == State::streaming || state_ == State::websocket; }
  // Does something read from the connection, and so notice its end?
  bool reads() const { return websocket_ != nullptr; }
  // After finish(): may another request follow on the connection?
  bool keep_alive() const { return keep_alive_; }
  unsigned status() const { return status_; }
  std::uint64_t body_bytes() const { return websocket_ ? websocket_->sent_bytes() : body_bytes_; }

 private:
  enum class State { open, answered, streaming, websocket, broken };
  // The head, with what follows it; where the head cannot be written as it is, 500 in its place
  // (State::answered then).
  Async<Result<void>> send(ServerResponse answer, AnswerFraming framing, std::string_view body);
  Async<Result<void>> put(Bytes first, Bytes second);
  Async<Result<void>> stop_instead();
  Result<void> begin(std::string_view what);
  AnswerFraming framing() const;
  bool is_head() const { return request_.method == "HEAD"; }
  void tell_problem(std::string_view what) const;

  ConnectionParts parts_;
  ServerRequest request_;
  bool http_1_0_;
  bool keep_alive_;
  State state_ = State::open;
  bool chunked_ = false;
  unsigned status_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::shared_ptr<WebSocketCore> websocket_;
};

}  // namespace dth::net
