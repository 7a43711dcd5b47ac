#pragma once

#include <map>
#include <memory>
#include <string>

#include "credentials/credential_resolver.h"
#include "net/client/http_client.h"
#include "objects/s3/endpoint_options.h"
#include "objects/s3/learnt_aids.h"
#include "objects/s3/tls_contexts.h"
#include "objects/store_kind.h"

namespace dth::objects::s3 {

// What is learnt of buckets serves all lanes, by the endpoint, who signs, and the bucket. Kept as
// long as a session holds it. Thread-safe.
class SharedLearntAids {
 public:
  using Key = std::tuple<objects::Endpoint, std::string, std::string>;
  std::shared_ptr<LearntAids> find(const Key& key);

 private:
  std::mutex mutex_;
  std::map<Key, std::weak_ptr<LearntAids>> known_;
};

// What the sessions of all lanes share.
struct SessionServices {
  credentials::CredentialResolver& resolver;
  TlsContexts tls_contexts = {};
  SharedLearntAids learnt_aids = {};
};

// By what sessions are told apart: the endpoint, and how its secrets and its authorities are now.
struct SessionKey {
  objects::Endpoint endpoint;
  std::string credential_revision = {};
  std::string proxy_revision = {};
  std::chrono::seconds answer_timeout;
  std::shared_ptr<net::TlsContext> tls = {};  // null: the endpoint is reached without
  auto operator<=>(const SessionKey&) const = default;
};

// The connections to an endpoint on one lane, who signs there, and what was learnt of its buckets.
class Session {
 public:
  // `services`, `lane` and `buffers` outlive it.
  static Result<std::shared_ptr<Session>> open(SessionServices& services, const LaneServices& lane,
                                               net::BufferPool& buffers, const SessionKey& key,
                                               const EndpointOptions& options,
                                               const EndpointOwner& owner);

  net::HttpClient& http() { return *http_; }
  const std::shared_ptr<aws::CredentialProvider>& provider() { return identity_.provider; }
  std::shared_ptr<LearntAids> learnt_aids(const std::string& bucket);
  // For questions about who signs here; it may lead where this session may.
  std::unique_ptr<aws::IdentityTransport> open_transport(const LaneServices& lane) const;

 private:
  Session(SessionServices& services, SessionKey key) : services_(services), key_(std::move(key)) {}

  SessionServices& services_;
  const SessionKey key_;
  aws::IdentityTransportOptions transport_;
  credentials::OpenIdentity identity_;
  std::unique_ptr<net::HttpClient> http_;
  std::map<std::string, std::shared_ptr<LearntAids>> learnt_aids_;  // by bucket
};

// What the endpoint trusts, and who says so: the option, or AWS's environment and profiles.
Result<std::shared_ptr<net::TlsContext>> find_tls(SessionServices& services,
                                                  const objects::Endpoint& endpoint,
                                                  const EndpointOptions& options,
                                                  const EndpointOwner& owner);

}  // namespace dth::objects::s3
