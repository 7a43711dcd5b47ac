// One WebSocket: what WebSocketProtocol says is done here.
#include "api/graphql_service.h"
#include "api/websocket_protocol.h"
#include "base/async_scope.h"
#include "base/async_semaphore.h"

namespace dth::api {

using graphql::ast::OperationKind;

namespace {

using Protocol = WebSocketProtocol;
using namespace std::chrono_literals;

// Operations send by themselves, one message after another: one that is not read by the other side
// holds up those that have something to send, and with them what they would resolve next. So
// nothing is queued but one message for each.
class Session {
  static constexpr std::size_t large_message_bytes = 4'096;

 public:
  Session(GraphqlService& service, net::WebSocket& socket, Caller caller, Executor executor)
      : service_(service),
        caller_(std::move(caller)),
        socket_(socket),
        executor_(executor),
        protocol_(service.limits().operations_max),
        turn_(executor, 1),
        reader_(executor),
        work_(executor) {}

  Async<void> run() {
    reader_.spawn(receive_all());
    work_.spawn(await_initialisation());
    work_.spawn(await_end_of_session());
    co_await reader_.join();
    const bool stops = is_cancelled(co_await boost::asio::this_coro::cancellation_state);
    has_ended_ = true;
    co_await work_.stop();
    if (!close_ && stops)
      close_ = Protocol::Close{Protocol::going_away, "The hub stops: connect again in a moment."};
    if (close_) co_await socket_.close(close_->code, close_->reason);
  }

 private:
  // Memory that cannot be had ends the socket, and nothing else.
  Async<void> receive_all() {
    try {
      co_await receive_messages();
    } catch (const std::bad_alloc&) {
      close_ = no_memory();
    }
  }

  static Protocol::Close no_memory() {
    return {Protocol::try_again_later, "The hub has no memory left: try again."};
  }

  Async<void> receive_messages() {
    while (!close_ && !is_gone_) {
      auto message = co_await socket_.receive();
      if (message.has_error() || !*message) break;
      ByteReservation memory;
      const bool is_large = (*message)->size() > large_message_bytes;
      Protocol::Action action = understand(**message, &memory);
      message->reset();
      co_await act(std::move(action), std::move(memory));
      if (is_large && !co_await service_.admission().wait_for_cost(caller_.client)) break;
    }
  }

  // Small messages of a client that is behind with its cost are read as well: one may be
  // `complete`. After a large one nothing is read until it is paid.
  Protocol::Action understand(const std::string& text, ByteReservation* memory) {
    service_.admission().charge(caller_.client, 1 + text.size() / text_bytes_per_cost);
    *memory = caller_.memory.reservation();
    if (!memory->grow_to(tree_bytes_per_text_byte * text.size())) return no_memory();
    return protocol_.on_message(text);
  }

  Async<void> act(Protocol::Action action, ByteReservation memory) {
    if (auto* send = std::get_if<Protocol::Send>(&action)) {
      co_await this->send(std::move(send->text));
    } else if (auto* begin = std::get_if<Protocol::Begin>(&action)) {
      if (at_work_ >= service_.limits().operations_max) {
        std::vector<graphql::GraphqlError> errors{
            {"Operations that were stopped are still at work: wait for them to end.",
             {},
             {},
             ErrorCode::throttled}};
        auto refused = protocol_.error(begin->operation, errors);
        co_await send_if(std::move(refused));
        co_return;
      }
      ++at_work_;
      work_.spawn(run_operation(begin->operation, std::move(begin->request), std::move(memory)));
    } else if (const auto* stop = std::get_if<Protocol::Stop>(&action)) {
      if (const auto found = scopes_.find(stop->operation); found != scopes_.end())
        found->second->request_stop();
    } else if (auto* close = std::get_if<Protocol::Close>(&action)) {
      close_ = std::move(*close);
    }
  }

  Async<void> await_initialisation() {
    auto slept = co_await service_.clock().sleep_for(service_.limits().initialisation_timeout);
    if (slept.has_error()) co_return;
    auto action = protocol_.on_initialisation_timeout();
    if (auto* close = std::get_if<Protocol::Close>(&action)) {
      close_ = std::move(*close);
      reader_.request_stop();
    }
  }

  // Until then its operations may be told something, each after a look (GraphqlService::next()).
  Async<void> await_end_of_session() {
    try {
      co_await watch_session();
    } catch (const std::bad_alloc&) {
      close_ = no_memory();
      reader_.request_stop();
    }
  }

  Async<void> watch_session() {
    while (!caller_.has_ended()) {
      auto slept = co_await service_.clock().sleep_for(service_.limits().session_looks_interval);
      // It may have been cancelled between two sleeps, which neither of them tells.
      if (slept.has_error() || is_cancelled(co_await boost::asio::this_coro::cancellation_state))
        co_return;
    }
    close_ = Protocol::Close{Protocol::forbidden,
                             "The session has ended, or the token was revoked: sign in again."};
    reader_.request_stop();
  }

