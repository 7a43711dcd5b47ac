#include "simulation/world.h"

#include <gtest/gtest.h>

#include "ledger/sealer.h"
#include "simulation/simulated_state.h"

namespace dth::simulation {
namespace asio = boost::asio;

// A process: everything in it goes when it crashes, and nothing it still tries reaches anybody.
struct World::Process final : engine::RunnerProvider {
  Process(World& world, std::uint64_t seed)
      : id("worker-" + std::to_string(seed)),
        life(std::make_shared<Life>()),
        work(context.get_executor()),
        gated_state(make_gated_state(*world.state, life)),
        gated_ledger(world.ledger) {
    auto source_plan = world.options_.source_faults;
    auto destination_plan = world.options_.destination_faults;
    source_plan.seed = seed;
    destination_plan.seed = seed + 1;
    source_network = make_network_store(*world.source_store_, *world.network_, life);
    destination_network = make_network_store(*world.destination_store_, *world.network_, life);
    source = objects::make_faulty_store(*source_network, world.clock, source_plan, world.faults);
    destination = objects::make_faulty_store(*destination_network, world.clock, destination_plan,
                                             world.faults);
    list_network = make_network_store(*world.list_store_, *world.network_, life);
    lists = objects::make_faulty_store(*list_network, world.clock, source_plan, world.faults);
    list = object_copy::make_stored_list_file(*lists, world.options_.copy.list_location,
                                              world.clock, static_cast<std::uint32_t>(seed));
    object_copy::CopyTuning tuning = world.options_.tuning;
    tuning.process = seed | 1;
    runner = std::make_unique<object_copy::ObjectCopyRunner>(
        world.options_.copy, tuning,
        object_copy::LaneStores{*source, *destination, requests, list.get(), nullptr, nullptr, "",
                                &outages},
        context.get_executor(), world.clock);
    engine::WorkerOptions options;
    options.worker = id;
    options.scope.anybody = true;
    options.slots = {{object_copy::kind_finish, 4},    {object_copy::kind_part, 4},
                     {object_copy::kind_copy, 3},      {object_copy::kind_check, 3},
                     {object_copy::kind_remove, 3},    {object_copy::kind_scan, 1},
                     {object_copy::kind_find_extra, 1}};
    options.sealer = &sealer;
    options.poll_interval_max = std::chrono::seconds(2);
    options.errors_max = 30;  // faults are drawn often: here no object may fail by bad luck
    worker = std::make_unique<engine::Worker>(
        engine::EngineServices{world.clock, *gated_state, gated_ledger, blocking},
        context.get_executor(), *this, options);
    scope = std::make_unique<AsyncScope>(context.get_executor());
    scope->spawn(serve());
  }

  Async<Result<std::shared_ptr<engine::JobRunner>>> runner_for(const state::Job&) override {
    co_return std::shared_ptr<engine::JobRunner>(std::shared_ptr<void>(), runner.get());
  }

  Async<void> serve() {
    auto worked = co_await worker->run();
    if (worked.has_error()) failure = worked.error();
    ended = true;
  }

  const std::string id;
  std::shared_ptr<Life> life;
  ledger::NoSealer sealer;
  OutageBoard outages;  // outlives what waits in the context for a store
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  InlineExecutor blocking;
  std::unique_ptr<state::State> gated_state;
  ledger::Ledger& gated_ledger;
  objects::RequestCounters requests;
  std::unique_ptr<objects::ObjectStore> source_network, destination_network, list_network, source,
      destination, lists;
  std::unique_ptr<object_copy::ListFile> list;
  std::unique_ptr<object_copy::ObjectCopyRunner> runner;
  std::unique_ptr<engine::Worker> worker;
  std::unique_ptr<AsyncScope> scope;
  std::optional<Error> failure;
  MonotonicTime frozen_until{};
  bool ended = false;
};

World::World(WorldOptions options)
    : random(options.seed),
      state(new_state()),
      options_(std::move(options)),
      network_work_(network_context_.get_executor()) {
  source_store_ = std::make_unique<objects::MemoryStore>(source, clock, options_.source);
  destination_store_ =
      std::make_unique<objects::MemoryStore>(destination, clock, options_.destination);
  list_store_ = std::make_unique<objects::MemoryStore>(lists, clock, objects::MemoryStoreOptions{});
  network_scope_ = std::make_unique<AsyncScope>(network_context_.get_executor());
  network_ = std::make_unique<Network>(
      Network{network_context_.get_executor(), *network_scope_, clock, random});
  network_->empty_pages = options_.empty_pages;
}

World::~World() {
  for (auto& process : processes_) process->life->alive = false;
}

void World::start_process() {
  if (options_.frees_dead) {
    for (const std::string& id : dead_)
      ASSERT_TRUE(state->workers().remove(id, clock.now()).has_value());
    dead_.clear();
  }
  processes_.push_back(std::make_unique<Process>(*this, random()));
  ASSERT_TRUE(
      state->workers().register_worker({.id = processes_.back()->id}, clock.now()).has_value());
}

// The context and all that waits in it is destroyed without a step more.
void World::crash(std::size_t index) {
  processes_[index]->life->alive = false;
  dead_.push_back(processes_[index]->id);
  processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(index));
  // Later than any request that is still on its way: SEMANTICS.md says why that may be assumed.
  restarts_.push_back(clock.monotonic_now() + network_->delay_max * 2 +
                      std::chrono::seconds(random() % 90));
  ++crashes;
}

