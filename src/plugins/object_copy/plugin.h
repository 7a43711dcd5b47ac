#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/plugin.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// How one side of a copy is reached: what a spec says of it, for whoever opens stores.
struct SideSettings {
  std::string
      side;  // "source" or "destination": the prefix of its options and of its DTH_… variables
  std::string scheme = "s3";  // of its location: which kind of store it is
  std::string bucket;         // of a file: its directory
  bool read_only = false;     // nothing will be written there
  std::string endpoint_url;
  std::string region;
  std::string vendor;  // a vendor profile's name; empty: found out
  std::string profile;
  std::string addressing = "auto";  // auto, path, virtual
  std::string ca_bundle;
  std::string proxy;     // a URL without a user, or "none"; empty: what the environment says
  std::string role_arn;  // to assume on top of the credentials found
  std::string role_external_id;
  std::string role_session_name;
  std::string sts_endpoint_url;
  bool requester_pays = false;
  bool anonymous = false;
  bool unsigned_payload = false;
  std::chrono::seconds answer_timeout{60};  // from a request's last byte to the first of its answer
  bool writes_with_customer_key =
      false;  // SSE-C; its key comes from the environment, as credentials do
};

// A lane's two stores and all they hang on.
class OpenStores {
 public:
  virtual ~OpenStores() = default;
  virtual objects::ObjectStore& source() = 0;
  virtual objects::ObjectStore& destination() = 0;
  virtual objects::RequestCounters& requests() = 0;
  // The source's bucket, where the destination's store may copy from it by itself: one endpoint,
  // the same credentials, no customers' keys. Else empty.
  virtual std::string copy_source_bucket() const { return ""; }
};

// Given by the composition root: the plugin knows no vendor.
class StoreOpener {
 public:
  virtual ~StoreOpener() = default;
  // Opens both sides on the lane, without a request yet.
  virtual Result<std::unique_ptr<OpenStores>> open(const SideSettings& source,
                                                   const SideSettings& destination,
                                                   engine::Lane lane) = 0;
};

// The options of a spec, parsed.
Result<CopyOptions> parse_copy_options(const options::Values& spec);
Result<CopyTuning> parse_copy_tuning(const options::Values& spec);

// `opener` must outlive the plugin.
std::unique_ptr<engine::Plugin> make_object_copy_plugin(StoreOpener& opener);

}  // namespace dth::object_copy
