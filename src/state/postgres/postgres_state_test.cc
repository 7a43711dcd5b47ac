#include "state/postgres/postgres_state.h"

#include <fstream>
#include <thread>

#include "state/postgres/migrations.h"
#include "state/testing/postgres_place.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::state::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Postgres, StateConformance, ::testing::Values(PlaceFactory([] {
                           return std::unique_ptr<Place>(std::make_unique<PostgresPlace>());
                         })));

using std::chrono::minutes;
using std::chrono::seconds;

class PostgresStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!PostgresSchema::is_there())
      GTEST_SKIP() << "no server to test with: see tests/servers/postgres.sh";
    state_ = open();
  }

  std::unique_ptr<postgres::PostgresState> open() {
    auto opened = postgres::PostgresState::open({.url = schema_.url(), .password_file = {}});
    EXPECT_FALSE(opened.has_error()) << why(opened);
    return std::move(opened).value();
  }

  void create_run(const std::string& id, int jobs) {
    const std::vector<NewJob> all(static_cast<std::size_t>(jobs), {.kind = "copy", .payload = "p"});
    ASSERT_OK(state_->runs().create_run({.id = id, .kind = "k", .spec = ""}, all, now_));
  }
  static ClaimRequest request(const std::string& worker, TimePoint now, Duration lease) {
    ClaimRequest wanted{.worker = worker, .scope = {.anybody = true}, .kinds = {{"copy", 9}}};
    wanted.now = now;
    wanted.lease_until = now + std::chrono::duration_cast<std::chrono::microseconds>(lease);
    return wanted;
  }
  // Ends the connections of this test's states at the server.
  void end_connections() {
    schema_.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
        "application_name = current_schema()");
  }

  PostgresSchema schema_;
  const TimePoint now_ = SystemClock().now();
  std::unique_ptr<postgres::PostgresState> state_;
};

TEST_F(PostgresStateTest, ClocksOfWorkersDecideNothing) {
  create_run("r1", 1);
  auto ahead = open();
  const auto ours = state_->jobs().claim(request("ours", now_, seconds(60)));
  ASSERT_OK(ours);
  ASSERT_EQ(ours->size(), 1u);
  EXPECT_EQ(ours->at(0).lease_until, now_ + seconds(60));
  for (const auto skew : {minutes(10), minutes(-10)}) {
    const TimePoint theirs = now_ + skew;
    EXPECT_TRUE(ahead->jobs().claim(request("theirs", theirs, seconds(60)))->empty());
    EXPECT_EQ(*ahead->jobs().insert_missing_close_jobs(theirs), 0);
  }
  // A lease is as long as it was asked for, whatever the clock of who renews it says.
  ASSERT_TRUE(state_->jobs()
                  .renew({ours->at(0).lease}, now_ - minutes(10), now_ - minutes(10))
                  ->at(0)
                  .held);
  EXPECT_EQ(ahead->jobs().claim(request("theirs", now_ - minutes(20), seconds(60)))->size(), 1u);
}

TEST_F(PostgresStateTest, JobThatWaitsComesByTheDatabasesClock) {
  create_run("r1", 1);
  const auto job = state_->jobs().claim(request("w", now_, seconds(60)))->at(0);
  ASSERT_OK(state_->jobs().release(job.lease, SystemClock().now() + minutes(5), true));
  EXPECT_TRUE(state_->jobs().claim(request("w", now_ + minutes(10), seconds(60)))->empty());
  const std::string wait = schema_.value(
      "select cast((not_before - extract(epoch from clock_timestamp()) * 1000000) / "
      "60000000 as int) from job");
  EXPECT_EQ(schema_.value("select cast(count(*) as text) from job where abs((not_before - "
                          "extract(epoch from clock_timestamp()) * 1000000) / 1000000 - 300) < 30"),
            "1")
      << wait;
}

TEST_F(PostgresStateTest, WorkerIsDeadWhenItsHeartbeatIsOldAndItsLeasesRanOut) {
  NewWorker elsewhere{.id = "elsewhere"};
  elsewhere.host = "another";
  ASSERT_OK(open()->workers().register_worker(elsewhere, now_));
  create_run("r1", 1);
  const auto job = state_->jobs().claim(request("elsewhere", now_, seconds(1000)))->at(0);
  using Life = WorkerInfo::Life;
  EXPECT_EQ(state_->workers().list(now_)->at(0).life, Life::alive);
  schema_.execute("update worker set heartbeat_at = heartbeat_at - 61000000");
  EXPECT_EQ(state_->workers().list(now_ + minutes(10))->at(0).life, Life::unknown);
  EXPECT_TRUE(state_->workers().free_dead(now_)->empty()) << "its lease holds still";
  schema_.execute("update job set lease_until = lease_until - 1000000000");
  EXPECT_EQ(state_->workers().list(now_)->at(0).life, Life::dead);
  EXPECT_EQ(state_->workers().free_dead(now_ - minutes(10))->size(), 1u);
  EXPECT_CODE(state_->jobs().finish(job.lease, {}, now_), precondition_failed);
  EXPECT_EQ(state_->jobs().claim(request("w", now_, seconds(60)))->at(0).attempts, 2);
}

