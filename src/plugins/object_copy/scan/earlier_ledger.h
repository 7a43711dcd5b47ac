#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/blocking.h"
#include "ledger/run_files.h"
#include "plugins/object_copy/rules/comparison.h"
#include "plugins/object_copy/scan/sorted_records.h"
#include "state/state.h"

namespace dth::object_copy {

// What earlier runs recorded of the objects that they copied and proved, as a third side of the
// comparison. Memory is bounded whatever the ledgers' sizes. All methods block; any thread may call
// them.
class EarlierLedger {
 public:
  // Opens the ledgers of runs that are over: places that hold a manifest. invalid_argument: one is
  // no such place; data_corrupted: its manifest is damaged. `temporary_directory`: for
  // sorting. `blocking`: where the methods below are to be called; sorting may take minutes.
  static Result<std::shared_ptr<EarlierLedger>> open(
      std::vector<std::unique_ptr<ledger::RunFiles>> ledgers,
      const std::string& temporary_directory, std::unique_ptr<BlockingExecutor> blocking);

  BlockingExecutor& blocking() { return *blocking_; }

  // Reads on, for a moment only; true once everything is read. data_corrupted: a segment is
  // damaged; it stays so.
  Result<bool> read_some();

  // Of each of these keys, which ascend: what each ledger recorded last, the latest one last. A key
  // under which an object was written counts too: of a run in the opposite direction. Everything
  // must have been read.
  Result<std::vector<std::vector<RecordedCopy>>> find(const std::vector<std::string_view>& keys);

 private:
  EarlierLedger(const std::string& temporary_directory, std::unique_ptr<BlockingExecutor> blocking)
      : records_(temporary_directory, 16 << 20),
        written_(temporary_directory, 16 << 20),
        blocking_(std::move(blocking)) {}

  struct Run {
    std::unique_ptr<ledger::RunFiles> files;
    std::vector<state::Segment> segments;
  };

  std::mutex mutex_;
  std::vector<Run> runs_;
  std::size_t run_ = 0, segment_ = 0;  // the next to be read
  bool finished_ = false;
  std::optional<Error> failure_;
  SortedRecords records_;  // by the keys that were read
  SortedRecords written_;  // by those that were written, where they are others
  const std::unique_ptr<BlockingExecutor>
      blocking_;  // goes first: it may still be at work on the others
};

}  // namespace dth::object_copy
