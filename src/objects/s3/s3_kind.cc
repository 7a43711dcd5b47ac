#include "objects/s3/s3_kind.h"

#include <array>
#include <cctype>
#include <tuple>

#include "base/idle_cache.h"
#include "credentials/credential_kinds.h"
#include "credentials/flag_options.h"
#include "objects/s3/endpoint_client.h"
#include "objects/s3/endpoint_hosts.h"
#include "objects/s3/s3_session.h"

namespace dth::objects {
namespace {

using s3::EndpointOptions;
using s3::SessionServices;

// The customer's key (SSE-C) of a store, or none. Writes need one exactly where that was asked for.
Result<std::shared_ptr<const CustomerKey>> find_customer_key(
    const credentials::CredentialResolver& resolver, const StoreRequest::CustomerKey& wanted) {
  using Rule = StoreRequest::CustomerKey::Rule;
  auto secret = resolver.find_secret(wanted.ref);
  if (secret.has_error()) return secret.error();
  if (secret->text.empty() && wanted.rule == Rule::required) {
    return Error{ErrorCode::invalid_argument,
                 wanted.because + " takes the key from " + secret->shown_name +
                     ", which is not set: the base64 of 32 bytes",
                 ""};
  }
  if (secret->text.empty()) return std::shared_ptr<const CustomerKey>();
  if (wanted.rule == Rule::excluded) {
    return Error{ErrorCode::invalid_argument,
                 secret->shown_name + " is set, and " + wanted.because + ": say which is meant",
                 ""};
  }
  auto key = CustomerKey::parse(secret->text);
  if (key.has_error()) return std::move(key.error()).with_context(secret->shown_name);
  return key;
}

Result<S3Options> s3_options(const credentials::CredentialResolver& resolver,
                             const StoreRequest& request, const EndpointOptions& endpoint) {
  S3Options options;
  options.bucket = request.bucket;
  options.vendor = endpoint.vendor;
  if (!endpoint.endpoint_url.empty()) {
    auto parsed = net::parse_endpoint(endpoint.endpoint_url);
    if (parsed.has_error())
      return std::move(parsed.error()).with_context(request.owner.option_prefix + "endpoint-url");
    options.endpoint = std::move(parsed->origin);
    options.endpoint_path = std::move(parsed->path);
  }
  if (!endpoint.region.empty()) {
    options.region = endpoint.region;
  } else {
    auto region = resolver.configured_region(request.endpoint.credential);
    if (region.has_error()) return region.error();
    if (!region->value.empty()) options.region = std::move(region->value);
  }
  options.addressing = endpoint.addressing;
  options.anonymous = request.endpoint.credential.kind == credentials::kind_anonymous;
  options.requester_pays = endpoint.requester_pays;
  if (request.unsigned_payload) options.payload_signing = PayloadSigning::never;
  auto key = find_customer_key(resolver, request.customer_key);
  if (key.has_error()) return key.error();
  options.customer_key = std::move(*key);
  return options;
}

class LaneS3Sessions final : public LaneSessions {
 public:
  LaneS3Sessions(LaneServices lane, SessionServices& services)
      : lane_(lane), services_(services), buffers_(lane.buffers) {}

  Result<OpenStore> open(const StoreRequest& request, RequestCounters& counters) override {
    auto endpoint =
        s3::read_endpoint_options(request.endpoint.options, request.owner.option_prefix);
    if (endpoint.has_error()) return endpoint.error();
    auto options = s3_options(services_.resolver, request, *endpoint);
    if (options.has_error()) return options.error();
    auto session = find_session(request, *endpoint, *options);
    if (session.has_error()) return session.error();
    options->learnt_aids = (*session)->learnt_aids(request.bucket);
    OpenStore opened;
    opened.store = make_s3_store(std::move(*options), (*session)->http(), lane_.clock,
                                 (*session)->provider(), counters);
    opened.session = std::move(*session);
    return opened;
  }

  Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request) override {
    auto endpoint =
        s3::read_endpoint_options(request.endpoint.options, request.owner.option_prefix);
    if (endpoint.has_error()) return endpoint.error();
    auto options = s3_options(services_.resolver, request, *endpoint);
    if (options.has_error()) return options.error();
    auto session = find_session(request, *endpoint, *options);
    if (session.has_error()) return session.error();
    return s3::make_endpoint_client(std::move(*options), std::move(*session), lane_);
  }

  bool can_copy_between(const StoreRequest& source,
                        const StoreRequest& destination) const override {
    const auto place = [](const Endpoint& endpoint) {
      auto options = s3::read_endpoint_options(endpoint.options, "").value();  // it was opened
      return std::tuple(options.endpoint_url, options.region, options.vendor,
                        options.requester_pays);
    };
    if (source.endpoint.credential.kind == credentials::kind_anonymous ||
        place(source.endpoint) != place(destination.endpoint))
      return false;
    for (const StoreRequest* side : {&source, &destination}) {
      const auto key = services_.resolver.find_secret(side->customer_key.ref);
      if (key.has_error() || !key->text.empty()) return false;
    }
    const auto reader = services_.resolver.revision(source.endpoint.credential);
    const auto writer = services_.resolver.revision(destination.endpoint.credential);
    return reader.has_value() && writer.has_value() && *reader == *writer;
  }

