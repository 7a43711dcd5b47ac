// GraphQL over server-sent events, each operation a connection of its own.
// https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
#include <array>
#include <new>
#include <optional>

#include "api/graphql_service.h"
#include "base/async_scope.h"
#include "base/async_semaphore.h"

namespace dth::api {

using graphql::ast::OperationKind;

namespace {

constexpr std::array<std::string_view, 1> event_stream_type = {"text/event-stream"};
constexpr const char* comment = ":\n\n";

// Writes events of one stream, and comments in between.
class EventWriter {
 public:
  EventWriter(GraphqlService& service, net::ServerExchange& exchange, Executor executor)
      : service_(service), exchange_(exchange), turn_(executor, 1) {}

  // False where the other side is gone.
  Async<bool> write(std::string text) {
    auto turn = co_await turn_.acquire(1);
    if (turn.has_error() || is_gone_) co_return false;
    auto written = co_await exchange_.write(std::move(text));
    turn_.release(1);
    if (written.has_error()) is_gone_ = true;
    co_return !is_gone_;
  }

  Async<bool> write_next(Caller caller, GraphqlService::Operation* operation,
                         graphql::Response* response) {
    std::string text = co_await service_.write(std::move(caller), operation, response);
    if (text.empty()) co_return false;  // it was cancelled
    text.insert(0, "event: next\ndata: ");
    text.append("\n\n");
    co_return co_await write(std::move(text));
  }

  Async<void> keep_alive() {
    for (;;) {
      auto slept = co_await service_.clock().sleep_for(service_.limits().keep_alive_interval);
      if (slept.has_error()) co_return;
      std::string text = comment;
      const bool written = co_await write(std::move(text));
      if (!written) co_return;
    }
  }

 private:
  GraphqlService& service_;
  net::ServerExchange& exchange_;
  AsyncSemaphore turn_;
  bool is_gone_ = false;
};

// An operation that was let in, and its request.
struct Begun {
  Caller caller;
  graphql::Request request;
  std::unique_ptr<GraphqlService::Operation> operation;
};

// False where the other side is gone.
Async<bool> write_responses(GraphqlService* service, Begun* begun, EventWriter* writer) {
  GraphqlService::Operation* operation = begun->operation.get();
  if (operation->kind != OperationKind::subscription) {
    auto response = co_await service->execute(std::move(begun->request), *operation);
    operation->place.release();
    co_return co_await writer->write_next(begun->caller, operation, &response);
  }
  auto place = service->admission().begin_subscription(begun->caller.client);
  if (place.has_error()) {
    graphql::Response refused;
    refused.errors.push_back({place.error().message, {}, {}, place.error().code});
    co_return co_await writer->write_next(begun->caller, operation, &refused);
  }
  auto subscription = co_await service->subscribe(std::move(begun->request), *operation);
  operation->place.release();
  if (!subscription.stream) {
    co_return co_await writer->write_next(begun->caller, operation, &subscription.refusal);
  }
  for (;;) {
    auto response = co_await service->next(begun->caller, *operation, subscription.stream.get());
    // The hub stops, or the client is gone: without an end, so that the client comes again.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return false;
    if (!response) co_return true;
    const bool written = co_await writer->write_next(begun->caller, operation, &*response);
    if (!written) co_return false;
  }
}

// Cancels the responses once the session or token that they are for has ended.
Async<void> end_with_session(GraphqlService* service, Begun* begun, AsyncScope* responses) {
  while (!begun->caller.has_ended()) {
    auto slept = co_await service->clock().sleep_for(service->limits().session_looks_interval);
    if (slept.has_error() || is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return;
  }
  responses->request_stop();
}

Async<void> respond(GraphqlService* service, Begun* begun, EventWriter* writer, bool* is_there) {
  try {
    *is_there = co_await write_responses(service, begun, writer);
  } catch (const std::bad_alloc&) {
    // The stream ends without an end, so that the client comes again.
  }
}

// The operation; or the answer that refuses it, given.
Async<std::optional<Begun>> begin(GraphqlService* service, net::ServerExchange* exchange) {
  const net::ServerRequest& request = exchange->request();
  const Caller caller = caller_of(request);
  std::optional<net::ServerResponse> refused;
  auto admitted = service->admit_text(caller, request.body.size() + request.query.size());
  if (admitted.has_error()) {
    refused = refusal(*service, caller, admitted.error());
  } else if (auto received = receive(request, event_stream_type); received.has_error()) {
    refused = received.error();
  } else {
    auto operation = co_await service->begin(caller, &received->request);
    if (operation.has_error()) {
      refused = refusal(*service, caller, operation.error());
    } else if ((*operation)->kind == OperationKind::mutation) {
      refused = refusal(405, {ErrorCode::invalid_argument, std::string(mutation_by_post_only), ""});
    } else {
      std::optional<Begun> begun;
      begun.emplace(Begun{caller, std::move(received->request), std::move(*operation)});
      co_return begun;
    }
  }
  co_await exchange->answer(std::move(*refused));
  co_return std::nullopt;
}

}  // namespace

Async<void> serve_event_stream(GraphqlService* service, net::ServerExchange& exchange) {
  auto begun_operation = co_await begin(service, &exchange);
  if (!begun_operation) co_return;
  net::ServerResponse head;
  head.headers.add("Content-Type", "text/event-stream; charset=utf-8");
  head.headers.add("Cache-Control", "no-store");
  head.headers.add("X-Accel-Buffering", "no");  // nginx would collect events otherwise
  head.body = comment;
  auto begun = co_await exchange.begin_stream(std::move(head));
  if (begun.has_error()) co_return;
  const Executor executor = co_await boost::asio::this_coro::executor;
  EventWriter writer(*service, exchange, executor);
  AsyncScope scope(executor);
  scope.spawn(writer.keep_alive());
  AsyncScope responses(executor);
  bool is_there = false;
  responses.spawn(respond(service, &*begun_operation, &writer, &is_there));
  scope.spawn(end_with_session(service, &*begun_operation, &responses));
  co_await responses.join();
  if (is_there) {
    std::string end = "event: complete\ndata:\n\n";
    co_await writer.write(std::move(end));
  }
  co_await scope.stop();
}

}  // namespace dth::api
