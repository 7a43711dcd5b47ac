#pragma once

#include <functional>

#include "cloud/aws/credentials.h"
#include "net/client/http_client.h"
#include "net/client/proxy.h"

namespace dth::aws {

// How the services that give out credentials are asked: small questions, small answers, little
// patience.
class IdentityTransport {
 public:
  enum class Patience {
    service,   // 5 s to connect, 10 s to answer: STS, a container's agent
    metadata,  // 1 s each, never through a proxy: a laptop has no instance metadata, and shall not
               // wait for it
  };
  struct Answer {
    int status = 0;
    net::HttpHeaders headers = {};
    std::string text = {};  // may hold secrets: never a part of an error

    std::string_view header(std::string_view name) const;
  };
  static constexpr std::uint64_t answer_size_max = 64 * 1024;

  virtual ~IdentityTransport() = default;
  // One attempt; `body` is empty for GET. Errors as HttpClient::send(); data_corrupted for an
  // answer that is too long.
  virtual Async<Result<Answer>> send(net::HttpOrigin origin, net::HttpRequest request,
                                     std::string body, Patience patience) = 0;
};

struct IdentityTransportOptions {
  // Asked once, when a service with TLS is first talked to.
  std::function<Result<std::shared_ptr<net::TlsContext>>()> find_tls;
  std::shared_ptr<const net::ProxyRules> proxies = {};
  // Which addresses Patience::service may lead to; null: any. Metadata has addresses of its own,
  // which this host names and no user.
  std::shared_ptr<const net::AddressPolicy> addresses = {};
};

// Over HTTP clients of its own, with buffers of its own: whoever holds a buffer of a body may wait
// for credentials.
std::unique_ptr<IdentityTransport> make_identity_transport(Executor executor, Clock& clock,
                                                           IdentityTransportOptions options);

// What sources work with; both outlive them.
struct IdentityServices {
  IdentityTransport& transport;
  Clock& clock;
};

// IdentityTransport::send(), tried again after passing failures and answers of 5xx: three times, or
// twice where patience is short.
Async<Result<IdentityTransport::Answer>> ask(IdentityServices services, net::HttpOrigin origin,
                                             net::HttpRequest request, std::string body,
                                             IdentityTransport::Patience patience);

// What time it is where the answer comes from, else here.
TimePoint answered_at(const IdentityTransport::Answer& answer, const Clock& clock);

}  // namespace dth::aws
