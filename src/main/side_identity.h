#pragma once

#include <map>
#include <mutex>

#include "cloud/aws/identity_transport.h"
#include "cloud/aws/renewing.h"
#include "plugins/object_copy/plugin.h"

namespace dth {

// Who one side of a lane is, and how it finds that out. `transport` is used by `provider` and has
// to outlive it.
struct SideIdentity {
  std::unique_ptr<aws::IdentityTransport> transport;
  std::shared_ptr<aws::CredentialProvider> provider;
};

// What the lanes of a process got for sides that are reached as the same. Thread-safe.
class SharedIdentities {
 public:
  std::shared_ptr<aws::SharedCredentials> find(const object_copy::SideSettings& settings);

 private:
  std::mutex mutex_;
  std::map<std::vector<std::string>, std::shared_ptr<aws::SharedCredentials>> shared_;
};

// "DTH_SOURCE_", "DTH_DESTINATION_": how a side's own environment variables begin.
std::string variable_prefix(const object_copy::SideSettings& settings);

// The proxies on the way to a side: --…-proxy, else DTH_…_PROXY, else what the environment says as
// curl reads it.
Result<std::shared_ptr<const net::ProxyRules>> find_proxies(
    const object_copy::SideSettings& settings);

// Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and
// DTH_SOURCE_SESSION_TOKEN (DTH_DESTINATION_… for the other side), else from where AWS's tools look
// (cloud/aws/chain.h); a role that the settings name is assumed on top. Nothing is asked yet.
// `shared`: the side's, of all lanes.
Result<SideIdentity> open_identity(const object_copy::SideSettings& settings, engine::Lane lane,
                                   aws::IdentityTransportOptions transport,
                                   std::shared_ptr<aws::SharedCredentials> shared);

}  // namespace dth
