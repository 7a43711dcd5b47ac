#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/worker.h"
#include "ledger/testing/memory_ledger.h"
#include "objects/testing/memory_store.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan/earlier_ledger.h"
#include "plugins/object_copy/scan/list_file.h"
#include "plugins/object_copy/testing/corrupting_store.h"

namespace dth::object_copy::testing {

// One run from the first listing to its end, in one process: two buckets in memory, a worker, a
// simulated clock. Objects are small, so is everything else: more than 100 bytes go up in parts of
// 50, two to a job.
class RunFixture : public ::testing::Test {
 protected:
  RunFixture();
  ~RunFixture() override;

  // Opens the stores and creates the run: options are read here, and not later.
  void start();
  // Goes on as another process would: what is in memory is new.
  void resume();
  // One worker's life: until no job is left, or it stopped, or it is `enough`.
  void work();
  // Is no job of the run left but the one that closes it?
  bool is_drained();
  // Ends the run, of which no job is left, and nothing else.
  state::Run close();
  // Takes away what the run left open at the destination.
  void settle_now() { drive(settle(runner_.get())); }
  // What follows the last job: leftovers are taken away and the run is ended.
  state::Run end();
  // All of it.
  state::Run run();

  // An object of the source, older than any copy.
  void put(const std::string& key, const std::string& bytes, objects::ObjectMetadata metadata = {});

  std::vector<ledger::Line> lines();
  std::vector<state::Failure> failures();
  // Claims all jobs of a kind in the name of another worker, whose clock is ahead: leases that end
  // before then have run out.
  std::vector<state::Job> claim(const std::string& kind, Duration ahead = {});
  // The same, and that one dies.
  std::vector<state::Job> claim_and_die(const std::string& kind, Duration ahead = {});

  // A hook that acts once, before the `nth` request of that kind (from 1) reaches the bucket.
  static objects::MemoryBucket::RequestHook before(objects::StoreOperation operation, int nth,
                                                   std::function<void()> act);
  static objects::MemoryBucket::RequestHook fail_always(objects::StoreOperation operation,
                                                        std::string key, Error error);
  // True the first `times` times.
  static std::function<bool()> times(int times);

  std::uint64_t source_requests(objects::StoreOperation operation) const {
    return source_store_->counts().of(operation);
  }
  std::uint64_t destination_requests(objects::StoreOperation operation) const {
    return destination_store_->counts().of(operation);
  }
  std::uint64_t list_requests(objects::StoreOperation operation) const {
    return list_store_->counts().of(operation);
  }
  CorruptingStore& corrupting_source() { return *corrupting_source_; }
  CorruptingStore& corrupting_destination() { return *corrupting_destination_; }

  CopyOptions copy;
  CopyTuning tuning;
  objects::MemoryStoreOptions source_options, destination_options;
  bool one_place = false;   // the destination's store may copy from the source's bucket by itself
  bool one_bucket = false;  // the destination is the source
  bool outlasts = false;    // a store that is gone is waited for
  OutageBoard outages;
  std::shared_ptr<EarlierLedger> earlier;
  std::vector<engine::JobSlots> slots = {{kind_finish, 4}, {kind_part, 4},      {kind_copy, 2},
                                         {kind_check, 2},  {kind_restore, 2},   {kind_remove, 2},
                                         {kind_scan, 1},   {kind_find_extra, 1}};

  // What the run begins with; empty: what its options say.
  std::vector<state::NewJob> jobs;

  std::function<bool()> enough = [] { return false; };

  SimulatedClock clock;
  objects::MemoryBucket source{"source"}, destination{"destination"};
  objects::MemoryBucket lists{"lists"};  // where copy.list_location is a key
  std::unique_ptr<state::State> state;
  engine::Worker* worker = nullptr;  // while work() runs
  std::optional<Error> halted;       // why the run stopped in the last worker's life

 private:
  void make_runner();
  // Drives the context until the coroutine is done.
  void drive(Async<void> work);
  Async<void> watch(engine::Worker* worker, bool* ended);
  Async<void> serve(engine::Worker* worker, bool* ended);
  Async<void> settle(ObjectCopyRunner* runner);
  engine::EngineServices services() { return {clock, *state, ledger_, blocking_}; }

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard_;
  InlineExecutor blocking_;
  ledger::testing::MemoryLedger ledger_;
  objects::RequestCounters requests_;
  std::unique_ptr<objects::MemoryStore> source_store_, destination_store_, list_store_;
  std::unique_ptr<ListFile> list_file_;
  std::unique_ptr<CorruptingStore> corrupting_source_, corrupting_destination_;
  std::unique_ptr<ObjectCopyRunner> runner_;
};

}  // namespace dth::object_copy::testing
