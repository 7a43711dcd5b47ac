#include "state/sql/claim.h"

#include <algorithm>
#include <map>
#include <queue>

#include "state/run.h"

namespace dth::state::sql {
namespace {

struct Candidate {
  std::int64_t priority = 0;
  JobId job = 0;
  bool operator<(const Candidate& other) const {
    return priority != other.priority ? priority > other.priority : job < other.job;
  }
};

// The leases of one run and kind.
struct Leases {
  std::uint32_t held = 0;  // by the lane that asks
  bool any_expired = false;
};

// A kind of jobs of one run, of which some may be taken.
struct KindInTurn {
  std::string kind;
  std::uint32_t room = 0;
  bool any_expired = false;
  std::optional<std::vector<Candidate>> found = {};  // not asked for yet
  std::size_t next = 0;
};

struct RunInTurn {
  std::int64_t number = 0;
  std::string id, kind;
  bool begins = false;  // it is running once a job of it is taken
  std::string state = {};
  std::int64_t weight = 1;
  std::int64_t leased = 0;
  std::int64_t epoch = 0;
  std::vector<KindInTurn> kinds;
};

// Fewest leased jobs in relation to the weight first, then the older run.
struct ComesLater {
  bool operator()(const RunInTurn* a, const RunInTurn* b) const {
    const std::int64_t left = a->leased * b->weight, right = b->leased * a->weight;
    return left != right ? left > right : a->number > b->number;
  }
};

bool is_in(const ClaimScope& scope, std::string_view placement, const std::string& name) {
  const auto kind = parse_placement_kind(placement);
  if (!kind) return false;
  switch (*kind) {
    case Placement::Kind::anybody:
      return scope.anybody;
    case Placement::Kind::label:
      return std::find(scope.labels.begin(), scope.labels.end(), name) != scope.labels.end();
    case Placement::Kind::process:
      return name == scope.process;
  }
  return false;
}

class Turns {
 public:
  Turns(Database& database, const ClaimRequest& request)
      : database_(database), request_(request), now_(database.now(request.now)) {
    read_leases();
    read_runs();
  }

  // The next job to take, and its run; nothing where there is none.
  struct Taken {
    RunInTurn* run;
    const KindInTurn* kind;
    JobId job;
  };
  std::optional<Taken> next() {
    while (!queue_.empty()) {
      RunInTurn* run = queue_.top();
      queue_.pop();
      for (KindInTurn& kind : run->kinds) {
        const auto job = next_of(*run, kind);
        if (!job) continue;
        ++run->leased;
        queue_.push(run);
        return Taken{run, &kind, *job};
      }
    }
    return std::nullopt;
  }

 private:
  // All leases: as many as all lanes hold.
  void read_leases() {
    Query query = database_.query(
        "select run, kind, count(*), count(case when worker = ? and lane = ? then 1 end), "
        "min(lease_until) < ? from job where state = 1 group by run, kind",
        request_.worker, request_.lane, now_);
    while (query.next()) {
      leased_[query.integer(0)] += query.integer(2);
      leases_[{query.integer(0), query.text(1)}] = {
          .held = static_cast<std::uint32_t>(query.integer(3)),
          .any_expired = query.integer(4) != 0};
    }
  }

