#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "objects/object_store.h"

namespace dth::objects {

// One step on the way to a server.
struct ReachStep {
  enum class What { address, connection, tls };
  What what = What::address;
  Duration time{};
  std::string detail = {};          // "192.0.2.7 and 2 others", "TLSv1.3"
  std::optional<Error> error = {};  // the last step then
};

struct BucketInfo {
  std::string name;
  Reported<TimePoint> created = {};
};
struct BucketRequest {
  std::string prefix = {};  // of their names
  std::string token = {};   // of the page before
  std::uint32_t page_size = 1000;
};
// By name. An empty page with a token is legal: ask on.
struct BucketPage {
  std::vector<BucketInfo> buckets;
  std::string next_token;  // empty: that was the last one
};

// One level of a bucket's names, as if they were paths.
struct LevelRequest {
  std::string bucket;
  std::string prefix = {};  // ends with a slash, or with the beginning of a name
  std::string token = {};
  std::uint32_t page_size = 1000;
};
struct LevelEntry {
  bool is_prefix = false;  // key is "a/b/": what more keys begin with
  ObjectInfo object;       // of a prefix: its key alone
};
struct LevelPage {
  std::vector<LevelEntry> entries;  // in byte order
  std::string next_token;           // empty: that was the last one
};

// What the newest answer said, also one that refused.
struct LastAnswer {
  std::string vendor_code = {};  // of a refusal: "AccessDenied"
  std::string request_id = {};
  // By how much the server's clock is ahead of ours, to about a second; nothing: it did not say.
  std::optional<std::chrono::milliseconds> clock_ahead = {};
};

// An endpoint as a whole, looked at by a person: to test it, and to browse it. Where a method is
// not one request to the store, it says so; nothing is repeated. One lane's, as an ObjectStore.
// Errors are those of ObjectStore.
class EndpointClient {
 public:
  virtual ~EndpointClient() = default;

  // Resolves the name, connects, and shakes hands, on a connection of its own that is closed again.
  // The steps taken: the last one failed, or all succeeded. Empty where there is no server.
  virtual Async<std::vector<ReachStep>> reach() = 0;

  // Who signs, as the store knows them: an ARN; or the public part of a key. Empty: nobody.
  virtual Async<Result<std::string>> identity() = 0;

  virtual Async<Result<BucketPage>> list_buckets(BucketRequest request) = 0;
  virtual Async<Result<LevelPage>> list_level(LevelRequest request) = 0;

  // The store of one bucket, which last_answer() is about as well. It is the client's, and is gone
  // when the next one is opened.
  virtual Result<ObjectStore*> open_bucket(const std::string& bucket) = 0;

  virtual LastAnswer last_answer() const = 0;
};

}  // namespace dth::objects
