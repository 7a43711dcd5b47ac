#include "objects/s3/s3_session.h"

#include "net/client/proxy.h"

namespace dth::objects::s3 {
namespace {

constexpr std::uint32_t connections_per_origin_max = 4096;

// The proxies on the way: the option, else the endpoint's own, which may have a password, else what
// the process is told as curl reads it.
Result<std::shared_ptr<const net::ProxyRules>> find_proxies(
    const credentials::CredentialResolver& resolver, const objects::Endpoint& endpoint,
    const EndpointOptions& options, const EndpointOwner& owner) {
  const std::string option = owner.option_prefix + "proxy";
  auto secret = resolver.find_secret(endpoint.proxy);
  if (secret.has_error()) return secret.error();
  if (options.proxy.find('@') != std::string::npos) {
    return Error{ErrorCode::invalid_argument,
                 option +
                     " holds a user, and perhaps a password, which everybody can see in the list "
                     "of processes; set " +
                     secret->shown_name + " in the environment instead",
                 ""};
  }
  const std::string& named = options.proxy.empty() ? secret->text : options.proxy;
  if (named == "none") return std::make_shared<const net::ProxyRules>();
  if (named.empty()) return resolver.default_proxies();
  auto proxy = net::parse_proxy(named);
  if (proxy.has_error())
    return std::move(proxy.error())
        .with_context(options.proxy.empty() ? secret->shown_name : option);
  return std::make_shared<const net::ProxyRules>(net::ProxyRules::always(std::move(*proxy)));
}

}  // namespace

std::shared_ptr<LearntAids> SharedLearntAids::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  if (auto known = known_[key].lock()) return known;
  auto learnt_aids = std::make_shared<LearntAids>();
  known_[key] = learnt_aids;
  return learnt_aids;
}

Result<std::shared_ptr<net::TlsContext>> find_tls(SessionServices& services,
                                                  const objects::Endpoint& endpoint,
                                                  const EndpointOptions& options,
                                                  const EndpointOwner& owner) {
  if (!options.ca_bundle.empty())
    return services.tls_contexts.find(options.ca_bundle, owner.option_prefix + "ca-bundle");
  auto bundle = services.resolver.configured_ca_bundle(endpoint.credential);
  if (bundle.has_error()) return bundle.error();
  return services.tls_contexts.find(bundle->value, bundle->from);
}

Result<std::shared_ptr<Session>> Session::open(SessionServices& services, const LaneServices& lane,
                                               net::BufferPool& buffers, const SessionKey& key,
                                               const EndpointOptions& options,
                                               const EndpointOwner& owner) {
  auto proxies = find_proxies(services.resolver, key.endpoint, options, owner);
  if (proxies.has_error()) return proxies.error();
  credentials::IdentityRequest request{.executor = lane.executor, .clock = lane.clock};
  request.transport.find_tls = [&services, endpoint = key.endpoint, options, owner] {
    return s3::find_tls(services, endpoint, options, owner);
  };
  request.transport.proxies = *proxies;
  request.region = options.region;
  request.endpoint = key.endpoint.options;
  request.option_prefix = owner.option_prefix;
  std::shared_ptr<Session> session(new Session(services, key));
  session->transport_ = request.transport;
  session->transport_.addresses = services.resolver.addresses(key.endpoint.credential);
  auto identity = services.resolver.open_identity(key.endpoint.credential, std::move(request));
  if (identity.has_error()) return identity.error();
  session->identity_ = std::move(*identity);
  net::HttpClientOptions http;
  http.tls = key.tls;
  http.proxies = std::move(*proxies);
  http.addresses = services.resolver.addresses(key.endpoint.credential);
  http.connections_per_origin_max = connections_per_origin_max;
  http.first_byte_timeout = key.answer_timeout;
  // Buffers of transfers that wait for an answer are held that long.
  http.buffer_stall_max =
      std::max<std::chrono::milliseconds>(http.buffer_stall_max, 2 * key.answer_timeout);
  session->http_ =
      std::make_unique<net::HttpClient>(lane.executor, lane.clock, buffers, std::move(http));
  return session;
}

std::unique_ptr<aws::IdentityTransport> Session::open_transport(const LaneServices& lane) const {
  return aws::make_identity_transport(lane.executor, lane.clock, transport_);
}

std::shared_ptr<LearntAids> Session::learnt_aids(const std::string& bucket) {
  auto& learnt_aids = learnt_aids_[bucket];
  if (!learnt_aids) {
    learnt_aids = services_.learnt_aids.find({key_.endpoint, key_.credential_revision, bucket});
  }
  return learnt_aids;
}

}  // namespace dth::objects::s3
