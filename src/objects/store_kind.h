#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/buffer_budget.h"
#include "objects/endpoint.h"
#include "objects/endpoint_client.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"

namespace dth::objects {

// What the sessions of one lane are made with, whatever their kind; all of it outlives them.
struct LaneServices {
  Executor executor;
  Clock& clock;
  unsigned count;         // lanes of this process
  BufferBudget& buffers;  // of this lane, for all kinds and runs
};

// A store, and the session that it uses together with others of the same endpoint.
struct OpenStore {
  std::shared_ptr<void> session = {};
  std::unique_ptr<ObjectStore> store = {};  // destroyed first
};

// The sessions of one kind on one lane. A session is what costs time to make: connections, who
// signs, what was learnt of the endpoint. It is kept by endpoint and by the revision of its
// credentials, serves all runs of the lane, and is closed when it was not in use for a minute.
class LaneSessions {
 public:
  static constexpr std::chrono::minutes idle_max{1};

  virtual ~LaneSessions() = default;

  // Sends no request yet. `counters` counts the store's requests and outlives it. invalid_argument
  // names the option as its owner knows it.
  virtual Result<OpenStore> open(const StoreRequest& request, RequestCounters& counters) = 0;

  // The endpoint as a whole; the request's bucket is not used. Errors as open(); unsupported where
  // the kind has no such client.
  virtual Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request);

  // May the destination's store copy from the source by itself: one place, the same credentials, no
  // customer's key? Both are of this kind, and were opened here.
  virtual bool can_copy_between(const StoreRequest&, const StoreRequest&) const { return false; }

  // Called now and then.
  virtual void close_idle() = 0;
};

// A kind of store, in a folder of its own: what an endpoint of it may say, and how its stores are
// opened. The command line's flags, the hub's forms and the reference are made from its tables.
// Thread-safe.
class StoreKind {
 public:
  virtual ~StoreKind() = default;

  // The scheme of its locations: "s3".
  virtual std::string_view name() const = 0;
  virtual std::string_view noun() const = 0;  // "an S3 bucket"
  virtual bool has_server() const = 0;        // is it reached over a network?

  // How an endpoint is reached, and how flags name a credential for it. Names are without a prefix:
  // "region". No name is in both.
  virtual std::span<const options::Option> endpoint_options() const = 0;
  virtual std::span<const options::Option> credential_options() const = 0;

  // The endpoint that flags mean; `given` has options of both tables. invalid_argument names the
  // option as its owner knows it.
  virtual Result<Endpoint> make_endpoint(const options::Values& given,
                                         const EndpointOwner& owner) const = 0;

  // Do buckets of one name lie in one and the same place, as far as the endpoints' options tell?
  virtual bool is_one_place(const Endpoint& one, const Endpoint& other) const = 0;

  // Where requests go, as people read it: "https://host:9000", "AWS us-east-1". Empty: nowhere, the
  // store is on this host.
  virtual std::string address_of(const Endpoint&) const { return {}; }

  // The servers that requests of `after` go to and those of `before` do not, by names that a person
  // can confirm: "host:9000". Servers that one and the same owner has under one name are one.
  virtual std::vector<std::string> new_hosts(const Endpoint&, const Endpoint&) const { return {}; }

  // The partition of AWS in whose form names of what is there are written in policies ("aws-cn");
  // "aws" for other stores that have such policies. Empty: there are none.
  virtual std::string_view policy_partition(const Endpoint&) const { return {}; }

  // The kinds of credential (credential_kinds.h) that may sign there.
  virtual std::span<const std::string_view> credential_kinds() const { return {}; }

  // The kind outlives what it returns.
  virtual std::unique_ptr<LaneSessions> open_lane(LaneServices services) = 0;
};

// What of `given` is in the table.
options::Values values_of(std::span<const options::Option> table, const options::Values& given);

}  // namespace dth::objects
