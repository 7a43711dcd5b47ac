#include "main/s3_opener.h"

#include <cstdlib>
#include <map>
#include <mutex>
#include <tuple>

#include "cloud/aws/credentials.h"
#include "cloud/aws/profile.h"
#include "net/buffer_pool.h"
#include "net/http_client.h"
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

// "source" -> "DTH_SOURCE_"
std::string variable_prefix(const SideSettings& settings) {
  std::string prefix = "DTH_" + settings.side + "_";
  for (char& c : prefix) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return prefix;
}

Result<std::shared_ptr<aws::CredentialProvider>> find_credentials(const SideSettings& settings) {
  if (settings.anonymous) return aws::make_anonymous_provider();
  const std::string prefix = variable_prefix(settings);
  aws::Credentials given;
  given.access_key_id = environment_value(prefix + "ACCESS_KEY_ID");
  given.secret_access_key = environment_value(prefix + "SECRET_ACCESS_KEY");
  given.session_token = environment_value(prefix + "SESSION_TOKEN");
  if (given.access_key_id.empty() != given.secret_access_key.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "only one of " + prefix + "ACCESS_KEY_ID and " + prefix + "SECRET_ACCESS_KEY is set; set both or neither", ""};
  }
  if (!given.access_key_id.empty()) return aws::make_static_provider(std::move(given));
  return aws::make_default_provider(aws::process_environment(), settings.profile);
}

// The customer's key (SSE-C) of a side. The destination's writes need one exactly where that was asked for.
Result<std::shared_ptr<const objects::CustomerKey>> find_customer_key(const SideSettings& settings) {
  const std::string name = variable_prefix(settings) + "SSE_C_KEY";
  const std::string text = environment_value(name);
  if (settings.side == "destination" && text.empty() == settings.writes_with_customer_key) {
    return Error{ErrorCode::invalid_argument,
                 text.empty() ? "--encryption sse-c takes the key from " + name + ", which is not set: the base64 of 32 bytes"
                              : name + " is set, and --encryption is not sse-c: say which is meant",
                 ""};
  }
  if (text.empty()) return std::shared_ptr<const objects::CustomerKey>();
  auto key = objects::CustomerKey::parse(text);
  if (key.has_error()) return std::move(key.error()).with_context(name);
  return key;
}

// Who signs a side's requests, as far as it shows without asking anybody: where this is equal, the credentials are.
std::string identity_of(const SideSettings& settings) {
  const std::string prefix = variable_prefix(settings);
  if (settings.anonymous) return "anonymous";
  const std::string given = environment_value(prefix + "ACCESS_KEY_ID");
  return given.empty() ? "profile " + settings.profile : "key " + given;
}

// May the destination's store copy from the source by itself?
bool is_one_place(const SideSettings& source, const SideSettings& destination) {
  const auto place = [](const SideSettings& side) {
    return std::tuple(side.endpoint_url, side.region, side.vendor, identity_of(side));
  };
  return !source.anonymous && place(source) == place(destination) &&
         environment_value(variable_prefix(source) + "SSE_C_KEY").empty() && !destination.writes_with_customer_key;
}

Result<objects::S3Options> s3_options(const SideSettings& settings) {
  objects::S3Options options;
  options.bucket = settings.bucket;
  options.vendor = settings.vendor;
  if (!settings.endpoint_url.empty()) {
    auto origin = net::parse_origin(settings.endpoint_url);
    if (origin.has_error()) return std::move(origin.error()).with_context("--" + settings.side + "-endpoint-url");
    options.endpoint = *origin;
  }
  if (!settings.region.empty()) {
    options.region = settings.region;
  } else if (std::string region = aws::default_region(aws::process_environment(), settings.profile); !region.empty()) {
    options.region = std::move(region);
  }
  if (settings.addressing == "path") options.addressing = objects::Addressing::path;
  if (settings.addressing == "virtual") options.addressing = objects::Addressing::virtual_host;
  options.anonymous = settings.anonymous;
  if (settings.unsigned_payload) options.payload_signing = objects::PayloadSigning::never;
  auto key = find_customer_key(settings);
  if (key.has_error()) return key.error();
  options.customer_key = std::move(*key);
  return options;
}

// Contexts by CA bundle, made once: reading the system's authorities takes tens of milliseconds. Thread-safe.
class TlsContexts {
 public:
  Result<std::shared_ptr<net::TlsContext>> find(const SideSettings& settings) {
    std::lock_guard lock(mutex_);
    auto found = contexts_.find(settings.ca_bundle);
    if (found != contexts_.end()) return found->second;
    auto made = net::make_tls_client_context({settings.ca_bundle});
    if (made.has_error()) return std::move(made.error()).with_context("--" + settings.side + "-ca-bundle");
    contexts_.emplace(settings.ca_bundle, *made);
    return *made;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<net::TlsContext>> contexts_;
};

// One side of a lane: its own connections, since what it trusts may differ.
struct Side {
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<objects::ObjectStore> store;
};

class LaneS3Stores final : public object_copy::OpenStores {
 public:
  LaneS3Stores(engine::Lane lane, TlsContexts& tls_contexts)
      : lane_(lane), tls_contexts_(tls_contexts), buffers_(lane.executor, buffer_bytes_max / lane.count) {}

  Result<void> open(const SideSettings& settings, Side* side) {
    auto options = s3_options(settings);
    if (options.has_error()) return options.error();
    auto credentials = find_credentials(settings);
    if (credentials.has_error()) return credentials.error();
    net::HttpClientOptions http;
    http.connections_per_origin_max = 4096;
    // A bundle that was named is looked at whether it is needed or not.
    if (!options->endpoint || options->endpoint->tls || !settings.ca_bundle.empty()) {
      auto tls = tls_contexts_.find(settings);
      if (tls.has_error()) return tls.error();
      http.tls = *tls;
    }
    side->http = std::make_unique<net::HttpClient>(lane_.executor, lane_.clock, buffers_, std::move(http));
    side->store = objects::make_s3_store(std::move(*options), *side->http, lane_.clock, std::move(*credentials), requests_);
    return Result<void>();
  }

  objects::ObjectStore& source() override { return *source_.store; }
  objects::ObjectStore& destination() override { return *destination_.store; }
  objects::RequestCounters& requests() override { return requests_; }
  std::string copy_source_bucket() const override { return copy_source_bucket_; }

 private:
  engine::Lane lane_;
  TlsContexts& tls_contexts_;
  objects::RequestCounters requests_;
  net::BufferPool buffers_;

 public:
  std::string copy_source_bucket_;
  Side source_, destination_;  // after what they use
};

class S3Opener final : public object_copy::StoreOpener {
 public:
  Result<std::unique_ptr<object_copy::OpenStores>> open(const SideSettings& source, const SideSettings& destination,
                                                        engine::Lane lane) override {
    auto stores = std::make_unique<LaneS3Stores>(lane, tls_contexts_);
    auto opened = stores->open(source, &stores->source_);
    if (opened.has_error()) return opened.error();
    opened = stores->open(destination, &stores->destination_);
    if (opened.has_error()) return opened.error();
    if (is_one_place(source, destination)) stores->copy_source_bucket_ = source.bucket;
    return std::unique_ptr<object_copy::OpenStores>(std::move(stores));
  }

 private:
  TlsContexts tls_contexts_;
};

}  // namespace

std::unique_ptr<object_copy::StoreOpener> make_s3_opener() { return std::make_unique<S3Opener>(); }

}  // namespace dth
