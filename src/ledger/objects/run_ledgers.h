#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "ledger/objects/open_ledger.h"

namespace dth::ledger {

struct RunLedgersOptions {
  LedgerPlace fallback;  // of runs that name no place themselves
  // As in DirectoryLedgerOptions; places after the first add a number to it: "worker.2".
  std::string worker_name;
  // The place that a run names, if it does. Blocks. A run's place never changes.
  std::function<Result<std::optional<LedgerPlace>>(const std::string& run)> find_place;
};

// The ledgers of the runs that a process works on, each where its run says. Thread-safe.
class RunLedgers final : public Ledger, public Sealer {
 public:
  // Without a key it seals nothing.
  RunLedgers(LedgerAccess access, std::shared_ptr<const PrivateKey> key, RunLedgersOptions options);

  // The place where the run's ledger is, and whether it can be written there. Blocks.
  Result<void> check(const LedgerPlace& place);

  Result<state::Segment> append(const std::string& run, const LineBuffer& lines) override;
  Async<Result<state::Segment>> write(std::string run, LineBuffer lines,
                                      BlockingExecutor& blocking) override;
  Result<void> seal(const state::Run& run, std::vector<state::Segment> segments) override;
  Async<Result<void>> seal_off_lane(state::Run run, std::vector<state::Segment> segments,
                                    BlockingExecutor& blocking) override;
  void request_stop() override;
  std::vector<std::string> waiting() const override;

 private:
  using Opened = std::shared_ptr<OpenLedger>;
  // Null where it is not known yet: find() blocks.
  Opened known(const std::string& run);
  Result<Opened> find(const std::string& run);
  Async<Result<Opened>> find_off_lane(std::string run, BlockingExecutor* blocking);
  Result<Opened> open_at(const LedgerPlace& place);
  std::string next_worker_name();
  void forget(const std::string& run);

  const LedgerAccess access_;
  const std::shared_ptr<const PrivateKey> key_;
  const RunLedgersOptions options_;
  mutable std::mutex mutex_;  // of all that follows
  std::map<std::string, Opened> by_run_;
  std::map<std::tuple<std::string, objects::Endpoint, std::chrono::seconds>, Opened> by_place_;
  std::uint64_t places_opened_ = 0;
  bool is_stopping_ = false;
};

}  // namespace dth::ledger
