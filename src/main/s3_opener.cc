#include <cstdlib>
#include <list>
#include <map>
#include <mutex>
#include <tuple>

#include "cloud/aws/configuration.h"
#include "credentials/process_environment.h"
#include "main/side_identity.h"
#include "main/store_kind.h"
#include "net/client/buffer_pool.h"
#include "net/client/http_client.h"
#include "objects/s3/learnt_aids.h"
#include "objects/s3/s3_store.h"

namespace dth {
namespace {

// Of all lanes together: bodies in flight.
constexpr std::uint64_t buffer_bytes_max = 96ull << 20;

using object_copy::SideSettings;

std::string environment_value(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

// The customer's key (SSE-C) of a side. The destination's writes need one exactly where that was
// asked for.
Result<std::shared_ptr<const objects::CustomerKey>> find_customer_key(
    const SideSettings& settings) {
  const std::string name = variable_prefix(settings) + "SSE_C_KEY";
  const std::string text = environment_value(name);
  if (settings.side == "destination" && text.empty() == settings.writes_with_customer_key) {
    return Error{ErrorCode::invalid_argument,
                 text.empty() ? "--encryption sse-c takes the key from " + name +
                                    ", which is not set: the base64 of 32 bytes"
                              : name + " is set, and --encryption is not sse-c: say which is meant",
                 ""};
  }
  if (text.empty()) return std::shared_ptr<const objects::CustomerKey>();
  auto key = objects::CustomerKey::parse(text);
  if (key.has_error()) return std::move(key.error()).with_context(name);
  return key;
}

// Who signs a side's requests, as far as it shows without asking anybody: where this is equal, the
// credentials are.
std::string identity_of(const SideSettings& settings) {
  const std::string prefix = variable_prefix(settings);
  if (settings.anonymous) return "anonymous";
  const std::string given = environment_value(prefix + "ACCESS_KEY_ID");
  return given.empty() ? "profile " + settings.profile : "key " + given;
}

// May the destination's store copy from the source by itself?
bool is_one_place(const SideSettings& source, const SideSettings& destination) {
  const auto place = [](const SideSettings& side) {
    return std::tuple(side.endpoint_url, side.region, side.vendor, side.role_arn,
                      side.role_external_id, side.sts_endpoint_url, side.requester_pays,
                      identity_of(side));
  };
  return !source.anonymous && place(source) == place(destination) &&
         environment_value(variable_prefix(source) + "SSE_C_KEY").empty() &&
         !destination.writes_with_customer_key;
}

Result<objects::S3Options> s3_options(const SideSettings& settings) {
  objects::S3Options options;
  options.bucket = settings.bucket;
  options.vendor = settings.vendor;
  if (!settings.endpoint_url.empty()) {
    auto endpoint = net::parse_endpoint(settings.endpoint_url);
    if (endpoint.has_error())
      return std::move(endpoint.error()).with_context("--" + settings.side + "-endpoint-url");
    options.endpoint = std::move(endpoint->origin);
    options.endpoint_path = std::move(endpoint->path);
  }
  if (!settings.region.empty()) {
    options.region = settings.region;
  } else {
    auto region = aws::configured_region(credentials::process_environment(), settings.profile);
    if (region.has_error()) return region.error();
    if (!region->value.empty()) options.region = std::move(region->value);
  }
  if (settings.addressing == "path") options.addressing = objects::Addressing::path;
  if (settings.addressing == "virtual") options.addressing = objects::Addressing::virtual_host;
  options.anonymous = settings.anonymous;
  options.requester_pays = settings.requester_pays;
  if (settings.unsigned_payload) options.payload_signing = objects::PayloadSigning::never;
  auto key = find_customer_key(settings);
  if (key.has_error()) return key.error();
  options.customer_key = std::move(*key);
  return options;
}

// What a side trusts, and who says so: the option, or AWS's environment and profiles.
Result<aws::Configured> find_ca_bundle(const SideSettings& settings) {
  if (!settings.ca_bundle.empty())
    return aws::Configured{settings.ca_bundle, "--" + settings.side + "-ca-bundle"};
  return aws::configured_ca_bundle(credentials::process_environment(), settings.profile);
}

// Contexts by CA bundle, made once: reading the system's authorities takes tens of milliseconds.
// Thread-safe.
class TlsContexts {
 public:
  Result<std::shared_ptr<net::TlsContext>> find(const SideSettings& settings) {
    auto bundle = find_ca_bundle(settings);
    if (bundle.has_error()) return bundle.error();
    std::lock_guard lock(mutex_);
    auto found = contexts_.find(bundle->value);
    if (found != contexts_.end()) return found->second;
    auto made = net::make_tls_client_context({bundle->value});
    if (made.has_error())
      return std::move(made.error())
          .with_context(bundle->from.empty() ? "the system's certificate authorities"
                                             : bundle->from);
    contexts_.emplace(bundle->value, *made);
    return *made;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<net::TlsContext>> contexts_;
};

// One side of a lane: its own connections, since what it trusts may differ.
struct Side {
  SideIdentity identity;
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<objects::ObjectStore> store;
};

// What is learnt of a store serves all lanes, as long as one of them has it open. Thread-safe.
class SharedLearntAids {
 public:
  std::shared_ptr<objects::s3::LearntAids> find(const SideSettings& settings) {
    const auto place = std::tie(settings.side, settings.endpoint_url, settings.region,
                                settings.vendor, settings.bucket);
    std::lock_guard lock(mutex_);
    std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
    if (auto known = known_[place].lock()) return known;
    auto learnt_aids = std::make_shared<objects::s3::LearntAids>();
    known_[place] = learnt_aids;
    return learnt_aids;
  }

 private:
  std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, std::string, std::string, std::string>,
           std::weak_ptr<objects::s3::LearntAids>>
      known_;
};

class LaneS3Stores final : public LaneStores {
 public:
  LaneS3Stores(engine::Lane lane, TlsContexts& tls_contexts, objects::RequestCounters& requests,
               SharedIdentities& identities, SharedLearntAids& learnt_aids)
      : lane_(lane),
        tls_contexts_(tls_contexts),
        requests_(requests),
        identities_(identities),
        learnt_aids_(learnt_aids),
        buffers_(lane.executor, buffer_bytes_max / lane.count) {}

  Result<objects::ObjectStore*> open(const SideSettings& settings) override {
    auto options = s3_options(settings);
    if (options.has_error()) return options.error();
    auto proxies = find_proxies(settings);
    if (proxies.has_error()) return proxies.error();
    const auto find_tls = [&contexts = tls_contexts_, settings] { return contexts.find(settings); };
    auto identity =
        open_identity(settings, lane_, {find_tls, *proxies}, identities_.find(settings));
    if (identity.has_error()) return identity.error();
    net::HttpClientOptions http;
    http.proxies = *proxies;
    http.connections_per_origin_max = 4096;
    http.first_byte_timeout = settings.answer_timeout;
    // Buffers of transfers that wait for an answer are held that long.
    http.buffer_stall_max =
        std::max<std::chrono::milliseconds>(http.buffer_stall_max, 2 * settings.answer_timeout);
    // A bundle that was named is looked at whether it is needed or not.
    if (!options->endpoint || options->endpoint->tls || !settings.ca_bundle.empty()) {
      auto tls = tls_contexts_.find(settings);
      if (tls.has_error()) return tls.error();
      http.tls = *tls;
    }
    options->learnt_aids = learnt_aids_.find(settings);
    Side& side = sides_.emplace_back();
    side.identity = std::move(*identity);
    side.http =
        std::make_unique<net::HttpClient>(lane_.executor, lane_.clock, buffers_, std::move(http));
    side.store = objects::make_s3_store(std::move(*options), *side.http, lane_.clock,
                                        side.identity.provider, requests_);
    return side.store.get();
  }

  std::string copy_source_bucket(const SideSettings& source,
                                 const SideSettings& destination) const override {
    return is_one_place(source, destination) ? source.bucket : "";
  }

 private:
  engine::Lane lane_;
  TlsContexts& tls_contexts_;
  objects::RequestCounters& requests_;
  SharedIdentities& identities_;
  SharedLearntAids& learnt_aids_;
  net::BufferPool buffers_;
  std::list<Side> sides_;  // after what they use
};

class S3Kind final : public StoreKind {
 public:
  std::unique_ptr<LaneStores> on(engine::Lane lane, objects::RequestCounters& requests) override {
    return std::make_unique<LaneS3Stores>(lane, tls_contexts_, requests, identities_, learnt_aids_);
  }

 private:
  TlsContexts tls_contexts_;
  SharedIdentities identities_;
  SharedLearntAids learnt_aids_;
};

}  // namespace

std::unique_ptr<StoreKind> make_s3_kind() { return std::make_unique<S3Kind>(); }

}  // namespace dth
