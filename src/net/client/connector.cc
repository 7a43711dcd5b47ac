#include "net/client/connector.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/client/tunnel.h"

namespace dth::net {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// S3 changes its answers every few seconds; a burst of connections asks once.
constexpr std::chrono::seconds answer_age_max{5};
constexpr std::size_t addresses_max = 64;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Resolver = asio::ip::basic_resolver<tcp, Executor>;

// getaddrinfo() cannot be interrupted: whoever asked waits on a timer, and an answer that comes too
// late finds nobody.
struct Lookup {
  Resolver resolver;
  Timer answered;
  bool done = false;
  boost::system::error_code failure = {};
  std::vector<Stream::Endpoint> endpoints = {};
};

Error no_such_host(const HttpOrigin& origin, const boost::system::error_code& failure) {
  return Error{ErrorCode::unavailable, ErrorReason::unreachable,
               "cannot find the address of " + origin.host + ": " + failure.message() +
                   "; check the host in the endpoint URL " + origin.url() +
                   " and this machine's name resolution",
               ""};
}

Error cannot_connect(const HttpOrigin& origin, const Error& why, std::string_view ca_option) {
  if (why.code == ErrorCode::cancelled) return why;
  std::string advice =
      "check the endpoint URL, and that the server is running and reachable from here";
  if (why.code == ErrorCode::permission_denied) {
    advice =
        "if its certificate is signed by an authority of your own, name that authority's file "
        "with " +
        std::string(ca_option) +
        "; if the certificate is for another name, correct the host in the endpoint URL";
    return Error{
        why.code,
        "the certificate of " + origin.url() + " is not accepted: " + why.message + "; " + advice,
        why.detail};
  }
  return Error{why.code, "cannot connect to " + origin.url() + ": " + why.message + "; " + advice,
               why.detail};
}

// `why`, for people who may not know that there is a proxy on the way.
Error cannot_use_proxy(const WayToOrigin& way, Error why) {
  if (!way.proxy || why.code == ErrorCode::cancelled) return why;
  why.message += " (it is the proxy on the way to " + way.origin.url() +
                 ": named by --source-proxy or --destination-proxy, or by an environment variable "
                 "such as HTTPS_PROXY)";
  return why;
}

// What nobody may reach through a proxy either, as far as this side can tell.
[[gnu::cold]] std::optional<Error> refusal_behind_proxy(const WayToOrigin& way) {
  if (!way.proxy || !way.addresses) return std::nullopt;
  return way.addresses->refusal_of_literal(way.origin.host);
}

std::optional<Error> refusal_of(const WayToOrigin& way, const Stream::Endpoint& endpoint) {
  if (!way.addresses) return std::nullopt;
  return way.addresses->refusal(endpoint.address(), way.first_hop().host);
}

}  // namespace

Async<Result<void>> resolve(const HttpOrigin& origin, Addresses& addresses, MonotonicTime now,
                            MonotonicTime deadline) {
  if (!addresses.endpoints.empty() && now - addresses.resolved_at < answer_age_max)
    co_return Result<void>();
  boost::system::error_code failure;
  const auto literal = asio::ip::make_address(origin.host, failure);
  if (!failure) {
    addresses = Addresses{{Stream::Endpoint(literal, origin.port)}, now, 0};
    co_return Result<void>();
  }
  const Executor executor = co_await asio::this_coro::executor;
  auto lookup = std::make_shared<Lookup>(Lookup{Resolver(executor), Timer(executor, deadline)});
  lookup->resolver.async_resolve(
      origin.host, std::to_string(origin.port), tcp::resolver::numeric_service,
      [lookup](const boost::system::error_code& result, const Resolver::results_type& found) {
        lookup->done = true;
        lookup->failure = result;
        for (const auto& entry : found) {
          if (lookup->endpoints.size() < addresses_max)
            lookup->endpoints.push_back(entry.endpoint());
        }
        lookup->answered.cancel();
      });
  co_await lookup->answered.async_wait(asio::redirect_error(use_async, failure));
  if (!lookup->done) {
    if (failure) co_return cancelled_error();
    Error late = no_such_host(origin, asio::error::timed_out);
    late.code = ErrorCode::timeout;
    co_return late;
  }
  if (lookup->failure) co_return no_such_host(origin, lookup->failure);
  if (lookup->endpoints.empty()) co_return no_such_host(origin, asio::error::host_not_found);
  addresses = Addresses{std::move(lookup->endpoints), now, addresses.next};
  co_return Result<void>();
}

Async<Result<void>> open_stream(Stream& stream, WayToOrigin way, Addresses& addresses,
                                std::shared_ptr<TlsContext> tls, Clock& clock,
                                MonotonicTime deadline, ConnectReport* report) {
  const HttpOrigin& origin = way.origin;
  if (auto refused = refusal_behind_proxy(way)) co_return std::move(*refused);
  auto resolved = co_await resolve(way.first_hop(), addresses, clock.monotonic_now(), deadline);
  if (resolved.has_error()) co_return cannot_use_proxy(way, resolved.error());
  // A copy: another connection may resolve again meanwhile.
  const auto endpoints = addresses.endpoints;
  const std::size_t first = addresses.next++;
  if (report) report->resolved_at = clock.monotonic_now();
  Error failure{ErrorCode::unavailable, "it has no address", ""};
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto now = clock.monotonic_now();
    if (now >= deadline) break;
    const Stream::Endpoint& endpoint = endpoints[(first + i) % endpoints.size()];
    // Just before that very address is connected to.
    if (auto refused = refusal_of(way, endpoint)) {
      failure = std::move(*refused);
      continue;
    }
    if (report) report->add_allowed(endpoint);
    // An address that swallows packets must leave time for the others.
    const auto share = now + (deadline - now) / (endpoints.size() - i);
    auto connected = co_await stream.connect(endpoint, share);
    if (connected.has_value()) {
      if (report) report->connected_at = clock.monotonic_now();
      if (!origin.tls) co_return Result<void>();
      if (way.proxy) {
        auto tunnelled = co_await open_tunnel(stream, origin, *way.proxy, deadline);
        if (tunnelled.has_error()) co_return tunnelled.error();
      }
      auto shaken = co_await stream.handshake(tls, origin.host, origin.port, deadline);
      if (shaken.has_error()) co_return cannot_connect(origin, shaken.error(), way.ca_option);
      co_return Result<void>();
    }
    failure = connected.error();
    if (failure.code == ErrorCode::cancelled) break;
  }
  if (failure.code == ErrorCode::permission_denied) co_return cannot_use_proxy(way, failure);
  Error unreachable = cannot_connect(way.first_hop(), failure, way.ca_option);
  if (unreachable.code == ErrorCode::unavailable || unreachable.code == ErrorCode::timeout)
    unreachable.reason = ErrorReason::unreachable;
  co_return cannot_use_proxy(way, std::move(unreachable));
}

}  // namespace dth::net
