#pragma once

#include "net/client/connection.h"
#include "net/client/proxy.h"

namespace dth::net {

// What is known of the addresses of one host.
struct Addresses {
  std::vector<Stream::Endpoint> endpoints;
  MonotonicTime resolved_at{};
  std::size_t next = 0;  // connections go round the addresses
};

// The way to an origin: straight, or through a proxy, which plain requests are sent to and TLS is
// tunnelled through.
struct WayToOrigin {
  const HttpOrigin& origin;
  const HttpProxy* proxy = nullptr;
  const AddressPolicy* addresses = nullptr;  // which may be connected to; null: any
  std::string_view ca_option = {};           // HttpClientOptions::ca_option

  const HttpOrigin& first_hop() const { return proxy ? proxy->origin : origin; }
};

// Resolves `origin`'s name unless `addresses` holds a recent answer. Errors are worded for people,
// name the origin and say what to do.
Async<Result<void>> resolve(const HttpOrigin& origin, Addresses& addresses, MonotonicTime now,
                            MonotonicTime deadline);

// Connects and shakes hands: tries every address of the way's first hop until one answers. What it
// refers to must outlive the call. `report`: is told how far it came; may be null.
Async<Result<void>> open_stream(Stream& stream, WayToOrigin way, Addresses& addresses,
                                std::shared_ptr<TlsContext> tls, Clock& clock,
                                MonotonicTime deadline, ConnectReport* report = nullptr);

}  // namespace dth::net
