// Engine, planner and state in one process under a simulated clock, with faults drawn from a seed.
// A failure prints its seed; DTH_SIMULATION_SEED=n runs that one alone, DTH_SIMULATION_SEEDS=n sets
// how many of each kind are run, from 1 on. `./test` runs 400 copies, 120 mirrors and 80
// verifications with repair (run_seeds() below), `./test --all` 2,000 of each. So each change meets
// 600 scenarios, always the same; before a release, and after changes to jobs, leases or records,
// run more. DTH_SIMULATION_POSTGRES=n: so many, on the PostgreSQL server of DTH_TEST_POSTGRES.
#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/rules/selection_prefixes.h"
#include "simulation/simulated_state.h"
#include "simulation/world.h"

namespace dth::simulation {
namespace {

using object_copy::Counter;
using object_copy::VerifyMethod;
using options::Action;

std::string content(const std::string& key, std::uint64_t version, std::size_t size) {
  std::string text = key + "#" + std::to_string(version) + ":";
  while (text.size() < size) text += text;
  text.resize(size);
  return text;
}

// Limits of a store whose parts may be tiny.
objects::MemoryStoreOptions small_parts(std::mt19937_64& random) {
  objects::MemoryStoreOptions options;
  options.limits.part_size_min = 64;
  options.limits.list_page_max = 1 + random() % 40;
  options.page_size_max = options.limits.list_page_max;
  options.limits.enforces_checksums = random() % 2;
  options.limits.payload_always_signed = !options.limits.enforces_checksums && random() % 2;
  options.complete_etag_empty = random() % 2;
  return options;
}

class Scenario {
 public:
  Scenario(std::uint64_t seed, Action mode) : random_(seed * 7919 + 1) {
    WorldOptions options;
    options.seed = seed;
    options.copy.source_key = random_() % 2 ? "in/" : "";
    options.copy.destination_key = random_() % 2 ? "out/" : "";
    options.copy.multipart_threshold_bytes = 400;
    options.copy.part_size_bytes = 100;
    options.tuning.batch_items_max = 1 + random_() % 20;
    options.tuning.objects_in_flight_max = 1 + random_() % 20;
    options.tuning.objects_in_flight_per_job_max = 1 + random_() % 8;
    options.tuning.part_job_bytes = 100 + random_() % 300;
    options.tuning.backlog_items_max = 1 + random_() % 60;
    options.tuning.scan_keys_per_step_max = 5 + random_() % 50;
    options.tuning.attempts_max = 30;
    options.source = small_parts(random_);
    options.destination = small_parts(random_);
    objects::FaultRates rates;
    rates.slow = 0.1;
    rates.throttled = 0.03;
    rates.unavailable_before = 0.03;
    rates.unavailable_after = random_() % 2 ? 0.04 : 0;
    rates.body_cut = 0.02;
    options.source_faults = options.destination_faults =
        objects::FaultPlan::everywhere(seed, rates);
    options.processes = 1 + random_() % 2;
    options.frees_dead = options.processes == 1;
    options.crashes_max = static_cast<unsigned>(random_() % 5);
    options.freezes_max = options.frees_dead ? 0 : static_cast<unsigned>(random_() % 3);
    options.disturbances_max = random_() % 2 ? 6 : 0;
    options.clock_jumps_max = random_() % 2 ? 3 : 0;
    options.bursts_max = random_() % 3 ? 0 : 2;
    options.empty_pages = random_() % 3 == 0;
    rivals_max_ = random_() % 3 ? 0 : 3;
    options.disturb = [this](std::mt19937_64& random) { disturb(random); };
    options.copy.action = mode;
    if (mode == Action::sync) {
      // A rival's object that stays is a failure; without it, these runs would delete nothing.
      options.copy.deletes = {.count_max = UINT64_MAX,
                              .percent_max = 100,
                              .allow_empty_source = true,
                              .despite_failures = true};
      options.destination.limits.conditional_remove = random_() % 2;
      options.tuning.extras_kept_max = static_cast<std::uint32_t>(1 + random_() % 40);
    } else if (mode == Action::verify) {
      options.copy.verify.repair = true;
      options.copy.verify.method = random_() % 2 ? VerifyMethod::checksum : VerifyMethod::read_back;
      options.disturbances_max = 0;
    }
    if (mode == Action::copy) choose_selection(&options);
    options_ = options;
    world_ = std::make_unique<World>(options);
    fill();
  }

