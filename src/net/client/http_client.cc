#include "net/client/http_client.h"

#include "net/client/connection_pool.h"
#include "net/client/exchange.h"
#include "net/client/request_head.h"
#include "net/client/response_body.h"

namespace dth::net {

struct HttpClient::Impl {
  Impl(Executor executor, Clock& the_clock, BufferPool& pool, HttpClientOptions chosen)
      : clock(the_clock),
        buffers(pool),
        options(std::move(chosen)),
        connections(executor, clock, options) {}

  Clock& clock;
  BufferPool& buffers;
  const HttpClientOptions options;
  ConnectionPool connections;
  HttpClientCounters counters;
};

namespace {

// A signed S3 request fits.
constexpr std::size_t head_size_usual_bytes = 1024;

// The length that the head announces: none where the method has no use for a body and there is
// none.
Result<std::optional<std::uint64_t>> announced_size(const HttpRequest& request, const Body* body) {
  if (body == nullptr) {
    const bool expects_body =
        request.method == "PUT" || request.method == "POST" || request.method == "PATCH";
    return expects_body ? std::optional<std::uint64_t>(0) : std::nullopt;
  }
  if (body->size() == Body::size_unknown) {
    return Error{ErrorCode::invalid_argument,
                 "request not sent: the size of its body must be known beforehand", ""};
  }
  return std::optional<std::uint64_t>(body->size());
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  return headers.value_of(name);
}

HttpClient::HttpClient(Executor executor, Clock& clock, BufferPool& buffers,
                       HttpClientOptions options)
    : impl_(std::make_unique<Impl>(executor, clock, buffers, std::move(options))) {}

HttpClient::~HttpClient() = default;

Async<Result<void>> HttpClient::try_connection(HttpOrigin origin, ConnectReport* report) {
  auto found = impl_->connections.at(origin);
  if (found.has_error()) co_return found.error();
  auto opened = co_await impl_->connections.open(**found, report);
  if (opened.has_error()) co_return opened.error();
  report->tls_version = (*opened)->stream.tls_version();
  co_return Result<void>();
}

const HttpClientCounters& HttpClient::counters() const { return impl_->counters; }

Async<Result<HttpResponse>> HttpClient::send(HttpOrigin origin, HttpRequest request, Body* body) {
  Impl& it = *impl_;
  if (origin.tls && it.options.tls == nullptr) {
    co_return Error{ErrorCode::invalid_argument,
                    "cannot reach " + origin.url() + ": this client was given no TLS context", ""};
  }
  const auto size = announced_size(request, body);
  if (size.has_error()) co_return size.error();
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  auto found = it.connections.at(origin);
  if (found.has_error()) co_return found.error();
  OriginPool& pool = **found;
  std::string head;
  head.reserve(head_size_usual_bytes);
  auto written = write_request_head(request, pool.authority, *size, &head, pool.asked_proxy());
  if (written.has_error()) co_return written.error();
  // Before the connection, and so before the request: an answer whose reader waits for memory is
  // cut off by its server.
  Buffer room;
  if (request.pooled_size > own_body_size_max) {
    room = it.buffers.try_acquire(request.pooled_size);
    if (!room) {
      auto acquired = co_await it.buffers.acquire(request.pooled_size, it.options.buffer_stall_max);
      if (acquired.has_error()) co_return acquired.error();
      room = std::move(*acquired);
    }
  }
  if (!pool.permits.try_acquire(1)) {
    auto permitted = co_await pool.permits.acquire(1);
    if (permitted.has_error()) co_return permitted.error();
  }
  Lease lease(&it.connections, &pool);
  std::unique_ptr<Connection> idle;
  if (!request.fresh_connection) idle = it.connections.take_idle(pool);
  bool sent_twice = false;
  for (;;) {
    const bool is_reused = idle != nullptr;
    if (is_reused) {
      lease.set(std::move(idle));
    } else {
      auto opened = co_await it.connections.open(pool);
      if (opened.has_error()) co_return opened.error();
      it.counters.connections_opened = it.connections.opened();
      lease.set(std::move(*opened));
    }
    Connection& connection = lease.connection();
    connection.stream.begin(state);
    if (connection.buffer.capacity() == 0) connection.buffer = it.connections.take_buffer();
    ++it.counters.requests_sent;
    Exchange exchange(connection, pool.origin, request, as_bytes(head), body, it.options, it.clock);
    auto done = co_await exchange.run();
    if (done.has_error()) {
      const bool is_stale = is_reused && connection.closed_by_peer && !connection.answer_begun;
      if (is_stale && (!exchange.body_begun() || body->rewind())) {
        sent_twice = true;
        continue;
      }
      connection.reusable = false;
      co_return done.error();
    }
    HttpResponse response;
    response.status = connection.parser.status();
    if (response.status == 407 && pool.asked_proxy() != nullptr) {
      connection.reusable = false;
      co_return proxy_refusal(*pool.proxy, pool.origin, response.status);
    }
    response.sent_twice = sent_twice;
    response.answered_early = exchange.answered_early();
    response.headers = connection.parser.take_headers();
    const bool is_refusal = response.status < 200 || response.status > 299;
    if (is_refusal) room = Buffer();
    BufferPool* pooled = request.pooled_size > 0 && !is_refusal ? &it.buffers : nullptr;
    response.body =
        make_response_body(std::move(lease), std::move(room), pooled, it.options, it.clock);
    co_return response;
  }
}

}  // namespace dth::net
