#pragma once

#include <string>
#include <vector>

#include "net/server/http_server.h"

namespace dth::api {

// The proxies in front of the hub whose word is taken for where a request comes from: addresses,
// or networks such as 10.0.0.0/8.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  // Of a list with commas. invalid_argument names what is neither an address nor a network.
  static Result<TrustedProxies> parse(std::string_view networks);

  // Of a request that came from one of them: the last address of X-Forwarded-For that is not a
  // proxy's own takes the place of its address, and X-Forwarded-Proto says whether it came over
  // TLS. Nobody else's word is taken.
  void apply(net::ServerRequest* request) const;

 private:
  struct Network {
    std::vector<unsigned char> bytes;  // 4 or 16
    unsigned bits = 0;
  };
  bool contains(std::string_view address) const;

  std::vector<Network> networks_;
};

}  // namespace dth::api