  void read_runs() {
    Query live = database_.query(
        "select number, id, kind, state, weight, placement, placement_name, waiting_until, "
        "cancel_requested, epoch from run where ended_at is null order by number");
    while (live.next()) {
      if (!is_in(request_.scope, live.text(5), live.text(6))) continue;
      const bool cancelled = live.integer(8) != 0;
      const auto state = parse_run_state(live.text(3));
      if (!state) continue;
      const bool sleeps =
          *state == RunState::paused || (*state == RunState::waiting && live.time(7) > now_);
      if (sleeps && !cancelled) continue;
      RunInTurn run{.number = live.integer(0),
                    .id = live.text(1),
                    .kind = live.text(2),
                    .begins = !cancelled && *state != RunState::running,
                    .state = live.text(3),
                    .weight = std::max<std::int64_t>(live.integer(4), 1),
                    .leased = leased_[live.integer(0)],
                    .epoch = live.integer(9),
                    .kinds = {}};
      for (const KindRoom& wanted : request_.kinds) {
        if (cancelled && wanted.kind != close_job_kind) continue;
        const auto found = leases_.find({run.number, wanted.kind});
        const Leases leases = found == leases_.end() ? Leases{} : found->second;
        if (leases.held >= wanted.per_run_max) continue;
        run.kinds.push_back({.kind = wanted.kind,
                             .room = std::min(wanted.per_run_max - leases.held, request_.count_max),
                             .any_expired = leases.any_expired});
      }
      if (!run.kinds.empty()) runs_.push_back(std::move(run));
    }
    for (RunInTurn& run : runs_) queue_.push(&run);
  }

  std::optional<JobId> next_of(const RunInTurn& run, KindInTurn& kind) {
    if (!kind.found) {
      kind.found.emplace();
      ask(run, kind,
          "select priority, id from job where run = ? and kind = ? and state = 0 and "
          "not_before <= ? order by priority desc, id limit ? for no key update skip locked");
      if (kind.any_expired) {
        ask(run, kind,
            "select priority, id from job where run = ? and kind = ? and state = 1 and "
            "lease_until < ? order by priority desc, id limit ? for no key update skip locked");
        std::sort(kind.found->begin(), kind.found->end());
      }
    }
    if (kind.next == std::min<std::size_t>(kind.found->size(), kind.room)) return std::nullopt;
    return (*kind.found)[kind.next++].job;
  }

  void ask(const RunInTurn& run, KindInTurn& kind, std::string_view sql) {
    Query query = database_.query(sql, run.number, kind.kind, now_, kind.room);
    while (query.next()) kind.found->push_back({query.integer(0), query.integer(1)});
  }

  Database& database_;
  const ClaimRequest& request_;
  const TimePoint now_;
  std::map<std::int64_t, std::int64_t> leased_;  // by run
  std::map<std::pair<std::int64_t, std::string>, Leases> leases_;
  std::vector<RunInTurn> runs_;
  std::priority_queue<RunInTurn*, std::vector<RunInTurn*>, ComesLater> queue_;
};

Job take(Database& database, const ClaimRequest& request, const Turns::Taken& taken) {
  Query row = database.query(
      "update job set state = 1, epoch = epoch + 1, attempts = attempts + 1, worker = ?, lane = ?, "
      "lease_until = ? where id = ? returning epoch, attempts, items, group_id, payload",
      request.worker, request.lane, database.now(request.now) + (request.lease_until - request.now),
      taken.job);
  if (!row.next()) return {};  // a failure, which the database has noted
  Job job{.lease = {.job = taken.job, .epoch = row.integer(0)},
          .run = taken.run->id,
          .run_kind = taken.run->kind,
          .kind = taken.kind->kind,
          .payload = row.text(4),
          .items = row.integer(2),
          .group = {},
          .attempts = static_cast<int>(row.integer(1)),
          .lease_until = request.lease_until,
          .run_epoch = taken.run->epoch};
  if (!row.is_null(3)) job.group = row.integer(3);
  return job;
}

}  // namespace

std::vector<Job> claim_in_turn(Database& database, const ClaimRequest& request) {
  Turns turns(database, request);
  std::vector<Job> jobs;
  while (jobs.size() < request.count_max && !database.failed()) {
    const auto taken = turns.next();
    if (!taken) break;
    jobs.push_back(take(database, request, *taken));
    if (!std::exchange(taken->run->begins, false)) continue;
    // What it waited for stays in the row: RunStore::wait().
    database.run("update run set state = ? where number = ? and state = ? and cancel_requested = 0",
                 to_string(RunState::running), taken->run->number, taken->run->state);
  }
  return jobs;
}

}  // namespace dth::state::sql
