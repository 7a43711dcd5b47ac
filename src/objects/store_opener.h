#pragma once

#include <memory>
#include <string>
#include <vector>

#include "objects/store_kind.h"

namespace dth::objects {

// The two stores of one run on one lane, with counters of its own.
class OpenStores {
 public:
  virtual ~OpenStores() = default;
  virtual ObjectStore& source() = 0;
  virtual ObjectStore& destination() = 0;
  virtual RequestCounters& requests() = 0;
  // The source's bucket, where the destination's store may copy from it by itself: one endpoint,
  // the same credentials, no customers' keys. Else empty.
  virtual std::string copy_source_bucket() const = 0;
};

// What a lane keeps for all of its runs: sessions of every kind of store, and one budget of
// buffers. One lane's. What it returns must not outlive it.
class LaneOpener {
 public:
  virtual ~LaneOpener() = default;

  // Opens both, without a request yet. invalid_argument names the option as its owner knows it.
  virtual Result<std::unique_ptr<OpenStores>> open(const StoreRequest& source,
                                                   const StoreRequest& destination) = 0;

  // LaneSessions::open_client() of the endpoint's kind.
  virtual Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request) = 0;

  // Closes sessions that were not in use for a minute. open() does so too; a lane that may be idle
  // calls this now and then.
  virtual void close_idle() = 0;
};

// Opens stores of all kinds. Thread-safe.
class StoreOpener {
 public:
  virtual ~StoreOpener() = default;
  virtual std::span<const std::unique_ptr<StoreKind>> kinds() const = 0;
  // `lanes`: how many the process has, which share its budgets. The opener outlives what it
  // returns.
  virtual std::unique_ptr<LaneOpener> open_lane(Executor executor, Clock& clock,
                                                unsigned lanes) = 0;
};

std::unique_ptr<StoreOpener> make_store_opener(std::vector<std::unique_ptr<StoreKind>> kinds);

// Null where there is none of the name.
StoreKind* find_kind(std::span<const std::unique_ptr<StoreKind>> kinds, std::string_view name);

}  // namespace dth::objects
