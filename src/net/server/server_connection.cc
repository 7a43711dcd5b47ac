#include "net/server/server_connection.h"

#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include "base/ids.h"

namespace dth::net {
namespace asio = boost::asio;
namespace {

constexpr std::size_t request_id_bytes_max = 64;
// After so many requests without a pause others have their turn.
constexpr std::size_t requests_in_a_row_max = 8;
constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_request_id(std::string_view text) {
  const auto is_fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= request_id_bytes_max && std::ranges::all_of(text, is_fit);
}

// Said in plain to who speaks plain HTTP where TLS is spoken.
constexpr std::string_view tls_wanted =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
    "50\r\nConnection: "
    "close\r\n\r\n"
    "400 Bad Request: this port speaks TLS: use https\r\n";

}  // namespace

ServerConnection::ServerConnection(ServerCore& core, Stream::Socket socket, Client client)
    : core_(core),
      client_(std::move(client)),
      place_(client_.is_reserved ? Place::reserved : Place::ordinary),
      stream_(std::move(socket)),
      parser_(core.options.limits.head_bytes_max),
      scope_(core.executor),
      memory_(client_.memory.reservation()),
      began_(monotonic_now()),
      request_began_(began_) {}

Async<void> ServerConnection::run() {
  scope_.spawn(serve());
  co_await scope_.join();
}

void ServerConnection::request_stop() {
  if (phase_ == Phase::idle || (exchange_ != nullptr && exchange_->is_open_ended()))
    scope_.request_stop();
}

void ServerConnection::cut() {
  stream_.cut();
  scope_.request_stop();
}

std::size_t ServerConnection::buffer_bytes_max() const {
  return core_.options.limits.head_bytes_max + HeadBuffer::size_bytes;
}

Async<void> ServerConnection::serve() {
  if (core_.tls != nullptr) {
    const bool shaken = co_await shake_hands();
    if (!shaken) co_return;
  }
  for (;;) {
    const bool goes_on = co_await serve_next();
    if (!goes_on) break;
    if (requests_ % requests_in_a_row_max == 0) co_await asio::post(use_async);
  }
}

// Memory that cannot be had ends this connection, and nothing else.
Async<bool> ServerConnection::serve_next() {
  try {
    const bool goes_on = co_await serve_request();
    memory_.release();
    co_return goes_on;
  } catch (const std::bad_alloc&) {
    stream_.cut();
  }
  core_.tell_problem("out of memory: a connection was closed");
  co_return false;
}

Async<bool> ServerConnection::shake_hands() {
  const std::shared_ptr<ServerTlsContext> tls = core_.tls;
  const auto deadline = began_ + core_.options.limits.head_timeout;
  auto shaken = co_await stream_.accept_handshake(tls->make_server(), deadline);
  if (shaken.has_value()) co_return true;
  if (shaken.error().detail == "http request") {
    static_cast<void>(
        ::send(descriptor(), tls_wanted.data(), tls_wanted.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }
  phase_ = Phase::ending;
  if (shaken.error().code == ErrorCode::data_corrupted) co_await linger(stream_);
  co_return false;
}

Async<std::size_t> ServerConnection::receive_head(std::optional<RequestRefusal>* refusal) {
  const ServerLimits& limits = core_.options.limits;
  const bool first = requests_ == 0;
  const auto state = co_await asio::this_coro::cancellation_state;
  if (is_cancelled(state)) co_return 0;
  stream_.begin(state);
  parser_.reset();
  phase_ = Phase::idle;
  const auto head_timeout = client_.is_reserved ? limits.reserved_timeout : limits.head_timeout;
  auto deadline = first ? began_ + head_timeout : monotonic_now() + limits.idle_timeout;
  for (;;) {
    if (!in_.unread().empty()) {
      if (phase_ == Phase::idle) {
        phase_ = Phase::receiving;
        request_began_ = monotonic_now();
        if (!first) deadline = request_began_ + limits.head_timeout;
      }
      const auto scan = parser_.scan_head(in_.unread_text());
      *refusal = scan.refusal;
      if (scan.refusal || scan.head_size > 0) co_return scan.head_size;
    } else if (core_.stopping) {
      co_return 0;
    }
    const ReadEnd end = co_await read_more(stream_, in_, buffer_bytes_max(), deadline);
    if (end == ReadEnd::more) continue;
    if (end == ReadEnd::timed_out && phase_ == Phase::receiving) {
      *refusal = RequestRefusal{408, "the request did not come in time"};
    }
    co_return 0;
  }
}

std::optional<RequestRefusal> ServerConnection::understand(std::size_t head_size, RequestHead* head,
                                                           ServerRequest* request) {
  const auto refusal = parser_.parse_head(in_.unread_text().substr(0, head_size), head);
  in_.consume(head_size);
  request->method = head->method;
  request->headers = std::move(head->headers);
  const auto id = request->headers.find("X-Request-Id");
  if (id && is_request_id(*id)) request->id = std::string(*id);
  if (refusal) return refusal;
  if (request->method == "CONNECT") return RequestRefusal{501, "this is no proxy"};
  auto target = parse_request_target(head->target, request->method == "OPTIONS");
  if (!target) return RequestRefusal{400, "the request's target is not taken"};
  if (!target->authority.empty()) request->headers.set("Host", target->authority);
  const auto host = request->headers.find("Host");
  if (host && !is_host(*host)) return RequestRefusal{400, "Host is no name or address"};
  request->path = std::move(target->path);
  request->query = std::move(target->query);
  return std::nullopt;
}

bool ServerConnection::may_serve_another(const RequestHead& head) const {
  return head.keep_alive && !core_.stopping && !client_.is_reserved &&
         requests_ < core_.options.limits.requests_per_connection_max;
}

Async<bool> ServerConnection::answer_refusal(ServerRequest request, RequestRefusal refusal) {
  if (request.id.empty()) request.id = random_name();
  request.body = std::string();
  memory_.release();
  ConnectionExchange exchange({core_, scope_, stream_, in_}, std::move(request), false, false);
  HttpHeaders headers;
  if (refusal.status == 503) headers.add("Retry-After", "1");
  co_await exchange.refuse(refusal.status, refusal.why, std::move(headers));
  tell_access(exchange);
  phase_ = Phase::ending;
  co_await linger(stream_);
  co_return false;
}

Async<bool> ServerConnection::serve_request() {
  std::optional<RequestRefusal> refusal;
  const std::size_t head_size = co_await receive_head(&refusal);
  if (head_size == 0 && !refusal) co_return false;
  ++requests_;
  RequestHead head;
  ServerRequest request;
  request.remote_address = client_.address;
  request.client = client_.name;
  request.memory = client_.memory;
  request.secure = core_.tls != nullptr;
  if (!refusal) refusal = understand(head_size, &head, &request);
  if (refusal) co_return co_await answer_refusal(std::move(request), *refusal);
  if (request.id.empty()) request.id = random_name();

  const Router::Match match = core_.router.match(request.path, request.method);
  if (client_.is_reserved && (match.route == nullptr || !match.route->is_reserved))
    co_return co_await answer_refusal(std::move(request), {503, "too many clients"});
  bool keep_alive = may_serve_another(head);
  std::optional<ServerResponse> refused;
  if (match.route != nullptr && match.route->admit) refused = co_await match.route->admit(request);
  if (match.route != nullptr && !refused) {
    const std::size_t body_max = std::min(match.route->body_bytes_max, request.body_bytes_max);
    const bool whole = co_await receive_body(head, body_max, &request.body, &refusal);
    if (refusal) co_return co_await answer_refusal(std::move(request), *refusal);
    if (!whole) co_return false;
  } else if (head.has_body()) {
    keep_alive = false;  // it is not read
  }
  ConnectionExchange exchange({core_, scope_, stream_, in_}, std::move(request), head.http_1_0,
                              keep_alive);
  phase_ = Phase::handling;
  exchange_ = &exchange;
  if (refused) {
    static_cast<void>(co_await exchange.answer(std::move(*refused)));
  } else {
    co_await route(exchange, match);
  }
  exchange_ = nullptr;
  phase_ = Phase::ending;
  tell_access(exchange);
  if (exchange.keep_alive()) co_return true;
  stream_.ignore_cancellation();
  if (!stream_.is_cut()) co_await linger(stream_);
  co_return false;
}

Async<void> ServerConnection::route(ConnectionExchange& exchange, const Router::Match& match) {
  const ServerRequest& request = exchange.request();
  if (match.route != nullptr) {
    co_await handle(exchange, *match.route);
    co_return;
  }
  const bool is_asterisk = request.path == "*";
  if (!match.found_path && !is_asterisk) {
    co_await exchange.refuse(404, "there is nothing at this path");
    co_return;
  }
  HttpHeaders headers{
      {"Allow", is_asterisk ? "GET, HEAD, POST, OPTIONS" : std::string(match.allow)}};
  if (request.method != "OPTIONS") {
    co_await exchange.refuse(405, "another method is needed here", std::move(headers));
    co_return;
  }
  ServerResponse answer{204, std::move(headers)};
  static_cast<void>(co_await exchange.answer(std::move(answer)));
}

Async<void> ServerConnection::handle(ConnectionExchange& exchange, const Route& route) {
  std::optional<std::string> failure;
  try {
    co_await route.handler(exchange);
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  } catch (...) {
    failure = "something that is no std::exception";
  }
  co_await exchange.finish(std::move(failure));
}

Async<bool> ServerConnection::receive_body(const RequestHead& head, std::size_t body_bytes_max,
                                           std::string* body,
                                           std::optional<RequestRefusal>* refusal) {
  if (!head.has_body()) co_return true;
  const ServerLimits& limits = core_.options.limits;
  const auto deadline = monotonic_now() + limits.body_timeout;
  if (head.content_length > body_bytes_max) {
    *refusal = RequestRefusal{413, "the body is longer than is taken here"};
    co_return false;
  }
  if (head.expects_continue && in_.unread().empty()) {
    auto told = co_await write_all(stream_, as_bytes(continue_head), {}, limits.write_timeout);
    if (told.has_error()) co_return false;
  }
  for (;;) {
    if (!memory_.grow_to(2 * (body->size() + in_.unread().size()))) {
      *refusal = RequestRefusal{503, "too much is being received at once: try again in a moment"};
      co_return false;
    }
    auto done = take_body(head, body_bytes_max, body, refusal);
    if (done.has_error() || *done) co_return done.has_value();
    const ReadEnd end = co_await read_more(stream_, in_, buffer_bytes_max(), deadline);
    if (end == ReadEnd::more) continue;
    if (end == ReadEnd::timed_out)
      *refusal = RequestRefusal{408, "the request's body did not come in time"};
    co_return false;
  }
}

// Moves what is there from the buffer to the body. True: it is whole.
Result<bool> ServerConnection::take_body(const RequestHead& head, std::size_t body_bytes_max,
                                         std::string* body,
                                         std::optional<RequestRefusal>* refusal) {
  const std::string_view bytes = in_.unread_text();
  if (!head.chunked) {
    const std::size_t size =
        std::min<std::uint64_t>(bytes.size(), head.content_length - body->size());
    body->append(bytes.substr(0, size));
    in_.consume(size);
    return body->size() == head.content_length;
  }
  std::size_t taken = 0;
  *refusal = parser_.feed_chunks(bytes, &taken, body, body_bytes_max);
  in_.consume(taken);
  if (!*refusal && !parser_.body_done() && in_.unread().size() >= HeadBuffer::size_bytes) {
    *refusal = RequestRefusal{431, "the lines between chunks are longer than is taken"};
  }
  if (*refusal) return Error{ErrorCode::invalid_argument, std::string((*refusal)->why), ""};
  return parser_.body_done();
}

void ServerConnection::tell_access(const ConnectionExchange& exchange) {
  if (!core_.options.on_access) return;
  const ServerRequest& request = exchange.request();
  AccessRecord record{request.id,        request.method,       request.path, request.remote_address,
                      exchange.status(), exchange.body_bytes()};
  record.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(monotonic_now() - request_began_);
  core_.options.on_access(record);
}

}  // namespace dth::net
