// state_bench URL [JOBS]: what claiming and finishing a job costs on a PostgreSQL server, through
// the state and by a bare loop that sends the same statements with libpq and does nothing else.
// Prints microseconds a job, each.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "base/clock.h"
#include "state/postgres_state.h"

namespace {

using namespace dth;
using Seconds = std::chrono::duration<double>;

constexpr const char* kind = "object_copy/copy";
constexpr state::Counter copied{"copied"};
// So many in turn, so that neither has the better of the server's moods.
constexpr int rounds = 10;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "state_bench: %s\n", why.c_str());
  std::exit(1);
}

template <class T>
T value(Result<T> result) {
  if (result.has_error()) stop(result.error().to_string());
  return std::move(*result);
}

void done(const Result<void>& result) {
  if (result.has_error()) stop(result.error().to_string());
}

void add_run(state::State& state, const std::string& id, int jobs) {
  const std::vector<state::NewJob> first(
      static_cast<std::size_t>(jobs),
      {.kind = kind, .payload = std::string(2000, 'x'), .items = 1});
  done(state.runs().create_run({.id = id, .kind = "object_copy", .spec = "{}"}, first,
                               SystemClock().now()));
}

double ours(state::State& state, int jobs) {
  SystemClock clock;
  state::Effects effects;
  effects.counts[copied] = 1;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < jobs; ++i) {
    const state::ClaimRequest request{.worker = "bench",
                                      .scope = {.anybody = true},
                                      .kinds = {{kind, 8}},
                                      .count_max = 1,
                                      .now = clock.now(),
                                      .lease_until = clock.now() + std::chrono::minutes(1)};
    const auto claimed = value(state.jobs().claim(request));
    if (claimed.size() != 1) stop("there was no job");
    done(state.jobs().finish(claimed[0].lease, effects, clock.now()));
  }
  return Seconds(std::chrono::steady_clock::now() - began).count() * 1e6 / jobs;
}

// A connection that prepares a statement when it first executes it.
class Bare {
 public:
  explicit Bare(const std::string& url) : connection_(PQconnectdb(url.c_str()), PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) stop(PQerrorMessage(connection_.get()));
  }

  void simple(const std::string& sql) { check(PQexec(connection_.get(), sql.c_str())); }

  using Answer = std::unique_ptr<PGresult, void (*)(PGresult*)>;
  Answer run(const std::string& name, const char* sql, std::vector<std::string> parameters) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      check(PQprepare(connection_.get(), name.c_str(), sql, 0, nullptr));
      known_.push_back(name);
    }
    std::vector<const char*> values;
    for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
    return check(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                                values.data(), nullptr, nullptr, 1));
  }

 private:
  Answer check(PGresult* result) {
    Answer answer(result, PQclear);
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) stop(PQresultErrorMessage(result));
    return answer;
  }

  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  std::vector<std::string> known_;
};

std::string number_in(const PGresult* answer, int column) {
  std::int64_t number = 0;
  for (int i = 0; i < PQgetlength(answer, 0, column); ++i)
    number = number << 8 | static_cast<unsigned char>(PQgetvalue(answer, 0, column)[i]);
  return std::to_string(number);
}

constexpr const char* the_time = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
constexpr const char* mark =
    "insert into commit_mark (writer, number) values ('bare', 1) on conflict (writer) do update "
    "set "
    "number = excluded.number, marked_at = now()";

void claim_and_finish(Bare& bare) {
  bare.simple(std::string("begin; ") + the_time);
  bare.run("leases",
           "select run, kind, count(*), count(case when worker = $1 and lane = $2 then 1 end), "
           "min(lease_until) < $3 from job where state = 1 group by run, kind",
           {"bare", "0", "0"});
  const auto runs =
      bare.run("runs",
               "select number, id, kind, state, weight, placement, placement_name, waiting_until, "
               "cancel_requested, epoch from run where ended_at is null order by number",
               {});
  const std::string run = number_in(runs.get(), 0);
  const auto ready =
      bare.run("ready",
               "select priority, id from job where run = $1 and kind = $2 and state = "
               "0 and not_before <= $3 order by priority desc, id limit $4 for no key "
               "update skip locked",
               {run, kind, "9000000000000000000", "1"});
  if (PQntuples(ready.get()) != 1) stop("there was no job");
  const std::string job = number_in(ready.get(), 1);
  const auto taken =
      bare.run("take",
               "update job set state = 1, epoch = epoch + 1, attempts = attempts + 1, worker = $1, "
               "lane = $2, "
               "lease_until = $3 where id = $4 returning epoch, attempts, items, group_id, payload",
               {"bare", "0", "9000000000000000000", job});
  const std::string epoch = number_in(taken.get(), 0);
  bare.simple(mark);
  bare.simple("commit");

  bare.simple(std::string("begin; ") + mark + "; " + the_time);
  bare.run("held",
           "select j.run, j.group_id, j.continues, j.kind = 'close', r.cancel_requested from job j "
           "join run r on r.number = j.run where j.id = $1 and j.epoch = $2 and j.state = 1 for "
           "update of j",
           {job, epoch});
  bare.run("counts", "select counts from run_count where run = $1 and writer = $2 for update",
           {run, "bare"});
  bare.run(
      "count",
      "insert into run_count (run, writer, counts) values ($1, $2, $3) on conflict (run, writer) "
      "do update set counts = excluded.counts",
      {run, "bare", "{\"copied\":1}"});
  bare.run("done", "delete from job where id = $1", {job});
  bare.run("other", "select 1 from job where run = $1 limit 1 for key share skip locked", {run});
  bare.simple("commit");
}

double bare_loop(Bare& bare, int jobs) {
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < jobs; ++i) claim_and_finish(bare);
  return Seconds(std::chrono::steady_clock::now() - began).count() * 1e6 / jobs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) stop("usage: state_bench URL [JOBS]");
  const int jobs = argc > 2 ? std::atoi(argv[2]) : 2000;
  const auto state = value(dth::state::open_postgres_state({.url = argv[1], .password_file = {}}));
  Bare bare(argv[1]);
  double through_state = 0, by_itself = 0;
  // One more than are done, so that no run is over.
  add_run(*state, "run_bench", 2 * jobs + 1);
  for (int round = 0; round < rounds; ++round) {
    through_state += ours(*state, jobs / rounds) / rounds;
    by_itself += bare_loop(bare, jobs / rounds) / rounds;
  }
  std::printf(
      "claim and finish a job: %.0f us through the state, %.0f us by a bare loop: %.2f of its "
      "speed (goal: 0.5)\n",
      through_state, by_itself, by_itself / through_state);
  return 0;
}
