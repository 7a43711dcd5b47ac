#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dth::state {

using JobId = std::int64_t;
using GroupId = std::int64_t;

struct NewJob {
  std::string kind;
  std::string payload;     // the plugin's, bytes
  std::int64_t items = 0;  // items it stands for: the backlog is counted in these
  std::optional<GroupId> group = {};
  int priority = 0;           // greater first; equal: first in, first out
  TimePoint not_before = {};  // it is not claimed before then
};

// A held job: who shows this pair may change the job, until the lease is given to another.
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
  std::int64_t run_epoch = 0;  // Run::epoch at the claim
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

// The kind of the job that ends a run: settles what was left open, writes the manifest, calls
// RunStore::end_run(). The state inserts it.
inline constexpr std::string_view close_job_kind = "close";

// Which runs' jobs a process may take: those whose placement is one of these.
struct ClaimScope {
  std::string process = {};              // its id
  std::vector<std::string> labels = {};  // those it has
  bool anybody = false;                  // runs that are placed nowhere
};

// How many jobs of a kind one lane may hold of one run, what it holds already included.
struct KindRoom {
  std::string kind;
  std::uint32_t per_run_max = 1;
};

inline constexpr std::uint32_t claim_count_max = 64;

struct ClaimRequest {
  std::string worker;  // the id that is registered
  int lane = 0;        // of that worker
  ClaimScope scope = {};
  std::vector<KindRoom> kinds;  // within a run, those of an earlier kind are taken first
  std::uint32_t count_max = 1;  // of all kinds and runs together: 1 to claim_count_max
  TimePoint now{};
  TimePoint lease_until{};
};

struct Renewal {
  Lease lease;
  enum class Stop { none, pause, cancel };
  bool held = true;        // false: the lease is another's now; stop at once
  Stop stop = Stop::none;  // the run was paused or cancelled: hand the job back in good order
};

// The jobs of one kind, of all runs that are not over.
struct QueueDepth {
  std::string run_kind;
  std::string kind;
  std::int64_t ready = 0;   // nobody holds them; some may not be claimed yet
  std::int64_t leased = 0;  // somebody holds them, or did until it died
  std::int64_t items = 0;   // of both
  // Since the oldest of those that are ready was inserted; nothing where none is.
  std::optional<Duration> oldest_age = {};
};

struct Backlog {
  std::int64_t jobs = 0;  // ready or leased
  std::int64_t items = 0;
};

}  // namespace dth::state