  void close_idle() override { sessions_.drop_idle(lane_.clock.monotonic_now()); }

 private:
  Result<std::shared_ptr<s3::Session>> find_session(const StoreRequest& request,
                                                    const EndpointOptions& endpoint,
                                                    const S3Options& options) {
    s3::SessionKey key{.endpoint = request.endpoint, .answer_timeout = request.answer_timeout};
    for (const auto& [ref, revision] :
         {std::pair(&request.endpoint.credential, &key.credential_revision),
          std::pair(&request.endpoint.proxy, &key.proxy_revision)}) {
      auto found = services_.resolver.revision(*ref);
      if (found.has_error()) return found.error();
      *revision = std::move(*found);
    }
    // A bundle that was named is looked at whether it is needed or not.
    if (!options.endpoint || options.endpoint->tls || !endpoint.ca_bundle.empty()) {
      auto tls = s3::find_tls(services_, request.endpoint, endpoint, request.owner);
      if (tls.has_error()) return tls.error();
      key.tls = std::move(*tls);
    }
    if (auto known = sessions_.find(key)) return known;
    auto session = s3::Session::open(services_, lane_, buffers_, key, endpoint, request.owner);
    if (session.has_value()) sessions_.put(key, *session);
    return session;
  }

  const LaneServices lane_;
  SessionServices& services_;
  net::BufferPool buffers_;
  IdleCache<s3::SessionKey, s3::Session> sessions_{idle_max};  // after what they use
};

// An endpoint's URL as far as it says where that is: "HTTP://Host:80/" is "http://host".
std::string place_of(const Endpoint& endpoint) {
  const auto given = endpoint.options.find("endpoint-url");
  if (given == endpoint.options.end()) return "";
  std::string url = given->second;
  for (char& c : url) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  while (url.ends_with('/')) url.pop_back();
  const std::string_view port = url.starts_with("https://") ? ":443" : ":80";
  if (url.ends_with(port)) url.resize(url.size() - port.size());
  return url;
}

class S3Kind final : public StoreKind {
 public:
  explicit S3Kind(credentials::CredentialResolver& resolver) : services_{resolver} {}

  std::string_view name() const override { return "s3"; }
  std::string_view noun() const override { return "an S3 bucket"; }
  bool has_server() const override { return true; }
  std::span<const options::Option> endpoint_options() const override {
    return s3::endpoint_options();
  }
  std::span<const options::Option> credential_options() const override {
    return credentials::aws_flag_options();
  }

  Result<Endpoint> make_endpoint(const options::Values& given,
                                 const EndpointOwner& owner) const override {
    Endpoint endpoint{.kind = "s3", .options = values_of(s3::endpoint_options(), given)};
    auto read = s3::read_endpoint_options(endpoint.options, owner.option_prefix);
    if (read.has_error()) return read.error();
    if (auto checked = s3::check_place(*read, owner.option_prefix); checked.has_error())
      return checked.error();
    auto credential = credentials::aws_reference(values_of(credential_options(), given), owner.name,
                                                 owner.option_prefix);
    if (credential.has_error()) return credential.error();
    endpoint.credential = std::move(*credential);
    endpoint.proxy = {.kind = std::string(credentials::kind_http_proxy), .name = owner.name};
    if (endpoint.credential.kind == credentials::kind_anonymous && read->requester_pays) {
      return Error{ErrorCode::invalid_argument,
                   owner.option_prefix + "anonymous and " + owner.option_prefix +
                       "requester-pays contradict each other; leave one of them",
                   ""};
    }
    return endpoint;
  }

  bool is_one_place(const Endpoint& one, const Endpoint& other) const override {
    return place_of(one) == place_of(other);
  }

  std::string address_of(const Endpoint& endpoint) const override {
    return s3::shown_address(endpoint.options);
  }
  std::vector<std::string> new_hosts(const Endpoint& before, const Endpoint& after) const override {
    return s3::new_hosts(before.options, after.options);
  }
  std::string_view policy_partition(const Endpoint& endpoint) const override {
    return s3::arn_partition(endpoint.options);
  }
  std::span<const std::string_view> credential_kinds() const override {
    static constexpr std::array kinds = {
        credentials::kind_aws_access_key,      credentials::kind_aws_role,
        credentials::kind_aws_secrets_manager, credentials::kind_anonymous,
        credentials::kind_aws_profile,         credentials::kind_aws_default,
        credentials::kind_aws_instance,        credentials::kind_aws_web_identity,
        credentials::kind_aws_environment,     credentials::kind_aws_file};
    return kinds;
  }

  std::unique_ptr<LaneSessions> open_lane(LaneServices services) override {
    return std::make_unique<LaneS3Sessions>(services, services_);
  }

 private:
  SessionServices services_;
};

}  // namespace

std::unique_ptr<StoreKind> make_s3_kind(credentials::CredentialResolver& resolver) {
  return std::make_unique<S3Kind>(resolver);
}

}  // namespace dth::objects