  // False where the other side is gone.
  Async<bool> send(std::string text) {
    auto turn = co_await turn_.acquire(1);
    if (turn.has_error()) co_return false;
    bool is_sent = false;
    if (!is_gone_ && !has_ended_) {
      auto sent = co_await socket_.send(std::move(text));
      is_sent = sent.has_value();
    }
    turn_.release(1);
    if (!is_sent) {
      is_gone_ = true;
      reader_.request_stop();
    }
    co_return is_sent;
  }

  // In a scope of its own, so that it can be stopped by itself. `memory` is what its request takes.
  Async<void> run_operation(Protocol::Operation operation, graphql::Request request,
                            ByteReservation memory) {
    if (protocol_.is_active(operation)) {  // else it was completed before it began
      AsyncScope scope(executor_);
      scopes_.emplace(operation, &scope);
      scope.spawn(respond_or_end(operation, std::move(request)));
      co_await scope.join();
      scopes_.erase(operation);
    }
    memory.release();
    --at_work_;
  }

  Async<void> respond_or_end(Protocol::Operation operation, graphql::Request request) {
    try {
      co_await respond(operation, std::move(request));
    } catch (const std::bad_alloc&) {
      close_ = no_memory();
      reader_.request_stop();
    }
  }

  Async<bool> refuse(Protocol::Operation operation, Error error) {
    std::vector<graphql::GraphqlError> errors{{error.message, {}, {}, error.code}};
    auto refused = protocol_.error(operation, errors);
    co_return co_await send_if(std::move(refused));
  }

  Async<void> respond(Protocol::Operation operation, graphql::Request request) {
    auto begun = co_await service_.begin(caller_, &request);
    if (begun.has_error()) {
      co_await refuse(operation, begun.error());
      co_return;
    }
    GraphqlService::Operation& admitted = **begun;
    if (admitted.kind == OperationKind::mutation) {
      Error by_post{ErrorCode::invalid_argument, std::string(mutation_by_post_only), ""};
      co_await refuse(operation, std::move(by_post));
      co_return;
    }
    if (admitted.kind == OperationKind::subscription) {
      const bool goes_on = co_await respond_to_events(operation, std::move(request), &admitted);
      if (!goes_on) co_return;
    } else {
      auto response = co_await service_.execute(std::move(request), admitted);
      admitted.place.release();
      if (!response.data) {
        auto refused = protocol_.error(operation, response.errors);
        co_await send_if(std::move(refused));
        co_return;
      }
      const bool goes_on = co_await send_next(operation, &admitted, &response);
      if (!goes_on) co_return;
    }
    auto end = protocol_.complete(operation);
    co_await send_if(std::move(end));
  }

  // False where nothing more is to be said.
  Async<bool> respond_to_events(Protocol::Operation operation, graphql::Request request,
                                GraphqlService::Operation* admitted) {
    auto place = service_.admission().begin_subscription(caller_.client);
    if (place.has_error()) {
      co_await refuse(operation, place.error());
      co_return false;
    }
    auto subscription = co_await service_.subscribe(std::move(request), *admitted);
    admitted->place.release();
    if (!subscription.stream) {
      auto refused = protocol_.error(operation, subscription.refusal.errors);
      co_await send_if(std::move(refused));
      co_return false;
    }
    for (;;) {
      auto response = co_await service_.next(caller_, *admitted, subscription.stream.get());
      if (!response) co_return true;
      const bool goes_on = co_await send_next(operation, admitted, &*response);
      if (!goes_on) co_return false;
    }
  }

  Async<bool> send_next(Protocol::Operation operation, GraphqlService::Operation* admitted,
                        graphql::Response* response) {
    const std::string text = co_await service_.write(caller_, admitted, response);
    if (text.empty()) co_return false;  // it was cancelled
    auto message = protocol_.next(operation, text);
    co_return co_await send_if(std::move(message));
  }

  // False where there is nothing to be said any more.
  Async<bool> send_if(std::optional<std::string> text) {
    if (!text) co_return false;
    co_return co_await send(std::move(*text));
  }

  GraphqlService& service_;
  Caller caller_;
  net::WebSocket& socket_;
  Executor executor_;
  Protocol protocol_;
  AsyncSemaphore turn_;  // to send
  AsyncScope reader_;
  AsyncScope work_;
  std::map<Protocol::Operation, AsyncScope*> scopes_;
  std::size_t at_work_ = 0;  // operations, with those that were stopped and have not ended
  std::optional<Protocol::Close> close_;
  bool is_gone_ = false;    // the other side takes nothing any more
  bool has_ended_ = false;  // nothing is read any more: what operations still say is not sent
};

}  // namespace

Async<void> serve_websocket(GraphqlService* service, net::ServerExchange& exchange) {
  std::vector<std::string> subprotocols = {std::string(Protocol::name)};
  auto socket = co_await exchange.accept_websocket(std::move(subprotocols),
                                                   service->limits().message_bytes_max);
  if (!socket) co_return;
  const GraphqlService::OpenWebSocket counted(*service);
  const Executor executor = co_await boost::asio::this_coro::executor;
  Session session(*service, *socket, caller_of(exchange.request()), executor);
  co_await session.run();
}

}  // namespace dth::api
