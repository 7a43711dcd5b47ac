#pragma once

#include <string>

#include "base/error.h"
#include "state/worker_registry.h"

namespace dth::state::sql {

// How an engine finds out which workers are alive. Thread-safe.
class Liveness {
 public:
  virtual ~Liveness() = default;

  // From now on a worker of this process shows that it lives. already_exists where another has that
  // id.
  virtual Result<void> begin(const std::string& worker) = 0;
  // It does not any more. `is_anothers`: another worker of that id is registered.
  virtual void end(const std::string& worker, bool is_anothers) = 0;
  // What is kept of each worker beside what it says itself.
  virtual std::string mark() const = 0;

  struct Evidence {
    const WorkerInfo& worker;
    std::string mark;
    TimePoint now{};
    TimePoint leases_until{};  // of the jobs that it holds, the last; 0: none
  };
  virtual WorkerInfo::Life life_of(const Evidence& evidence) = 0;
};

// The id of this start of the kernel; empty where it is not known.
const std::string& boot_id();
std::string host_name();

}  // namespace dth::state::sql
