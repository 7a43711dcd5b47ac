#pragma once

#include <list>

#include "base/async_semaphore.h"
#include "net/client/connector.h"
#include "net/sweeper.h"

namespace dth::net {

// The connections to one origin: those in use hold a permit, those idle wait to be used again, the
// warmest first.
struct OriginPool {
  OriginPool(Executor executor, HttpOrigin where, const HttpProxy* through,
             std::uint32_t connections_max)
      : origin(std::move(where)),
        proxy(through),
        authority(origin.authority()),
        permits(executor, connections_max) {}

  // Is the proxy asked itself, in absolute form, rather than tunnelled through?
  const HttpProxy* asked_proxy() const { return origin.tls ? nullptr : proxy; }

  HttpOrigin origin;
  const HttpProxy* proxy;  // on the way; null: none
  std::string authority;
  AsyncSemaphore permits;
  std::vector<std::unique_ptr<Connection>> idle;  // the warmest last
  Addresses addresses;
};

class ConnectionPool;

// A permit, and mostly a connection. Gives both back when it goes: to the idle ones where the
// connection is reusable.
class Lease {
 public:
  Lease() = default;
  Lease(ConnectionPool* owner, OriginPool* origin) : owner_(owner), origin_(origin) {}
  Lease(Lease&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        origin_(other.origin_),
        connection_(std::move(other.connection_)) {}
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { give_back(); }

  void give_back();
  explicit operator bool() const { return owner_ != nullptr; }
  ConnectionPool& owner() const { return *owner_; }
  OriginPool& origin() const { return *origin_; }
  Connection& connection() const { return *connection_; }
  void set(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }

 private:
  ConnectionPool* owner_ = nullptr;
  OriginPool* origin_ = nullptr;
  std::unique_ptr<Connection> connection_;
};

// All connections of a client, by origin, and their deadlines.
class ConnectionPool {
 public:
  ConnectionPool(Executor executor, Clock& clock, const HttpClientOptions& options);
  ~ConnectionPool();

  // Fails where no proxy can be used that is on the way.
  Result<OriginPool*> at(const HttpOrigin& origin);

  // The warmest idle connection that still is good; null where there is none.
  std::unique_ptr<Connection> take_idle(OriginPool& origin);

  // A new one. The caller holds a permit, unless it closes it at once.
  Async<Result<std::unique_ptr<Connection>>> open(OriginPool& origin,
                                                  ConnectReport* report = nullptr);

  // Buffers go round too: a small body is handed out in the one that its head came in.
  HeadBuffer take_buffer();
  void give_back(HeadBuffer buffer);

  std::uint64_t opened() const { return opened_; }

 private:
  friend class Lease;
  void give_back(OriginPool& origin, std::unique_ptr<Connection> connection);
  bool sweep();

  Executor executor_;
  Clock& clock_;
  const HttpClientOptions& options_;
  std::list<Stream*> streams_;  // of all connections there are
  std::vector<std::unique_ptr<OriginPool>> origins_;
  std::vector<HeadBuffer> spare_buffers_;
  std::uint64_t opened_ = 0;
  Sweeper sweeper_;
};

}  // namespace dth::net
