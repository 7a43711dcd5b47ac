#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/counts.h"

namespace dth::state {

using JobId = std::int64_t;
using GroupId = std::int64_t;
using UploadRowId = std::int64_t;

// docs: product vocabulary. A run is over in the last four.
enum class RunState {
  queued,
  planning,
  running,
  verifying,
  paused,
  succeeded,
  completed_with_failures,
  failed,
  cancelled
};
std::string_view to_string(RunState state);
std::optional<RunState> parse_run_state(std::string_view text);
inline bool is_over(RunState state) { return state >= RunState::succeeded; }

struct Run {
  std::string id;
  std::string kind;  // the plugin's
  std::string spec;  // the plugin's options, JSON, as given at the start; never a secret
  RunState state = RunState::queued;
  TimePoint created_at{};
  std::optional<TimePoint> ended_at;
  Counts counts;      // deltas included
  std::string error;  // why it failed, for state failed
  bool cancel_requested = false;
};

struct NewRun {
  std::string id;
  std::string kind;
  std::string spec;
};

struct NewJob {
  std::string kind;
  std::string payload;     // the plugin's, bytes
  std::int64_t items = 0;  // items it stands for: the backlog is counted in these
  std::optional<GroupId> group = {};
  int priority = 0;           // greater first; equal: first in, first out
  TimePoint not_before = {};  // it is not claimed before then
};

// A held job: whoever shows this pair may change the job, until the lease is given to another.
struct Lease {
  JobId job = 0;
  std::int64_t epoch = 0;
  bool operator==(const Lease&) const = default;
};

struct Job {
  Lease lease;
  std::string run;
  std::string run_kind;
  std::string kind;
  std::string payload;
  std::int64_t items = 0;
  std::optional<GroupId> group;
  int attempts =
      1;  // times it was claimed, this one included; handing back in good order does not count
  TimePoint lease_until{};
};

// An item that could not be copied. Shown to people; retried by hand.
struct Failure {
  std::string key = {};  // raw bytes
  std::string version_id = {};
  std::uint64_t size = 0;
  std::string code = {};  // to_string(ErrorCode)
  std::string message = {};
  std::string detail = {};  // the vendor's code and request id
  int attempts = 0;
  TimePoint at{};
  std::string step =
      {};  // the plugin's: what could not be done with the item, where there is more than one thing
};

// A stretch of a ledger file that holds the lines of one job (docs/ledger.md).
struct Segment {
  JobId job = 0;          // filled in by State
  std::string file = {};  // relative to the run's ledger
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string sha256 = {};  // hex, of these bytes
  std::uint64_t items = 0;
  std::string key_least = {};  // raw bytes
  std::string key_greatest = {};
};

// An upload that we began, or are about to. Recorded before CreateMultipartUpload is sent.
struct NewUpload {
  std::string key;
  std::string plan;  // the plugin's: source version, size, parts
};

struct Upload {
  UploadRowId id = 0;
  std::string run;
  std::string key;
  std::string plan;
  std::string upload_id;  // empty: intended; whether it was created is not known
  JobId job = 0;          // which recorded the intent
  TimePoint intended_at{};
  std::string left_open = {};  // not empty: it could not be aborted, and why; it is not tried again
};

// Jobs that are to be followed by one more when all of them are finished: the parts of an object,
// then its finish.
struct NewGroup {
  std::vector<NewJob> members;  // at least one; their `group` is filled in
  NewJob continuation;  // inserted by the transaction that finishes the last member; its `group` is
                        // filled in
};

// What a member of a group leaves for the continuation.
struct GroupResult {
  JobId job = 0;
  std::string payload;
};

// Everything that one step of a job changes, in one transaction.
struct Effects {
  std::vector<NewJob> jobs = {};
  std::vector<NewGroup> groups = {};
  Counts counts = {};
  std::vector<Failure> failures = {};
  std::optional<Segment> segment = {};
  std::optional<std::string> group_result =
      {};  // only from a job with a group, and only with finish()
  std::vector<UploadRowId> uploads_closed = {};  // completed, or aborted for certain
  std::optional<std::string> run_error =
      {};  // the run cannot succeed any more, and why: it ends as failed
  // What a user has to know of the run as a whole although it is not a failure: a sentence each. A
  // sentence that the run has already is not added again; the run keeps the first warnings_max.
  std::vector<std::string> warnings = {};
};

inline constexpr std::size_t warnings_max = 100;  // of a run

struct ClaimRequest {
  std::string worker;
  std::string run = {};  // only this run's jobs; empty: any
  std::string kind;      // job kind
  std::uint32_t count_max = 1;
  TimePoint now{};
  TimePoint lease_until{};
};

struct Renewal {
  Lease lease;
  bool held = true;               // false: the lease is another's now; stop at once
  bool cancel_requested = false;  // the run's
};

struct Backlog {
  std::int64_t jobs = 0;  // ready or leased
  std::int64_t items = 0;
};

struct Progress {
  Run run;
  std::vector<std::pair<std::string, Backlog>> backlog;  // by job kind
};

// What survives a crash. Every method is one transaction: it happens wholly or not at all, and has
// reached the disk when it returns success. Methods block: coroutines call them through
// run_blocking(). Thread-safe.
//
// `now` comes from the caller's clock. Errors: unavailable (busy, disk full or failing: the message
// says which), precondition_failed (the lease is another's: nothing was changed), not_found (no
// such run), data_corrupted, unsupported (a newer version's database), internal.
class State {
 public:
  virtual ~State() = default;

