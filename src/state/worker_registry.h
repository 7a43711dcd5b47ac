#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/control/audit_log.h"

namespace dth::state {

// What a process that executes jobs is, for people.
enum class WorkerKind {
  command,  // of the terminal: it executes one run of its own
  worker,   // `dth worker`
  hub,      // the worker in `dth serve`
};
std::string_view to_string(WorkerKind kind);
std::optional<WorkerKind> parse_worker_kind(std::string_view text);

// A process that executes jobs. Its lanes are numbers.
struct NewWorker {
  std::string id;  // never used before: a new one for each start
  WorkerKind kind = WorkerKind::worker;
  std::vector<std::string> labels = {};  // runs that are placed by label: ClaimScope
  bool claims_anybody = true;
  std::string host = {};  // empty: the one that it runs on
  int pid = 0;
  std::string version = {};  // of the program
};

struct WorkerInfo : NewWorker {
  enum class Life {
    alive,
    dead,     // its kernel says so; of another host: not heard of, and its leases ran out
    unknown,  // another host's, not heard of for a while: heartbeat_age_max
  };
  TimePoint started_at{};
  TimePoint heartbeat_at{};
  bool draining = false;  // it takes no more jobs
  Life life = Life::unknown;
  std::int64_t jobs_held = 0;
};

inline constexpr Duration heartbeat_age_max = std::chrono::seconds(60);

// The processes that execute jobs, and which of them are alive. The death of a process is seen at
// once by the others of its host, however it died and whatever the clocks say. That of a process of
// another host, on a server's state, is seen by its heartbeat and its leases. See State for what
// every method keeps to.
class WorkerRegistry {
 public:
  virtual ~WorkerRegistry() = default;

  // already_exists where the id was used before.
  virtual Result<void> register_worker(const NewWorker& worker, TimePoint now) = 0;
  // not_found where it was taken for dead and removed: its leases are lost; register again with
  // another id.
  virtual Result<void> heartbeat(const std::string& worker, TimePoint now) = 0;
  // It takes no more jobs: it says so itself, or somebody else asks it to. not_found. `audit`: as
  // RunStore has it.
  virtual Result<void> drain(const std::string& worker, const AuditEntry* audit = nullptr) = 0;
  // Was it asked to drain? A read: to be asked often. not_found as of heartbeat().
  virtual Result<bool> is_draining(const std::string& worker) = 0;
  // It ends: what it did not hand back is free, and may have been begun (the attempt counts).
  // Idempotent.
  virtual Result<void> remove(const std::string& worker, TimePoint now) = 0;
  // In order of their start. alive: its process is there, or it is another host's and its heartbeat
  // is younger than heartbeat_age_max.
  virtual Result<std::vector<WorkerInfo>> list(TimePoint now) = 0;
  // Frees the leases of the workers that are dead (Life) and removes these; nobody else's are
  // touched. Their ids. Finding none writes nothing.
  virtual Result<std::vector<std::string>> free_dead(TimePoint now) = 0;
};

}  // namespace dth::state
