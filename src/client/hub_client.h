#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "base/error.h"
#include "client/documents.h"
#include "client/hub_address.h"
#include "net/client/proxy.h"

namespace dth::client {

struct HubClientOptions {
  HubAddress address;
  std::string name;            // how messages call the hub; empty: by its address
  std::string ca_bundle = {};  // a file of certificates; empty: the system's authorities
  std::string token = {};      // an API token; empty: nobody signs in
  net::ProxyRules proxies = {};
};

// Asks a hub by its GraphQL API. Each call blocks until the answer is there: 10 s for a connection,
// 2 min for an answer, 32 MiB at most. Redirections are not followed. One thread's.
//
// What answers is never trusted: its texts may hold anything. Secrets are in no error.
//
// A request is sent again, a few times within seconds, where the hub says that it has too much to
// do; and where it was lost on the way, if sending it twice does no harm: queries, and mutations
// whose input has an idempotency key.
class HubClient {
 public:
  // Errors: invalid_argument (the file of certificates; a token that cannot be one).
  static Result<std::unique_ptr<HubClient>> open(HubClientOptions options);
  virtual ~HubClient() = default;

  // The `data` of a query, or of a mutation.
  virtual Result<boost::json::object> ask(const Document& document,
                                          boost::json::object variables) = 0;
  // The payload of a mutation that has no `userErrors`; these are its errors otherwise. Its
  // variables are {"input": input}, with an idempotency key where the document says that it has
  // one.
  Result<boost::json::object> change(const Document& document, boost::json::object input);

  // From now on the session counts that the next answer begins (signIn), and not the token.
  virtual void use_session() = 0;

  const HubAddress& address() const { return address_; }
  const std::string& name() const { return name_; }

 protected:
  HubClient(HubAddress address, std::string name)
      : address_(std::move(address)), name_(std::move(name)) {}

 private:
  HubAddress address_;
  std::string name_;
};

}  // namespace dth::client
