#pragma once

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include "base/simulated_clock.h"
#include "engine/worker.h"
#include "objects/faulty.h"
#include "objects/testing/memory_store.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan/list_file.h"
#include "simulation/gated_state.h"
#include "simulation/invariants.h"
#include "simulation/network_store.h"

namespace dth::simulation {

// What one simulated run is like; everything follows from the seed.
struct WorldOptions {
  std::uint64_t seed = 1;
  object_copy::CopyOptions copy;
  object_copy::CopyTuning tuning;
  objects::MemoryStoreOptions source = {};
  objects::MemoryStoreOptions destination = {};
  objects::FaultPlan source_faults = {};
  objects::FaultPlan destination_faults = {};
  unsigned processes = 1;
  unsigned crashes_max = 0;      // kills at random steps
  unsigned freezes_max = 0;      // a process stands still for longer than its leases
  unsigned clock_jumps_max = 0;  // the wall clock jumps by up to three hours, either way
  unsigned bursts_max = 0;       // all requests are throttled for up to a minute
  bool empty_pages = false;      // in listings
  bool frees_dead = true;        // a new process frees the dead ones' leases, as on one host
  // Something done to the buckets while the run goes on, at random times, up to this many times.
  unsigned disturbances_max = 0;
  std::function<void(std::mt19937_64&)> disturb = [](std::mt19937_64&) {};
};

// Buckets, state, ledger, clock, and processes that copy. One thread.
class World {
 public:
  explicit World(WorldOptions options);
  ~World();

  // Creates a run and drives it until it is over. Fails the test when nothing moves any more or
  // steps_max is reached. Returns the run as state has it.
  state::Run run();

  // What must hold after every run, whatever happened in it.
  void check_invariants(const state::Run& run);

  SimulatedClock clock;
  std::mt19937_64 random;
  objects::MemoryBucket source{"source"};
  objects::MemoryBucket destination{"destination"};
  objects::MemoryBucket lists{"lists"};  // where the run's list is, if it has one
  std::unique_ptr<state::State> state;
  MemoryLedger ledger;
  objects::FaultCounts faults;
  std::vector<ledger::Line> lines(const state::Run& run);
  unsigned crashes = 0;
  unsigned freezes = 0;
  unsigned clock_jumps = 0;
  unsigned bursts = 0;

 private:
  struct Process;
  void start_process();
  bool poll_all();
  void crash(std::size_t index);
  void maybe_disturb();

  WorldOptions options_;
  std::unique_ptr<objects::MemoryStore> source_store_, destination_store_, list_store_;
  boost::asio::io_context network_context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> network_work_;
  std::unique_ptr<AsyncScope> network_scope_;
  std::unique_ptr<Network> network_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::string> dead_;        // processes that crashed, and whose leases are not free
  std::vector<MonotonicTime> restarts_;  // when dead processes are replaced
  std::uint64_t steps_ = 0;
  unsigned disturbances_ = 0;
  std::string run_id_ = "run";
};

}  // namespace dth::simulation
