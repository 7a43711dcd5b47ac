#include "net/client/connection_pool.h"

namespace dth::net {
namespace {

// Beyond so many origins those without a connection are forgotten.
constexpr std::size_t origins_kept_max = 64;

constexpr std::size_t spare_buffers_max = 64;

}  // namespace

Lease& Lease::operator=(Lease&& other) noexcept {
  give_back();
  owner_ = std::exchange(other.owner_, nullptr);
  origin_ = other.origin_;
  connection_ = std::move(other.connection_);
  return *this;
}

void Lease::give_back() {
  if (ConnectionPool* owner = std::exchange(owner_, nullptr))
    owner->give_back(*origin_, std::move(connection_));
}

ConnectionPool::ConnectionPool(Executor executor, Clock& clock, const HttpClientOptions& options)
    : executor_(executor),
      clock_(clock),
      options_(options),
      sweeper_(executor, [this] { return sweep(); }) {
  boost::asio::use_service<Poller>(
      executor.context());  // now, and not where descriptors may have run out
}

ConnectionPool::~ConnectionPool() = default;

Result<OriginPool*> ConnectionPool::at(const HttpOrigin& origin) {
  for (const auto& known : origins_) {
    if (known->origin == origin) return known.get();
  }
  const HttpProxy* proxy = nullptr;
  if (options_.proxies) {
    auto found = options_.proxies->find(origin);
    if (found.has_error())
      return std::move(found.error()).with_context("cannot reach " + origin.url());
    proxy = *found;
  }
  if (origins_.size() >= origins_kept_max) {
    std::erase_if(origins_, [](const auto& pool) {
      return pool->idle.empty() && pool->permits.available() == pool->permits.capacity();
    });
  }
  origins_.push_back(
      std::make_unique<OriginPool>(executor_, origin, proxy, options_.connections_per_origin_max));
  return origins_.back().get();
}

std::unique_ptr<Connection> ConnectionPool::take_idle(OriginPool& origin) {
  const MonotonicTime now = clock_.monotonic_now();
  while (!origin.idle.empty()) {
    std::unique_ptr<Connection> warmest = std::move(origin.idle.back());
    origin.idle.pop_back();
    const Duration idle = now - warmest->idle_since;
    if (idle < options_.idle_max && warmest->stream.is_idle_and_open(idle)) return warmest;
  }
  return nullptr;
}

Async<Result<std::unique_ptr<Connection>>> ConnectionPool::open(OriginPool& origin,
                                                                ConnectReport* report) {
  auto connection = std::make_unique<Connection>(executor_, streams_);
  connection->stream.begin(co_await boost::asio::this_coro::cancellation_state);
  sweeper_.start();
  const MonotonicTime deadline = clock_.monotonic_now() + options_.connect_timeout;
  const WayToOrigin way{origin.origin, origin.proxy, options_.addresses.get(), options_.ca_option};
  auto opened = co_await open_stream(connection->stream, way, origin.addresses, options_.tls,
                                     clock_, deadline, report);
  if (opened.has_error()) co_return opened.error();
  ++opened_;
  co_return std::move(connection);
}

void ConnectionPool::give_back(OriginPool& origin, std::unique_ptr<Connection> connection) {
  if (connection != nullptr && connection->reusable) {
    connection->idle_since = clock_.monotonic_now();
    origin.idle.push_back(std::move(connection));
  }
  connection.reset();
  origin.permits.release(1);
}

HeadBuffer ConnectionPool::take_buffer() {
  if (spare_buffers_.empty()) return {};
  HeadBuffer buffer = std::move(spare_buffers_.back());
  spare_buffers_.pop_back();
  return buffer;
}

void ConnectionPool::give_back(HeadBuffer buffer) {
  if (buffer.capacity() != HeadBuffer::size_bytes || spare_buffers_.size() >= spare_buffers_max)
    return;
  buffer.clear();
  spare_buffers_.push_back(std::move(buffer));
}

bool ConnectionPool::sweep() {
  const MonotonicTime now = clock_.monotonic_now();
  for (const auto& origin : origins_) {
    // The coldest come first.
    const auto fresh = std::ranges::find_if(origin->idle, [&](const auto& connection) {
      return now - connection->idle_since < options_.idle_max;
    });
    origin->idle.erase(origin->idle.begin(), fresh);
  }
  for (Stream* stream : streams_) stream->sweep(now);
  return !streams_.empty();
}

}  // namespace dth::net
