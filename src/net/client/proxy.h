#pragma once

#include <map>

#include "net/client/http_client.h"

namespace dth::net {

// An HTTP proxy, reached over plain TCP. Origins with TLS are reached by CONNECT through it (RFC
// 9110, 9.3.6) and it sees nothing of what is sent to them; plain ones by asking it in absolute
// form (RFC 9112, 3.2.2).
struct HttpProxy {
  HttpOrigin origin = {};          // of the proxy itself: never with TLS
  std::string authorization = {};  // what Proxy-Authorization carries: a secret; empty: nothing
};

// "http://[user:password@]host[:port]", the scheme may be missing; user and password are
// percent-encoded. invalid_argument for what is none, and for kinds of proxies that are not
// supported (TLS to the proxy, SOCKS). The message shows the URL only where it has no user part.
Result<HttpProxy> parse_proxy(std::string_view url);

// Through which proxy an origin is reached. Immutable, and so thread-safe.
class ProxyRules {
 public:
  // No proxy for anybody.
  ProxyRules() = default;

  // This one for all, NO_PROXY or not; but never for link-local addresses, which is where instance
  // metadata is.
  static ProxyRules always(HttpProxy proxy);

  // As curl reads the environment: https_proxy, HTTPS_PROXY for origins with TLS, http_proxy (in
  // lower case only) for others, all_proxy, ALL_PROXY for both; no_proxy, NO_PROXY for those that
  // are reached without. Loopback and link-local addresses always are.
  // https://everything.curl.dev/usingcurl/proxies/env.html
  static ProxyRules of_environment(const std::map<std::string, std::string>& environment);

  // Null: straight. invalid_argument where what the environment names for this origin is no proxy
  // to be used: it names the variable.
  Result<const HttpProxy*> find(const HttpOrigin& origin) const;

 private:
  struct Choice {
    HttpProxy proxy = {};
    std::optional<Error> error = {};
  };
  std::optional<Choice> for_tls_, for_plain_;
  std::vector<std::string> exceptions_;  // of NO_PROXY, in lower case
  bool local_too_ = false;
};

// Is `host` matched by an entry of NO_PROXY, in lower case: the host itself, a domain that it is
// in, its address, or a network of addresses such as "10.0.0.0/8"; "*" matches all?
// https://curl.se/libcurl/c/CURLOPT_NOPROXY.html
bool is_proxy_exception(std::string_view host, std::string_view entry);

// The words for an answer of the proxy's own that is no success: 407 and others.
Error proxy_refusal(const HttpProxy& proxy, const HttpOrigin& origin, int status);

}  // namespace dth::net
