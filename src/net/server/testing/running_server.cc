#include "net/server/testing/running_server.h"

#include <future>
#include <stdexcept>

namespace dth::net::testing {
namespace {

constexpr std::chrono::seconds patience{20};

}  // namespace

RunningServer::RunningServer(ServerOptions options) {
  options.on_access = [this](const AccessRecord& record) {
    const std::lock_guard lock(mutex_);
    accesses_.push_back(record);
    told_.notify_all();
  };
  options.on_problem = [this](std::string_view problem) {
    const std::lock_guard lock(mutex_);
    problems_.emplace_back(problem);
  };
  auto server = HttpServer::listen(context_.get_executor(), std::move(options));
  if (server.has_error()) throw std::runtime_error(server.error().to_string());
  server_ = std::move(*server);
  thread_ = std::thread([this] {
    AsyncScope scope(context_.get_executor());
    scope.spawn(server_->run());
    context_.run();
  });
}

RunningServer::~RunningServer() {
  if (!thread_.joinable()) return;
  request_stop();
  join();
}

void RunningServer::call(std::function<void(HttpServer&)> work) {
  std::promise<void> done;
  boost::asio::post(context_, [&] {
    work(*server_);
    done.set_value();
  });
  done.get_future().wait();
}

void RunningServer::request_stop() {
  call([](HttpServer& server) { server.request_stop(); });
}

void RunningServer::join() { thread_.join(); }

AccessRecord RunningServer::access(std::size_t n) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, patience, [&] { return accesses_.size() > n; });
  return n < accesses_.size() ? accesses_[n] : AccessRecord{};
}

std::size_t RunningServer::access_count() {
  const std::lock_guard lock(mutex_);
  return accesses_.size();
}

std::vector<std::string> RunningServer::problems() {
  const std::lock_guard lock(mutex_);
  return problems_;
}

bool eventually(RunningServer& server, std::function<bool(HttpServer&)> holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool held = false;
  do {
    server.call([&](HttpServer& it) { held = holds(it); });
  } while (!held && std::chrono::steady_clock::now() < deadline);
  return held;
}

Async<void> echo(ServerExchange& exchange) {
  const ServerRequest& request = exchange.request();
  ServerResponse answer;
  answer.body =
      request.method + " " + request.path + (request.query.empty() ? "" : "?" + request.query);
  if (!request.body.empty()) answer.body += " " + request.body;
  static_cast<void>(co_await exchange.answer(std::move(answer)));
}

}  // namespace dth::net::testing
