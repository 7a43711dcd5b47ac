#pragma once

#include <any>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/byte_budget.h"
#include "base/error.h"
#include "net/http_headers.h"

namespace dth::net {

// An HTTP/1.1 server (RFC 9110, RFC 9112) with WebSocket (RFC 6455), for an API and a console, not
// for bodies of gigabytes: a request's body is read whole, within a bound, before its handler is
// called.

struct ServerRequest {
  std::string method;
  std::string path;   // decoded, normalized: begins with /, has neither . nor .. nor NUL
  std::string query;  // raw, without the question mark
  HttpHeaders headers;
  std::string body;
  std::string remote_address;  // of the connection, without port
  // Whose share of everything it takes: the address, of IPv6 the first 64 bits, which are one
  // customer's.
  std::string client = {};
  ByteOwner memory = {};                  // the client's; of no budget where the server has none
  bool secure = false;                    // came over TLS
  std::string id;                         // for logs; the answer bears it as X-Request-Id
  std::any context = {};                  // what Route::admit found out about the sender
  std::size_t body_bytes_max = SIZE_MAX;  // Route::admit may take less than the route does
};

struct ServerResponse {
  unsigned status = 200;
  HttpHeaders headers =
      {};  // Content-Length, Date, Connection and the security headers are the server's to add
  std::string body = {};
  // In place of `body`: bytes that live elsewhere, and the owner that keeps them.
  std::string_view shared_body = {};
  std::shared_ptr<const void> shared_owner = {};
};

// A WebSocket after its handshake. One receive() and one send() may be under way at a time. Pings
// are answered, and sent to see whether the other side is alive, without the handler's doing.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next text message; nothing once the other side has closed. timeout where it fell silent;
  // invalid_argument where it broke the protocol or sent too much or binary (the socket is then
  // closed with the code for it).
  virtual Async<Result<std::optional<std::string>>> receive() = 0;
  // Waits until the kernel took it. timeout where the other side does not read.
  virtual Async<Result<void>> send(std::string text) = 0;
  // A close frame, and for a bounded time the wait for the answer to it. Reasons are at most 123
  // bytes.
  virtual Async<void> close(std::uint16_t code, std::string reason) = 0;
  virtual std::string_view subprotocol() const = 0;
};

// One request and the answering of it. Lives until its handler has returned; one coroutine at a
// time.
class ServerExchange {
 public:
  virtual ~ServerExchange() = default;
  virtual const ServerRequest& request() const = 0;

  // Each handler calls exactly one of these three. An error means that the other side is gone or
  // too slow: the handler returns. Where it called none, or throws, the server answers 500.
  virtual Async<Result<void>> answer(ServerResponse answer) = 0;
  // An answer whose body follows by write(), until the handler returns. `answer.body` is its
  // beginning. 503 in its place, and cancelled, where the server stops.
  virtual Async<Result<void>> begin_stream(ServerResponse answer) = 0;
  // Nothing where the request is no WebSocket handshake, or offers none of the subprotocols: it has
  // then been answered 400. `message_bytes_max` bounds what receive() takes.
  virtual Async<std::unique_ptr<WebSocket>> accept_websocket(std::vector<std::string> subprotocols,
                                                             std::size_t message_bytes_max) = 0;

  virtual bool wants_websocket() const = 0;
  virtual Async<Result<void>> write(std::string bytes) = 0;
  // The server stops. Handlers that wait are then cancelled, through Asio's slot: those of streams
  // and WebSockets at once, others after stop_timeout. Also, within half a second, when the other
  // side is gone, or sends no more: that cannot be told apart.
  virtual bool is_stopping() const = 0;
};

using Handler = std::function<Async<void>(ServerExchange&)>;

// Decides about a request whose head was read, before its body is read and before it becomes a
// WebSocket. It may change `client`, `memory`, `remote_address`, `secure`, `context` and
// `body_bytes_max` of the request, whose body is empty. An answer refuses the request; a body that
// was announced is then not read, and the connection ends. Must not throw.
using Admit = std::function<Async<std::optional<ServerResponse>>(ServerRequest&)>;

// Where a request goes. Paths match exactly, or by the longest prefix that ends in "/". 404 where
// none matches, 405 with Allow where the method does not; HEAD is answered like GET, without body;
// OPTIONS tells the methods.
struct Route {
  std::string path;
  bool prefix = false;
  std::vector<std::string> methods;
  Handler handler;
  Admit admit = {};  // none: everything is let in
  // The body that this route takes; longer ones are 413 before they were read.
  std::size_t body_bytes_max = 0;
  // Served on the connections beyond the limits, too: for those who look whether the server lives.
  bool is_reserved = false;
};

struct ServerLimits {
  std::size_t connections_max = 2000;
  std::size_t connections_per_client_max = 0;  // 0: no bound of its own
  // Beyond these: for one request each of a reserved route. The others are answered 503. Where all
  // are taken, the one that has said nothing for longest gives way.
  std::size_t connections_reserved = 32;
  std::chrono::milliseconds reserved_timeout{2'000};  // for the request's head
  std::size_t head_bytes_max = 16 * 1024;
  std::size_t requests_per_connection_max = 10'000;
  std::chrono::milliseconds head_timeout{
      10'000};  // from the first byte of a request, or of the connection, to the head's end
  std::chrono::milliseconds body_timeout{30'000};   // for the whole body
  std::chrono::milliseconds idle_timeout{60'000};   // between requests
  std::chrono::milliseconds write_timeout{30'000};  // without progress
  std::chrono::milliseconds ping_interval{
      20'000};  // of a WebSocket; it ends when two were not answered
  std::chrono::milliseconds stop_timeout{
      10'000};  // from request_stop() until what is under way is cut off
};

struct ServerTls {
  std::string certificate_file;  // PEM, with its chain
  std::string key_file;
};

// What a request came to, for the log; called once for each on the server's thread.
struct AccessRecord {
  std::string id, method, path, remote_address;
  unsigned status = 0;
  std::uint64_t body_bytes = 0;
  std::chrono::microseconds duration{};
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any
  std::optional<ServerTls> tls = {};
  ServerLimits limits = {};
  std::vector<Route> routes;
  // Who answers for the memory of what a client sends; none: it is bounded by number only.
  std::function<ByteOwner(const std::string& client)> memory_of = {};
  std::function<void(const AccessRecord&)> on_access = {};
  std::function<void(std::string_view message)> on_problem =
      {};  // what is wrong with the server itself
  // Content-Security-Policy of every answer that does not state its own.
  std::string content_security_policy = "default-src 'none'; frame-ancestors 'none'";
};

// Runs on the executor it is given; all handlers are called there.
class HttpServer {
 public:
  // Binds and listens: an error tells a taken port, an unreadable or unfit certificate, a key of
  // another certificate.
  static Result<std::unique_ptr<HttpServer>> listen(Executor executor, ServerOptions options);
  virtual ~HttpServer() = default;

  virtual std::uint16_t port() const = 0;
  // Accepts until request_stop(); returns when every connection has ended.
  virtual Async<void> run() = 0;
  // No more connections; idle ones are closed; the others have until stop_timeout. On the
  // executor's thread.
  virtual void request_stop() = 0;
  // Reads certificate and key again; connections made from then on use them. On an error the old
  // ones stay.
  virtual Result<void> reload_tls() = 0;
  // Open connections now, for metrics.
  virtual std::size_t connections() const = 0;
};

}  // namespace dth::net