  void check() {
    const state::Run run = world_->run();
    world_->check_invariants(run);
    EXPECT_EQ(run.state, run.counts[Counter::failed] ? state::RunState::completed_with_failures
                                                     : state::RunState::succeeded)
        << run.error;
    for (const state::Failure& failure :
         world_->state->records().failures(run.id, 0, 100).value()) {
      if (rivals_.count(failure.key) && failure.code == "precondition_failed") {
        // Somebody else's object was there first, so it must still be: unless it is the only one
        // left, which a mirror removes.
        if (options_.copy.action == Action::sync && !world_->source.bytes(failure.key)) continue;
        EXPECT_EQ(world_->destination.bytes(options_.copy.destination_key_of(failure.key)),
                  rivals_[failure.key]);
        continue;
      }
      // What a list names must be there.
      if (failure.code == "not_found" && listed_.count(failure.key) &&
          disturbed_.count(failure.key))
        continue;
      ADD_FAILURE() << failure.key << ": " << failure.message << " " << failure.detail;
    }
    EXPECT_LE(run.counts[Counter::selected], run.counts[Counter::scanned]);
    if (disturbed_.empty()) {
      const auto selected =
          std::count_if(versions_.begin(), versions_.end(),
                        [this](const auto& key) { return is_selected(key.first); });
      EXPECT_EQ(run.counts[Counter::selected], selected);
    }
    for (const auto& [key, versions] : versions_) {
      const std::string at = options_.copy.destination_key_of(key);
      const auto bytes = world_->destination.bytes(at);
      if (bytes && rivals_.count(key) && *bytes == rivals_[key]) continue;
      if (!is_selected(key) && (size_min_ == 0 || !disturbed_.count(key))) {
        EXPECT_EQ(bytes.value_or(""), foreign_[at]) << key << " is not selected";
        continue;
      }
      if (options_.copy.comparison.mode == object_copy::CompareMode::missing &&
          foreign_.count(at)) {
        EXPECT_EQ(bytes, foreign_[at]) << key << " was there";
        continue;
      }
      if (disturbed_.count(key)) {
        // Any one version whole, or what was there before; never a mixture.
        if (bytes) {
          EXPECT_TRUE(versions.count(*bytes) || *bytes == foreign_[at]) << key;
        }
        continue;
      }
      ASSERT_TRUE(bytes.has_value()) << key;
      EXPECT_TRUE(versions.count(*bytes)) << key;
    }
    // Each item that was copied is at the destination as the ledger says, unless it was replaced
    // again since.
    for (const ledger::Line& line : world_->lines(run)) {
      if (line.outcome == ledger::Outcome::deleted) {
        // Nothing goes that the source has, and has had all the time.
        const std::string at = line.destination_key.empty() ? line.key : line.destination_key;
        EXPECT_TRUE(extras_.count(at) || disturbed_.count(line.key)) << line.key;
        EXPECT_FALSE(line.destination_etag.empty());
      }
      if (line.outcome != ledger::Outcome::copied) continue;
      EXPECT_NE(line.proof, ledger::ProofKind::none) << line.key;
      EXPECT_FALSE(line.destination_etag.empty()) << line.key;
      EXPECT_TRUE(versions_.count(line.key)) << line.key;
    }
    for (const std::string& key : untouchable_)
      EXPECT_EQ(world_->destination.bytes(key), "not ours") << key;
    if (options_.copy.action == Action::sync) {
      for (const std::string& key : extras_)
        EXPECT_FALSE(world_->destination.head(key).has_value()) << key;
    } else {
      for (const std::string& key : extras_)
        EXPECT_EQ(world_->destination.bytes(key), "not ours") << key;
    }
    if (options_.copy.action == Action::verify) {
      EXPECT_EQ(run.counts[Counter::matched], same_);
      EXPECT_EQ(run.counts[Counter::copied], static_cast<std::int64_t>(versions_.size()) - same_);
      EXPECT_EQ(run.counts[Counter::differs] + run.counts[Counter::missing],
                run.counts[Counter::copied]);
    }
    std::set<std::string> open;
    for (const auto& upload : world_->destination.open_uploads()) open.insert(upload.upload_id);
    EXPECT_TRUE(open.empty()) << open.size() << " uploads of ours are left open";
  }

