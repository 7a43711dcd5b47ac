#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

}  // namespace dth::state
