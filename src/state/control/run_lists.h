#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/run.h"
#include "state/run_records.h"

namespace dth::state {

// Which runs a list shows: those that fit all given fields. What is empty fits everything.
struct RunFilter {
  std::vector<RunState> states = {};
  std::vector<std::string> kinds = {};
  std::vector<std::string> actions = {};  // NewRun::action
  std::string text = {};  // in the source or the destination; letters of ASCII in either case
  std::optional<TimePoint> created_from = {};
  std::optional<TimePoint> created_before = {};
  std::vector<std::string> tasks = {};  // their ids
  std::vector<RunTrigger> triggers = {};
};

struct RunOrder {
  enum class Field {
    created,  // the order in which they were created, whatever the clocks said
    ended,    // those that are not over are the latest
  };
  Field field = Field::created;
  bool descending = true;
};

// Where a run stands in a list.
struct RunPosition {
  std::int64_t ended = 0;  // microseconds since 1970; of a run that is not over the greatest number
  std::int64_t number = 0;
};

struct ListedRun {
  Run run;
  RunPosition position;
};

struct FailureFilter {
  std::optional<std::string> code = {};
  std::optional<std::string> reason = {};
  std::optional<std::string> step = {};
  std::string key_prefix = {};  // raw bytes
  std::string text = {};        // in the message or the detail; letters of ASCII in either case
};

struct FailurePosition {
  TimePoint at{};
  std::int64_t id = 0;
};

struct ListedFailure {
  Failure failure;
  FailurePosition position;
};

// What the last hours came to.
struct RunTotals {
  std::int64_t runs = 0;
  std::int64_t with_failures = 0;  // ended as completed_with_failures or failed
  Counts counts = {};
};

inline constexpr std::size_t totals_runs_max = 10'000;  // of RunLists::totals()

// Pages of runs and of their failures, by keyset: a page begins after a position, whatever was
// added or removed meanwhile. See State for what every method keeps to. All of them only read.
class RunLists {
 public:
  virtual ~RunLists() = default;

  virtual Result<std::vector<ListedRun>> runs(const RunFilter& filter, const RunOrder& order,
                                              const std::optional<RunPosition>& after,
                                              std::size_t count_max) = 0;
  virtual Result<std::int64_t> count(const RunFilter& filter) = 0;
  // The newest run before this one that did the same work (NewRun::identity) to its end. Nothing
  // where there is none. not_found: the run.
  virtual Result<std::optional<Run>> previous(const std::string& run) = 0;
  // Those that ended since then, at most totals_runs_max of them, the newest first.
  virtual Result<RunTotals> totals(TimePoint since) = 0;

  // Jobs of all runs that wait or are executed.
  virtual Result<std::int64_t> queue_jobs() = 0;

  // Kept failures (failures_max) in the order in which they failed. not_found: the run.
  virtual Result<std::vector<ListedFailure>> failures(const std::string& run,
                                                      const FailureFilter& filter,
                                                      const std::optional<FailurePosition>& after,
                                                      std::size_t count_max) = 0;
};

}  // namespace dth::state