 private:
  // Which objects, named how, and when they differ. By size or only where missing, edits would not
  // be seen as such.
  void choose_selection(WorldOptions* options) {
    object_copy::CopyOptions& copy = options->copy;
    copy.list = std::array{object_copy::SourceList::none, object_copy::SourceList::none,
                           object_copy::SourceList::prefixes, object_copy::SourceList::prefix_file,
                           object_copy::SourceList::object_file}[random_() % 5];
    copy.list_location = "list";
    options->tuning.prefixes_bytes_max = 1 + random_() % 800;
    for (int i = 0; i < 12; ++i)
      prefixes_.push_back(copy.source_key + "k" + std::to_string(random_() % 200));
    if (copy.list == object_copy::SourceList::prefixes)
      copy.prefixes = object_copy::without_covered(prefixes_);
    if (random_() % 3 == 0) {
      object_copy::SelectionRules rules;
      rules.exclude_globs = {"k*[37]"};
      rules.size_min = random_() % 2 ? 0 : 50;
      size_min_ = rules.size_min;
      copy.selection = object_copy::Selection::make(std::move(rules)).value();
    }
    copy.comparison.mode =
        std::array{object_copy::CompareMode::standard, object_copy::CompareMode::standard,
                   object_copy::CompareMode::always, object_copy::CompareMode::checksum,
                   object_copy::CompareMode::missing}[random_() % 5];
  }

  // By what the object was when the run began.
  bool is_selected(const std::string& key) const {
    const object_copy::CopyOptions& copy = options_.copy;
    const std::string_view name = copy.relative_key(key);
    if (!copy.selection.takes_key(name) || sizes_.at(key) < size_min_) return false;
    if (copy.list == object_copy::SourceList::object_file) return listed_.count(key) != 0;
    if (copy.list == object_copy::SourceList::none) return true;
    return std::any_of(prefixes_.begin(), prefixes_.end(),
                       [&](const std::string& prefix) { return key.starts_with(prefix); });
  }

  void write_list() {
    std::string text;
    std::vector<std::string> lines = prefixes_;
    if (options_.copy.list == object_copy::SourceList::object_file) {
      lines.clear();
      for (const auto& [key, versions] : versions_) {
        if (random_() % 3 == 0) continue;
        lines.push_back(key);
        listed_.insert(key);
      }
    }
    std::shuffle(lines.begin(), lines.end(), random_);
    for (const std::string& line : lines) text += line + (random_() % 2 ? "\n" : "\r\n");
    world_->lists.put("list", text);
  }

  void put(const std::string& key, std::uint64_t version, std::size_t size) {
    const std::string bytes = content(key, version, size);
    versions_[key].insert(bytes);
    if (!running_) sizes_[key] = size;
    world_->source.put(key, bytes, {}, world_->clock.now());
  }

  void fill() {
    const std::string& prefix = options_.copy.source_key;
    const std::size_t count = random_() % 120;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key =
          prefix + "k" + std::to_string(random_() % 1000) + (random_() % 5 ? "" : "/x");
      const std::size_t size = random_() % 10 == 0 ? 401 + random_() % 1500 : random_() % 300;
      put(key, 1, size);
      const std::string at = options_.copy.destination_key_of(key);
      if (random_() % 4 == 0) {
        world_->destination.put(at, random_() % 2 ? content(key, 1, size) : "old", {},
                                world_->clock.now() - std::chrono::hours(1));
        foreign_[at] = *world_->destination.bytes(at);
      }
    }
    for (const auto& [key, versions] : versions_) {
      if (world_->destination.bytes(options_.copy.destination_key_of(key)) ==
          world_->source.bytes(key))
        ++same_;
    }
    // What the source never had, beneath the destination and beside it.
    const std::uint64_t extras = options_.copy.action == Action::sync ? random_() % 80 : 5;
    for (std::uint64_t i = 0; i < extras; ++i) {
      const std::string key = options_.copy.destination_key +
                              (random_() % 2 ? "zz-other-" : "k5-other-") + std::to_string(i);
      world_->destination.put(key, "not ours", {}, world_->clock.now());
      extras_.insert(key);
    }
    if (!options_.copy.destination_key.empty()) {
      for (const std::string key : {"beside", "zz-beside", "out"}) {
        world_->destination.put(key, "not ours", {}, world_->clock.now());
        untouchable_.insert(key);
      }
    }
    write_list();
    running_ = true;
    world_->clock.advance(std::chrono::hours(2));
  }

