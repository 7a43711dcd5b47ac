#pragma once

#include "net/server/request_parser.h"
#include "net/server/request_target.h"
#include "net/server/server_exchange.h"

namespace dth::net {

// One accepted connection: its requests, one after the other, in the order in which they came.
class ServerConnection {
 public:
  // Who is at the other end, and on what terms.
  struct Client {
    std::string address;
    std::string name;          // whose share it takes
    bool is_reserved = false;  // for one request of a reserved route
    ByteOwner memory;
  };
  ServerConnection(ServerCore& core, Stream::Socket socket, Client client);

  // Serves until the connection ends.
  Async<void> run();

  // Ends waits whose deadlines have passed.
  void sweep(MonotonicTime now) { stream_.sweep(now); }

  // Idle: ends. A stream or a WebSocket: its handler is cancelled. Else: ends after the answer.
  void request_stop();
  // Ends now, whatever is under way.
  void cut();

  // A handler is at work and nothing reads: is the client still there? The server asks the kernel
  // about many at once.
  bool is_handling() const {
    return phase_ == Phase::handling && !(exchange_ && exchange_->reads());
  }
  int descriptor() { return stream_.descriptor(); }
  // The client has gone: cancels the handler.
  void lose_client() { scope_.request_stop(); }

  const Client& client() const { return client_; }
  // Whose place it has: one of all clients, or one of those for reserved routes. It is given up by
  // a connection that ends so that another may have it.
  enum class Place { ordinary, reserved, given_up };
  Place place() const { return place_; }
  // Nothing of a request is being done: an ordinary one waits for the next, a reserved one has not
  // asked for anything yet.
  bool gives_way() const {
    return (place_ == Place::reserved && phase_ != Phase::handling) ||
           (place_ == Place::ordinary && phase_ == Phase::idle);
  }
  void give_up_place() {
    place_ = Place::given_up;
    cut();
  }

 private:
  enum class Phase { idle, receiving, handling, ending };
  Async<void> serve();
  Async<bool> shake_hands();
  Async<bool> serve_request();
  Async<bool> serve_next();
  // The size of a head in in_; 0 where the connection ends, `*refusal` with what is to be said
  // before.
  Async<std::size_t> receive_head(std::optional<RequestRefusal>* refusal);
  // A refusal, or whether the body is whole; false where the client has gone.
  Async<bool> receive_body(const RequestHead& head, std::size_t body_bytes_max, std::string* body,
                           std::optional<RequestRefusal>* refusal);
  Result<bool> take_body(const RequestHead& head, std::size_t body_bytes_max, std::string* body,
                         std::optional<RequestRefusal>* refusal);
  std::optional<RequestRefusal> understand(std::size_t head_size, RequestHead* head,
                                           ServerRequest* request);
  Async<bool> answer_refusal(ServerRequest request, RequestRefusal refusal);
  Async<void> handle(ConnectionExchange& exchange, const Route& route);
  Async<void> route(ConnectionExchange& exchange, const Router::Match& match);
  bool may_serve_another(const RequestHead& head) const;
  void tell_access(const ConnectionExchange& exchange);
  std::size_t buffer_bytes_max() const;

  ServerCore& core_;
  Client client_;
  Place place_;
  Stream stream_;
  HeadBuffer in_;
  RequestParser parser_;
  AsyncScope scope_;
  ByteReservation memory_;  // of the request's body
  Phase phase_ = Phase::idle;
  ConnectionExchange* exchange_ = nullptr;
  std::size_t requests_ = 0;
  MonotonicTime began_;          // the connection
  MonotonicTime request_began_;  // its first byte
};

}  // namespace dth::net
