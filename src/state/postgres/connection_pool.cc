#include "state/postgres/connection_pool.h"

namespace dth::state::postgres {
namespace {

constexpr std::chrono::seconds wait_max{30};
constexpr std::chrono::seconds brief_wait_max{3};

}  // namespace

Result<ConnectionPool::Taken> ConnectionPool::take() {
  {
    std::unique_lock lock(mutex_);
    const bool is_there =
        changed_.wait_for(lock, wait_max, [&] { return !idle_.empty() || count_ < count_max_; });
    if (!is_there) {
      return Error{ErrorCode::unavailable,
                   ErrorReason::state_unreachable,
                   "the state " + options_.name + " is slow: all " + std::to_string(count_max_) +
                       " connections were in use for long; look at the load of the server",
                   {}};
    }
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return Taken(*this, std::move(connection));
    }
    ++count_;
  }
  auto opened = Connection::open(options_, session_);
  if (opened.has_error()) {
    put_back(nullptr);
    return opened.error();
  }
  return Taken(*this, std::move(*opened));
}

Result<std::unique_ptr<Connection>> ConnectionPool::open_briefly() const {
  ConnectOptions options = options_;
  for (auto& [name, value] : options.parameters) {
    if (name == "connect_timeout") value = std::to_string(brief_wait_max.count());
  }
  SessionOptions session = session_;
  session.silence_max = std::min<std::chrono::milliseconds>(session.silence_max, brief_wait_max);
  return Connection::open(options, session, Connection::Explain::no);
}

void ConnectionPool::put_back(std::unique_ptr<Connection> connection) {
  {
    std::lock_guard guard(mutex_);
    if (connection != nullptr && !connection->is_lost()) {
      idle_.push_back(std::move(connection));
    } else {
      --count_;
    }
  }
  changed_.notify_one();
}

void ConnectionPool::drop_idle() {
  std::vector<std::unique_ptr<Connection>> dropped;
  std::lock_guard guard(mutex_);
  count_ -= idle_.size();
  dropped.swap(idle_);
}

void ConnectionPool::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  std::condition_variable nobody;
  nobody.wait_for(lock, time, [] { return false; });
}

ConnectionPool::Taken::~Taken() {
  if (connection_ != nullptr) pool_->put_back(std::move(connection_));
}

}  // namespace dth::state::postgres
