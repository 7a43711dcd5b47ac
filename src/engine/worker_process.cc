#include "engine/worker_process.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "engine/lane_thread.h"

namespace dth::engine {

// In the order in which they end: the lanes first.
struct WorkerProcess::Parts {
  Parts(EngineServices engine_services, std::span<Plugin* const> known_plugins,
        WorkerProcessOptions process_options)
      : plugins(known_plugins.begin(), known_plugins.end()),
        options(std::move(process_options)),
        outage(engine_services.clock, options.on_note),
        services{engine_services.clock,
                 engine_services.state,
                 engine_services.ledger,
                 engine_services.blocking,
                 &outage,
                 &wake_waiting,
                 engine_services.use},
        runs(plugins) {}

  // What it waits for may come from other processes.
  bool takes_others_runs() const {
    return options.registration.claims_anybody || !options.registration.labels.empty();
  }
  WorkerOptions worker_options(unsigned lane, ledger::Sealer& sealer);
  HousekeeperOptions housekeeper_options();
  void stop_everywhere(const std::string& run) {
    for (auto& lane : lanes) lane->request_stop_of(run);
  }
  void tell_slots(JobUse& use) const {
    std::map<std::string, std::int64_t> slots;
    for (const Plugin* plugin : plugins) {
      for (const JobSlots& kind : plugin->job_slots())
        slots[kind.kind] += static_cast<std::int64_t>(kind.count_max) * options.lanes;
    }
    for (const auto& [kind, count] : slots) use.set_slots(kind, count);
  }
  // By any thread. Nobody waits yet where not all lanes are there.
  void wake_lanes() {
    if (!have_started) return;
    for (auto& lane : lanes) lane->wake();
  }
  // By a lane's thread.
  void stop_all_lanes() {
    runs.stop_all();
    { const std::lock_guard started(starting); }
    for (auto& lane : lanes) lane->request_stop();
    options.on_change();
  }

  const std::vector<Plugin*> plugins;
  const WorkerProcessOptions options;
  StateOutage outage;
  const std::function<void()> wake_waiting = [this] { wake_lanes(); };
  const EngineServices services;
  SharedRuns runs;
  std::shared_ptr<SharedRun> first_run;
  std::vector<std::unique_ptr<LaneThread>> lanes;
  std::atomic<bool> is_draining = false;
  std::mutex starting;  // held until all lanes are there
  std::atomic<bool> have_started = false;
  std::unique_ptr<state::WorkWatch> watch;
};

WorkerOptions WorkerProcess::Parts::worker_options(unsigned lane, ledger::Sealer& sealer) {
  WorkerOptions worker;
  worker.worker = options.registration.id;
  worker.lane = static_cast<int>(lane);
  worker.scope = {options.registration.id, options.registration.labels,
                  options.registration.claims_anybody};
  worker.slots = options.slots;
  for (const Plugin* plugin : plugins) {
    if (!options.slots.empty()) break;
    for (JobSlots& slots : plugin->job_slots()) worker.slots.push_back(std::move(slots));
  }
  worker.sealer = options.closes_runs ? &sealer : nullptr;
  worker.poll_interval_max = options.poll_interval_max;
  worker.on_out_of_work = options.on_change;
  worker.on_run_ended = [this](const std::string&) { options.on_change(); };
  worker.on_run_stopped = [this](const std::string& run, const Error& why) {
    for (const auto& shared : runs.all()) {
      if (shared->id() == run) shared->stop(why);
    }
    { const std::lock_guard started(starting); }
    stop_everywhere(run);
    options.on_change();
  };
  return worker;
}

HousekeeperOptions WorkerProcess::Parts::housekeeper_options() {
  HousekeeperOptions housekeeper;
  housekeeper.worker = options.registration.id;
  housekeeper.on_drain = [this] {
    if (!is_draining.exchange(true)) stop_all_lanes();
  };
  housekeeper.on_run_stopped = [this](const std::string& run) {
    { const std::lock_guard started(starting); }
    stop_everywhere(run);
    options.on_change();
  };
  housekeeper.on_grace_over = [this](const std::string& run) {
    { const std::lock_guard started(starting); }
    for (auto& lane : lanes) lane->cancel_run(run);
  };
  return housekeeper;
}

WorkerProcess::WorkerProcess(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(EngineServices services,
                                                            ledger::Sealer& sealer,
                                                            std::span<Plugin* const> plugins,
                                                            WorkerProcessOptions options) {
  const TimePoint now = services.clock.now();
  auto made = std::make_unique<Parts>(services, plugins, std::move(options));
  if (made->options.first_run) {
    auto run = made->runs.find_or_add(*made->options.first_run);
    if (run.has_error()) return run.error();
    made->first_run = std::move(*run);
  }
  if (!made->options.is_registered) {
    auto registered = services.state.workers().register_worker(made->options.registration, now);
    if (registered.has_error()) return registered.error();
  }
  std::unique_ptr<WorkerProcess> process(new WorkerProcess(std::move(made)));
  Parts& parts = *process->parts_;
  const std::lock_guard starting(parts.starting);
  for (unsigned lane = 0; lane < parts.options.lanes; ++lane) {
    LaneThreadOptions thread{.index = lane,
                             .lanes = parts.options.lanes,
                             .worker = parts.worker_options(lane, sealer),
                             .has_thread = parts.options.has_threads,
                             .on_end = parts.options.on_change,
                             .on_lost = [&parts] { parts.stop_all_lanes(); }};
    if (lane == 0) thread.housekeeper = parts.housekeeper_options();
    parts.lanes.push_back(
        std::make_unique<LaneThread>(parts.services, parts.runs, std::move(thread)));
  }
  if (services.use) parts.tell_slots(*services.use);
  parts.have_started = true;
  parts.wake_lanes();  // what came meanwhile
  if (parts.takes_others_runs()) parts.watch = services.state.watch_work(parts.wake_waiting);
  return process;
}

WorkerProcess::~WorkerProcess() {
  request_stop();
  parts_->watch.reset();
  for (auto& lane : parts_->lanes) lane->join();  // until then each may tell all others something
  if (parts_->options.is_registered) return;
  // What cannot be said now is found out by others.
  auto removed = parts_->services.state.workers().remove(parts_->options.registration.id,
                                                         parts_->services.clock.now());
  (void)removed.has_error();
}

void WorkerProcess::request_stop() {
  parts_->runs.stop_all();
  // For people and other processes; it stops also where this cannot be said. Who registered this
  // process may start another of the same id.
  if (!parts_->is_draining.exchange(true) && !parts_->options.is_registered) {
    auto told = parts_->services.state.workers().drain(parts_->options.registration.id);
    (void)told.has_error();
  }
  for (auto& lane : parts_->lanes) lane->request_stop();
}

void WorkerProcess::cancel() {
  parts_->services.ledger.request_stop();
  for (auto& lane : parts_->lanes) lane->cancel();
}

bool WorkerProcess::poll_one() {
  bool moved = false;
  for (auto& lane : parts_->lanes) moved = lane->poll_one() || moved;
  return moved;
}

bool WorkerProcess::ended() const {
  return std::all_of(parts_->lanes.begin(), parts_->lanes.end(),
                     [](const auto& lane) { return lane->ended(); });
}

std::optional<Error> WorkerProcess::failure() const {
  for (const auto& lane : parts_->lanes) {
    if (lane->ended() && lane->failure()) return lane->failure();
  }
  return std::nullopt;
}

SharedRun& WorkerProcess::first_run() { return *parts_->first_run; }

}  // namespace dth::engine
