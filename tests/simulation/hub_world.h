#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/simulated_clock.h"
#include "engine/worker_process.h"
#include "objects/store_opener.h"
#include "plugins/object_copy/plugin.h"
#include "simulation/invariants.h"
#include "simulation/memory_kind.h"

namespace dth::simulation {

// A process's clock: what the wall says is its own affair.
class OwnWallClock final : public Clock {
 public:
  OwnWallClock(Clock& clock, std::chrono::microseconds ahead) : clock_(clock), ahead_(ahead) {}
  TimePoint now() const override { return clock_.now() + ahead_; }
  MonotonicTime monotonic_now() const override { return clock_.monotonic_now(); }
  Async<Result<void>> sleep_until(MonotonicTime when) override { return clock_.sleep_until(when); }
  void jump(std::chrono::microseconds by) { ahead_ += by; }

 private:
  Clock& clock_;
  std::chrono::microseconds ahead_;
};

// How often each run was sealed by a process that lived.
class CountingSealer final : public ledger::Sealer {
 public:
  Result<void> seal(const state::Run& run, std::vector<state::Segment>) override {
    ++sealed[run.id];
    return {};
  }
  std::map<std::string, int> sealed;
};

// Many runs of the real plugin on one state, by processes of two lanes each that are wired as the
// program's are: everything but threads, sockets and the disk. One thread.
class HubWorld {
 public:
  struct Process;
  explicit HubWorld(std::uint64_t seed = 1);
  ~HubWorld();

  Process& start_process(std::chrono::microseconds clock_ahead = {});
  // Nothing that it still tries reaches anybody; on one host its leases are free at once.
  void crash(std::size_t index);

  // A copy of all of the source; `more` are options by their names.
  void create_run(const std::string& id, const std::string& source, const std::string& destination,
                  options::Values more = {});

  // Until then. Fails the test where nothing moves any more, or after so many steps.
  void drive(const std::function<bool()>& done);
  void drive_for(Duration time);
  bool is_over(const std::string& run);
  state::Run find(const std::string& run) { return state->runs().find_run(run).value(); }

  SimulatedClock clock;
  std::mt19937_64 random;
  Places places{clock};
  std::unique_ptr<state::State> state;
  MemoryLedger ledger;
  CountingSealer sealer;
  std::unique_ptr<Network> network;
  std::vector<std::unique_ptr<Process>> processes;
  std::chrono::milliseconds poll_interval_max{50};
  std::chrono::milliseconds look_interval{10};  // at whether drive() is done
  std::function<void()> on_step = [] {};

 private:
  bool poll_all();

  boost::asio::io_context network_context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> network_work_;
  AsyncScope network_scope_;
  unsigned processes_made_ = 0;
};

struct HubWorld::Process {
  Process(HubWorld& world, std::string name, std::chrono::microseconds clock_ahead);
  ~Process();

  HubWorld& world;
  const std::string id;
  std::shared_ptr<Life> life = std::make_shared<Life>();
  OwnWallClock clock;
  Outside outside;
  std::unique_ptr<state::State> gated_state;
  InlineExecutor blocking;
  std::unique_ptr<objects::StoreOpener> opener;
  std::unique_ptr<engine::Plugin> plugin;
  std::vector<engine::Plugin*> plugins;
  std::unique_ptr<engine::WorkerProcess> worker;
  MonotonicTime frozen_until{};
};

}  // namespace dth::simulation