  // --- runs
  // Inserts the run with its first jobs; `id` must be new (already_exists).
  virtual Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                                  TimePoint now) = 0;
  virtual Result<Run> find_run(const std::string& id) = 0;
  // The newest first: in the order in which they were created, whatever the clocks said then.
  virtual Result<std::vector<Run>> list_runs(std::size_t count_max) = 0;
  // Those that come after `run` in that list: the next page of it, whatever was created meanwhile.
  virtual Result<std::vector<Run>> list_runs_after(const std::string& run,
                                                   std::size_t count_max) = 0;
  // Those that are not over, the newest first.
  virtual Result<std::vector<Run>> unfinished_runs(std::size_t count_max) = 0;
  virtual Result<Progress> progress(const std::string& run) = 0;
  virtual Result<void> set_run_state(const std::string& run,
                                     RunState state) = 0;  // only between states that are not over
  // From now on the run's jobs are not claimed; held ones learn of it when they renew.
  virtual Result<void> request_cancel(const std::string& run) = 0;
  // Takes a cancelled run's request back, so that it can be resumed; not for a run that is over.
  virtual Result<void> withdraw_cancel(const std::string& run) = 0;
  // Ends the run if no job of it is left, as succeeded, completed_with_failures (a failed item, an
  // upload left open), or failed (an error). Folds its deltas. False where jobs are left; true also
  // where it was over already.
  virtual Result<bool> end_run_if_drained(const std::string& run, TimePoint now) = 0;
  // Drops all jobs that are not held and ends the run as cancelled or failed once none is held;
  // true when it is over.
  virtual Result<bool> abandon_run(const std::string& run, RunState as, TimePoint now) = 0;

  // --- jobs
  // Takes up to count_max jobs that are ready, or whose lease ran out before `now`. Raises each
  // one's epoch.
  virtual Result<std::vector<Job>> claim(const ClaimRequest& request) = 0;
  virtual Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                             TimePoint lease_until) = 0;
  // The job goes on with a new payload; what it did so far counts.
  virtual Result<void> advance(const Lease& lease, const std::string& payload,
                               const Effects& effects, TimePoint now) = 0;
  // The job is done.
  virtual Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) = 0;
  // The job goes back: ready again at `not_before`. `in_good_order`: the attempt does not count.
  virtual Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) = 0;
  // For a state that only one process uses: whatever is leased belongs to a process that is dead.
  // The number of leases.
  virtual Result<std::int64_t> release_all_leases(TimePoint now) = 0;
  // Ready or leased jobs of one kind.
  virtual Result<Backlog> backlog(const std::string& run, const std::string& kind) = 0;
  virtual Result<std::vector<GroupResult>> group_results(GroupId group) = 0;

  // --- uploads
  virtual Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                                   TimePoint now) = 0;
  virtual Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                             const std::string& upload_id) = 0;
  virtual Result<std::vector<Upload>> open_uploads(const std::string& run,
                                                   const std::string& key) = 0;  // key empty: all
  virtual Result<void> close_upload(UploadRowId upload) = 0;
  // It cannot be aborted, for a reason that stays, and nobody will try again: it stays among
  // open_uploads(), for people, and a run that ends with it has completed with failures.
  // `upload_id` as far as it is known.
  virtual Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                         const std::string& reason) = 0;

  // --- records
  // In order of `at`, from the offset-th on.
  virtual Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                                std::size_t count_max) = 0;
  // In the order in which they were recorded.
  virtual Result<std::vector<std::string>> warnings(const std::string& run) = 0;
  // In order of job.
  virtual Result<std::vector<Segment>> segments(const std::string& run) = 0;
  // Folds count deltas into their runs; returns how many. To be called now and then.
  virtual Result<std::int64_t> compact() = 0;
  // Transactions that changed something since this was opened: what the state costs. 0 where nobody
  // counts.
  virtual std::uint64_t transactions() const { return 0; }
};

}  // namespace dth::state