TEST_F(PostgresStateTest, ProcessOfThisHostThatIsGoneIsDeadAtOnce) {
  NewWorker gone{.id = "gone"};
  gone.pid = 1 << 22;  // more than the kernel gives
  ASSERT_OK(open()->workers().register_worker(gone, now_));
  create_run("r1", 1);
  ASSERT_EQ(state_->jobs().claim(request("gone", now_, seconds(1000)))->size(), 1u);
  EXPECT_EQ(state_->workers().free_dead(now_)->size(), 1u);
  EXPECT_EQ(state_->jobs().claim(request("w", now_, seconds(60)))->size(), 1u);
}

TEST_F(PostgresStateTest, ServerThatSaysNothingIsGivenUp) {
  const auto connect = postgres::connect_options({.url = schema_.url(), .password_file = {}});
  const postgres::SessionOptions session{.silence_max = std::chrono::milliseconds(200)};
  auto opened = postgres::Connection::open(*connect, session);
  ASSERT_OK(opened);
  postgres::Connection& connection = **opened;
  connection.begin(postgres::Connection::Mode::read);
  connection.lift_time_limits();
  connection.run_script("select pg_sleep(0.4)");
  EXPECT_FALSE(connection.failed()) << "what takes long by right";
  connection.rollback();
  connection.begin(postgres::Connection::Mode::read);
  connection.run_script("select pg_sleep(60)");
  EXPECT_TRUE(connection.failed());
  EXPECT_EQ(connection.trouble(), postgres::Trouble::connection_lost);
  EXPECT_TRUE(connection.is_lost());
  const auto error = connection.take_error();
  EXPECT_EQ(error->reason, ErrorReason::state_unreachable) << error->to_string();
}

TEST_F(PostgresStateTest, ConnectionThatWasLostIsMadeAgain) {
  create_run("r1", 2);
  for (int i = 0; i < 3; ++i) {
    end_connections();
    ASSERT_OK(state_->runs().find_run("r1"));
    end_connections();
    ASSERT_OK(state_->runs().pause("r1"));
    ASSERT_OK(state_->runs().resume("r1"));
  }
  end_connections();
  const auto jobs = state_->jobs().claim(request("w", now_, seconds(60)));
  ASSERT_OK(jobs);
  end_connections();
  ASSERT_OK(state_->jobs().finish(jobs->at(0).lease, {.counts = count(Counter::copied, 1)}, now_));
  EXPECT_EQ(state_->runs().find_run("r1")->counts[Counter::copied], 1);
}

TEST_F(PostgresStateTest, TransactionsInEachOthersWayAreDoneAgain) {
  create_run("r1", 1);
  create_run("r2", 1);
  auto another = open();
  // Each takes rows of one run after the other, in opposite orders.
  schema_.execute(
      "create function slow() returns trigger language plpgsql as $$ begin "
      "perform pg_sleep(0.15); perform 1 from run where id <> new.id for update; return new; end "
      "$$; create trigger slow after update on run for each row execute function slow()");
  std::thread thread([&] { EXPECT_FALSE(another->runs().pause("r2").has_error()); });
  EXPECT_FALSE(state_->runs().pause("r1").has_error());
  thread.join();
  EXPECT_EQ(state_->runs().find_run("r1")->state, RunState::paused);
  EXPECT_EQ(state_->runs().find_run("r2")->state, RunState::paused);
}

// The connection ends after the commit was sent, before its answer: once with the transaction
// committed, once without.
TEST_F(PostgresStateTest, CommitWithoutAnAnswerIsSettledByWhatItLeft) {
  create_run("r1", 2);
  const auto jobs = state_->jobs().claim([&] {
    auto wanted = request("w", now_, seconds(60));
    wanted.count_max = 2;
    return wanted;
  }());
  ASSERT_EQ(jobs->size(), 2u);
  // What a commit waits for, in a deferred trigger: its connection is ended while it waits.
  schema_.execute(
      "create function dies() returns trigger language plpgsql as $$ begin "
      "if (select count(*) from died) = 0 then perform dblink_free(); end if; return new; end $$; "
      "create table died (x int); "
      "create function dblink_free() returns void language plpgsql as $$ begin "
      "perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); end $$; "
      "create constraint trigger dies after insert on segment deferrable initially deferred "
      "for each row execute function dies()");
  std::thread heals([&] {
    std::this_thread::yield();
    schema_.execute("select pg_sleep(0.3); insert into died values (1)");
  });
  const Effects effects{.counts = count(Counter::copied, 1),
                        .segment = Segment{.file = "f", .length = 1}};
  ASSERT_OK(state_->jobs().finish(jobs->at(0).lease, effects, now_));
  heals.join();
  EXPECT_EQ(state_->runs().find_run("r1")->counts[Counter::copied], 1);
  EXPECT_EQ(state_->records().segments("r1")->size(), 1u);
}