void World::maybe_disturb() {
  if (disturbances_ < options_.disturbances_max && random() % 40 == 0) {
    ++disturbances_;
    options_.disturb(random);
  }
  if (clock_jumps < options_.clock_jumps_max && random() % 120 == 0) {
    ++clock_jumps;
    clock.jump_wall(std::chrono::minutes(static_cast<std::int64_t>(random() % 361) - 180));
  }
  if (bursts < options_.bursts_max && random() % 150 == 0) {
    ++bursts;
    network_->throttled_until = clock.monotonic_now() + std::chrono::seconds(random() % 60);
  }
  if (processes_.empty()) return;
  if (crashes < options_.crashes_max && random() % 60 == 0) {
    crash(random() % processes_.size());
  } else if (freezes < options_.freezes_max && random() % 100 == 0) {
    processes_[random() % processes_.size()]->frozen_until =
        clock.monotonic_now() + std::chrono::seconds(80);
    ++freezes;
  }
}

// One step of each that can take one. False where nobody can.
bool World::poll_all() {
  bool moved = false;
  if (network_context_.poll_one() > 0) moved = true;
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    Process& process = *processes_[i];
    if (process.frozen_until > clock.monotonic_now()) continue;
    if (process.context.poll_one() > 0) {
      moved = true;
      ++steps_;
      maybe_disturb();
    }
  }
  return moved;
}

state::Run World::run() {
  constexpr std::uint64_t steps_max = 3'000'000;
  const state::NewRun row{.id = run_id_, .kind = "object_copy", .spec = "{}"};
  EXPECT_TRUE(state->runs()
                  .create_run(row, object_copy::first_jobs(options_.copy), clock.now())
                  .has_value());
  for (unsigned i = 0; i < options_.processes; ++i) start_process();
  MonotonicTime look_at{};
  while (steps_ < steps_max) {
    std::erase_if(restarts_, [&](MonotonicTime when) {
      if (when > clock.monotonic_now()) return false;
      start_process();
      return true;
    });
    if (poll_all()) continue;
    for (auto& process : processes_) {
      if (process->ended) {
        ADD_FAILURE() << "a worker gave up: "
                      << (process->failure ? process->failure->to_string() : "");
        return state->runs().find_run(run_id_).value();
      }
    }
    // Asked now and then only: it is dear, and workers go on looking for work.
    if (clock.monotonic_now() >= look_at) {
      if (is_over(state->runs().find_run(run_id_).value().state)) break;
      look_at = clock.monotonic_now() + std::chrono::seconds(1);
    }
    if (!clock.wake_next()) {
      const bool frozen = std::any_of(
          processes_.begin(), processes_.end(),
          [this](const auto& process) { return process->frozen_until > clock.monotonic_now(); });
      if (restarts_.empty() && !frozen) {
        ADD_FAILURE() << "nothing moves any more";
        return state->runs().find_run(run_id_).value();
      }
      clock.advance(std::chrono::seconds(1));
    }
  }
  EXPECT_LT(steps_, steps_max) << "the run does not end";
  return state->runs().find_run(run_id_).value();
}

std::vector<ledger::Line> World::lines(const state::Run& run) {
  return ledger.lines(state->records().segments(run.id).value());
}

void World::check_invariants(const state::Run& run) {
  check_run(*state, ledger, run, options_.copy.action);
}

}  // namespace dth::simulation
