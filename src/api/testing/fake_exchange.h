#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "api/principal.h"
#include "base/clock.h"
#include "net/server/http_server.h"

namespace dth::api::testing {

// A WebSocket whose client follows a script: it sends texts, and waits in between. At the end it
// closes the socket.
class FakeWebSocket {
 public:
  using Step = std::variant<std::string, Duration>;
  FakeWebSocket(Clock& clock, std::vector<Step> script)
      : clock_(clock), script_(script.begin(), script.end()) {}

  std::vector<std::string> sent;      // to the client
  std::optional<unsigned> code = {};  // of the close frame to it
  std::string reason;
  bool takes_nothing = false;  // sends fail

  // What handlers hold.
  class Handle final : public net::WebSocket {
   public:
    explicit Handle(FakeWebSocket& fake) : fake_(fake) {}
    Async<Result<std::optional<std::string>>> receive() override { return fake_.receive(); }
    Async<Result<void>> send(std::string text) override {
      if (fake_.takes_nothing)
        co_return Error{ErrorCode::timeout, "the other side does not read", ""};
      fake_.sent.push_back(std::move(text));
      co_return Result<void>();
    }
    Async<void> close(std::uint16_t code, std::string reason) override {
      fake_.code = code;
      fake_.reason = std::move(reason);
      co_return;
    }
    std::string_view subprotocol() const override { return "graphql-transport-ws"; }

   private:
    FakeWebSocket& fake_;
  };

 private:
  Async<Result<std::optional<std::string>>> receive() {
    while (!script_.empty()) {
      const Step step = std::move(script_.front());
      script_.pop_front();
      if (const auto* text = std::get_if<std::string>(&step))
        co_return std::optional<std::string>(*text);
      auto slept = co_await clock_.sleep_for(std::get<Duration>(step));
      if (slept.has_error()) co_return slept.error();
    }
    co_return std::optional<std::string>();
  }

  Clock& clock_;
  std::deque<Step> script_;
};

// Somebody who may do everything.
inline std::shared_ptr<const Principal> administrator() {
  auto principal = std::make_shared<Principal>();
  principal->kind = PrincipalKind::token;
  principal->token_id = "token_test";
  principal->token_name = "test";
  principal->role = state::Role::admin;
  principal->scope = state::TokenScope::admin;
  return principal;
}

// One request, by an administrator where it does not say by whom, and what was done about it.
class FakeExchange final : public net::ServerExchange {
 public:
  explicit FakeExchange(net::ServerRequest request, FakeWebSocket* socket = nullptr)
      : request_(std::move(request)), socket_(socket) {
    if (!request_.context.has_value()) request_.context = administrator();
  }

  std::optional<net::ServerResponse> answered;  // or begun
  std::string stream;                           // what was written after it
  std::size_t stream_bytes_max = SIZE_MAX;      // then the other side is gone

  std::string header(std::string_view name) const {
    return answered ? std::string(answered->headers.find(name).value_or("")) : "";
  }

  const net::ServerRequest& request() const override { return request_; }
  Async<Result<void>> answer(net::ServerResponse answer) override {
    answered = std::move(answer);
    co_return Result<void>();
  }
  Async<Result<void>> begin_stream(net::ServerResponse answer) override {
    stream = answer.body;
    answered = std::move(answer);
    co_return Result<void>();
  }
  Async<std::unique_ptr<net::WebSocket>> accept_websocket(std::vector<std::string>,
                                                          std::size_t) override {
    co_return std::make_unique<FakeWebSocket::Handle>(*socket_);
  }
  bool wants_websocket() const override { return socket_ != nullptr; }
  Async<Result<void>> write(std::string bytes) override {
    if (stream.size() + bytes.size() > stream_bytes_max)
      co_return Error{ErrorCode::unavailable, "the other side is gone", ""};
    stream += bytes;
    co_return Result<void>();
  }
  bool is_stopping() const override { return false; }

 private:
  net::ServerRequest request_;
  FakeWebSocket* socket_;
};

}  // namespace dth::api::testing
