#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/async_scope.h"
#include "net/server/http_server.h"
#include "net/server/testing/raw_client.h"

namespace dth::net::testing {

// A server on a thread of its own; stopped and joined at the end.
class RunningServer {
 public:
  explicit RunningServer(ServerOptions options);
  ~RunningServer();
  std::uint16_t port() const { return server_->port(); }

  // On the server's thread; returns when it is done.
  void call(std::function<void(HttpServer&)> work);
  void request_stop();
  // Returns when run() has.
  void join();

  // The n-th that was told; waits for it.
  AccessRecord access(std::size_t n);
  std::size_t access_count();
  std::vector<std::string> problems();

 private:
  boost::asio::io_context context_{1};
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<AccessRecord> accesses_;
  std::vector<std::string> problems_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// Waits until `holds` on the server's thread, asking again and again; false where it does not come
// to hold.
bool eventually(RunningServer& server, std::function<bool(HttpServer&)> holds);

// Answers 200 with the body "METHOD path?query body".
Async<void> echo(ServerExchange& exchange);

inline Route echo_route(std::string path, std::vector<std::string> methods = {"GET"},
                        std::size_t body_bytes_max = 0, bool prefix = false) {
  return Route{std::move(path), prefix, std::move(methods), echo, {}, body_bytes_max};
}

}  // namespace dth::net::testing
