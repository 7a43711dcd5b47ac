#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "state/postgres/connection.h"

namespace dth::state::postgres {

// At most so many connections, opened when they are needed. Thread-safe.
class ConnectionPool {
 public:
  ConnectionPool(ConnectOptions options, SessionOptions session, std::size_t count_max)
      : options_(std::move(options)), session_(session), count_max_(count_max) {}

  // One that nobody uses; goes back when this dies, unless it was lost.
  class Taken {
   public:
    Taken(ConnectionPool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Taken(Taken&& other) noexcept = default;
    Taken& operator=(Taken&&) = delete;
    ~Taken();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
  };
  // Waits for one, some seconds (unavailable). Errors: those of Connection::open().
  Result<Taken> take();
  // A connection of its own, which is not counted.
  Result<std::unique_ptr<Connection>> open_another() const {
    return Connection::open(options_, session_);
  }
  // The same, for a thread that has to end soon: it waits a few seconds for each address and each
  // answer, and does not find out why it fails.
  Result<std::unique_ptr<Connection>> open_briefly() const;
  // Stands still for that long.
  void pause(std::chrono::milliseconds time);
  // Those that nobody uses are closed: the server may be another now.
  void drop_idle();

  const std::string& name() const { return options_.name; }

 private:
  void put_back(std::unique_ptr<Connection> connection);

  const ConnectOptions options_;
  const SessionOptions session_;
  const std::size_t count_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace dth::state::postgres