  // Any object of the source's, and often one that is being copied in parts.
  std::string choose_victim(std::mt19937_64& random) const {
    const auto open = world_->destination.open_uploads();
    if (!open.empty() && random() % 2) {
      const std::string& at = open[random() % open.size()].key;
      const std::string key =
          options_.copy.source_key + at.substr(options_.copy.destination_key.size());
      if (versions_.count(key)) return key;
    }
    auto chosen = versions_.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random() % versions_.size()));
    return chosen->first;
  }

  // Replaces or removes an object of the source, or writes one at the destination.
  void disturb(std::mt19937_64& random) {
    if (versions_.empty()) return;
    const std::string victim = choose_victim(random);
    if (rivals_.size() < rivals_max_ && random() % 2) {
      std::string& theirs = rivals_[victim];
      theirs = "a rival's " + std::to_string(random() % 1000);
      world_->destination.put(options_.copy.destination_key_of(victim), theirs, {},
                              world_->clock.now());
      return;
    }
    disturbed_.insert(victim);
    const std::uint64_t way = random() % 4;
    if (way == 0) {
      world_->source.erase(victim);
    } else {
      // By one of its size: that nothing but its ETag tells.
      const std::size_t size = way == 1       ? sizes_.at(victim)
                               : random() % 3 ? random() % 300
                                              : 401 + random() % 800;
      put(victim, 2 + random() % 1000, size);
    }
  }

  std::mt19937_64 random_;
  WorldOptions options_;
  std::unique_ptr<World> world_;
  std::map<std::string, std::set<std::string>>
      versions_;                              // bytes that ever were a key's at the source
  std::map<std::string, std::size_t> sizes_;  // of the one that is there when the run begins
  bool running_ = false;
  std::vector<std::string> prefixes_;
  std::set<std::string> listed_;
  std::size_t size_min_ = 0;
  std::map<std::string, std::string> foreign_;  // what the destination held before
  std::map<std::string, std::string>
      rivals_;  // what somebody else wrote at the destination, by source key
  std::size_t rivals_max_ = 0;
  std::set<std::string> disturbed_, untouchable_, extras_;
  std::int64_t same_ = 0;  // at both sides from the start
};

// The seeds are dealt to shards, so that they run side by side.
constexpr std::uint64_t shards = 6;

class ObjectCopySimulation : public testing::TestWithParam<std::uint64_t> {};

void run_seeds(std::uint64_t shard, Action mode, std::uint64_t seeds_default) {
  const std::uint64_t alone = environment_number("DTH_SIMULATION_SEED", 0);
  if (alone != 0 && alone % shards != shard) return;
  const std::uint64_t last = alone != 0 ? alone : seeds(seeds_default);
  const std::uint64_t first = alone != 0 ? alone : shard == 0 ? shards : shard;
  for (std::uint64_t seed = first; seed <= last; seed += shards) {
    SCOPED_TRACE("DTH_SIMULATION_SEED=" + std::to_string(seed));
    Scenario(seed, mode).check();
    if (testing::Test::HasFailure()) {
      std::fprintf(stderr, "failed: replay with DTH_SIMULATION_SEED=%llu\n",
                   static_cast<unsigned long long>(seed));
      break;
    }
  }
}

TEST_P(ObjectCopySimulation, EveryRunEndsExact) { run_seeds(GetParam(), Action::copy, 400); }
TEST_P(ObjectCopySimulation, EveryMirrorEndsExact) { run_seeds(GetParam(), Action::sync, 120); }
TEST_P(ObjectCopySimulation, EveryRepairEndsExact) { run_seeds(GetParam(), Action::verify, 80); }

INSTANTIATE_TEST_SUITE_P(Shard, ObjectCopySimulation, testing::Range<std::uint64_t>(0, shards));

}  // namespace
}  // namespace dth::simulation