TEST_F(PostgresStateTest, MarkOfACommitTellsWhetherItHappened) {
  postgres::ConnectionPool& pool = state_->pool();
  auto lost = pool.open_another().value();
  lost->begin(postgres::Connection::Mode::write);
  lost->run("update meta set value = value");
  lost->commit();
  const auto mark = lost->mark();
  EXPECT_EQ(schema_.value("select cast(number as text) from commit_mark where writer = '" +
                          mark.writer + "'"),
            std::to_string(mark.number));
  lost->begin(postgres::Connection::Mode::write);
  lost->rollback();
  EXPECT_EQ(schema_.value("select cast(number as text) from commit_mark where writer = '" +
                          mark.writer + "'"),
            std::to_string(mark.number));
}

// A transaction that began before a run was cancelled may leave a group after it: here by hand.
TEST_F(PostgresStateTest, GroupThatCameAfterItsRunWasCancelledKeepsItNotFromEnding) {
  const NewJob member{.kind = "copy", .payload = "m"};
  for (const std::string run : {"ended", "released", "nobody"}) {
    create_run(run, 1);
    const auto job = state_->jobs().claim(request("w", now_, seconds(60)))->at(0);
    const NewGroup group{.members = {member}, .continuation = member};
    ASSERT_OK(state_->jobs().finish(job.lease, {.groups = {group}}, now_));
    const auto held = state_->jobs().claim(request("w", now_, seconds(60)))->at(0);
    schema_.execute("update run set cancel_requested = 1 where id = '" + run + "'");
    if (run == "ended") {
      ASSERT_OK(state_->jobs().finish(held.lease, {}, now_));
    } else if (run == "released") {
      ASSERT_OK(state_->jobs().release(held.lease, now_, true));
    } else {
      schema_.execute("delete from job where kind = 'copy'");
      EXPECT_EQ(*state_->jobs().insert_missing_close_jobs(now_), 1);
    }
    EXPECT_EQ(state_->jobs().backlog(run, std::string(close_job_kind))->jobs, 1) << run;
  }
  EXPECT_EQ(schema_.value("select cast(count(*) as text) from job_group"), "0");
}

TEST_F(PostgresStateTest, ResultsWithoutAGroupAreInNoBackup) {
  schema_.execute("insert into job_group_result (group_id, job, payload) values (7, 8, 'x')");
  TemporaryDirectory directory;
  EXPECT_EQ(state_->archive()->back_up(directory / "backup")->rows, 0);
}

TEST_F(PostgresStateTest, TextThatPostgresCannotHoldIsKeptReadable) {
  create_run("r1", 1);
  const auto job = state_->jobs().claim(request("w", now_, seconds(60)))->at(0);
  Failure failure{.key = std::string("\0\xff", 2), .code = "internal", .message = "a\xff"};
  failure.detail = std::string("b\0c", 3);
  ASSERT_OK(state_->jobs().advance(job.lease, "", {.failures = {failure}}, now_));
  const Failure kept = state_->records().failures("r1", 0, 1)->at(0);
  EXPECT_EQ(kept.key, failure.key);
  EXPECT_EQ(kept.message, "a\\xFF");
  EXPECT_EQ(kept.detail, "b\\x00c");
}

TEST_F(PostgresStateTest, SchemaThatIsNotThisVersionsIsToldApart) {
  PostgresOptions options{.url = schema_.url(), .password_file = {}};
  schema_.execute("update meta set value = '99' where name = 'schema_version'");
  EXPECT_CODE(open_postgres_state(options), unsupported);
  schema_.execute("delete from meta where name = 'product'");
  EXPECT_CODE(open_postgres_state(options), data_corrupted);
  PostgresSchema empty;
  options.url = empty.url();
  options.migrates = false;
  EXPECT_CODE(open_postgres_state(options), unsupported);
  options.read_only = true;
  EXPECT_CODE(open_postgres_state(options), not_found);
  EXPECT_EQ(empty.value("select cast(count(*) as text) from pg_tables where schemaname = "
                        "current_schema()"),
            "0");
  empty.execute("create table cookies (name text)");
  options = {.url = empty.url(), .password_file = {}};
  EXPECT_CODE(open_postgres_state(options), data_corrupted);
}

TEST_F(PostgresStateTest, ManyMayOpenANewStateAtOnce) {
  PostgresSchema fresh;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&] { ASSERT_OK(open_postgres_state({.url = fresh.url(), .password_file = {}})); });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(PostgresStateTest, MissingDatabaseAndServerAreToldApart) {
  const std::string server = std::getenv("DTH_TEST_POSTGRES");
  const std::string base = server.substr(0, server.rfind('/'));
  const auto missing = open_postgres_state({.url = base + "/no_such", .password_file = {}});
  ASSERT_TRUE(missing.has_error());
  EXPECT_EQ(missing.error().code, ErrorCode::invalid_argument) << missing.error().to_string();
  const auto nobody =
      open_postgres_state({.url = "postgresql://u@127.0.0.1:1/x", .password_file = {}});
  ASSERT_TRUE(nobody.has_error());
  EXPECT_EQ(nobody.error().code, ErrorCode::unavailable) << nobody.error().to_string();
  EXPECT_EQ(nobody.error().reason, ErrorReason::state_unreachable);
}

}  // namespace
}  // namespace dth::state::testing
