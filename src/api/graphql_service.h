#pragma once

#include "api/admission.h"
#include "api/metrics.h"
#include "api/principal.h"
#include "base/clock.h"
#include "graphql/engine.h"
#include "net/server/http_server.h"

namespace dth::api {

struct TransportLimits {
  std::size_t message_bytes_max = 1 << 20;  // of a WebSocket
  std::size_t operations_max = 100;         // at the same time on one WebSocket
  std::chrono::seconds initialisation_timeout{10};
  std::chrono::seconds keep_alive_interval{
      15};  // of an event stream: a comment, so that nobody on the way gives it up
  // How often a connection that stays open looks whether its session has ended.
  std::chrono::milliseconds session_looks_interval{250};
  // Where the hub's files are: no error tells it to anybody but administrators.
  std::vector<std::string> host_places = {};
};

// So many bytes that are parsed as JSON, or written, cost one unit.
inline constexpr std::size_t text_bytes_per_cost = 64;
// A JSON tree takes more than its text.
inline constexpr std::size_t tree_bytes_per_text_byte = 16;

// Whose share of the hub's memory and work a request takes.
struct Caller {
  // Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
  Caller(std::string client_name, ByteOwner owner, RequestContext what_resolvers_are_told)
      : client(std::move(client_name)),
        memory(std::move(owner)),
        context(std::move(what_resolvers_are_told)) {}
  std::string client;
  ByteOwner memory;
  RequestContext context;

  bool is_anonymous() const { return !context.principal || context.principal->is_anonymous(); }
  bool is_administrator() const {
    return context.principal && context.principal->role == state::Role::admin;
  }
  // May it be told anything more? False once a session that it uses ended, and the like.
  bool has_ended() const { return context.principal && context.principal->has_ended; }
};
Caller caller_of(const net::ServerRequest& request);

// What the transports share: the engine, and the counting of what it does. For the server's thread.
class GraphqlService {
 public:
  // All must outlive this.
  // `anonymous_engine`: for who has not signed in.
  GraphqlService(const graphql::Engine& engine, const graphql::Engine& anonymous_engine,
                 Metrics& metrics, Admission& admission, Clock& clock, TransportLimits limits)
      : engine_(engine),
        anonymous_engine_(anonymous_engine),
        metrics_(metrics),
        admission_(admission),
        clock_(clock),
        limits_(limits) {}

  // The bytes that a client sent are to be parsed and kept. throttled: they must not be.
  Result<ByteReservation> admit_text(const Caller& caller, std::size_t bytes);

  // An operation that was let in. It has a place among those that are executed until
  // release_place(), or its end.
  struct Operation {
    const graphql::Engine* engine;
    Admission::ClientTurns turns;
    FairQueue::Place place;
    std::optional<graphql::ast::OperationKind> kind;  // none for what cannot be executed
    std::uint64_t cost = 0;
  };
  // Waits for its place, and prepares it. throttled and cancelled: it must not be executed. The
  // operation must outlive what is made of the request.
  Async<Result<std::unique_ptr<Operation>>> begin(Caller caller, graphql::Request* request);

  Async<graphql::Response> execute(graphql::Request request, const Operation& operation);
  // Counted once, not for each event.
  Async<graphql::Subscription> subscribe(graphql::Request request, const Operation& operation);
  // The response to the next event; while the client is behind with its cost, events are skipped.
  // Nothing at the end, where it was cancelled, or where the caller may be told nothing more.
  Async<std::optional<graphql::Response>> next(Caller caller, const Operation& operation,
                                               graphql::ResponseStream* stream);
  // Its text, in place of its data. What it holds of the budget is what the text takes.
  Async<std::string> write(Caller caller, Operation* operation, graphql::Response* response);

  Clock& clock() { return clock_; }
  Admission& admission() { return admission_; }
  Metrics& metrics() { return metrics_; }
  const TransportLimits& limits() const { return limits_; }

  // While one of these lives, a WebSocket is open.
  class OpenWebSocket {
   public:
    explicit OpenWebSocket(GraphqlService& service) : service_(service) {
      service_.count_websocket(1);
    }
    ~OpenWebSocket() { service_.count_websocket(-1); }
    OpenWebSocket(const OpenWebSocket&) = delete;
    OpenWebSocket& operator=(const OpenWebSocket&) = delete;

   private:
    GraphqlService& service_;
  };

 private:
  void count_websocket(int change);

  const graphql::Engine& engine_;
  const graphql::Engine& anonymous_engine_;
  Metrics& metrics_;
  Admission& admission_;
  Clock& clock_;
  TransportLimits limits_;
  std::size_t websockets_ = 0;
};

// Which media type a client takes a response in.
enum class ResponseType { json, graphql_response };

// The response as an answer of HTTP. With application/graphql-response+json the status tells
// whether it was executed; with application/json, which clients of old send, it is 200 (GraphQL
// over HTTP, "Status Codes"; ADR 12).
net::ServerResponse answer_of(const graphql::Response& response, ResponseType type);
net::ServerResponse answer_of(std::string text, unsigned status, ResponseType type);
unsigned status_of(const graphql::Response& response, ResponseType type);
// What is wrong with the request before GraphQL comes into it, as a response with one error.
net::ServerResponse refusal(unsigned status, const Error& error);
// What Admission refused: 429, or 503 where the hub itself has no room.
net::ServerResponse refusal(GraphqlService& service, const Caller& caller, const Error& error);

// The request of a GET or POST, and the media type to answer in; or the answer that refuses it.
// Mutations come by POST only (refuse_mutation()). POST takes application/json only, so that a page
// of another site cannot send one without being asked (CSRF).
struct ReceivedRequest {
  graphql::Request request;
  std::size_t media_type = 0;  // of those offered
};
boost::system::result<ReceivedRequest, net::ServerResponse> receive(
    const net::ServerRequest& request, std::span<const std::string_view> offered);

// 405: a mutation changes something, and must not come by GET, an event stream or a WebSocket,
// whose requests other sites may bring about or caches may repeat.
inline constexpr std::string_view mutation_by_post_only =
    "A mutation changes something: send it by POST to /graphql.";

// The handlers: GET and POST; server-sent events (GraphQL over SSE, distinct connections);
// graphql-transport-ws.
Async<void> serve_graphql(GraphqlService* service, net::ServerExchange& exchange);
Async<void> serve_event_stream(GraphqlService* service, net::ServerExchange& exchange);
Async<void> serve_websocket(GraphqlService* service, net::ServerExchange& exchange);

}  // namespace dth::api
