#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/control/audit_log.h"
#include "state/control/labels.h"

namespace dth::state {

// A place that tasks copy from and to, by its name: how it is reached, and which credential of the
// vault signs there. It holds no secret.
struct StoredEndpoint {
  std::string id;  // endpoint_…
  std::string name;
  std::string kind;         // of a store: "s3"
  std::string vendor = {};  // the template that it was made from; empty: none
  std::string description = {};
  std::string options = "{}";   // a JSON object of texts, by the names of the kind's options
  std::string credential = {};  // the id of a credential; empty: none
  Labels labels = {};
  std::string last_test = {};  // a JSON object; empty: it was not tested as it is now
  TimePoint created_at{};
  TimePoint updated_at{};
  std::int64_t revision = 1;  // grows with each change
};

// A thing that refers to an endpoint: "task".
struct EndpointUser {
  std::string kind;
  std::string id;
  std::string name;
};

// Those that all given fields fit; what is empty fits everything.
struct EndpointFilter {
  std::string text = {};  // within name, description, vendor or options, in either case
  std::vector<std::string> kinds = {};
  std::string credential = {};
  std::optional<Label> label = {};
};

inline constexpr std::size_t endpoint_users_max = 100;

// The places that tasks copy from and to. See State for what every method keeps to, and
// ControlState for the entries.
class EndpointStore {
 public:
  virtual ~EndpointStore() = default;

  // already_exists where the id or the name is taken; not_found where the credential is not there.
  virtual Result<void> create(const StoredEndpoint& endpoint, const AuditEntry& entry) = 0;
  // Everything but id, kind and creation becomes that of `changed`, whose revision is the one that
  // the caller saw; it is one greater afterwards. not_found: the endpoint, or its credential, by
  // their ids; precondition_failed: somebody else changed it; already_exists: the name is
  // another's.
  virtual Result<void> replace(const StoredEndpoint& changed, const AuditEntry& entry) = 0;
  // Who uses it: then nothing was changed. Empty: it is gone. not_found.
  virtual Result<std::vector<EndpointUser>> remove(const std::string& id,
                                                   const AuditEntry& entry) = 0;
  // not_found.
  virtual Result<StoredEndpoint> find(const std::string& id) = 0;
  // By name; those after the name `after`.
  virtual Result<std::vector<StoredEndpoint>> list(const EndpointFilter& filter,
                                                   const std::string& after,
                                                   std::size_t count_max) = 0;
  virtual Result<std::int64_t> count(const EndpointFilter& filter) = 0;
  // What refers to it: the first endpoint_users_max by name, and how many there are.
  virtual Result<std::vector<EndpointUser>> users(const std::string& id) = 0;
  virtual Result<std::int64_t> user_count(const std::string& id) = 0;
  // What a test of it showed, kept where it is still as it was tested: false otherwise. The entry
  // is written in either case.
  virtual Result<bool> keep_test(const std::string& id, std::int64_t revision,
                                 const std::string& test, const AuditEntry& entry) = 0;
};

}  // namespace dth::state
