#include "simulation/hub_world.h"

#include <gtest/gtest.h>

#include "simulation/simulated_state.h"

namespace dth::simulation {

HubWorld::Process::Process(HubWorld& owner, std::string name, std::chrono::microseconds ahead)
    : world(owner),
      id(std::move(name)),
      clock(world.clock, ahead),
      outside{world.places, *world.network, life},
      gated_state(make_gated_state(*world.state, life)) {
  std::vector<std::unique_ptr<objects::StoreKind>> kinds;
  kinds.push_back(make_memory_kind("s3", outside));
  kinds.push_back(make_memory_kind("file", outside));
  opener = objects::make_store_opener(std::move(kinds));
  plugin = object_copy::make_object_copy_plugin(*opener, "/var/tmp");
  plugins = {plugin.get()};
  engine::WorkerProcessOptions options;
  options.registration.id = id;
  options.lanes = 2;
  options.poll_interval_max = world.poll_interval_max;
  options.has_threads = false;
  worker = engine::WorkerProcess::start(
               engine::EngineServices{clock, *gated_state, world.ledger, blocking}, world.sealer,
               plugins, options)
               .value();
}

// It ends before its next wait: whatever it asks for is refused.
HubWorld::Process::~Process() {
  constexpr int steps_max = 1'000'000;
  life->alive = false;
  worker->cancel();
  for (int step = 0; step < steps_max && !worker->ended(); ++step) {
    if (!worker->poll_one()) break;
  }
  if (worker->ended()) return;
  ADD_FAILURE() << "a process that is told to give up waits for something";
  std::abort();  // nothing of it can be taken apart
}

HubWorld::HubWorld(std::uint64_t seed)
    : random(seed),
      state(new_state()),
      network_work_(network_context_.get_executor()),
      network_scope_(network_context_.get_executor()) {
  network = std::make_unique<Network>(
      Network{network_context_.get_executor(), network_scope_, clock, random});
  clock.advance(std::chrono::hours(2));
}

HubWorld::~HubWorld() = default;

HubWorld::Process& HubWorld::start_process(std::chrono::microseconds clock_ahead) {
  processes.push_back(std::make_unique<Process>(
      *this, "process-" + std::to_string(++processes_made_), clock_ahead));
  return *processes.back();
}

void HubWorld::crash(std::size_t index) {
  const std::string id = processes[index]->id;
  processes.erase(processes.begin() + static_cast<std::ptrdiff_t>(index));
  EXPECT_TRUE(state->workers().remove(id, clock.now()).has_value());
}

void HubWorld::create_run(const std::string& id, const std::string& source,
                          const std::string& destination, options::Values more) {
  const auto location = [](const std::string& place) {
    return place.starts_with("s3 ") ? "s3://" + place.substr(3) + "/"
                                    : "file://" + place.substr(5) + "/";
  };
  engine::TaskSpec spec;
  spec.options = std::move(more);
  spec.options["source"] = location(source);
  spec.options["destination"] = location(destination);
  spec.options["source-credential"] = places.by_name.at(source)->credential;
  spec.options["destination-credential"] = places.by_name.at(destination)->credential;
  engine::Plugin& plugin = *processes.front()->plugin;
  auto task = plugin.parse(spec, clock.now());
  ASSERT_TRUE(task.has_value()) << task.error().to_string();
  const state::NewRun row{.id = id, .kind = "object_copy", .spec = engine::to_json(spec)};
  ASSERT_TRUE(state->runs().create_run(row, plugin.first_jobs(**task), clock.now()).has_value());
}

bool HubWorld::is_over(const std::string& run) { return state::is_over(find(run).state); }

// One step of each that can take one.
bool HubWorld::poll_all() {
  bool moved = network_context_.poll_one() > 0;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (processes[i]->frozen_until > clock.monotonic_now()) continue;
    if (!processes[i]->worker->poll_one()) continue;
    moved = true;
    on_step();
  }
  return moved;
}

void HubWorld::drive(const std::function<bool()>& done) {
  constexpr std::uint64_t steps_max = 30'000'000;
  MonotonicTime look_at{};
  for (std::uint64_t step = 0; step < steps_max; ++step) {
    if (poll_all()) continue;
    for (const auto& process : processes) {
      if (!process->worker->ended()) continue;
      const auto failure = process->worker->failure();
      FAIL() << process->id << " gave up: " << (failure ? failure->to_string() : "");
    }
    // Asked now and then only: it is dear.
    if (clock.monotonic_now() >= look_at) {
      if (done()) return;
      look_at = clock.monotonic_now() + look_interval;
    }
    if (!clock.wake_next()) clock.advance(std::chrono::seconds(1));
  }
  FAIL() << "it does not end";
}

void HubWorld::drive_for(Duration time) {
  const MonotonicTime until = clock.monotonic_now() + time;
  drive([&] { return clock.monotonic_now() >= until; });
}

}  // namespace dth::simulation
