#include "net/server/http_server.h"

#include <algorithm>
#include <list>
#include <unordered_map>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <poll.h>

#include "net/server/server_connection.h"
#include "net/sweeper.h"

namespace dth::net {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

constexpr int backlog_max = 1024;
// Where no descriptor is left, connections wait in the kernel.
constexpr std::chrono::milliseconds accept_pause{200};

using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

asio::ip::address unmapped(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address;
}

// One customer of an IPv6 network has 64 bits of addresses at least.
std::string client_of(const asio::ip::address& address) {
  if (!address.is_v6()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return asio::ip::make_address_v6(bytes).to_string() + "/64";
}

Error cannot_listen(const tcp::endpoint& endpoint, const boost::system::error_code& failure) {
  const std::string where =
      endpoint.address().to_string() + " port " + std::to_string(endpoint.port());
  if (failure == asio::error::address_in_use) {
    return Error{
        ErrorCode::already_exists,
        "cannot listen on " + where + ": another program does; stop it, or take another port", ""};
  }
  if (failure == asio::error::access_denied) {
    return Error{
        ErrorCode::permission_denied,
        "cannot listen on " + where + ": ports below 1024 need the right to; take another port",
        failure.message()};
  }
  return Error{ErrorCode::unavailable,
               "cannot listen on " + where + ": check that the address is this machine's",
               failure.message()};
}

class Server final : public HttpServer {
 public:
  Server(ServerCore core, Acceptor acceptor)
      : core_(std::move(core)),
        acceptor_(std::move(acceptor)),
        scope_(core_.executor),
        sweeper_(core_.executor, [this] { return sweep(); }) {}

  std::uint16_t port() const override { return acceptor_port_; }
  std::size_t connections() const override { return connections_.size(); }
  Async<void> run() override;
  void request_stop() override;
  Result<void> reload_tls() override;

  Result<void> open(const tcp::endpoint& endpoint);

 private:
  Async<void> accept();
  Async<void> serve(std::list<ServerConnection>::iterator connection);
  bool has_room_for(const std::string& client);
  // All places are taken: one of the client that has most of them, where that leaves it no less
  // than this one has then, is given up by the connection that waits longest for a request.
  bool make_room_for(std::size_t count_of_client);
  // Takes a place of the reserved ones; false where none can be had.
  bool reserve();
  void admit(Stream::Socket socket, const tcp::endpoint& remote);
  bool sweep();
  void look_for_lost_clients();

  ServerCore core_;
  Acceptor acceptor_;
  std::uint16_t acceptor_port_ = 0;
  AsyncScope scope_;
  std::list<ServerConnection> connections_;
  std::size_t reserved_ = 0;                                 // of the connections
  std::size_t given_up_ = 0;                                 // that are about to end
  std::unordered_map<std::string, std::size_t> per_client_;  // without the reserved ones
  MonotonicTime stop_deadline_ = MonotonicTime::max();
  Sweeper sweeper_;
};

Result<void> Server::open(const tcp::endpoint& endpoint) {
  boost::system::error_code failure;
  acceptor_.open(endpoint.protocol(), failure);
  if (!failure) acceptor_.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor_.bind(endpoint, failure);
  if (!failure) acceptor_.listen(backlog_max, failure);
  if (failure) return cannot_listen(endpoint, failure);
  acceptor_port_ = acceptor_.local_endpoint(failure).port();
  return {};
}

Async<void> Server::run() {
  scope_.spawn(accept());
  co_await scope_.join();
}

Async<void> Server::accept() {
  bool told = false;  // once for a row of failures
  while (!core_.stopping && !is_cancelled(co_await asio::this_coro::cancellation_state)) {
    Stream::Socket socket(core_.executor);
    tcp::endpoint remote;
    boost::system::error_code failure;
    co_await acceptor_.async_accept(socket, remote, asio::redirect_error(use_async, failure));
    if (!failure) {
      told = false;
      try {
        admit(std::move(socket), remote);
      } catch (const std::bad_alloc&) {
        core_.tell_problem("out of memory: a connection was not accepted");
      }
    } else if (failure != asio::error::operation_aborted &&
               failure != asio::error::connection_aborted && !core_.stopping) {
      if (!std::exchange(told, true)) {
        core_.tell_problem("cannot accept connections for now: " + failure.message() +
                           "; if it is the limit of open files, raise it");
      }
      static_cast<void>(co_await core_.clock.sleep_for(accept_pause));
    }
  }
}

void Server::admit(Stream::Socket socket, const tcp::endpoint& remote) {
  boost::system::error_code failure;
  socket.native_non_blocking(true, failure);
  if (!failure) socket.set_option(tcp::no_delay(true), failure);
  if (failure) return;  // it has gone
  const asio::ip::address address = unmapped(remote.address());
  ServerConnection::Client client{address.to_string(), client_of(address), false, {}};
  client.is_reserved = !has_room_for(client.name);
  if (client.is_reserved && !reserve()) return;
  if (!client.is_reserved) ++per_client_[client.name];
  if (core_.options.memory_of) client.memory = core_.options.memory_of(client.name);
  sweeper_.start();
  scope_.spawn(
      serve(connections_.emplace(connections_.end(), core_, std::move(socket), std::move(client))));
}

bool Server::has_room_for(const std::string& client) {
  const ServerLimits& limits = core_.options.limits;
  const auto found = per_client_.find(client);
  const std::size_t count = found == per_client_.end() ? 0 : found->second;
  if (limits.connections_per_client_max != 0 && count >= limits.connections_per_client_max)
    return false;
  return connections_.size() - reserved_ - given_up_ < limits.connections_max ||
         make_room_for(count);
}

bool Server::make_room_for(std::size_t count_of_client) {
  ServerConnection* longest = nullptr;
  std::size_t most = count_of_client + 1;
  for (ServerConnection& connection : connections_) {  // the oldest first
    if (connection.place() != ServerConnection::Place::ordinary || !connection.gives_way())
      continue;
    const std::size_t count = per_client_.at(connection.client().name);
    if (count <= most) continue;
    most = count;
    longest = &connection;
  }
  if (longest == nullptr) return false;
  // Its client is without it from now on, so that a crowd of newcomers takes from all in turn.
  --per_client_.at(longest->client().name);
  longest->give_up_place();
  ++given_up_;
  return true;
}

bool Server::reserve() {
  if (reserved_ >= core_.options.limits.connections_reserved) {
    const auto idle = std::ranges::find_if(connections_, [](const ServerConnection& connection) {
      return connection.place() == ServerConnection::Place::reserved && connection.gives_way();
    });
    if (idle == connections_.end()) return false;
    idle->give_up_place();
    ++given_up_;
    // The place is the newcomer's: reserved_ stays.
  } else {
    ++reserved_;
  }
  return true;
}

Async<void> Server::serve(std::list<ServerConnection>::iterator connection) {
  co_await connection->run();
  const ServerConnection::Client& client = connection->client();
  switch (connection->place()) {
    case ServerConnection::Place::reserved:
      --reserved_;
      break;
    case ServerConnection::Place::given_up:
      --given_up_;
      break;
    case ServerConnection::Place::ordinary:
      const auto count = per_client_.find(client.name);
      if (--count->second == 0) per_client_.erase(count);
      break;
  }
  connections_.erase(connection);
}

bool Server::sweep() {
  const auto now = monotonic_now();
  const bool cutting = now >= stop_deadline_;
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    auto next = std::next(connection);
    if (cutting) connection->cut();
    connection->sweep(now);
    connection = next;
  }
  look_for_lost_clients();
  return !connections_.empty();
}

void Server::look_for_lost_clients() {
  std::vector<pollfd> polled;
  std::vector<ServerConnection*> handling;
  for (ServerConnection& connection : connections_) {
    if (!connection.is_handling()) continue;
    polled.push_back({connection.descriptor(), POLLRDHUP, 0});
    handling.push_back(&connection);
  }
  if (polled.empty() || ::poll(polled.data(), polled.size(), 0) <= 0) return;
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if ((polled[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) handling[i]->lose_client();
  }
}

void Server::request_stop() {
  if (std::exchange(core_.stopping, true)) return;
  stop_deadline_ = monotonic_now() + core_.options.limits.stop_timeout;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    auto next = std::next(connection);
    connection->request_stop();
    connection = next;
  }
}

Result<void> Server::reload_tls() {
  if (!core_.options.tls)
    return Error{ErrorCode::invalid_argument, "the server does not speak TLS", ""};
  auto context = ServerTlsContext::read(*core_.options.tls, core_.options.on_problem);
  if (context.has_error()) return context.error();
  core_.tls = std::move(*context);
  return {};
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(Executor executor, ServerOptions options) {
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(options.host, failure);
  if (failure) {
    return Error{ErrorCode::invalid_argument,
                 "cannot listen on " + options.host +
                     ": give an IP address such as 127.0.0.1, 0.0.0.0 or ::",
                 failure.message()};
  }
  auto router = Router::make(std::move(options.routes));
  if (router.has_error()) return router.error();
  std::shared_ptr<ServerTlsContext> tls;
  if (options.tls) {
    auto context = ServerTlsContext::read(*options.tls, options.on_problem);
    if (context.has_error()) return context.error();
    tls = std::move(*context);
  }
  const tcp::endpoint endpoint(address, options.port);
  asio::use_service<Poller>(executor.context());  // now, and not where descriptors may have run out
  AnswerHeads heads(options.content_security_policy, options.tls.has_value());
  ServerCore core{executor, std::move(options), std::move(*router), std::move(heads),
                  std::move(tls)};
  auto server = std::make_unique<Server>(std::move(core), Acceptor(executor));
  auto opened = server->open(endpoint);
  if (opened.has_error()) return opened.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace dth::net
