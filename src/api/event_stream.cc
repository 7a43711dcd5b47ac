// GraphQL over server-sent events, each operation a connection of its own.
// https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
#include <array>

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

  Async<bool> write_next(const graphql::Response& response) {
    std::string event = "event: next\ndata: " + graphql::to_json_text(response) + "\n\n";
    co_return co_await write(std::move(event));
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

// False where the other side is gone.
Async<bool> write_responses(GraphqlService* service, graphql::Request request,
                            EventWriter* writer) {
  if (service->kind_of(request) != OperationKind::subscription) {
    auto response = co_await service->execute(std::move(request));
    co_return co_await writer->write_next(response);
  }
  auto subscription = co_await service->subscribe(std::move(request));
  if (!subscription.stream) co_return co_await writer->write_next(subscription.refusal);
  for (;;) {
    auto response = co_await subscription.stream->next();
    if (!response) co_return true;
    // The hub stops, or the client is gone: without an end, so that the client comes again.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return false;
    const bool written = co_await writer->write_next(*response);
    if (!written) co_return false;
  }
}

}  // namespace

Async<void> serve_event_stream(GraphqlService* service, net::ServerExchange& exchange) {
  auto received = receive(exchange.request(), event_stream_type);
  if (received.has_error()) {
    net::ServerResponse refused = received.error();
    co_await exchange.answer(std::move(refused));
    co_return;
  }
  if (exchange.request().method != "POST" &&
      service->kind_of(received->request) == OperationKind::mutation) {
    auto refused =
        refusal(405, {ErrorCode::invalid_argument,
                      "A mutation changes something, and GET must not: send it by POST.", ""});
    refused.headers.add("Allow", "POST");
    co_await exchange.answer(std::move(refused));
    co_return;
  }
  net::ServerResponse begin;
  begin.headers.add("Content-Type", "text/event-stream; charset=utf-8");
  begin.headers.add("Cache-Control", "no-store");
  begin.headers.add("X-Accel-Buffering", "no");  // nginx would collect events otherwise
  begin.body = comment;
  auto begun = co_await exchange.begin_stream(std::move(begin));
  if (begun.has_error()) co_return;
  const Executor executor = co_await boost::asio::this_coro::executor;
  EventWriter writer(*service, exchange, executor);
  AsyncScope scope(executor);
  scope.spawn(writer.keep_alive());
  const bool is_there = co_await write_responses(service, std::move(received->request), &writer);
  if (is_there) {
    std::string end = "event: complete\ndata:\n\n";
    co_await writer.write(std::move(end));
  }
  co_await scope.stop();
}

}  // namespace dth::api
