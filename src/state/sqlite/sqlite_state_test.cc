#include "state/sqlite/sqlite_state.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::state::testing {
namespace {

class SqlitePlace final : public Place {
 public:
  Result<std::unique_ptr<State>> open() override {
    // Nothing here loses power, and a test that waits for the disk is a slow one. The crash test
    // waits.
    return open_sqlite_state({.path = directory_ / "state.db", .synchronous = false});
  }

 private:
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StateConformance, ::testing::Values(PlaceFactory([] {
                           return std::unique_ptr<Place>(std::make_unique<SqlitePlace>());
                         })));

const TimePoint start = TimePoint(std::chrono::hours(24 * 365 * 56));

ClaimRequest claim_of(const std::string& kind) {
  return {.worker = "w",
          .scope = {.anybody = true},
          .kinds = {{kind, 1}},
          .now = start,
          .lease_until = start + std::chrono::hours(1)};
}

TEST(SqliteState, InMemoryDatabaseIsItsOwn) {
  auto one = open_sqlite_state({.path = ":memory:"});
  auto two = open_sqlite_state({.path = ":memory:"});
  ASSERT_OK(one);
  ASSERT_OK(two);
  ASSERT_OK((*one)->runs().create_run({.id = "r", .kind = "k", .spec = ""}, {}, start));
  EXPECT_CODE((*two)->runs().find_run("r"), not_found);
}

TEST(SqliteState, APrincipalWithManyKeysForgetsItsOwnAndNoneInUse) {
  using Kind = IdempotencyClaim::Kind;
  auto opened = open_sqlite_state({.path = ":memory:"});
  ASSERT_OK(opened);
  auto& keys = (*opened)->control().idempotency();
  const auto call = [](const std::string& principal, const std::string& key) {
    return IdempotentCall{
        .principal = principal, .operation = "retryRun", .key = key, .input_hash = "h"};
  };
  ASSERT_OK(keys.begin(call("user_2", "k"), start));
  ASSERT_OK(keys.finish(call("user_2", "k"), "answer"));
  ASSERT_OK(keys.begin(call("user_1", "busy"), start));
  ASSERT_OK(keys.begin(call("user_1", "old"), start));
  ASSERT_OK(keys.finish(call("user_1", "old"), "answer"));
  for (int i = 0; i < 10'001; ++i)
    ASSERT_OK(keys.begin(call("user_1", "k" + std::to_string(i)), start));
  EXPECT_EQ(keys.begin(call("user_1", "old"), start)->kind, Kind::mine);
  EXPECT_EQ(keys.begin(call("user_1", "busy"), start)->kind, Kind::in_progress);
  EXPECT_EQ(keys.begin(call("user_2", "k"), start)->kind, Kind::answered);
}

TEST(SqliteState, FilesAreForTheirOwnerOnly) {
  TemporaryDirectory directory;
  auto state = open_sqlite_state({.path = directory / "state.db"});
  ASSERT_OK(state);
  ASSERT_OK((*state)->runs().create_run({.id = "r", .kind = "k", .spec = ""}, {}, start));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 3);  // the database, its log and index
}

TEST(SqliteState, WritesReachTheDiskUnlessToldOtherwise) {
  TemporaryDirectory directory;
  auto engine = sqlite::SqliteState::open({.path = directory / "state.db"});
  ASSERT_OK(engine);
  sqlite::Database& database = (*engine)->database();
  auto pragma = [&](std::string_view sql) {
    sqlite::Query query = database.query(sql);
    return query.next() ? query.text(0) : std::string("nothing");
  };
  EXPECT_EQ(pragma("pragma synchronous"), "2");
  EXPECT_EQ(pragma("pragma journal_mode"), "wal");
  EXPECT_EQ(pragma("pragma foreign_keys"), "1");
}

TEST(SqliteState, ClaimsFollowTheirIndexWithoutSorting) {
  auto engine = sqlite::SqliteState::open({.path = ":memory:"});
  ASSERT_OK(engine);
  sqlite::Query plan = (*engine)->database().query(
      "explain query plan select priority, id from job where run = 1 and kind = 'copy' and state = "
      "0 and not_before <= 5 "
      "order by priority desc, id limit 64");
  std::string text;
  while (plan.next()) text += plan.text(3) + "\n";
  EXPECT_NE(text.find("job_by_claim"), std::string::npos) << text;
  EXPECT_EQ(text.find("TEMP B-TREE"), std::string::npos) << text;
}

TEST(SqliteState, ClaimsAskTheLeasesAndRunsByTheirIndexes) {
  auto engine = sqlite::SqliteState::open({.path = ":memory:"});
  ASSERT_OK(engine);
  const auto plan_of = [&](std::string_view sql) {
    std::string text;
    sqlite::Query plan = (*engine)->database().query("explain query plan " + std::string(sql));
    while (plan.next()) text += plan.text(3) + "\n";
    return text;
  };
  EXPECT_EQ(
      plan_of("select run, kind, count(*), count(case when worker = 'w' and lane = 1 then 1 end), "
              "min(lease_until) < 5 from job where state = 1 group by run, kind"),
      "SCAN job USING COVERING INDEX job_held\n");
  EXPECT_EQ(plan_of("select number from run where ended_at is null order by number"),
            "SCAN run USING INDEX run_live\n");
}

TEST(SqliteState, FailuresBeyondTheMostAreCountedInTheirGroups) {
  auto opened = open_sqlite_state({.path = ":memory:", .failures_max = 5});
  ASSERT_OK(opened);
  State& state = **opened;
  ASSERT_OK(state.runs().create_run({.id = "r", .kind = "k", .spec = ""},
                                    {{.kind = "copy", .payload = "p"}}, start));
  const Job job = state.jobs().claim(claim_of("copy"))->at(0);
  Effects effects;
  for (int i = 0; i < 8; ++i) {
    Failure failure{.key = "k" + std::to_string(i), .code = "not_found"};
    failure.reason = i % 4 == 3 ? "" : "object_missing";
    effects.failures.push_back(failure);
  }
  ASSERT_OK(state.jobs().advance(job.lease, "p", effects, start));
  auto kept = state.records().failures("r", 0, 100);
  ASSERT_OK(kept);
  ASSERT_EQ(kept->size(), 5u);
  EXPECT_EQ(kept->at(4).key, "k4");
  EXPECT_EQ(kept->at(0).reason, "object_missing");
  EXPECT_EQ(kept->at(3).reason, "not_found") << "the code, where there is no reason";
  auto groups = state.records().failure_groups("r");
  ASSERT_OK(groups);
  ASSERT_EQ(groups->size(), 2u);
  EXPECT_EQ(groups->at(0).reason, "object_missing");
  EXPECT_EQ(groups->at(0).count, 6);
  EXPECT_EQ(groups->at(0).sample_key, "k0");
  EXPECT_EQ(groups->at(1).reason, "not_found");
  EXPECT_EQ(groups->at(1).count, 2);
  EXPECT_EQ(groups->at(1).sample_key, "k3");
}

TEST(SqliteState, ManyMayOpenANewStateAtOnce) {
  TemporaryDirectory directory;
  for (int round = 0; round < 5; ++round) {
    const std::string path = directory / ("state" + std::to_string(round) + ".db");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        auto opened = open_sqlite_state({.path = path, .synchronous = false});
        ASSERT_OK(opened);
        ASSERT_OK((*opened)->runs().create_run(
            {.id = "r" + std::to_string(i), .kind = "k", .spec = ""}, {}, start));
      });
    }
    for (std::thread& thread : threads) thread.join();
    auto opened = open_sqlite_state({.path = path});
    ASSERT_OK(opened);
    EXPECT_EQ((*opened)->runs().list_runs(10)->size(), 4u);
  }
}

TEST(SqliteState, IsReadBesideTheProcessThatWorksOnIt) {
  TemporaryDirectory directory;
  const SqliteOptions reading{.path = directory / "state.db", .read_only = true};
  EXPECT_CODE(open_sqlite_state(reading), not_found);
  EXPECT_FALSE(std::filesystem::exists(reading.path)) << "looking makes nothing";
  auto writer = open_sqlite_state({.path = reading.path});
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->runs().create_run({.id = "r", .kind = "k", .spec = ""}, {}, start));
  auto reader = open_sqlite_state(reading);
  ASSERT_OK(reader);
  ASSERT_OK((*reader)->runs().find_run("r"));
  ASSERT_OK((*writer)->runs().create_run({.id = "later", .kind = "k", .spec = ""}, {}, start));
  ASSERT_OK((*reader)->runs().find_run("later"));
  EXPECT_CODE((*reader)->runs().request_cancel("r", start), permission_denied);
  EXPECT_FALSE((*writer)->runs().find_run("r")->cancel_requested);
  // The reader keeps nobody from being the next to write, and stays when the writer goes.
  (*writer).reset();
  ASSERT_OK((*reader)->runs().find_run("later"));
  ASSERT_OK(open_sqlite_state({.path = reading.path}));
}

TEST(SqliteState, SchemaIsNotChangedWhereThatIsForbidden) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  std::ofstream(path) << "";
  for (const bool read_only : {false, true}) {
    SqliteOptions options{.path = path, .read_only = read_only};
    options.migrates = false;
    const auto opened = open_sqlite_state(options);
    EXPECT_CODE(opened, unsupported);
    EXPECT_NE(why(opened).find("--no-migrate"), std::string::npos) << why(opened);
    EXPECT_EQ(std::filesystem::file_size(path), 0u);
  }
  ASSERT_OK(open_sqlite_state({.path = path, .read_only = true}));
}

TEST(SqliteState, NewerSchemaIsRefusedAndLeftAlone) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  {
    auto engine = sqlite::SqliteState::open({.path = path});
    ASSERT_OK(engine);
    EXPECT_EQ(
        (*engine)->database().run("update meta set value = '99' where name = 'schema_version'"), 1);
  }
  auto opened = open_sqlite_state({.path = path});
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  EXPECT_NE(opened.error().message.find("newer version"), std::string::npos)
      << opened.error().message;
  EXPECT_NE(opened.error().message.find("99"), std::string::npos) << opened.error().message;
  EXPECT_CODE(open_sqlite_state({.path = path, .read_only = true}), unsupported);
}

TEST(SqliteState, StateOfAnUnreleasedBuildIsRefusedAndLeftAlone) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  for (const char* version : {"1", "8"}) {
    {
      auto earlier = sqlite::Database::open(path);
      ASSERT_OK(earlier);
      (*earlier)->run_script(
          "drop table if exists meta; "
          "create table meta (name text primary key, value text not null) without rowid; "
          "insert into meta values ('product', 'dth')");
      (*earlier)->run("insert into meta values ('schema_version', ?)", version);
      ASSERT_FALSE((*earlier)->failed());
    }
    for (const bool read_only : {false, true}) {
      const auto opened = open_sqlite_state({.path = path, .read_only = read_only});
      ASSERT_TRUE(opened.has_error());
      EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
      const std::string& message = opened.error().message;
      EXPECT_NE(
          message.find(path + " cannot be opened: an unreleased earlier build of dth made it"),
          std::string::npos)
          << message;
      EXPECT_NE(message.find("Move it away"), std::string::npos) << message;
    }
    auto earlier = sqlite::Database::open(path);
    ASSERT_OK(earlier);
    sqlite::Query found = (*earlier)->query(
        "select (select count(*) from sqlite_master), value "
        "from meta where name = 'schema_version'");
    ASSERT_TRUE(found.next());
    EXPECT_EQ(found.integer(0), 1) << "the earlier build's database was changed";
    EXPECT_EQ(found.text(1), version);
  }
}

TEST(SqliteState, FileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  TemporaryDirectory directory;
  const std::string path = directory / "notes.txt";
  const std::string text(5000, 'x');
  std::ofstream(path) << text;
  auto opened = open_sqlite_state({.path = path});
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::data_corrupted) << opened.error().to_string();
  EXPECT_NE(opened.error().message.find(path), std::string::npos) << opened.error().message;
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST(SqliteState, DatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  TemporaryDirectory directory;
  for (const char* script :
       {"create table cookies (name)", "create table meta (id)",
        "create table meta (name, value); insert into meta values ('schema_version', '1')"}) {
    const std::string path = directory / "other.db";
    std::filesystem::remove(path);
    {
      auto other = sqlite::Database::open(path);
      ASSERT_OK(other);
      (*other)->run_script(script);
      ASSERT_FALSE((*other)->failed());
    }
    EXPECT_CODE(open_sqlite_state({.path = path}), data_corrupted) << script;
    auto other = sqlite::Database::open(path);
    ASSERT_OK(other);
    sqlite::Query mode = (*other)->query("pragma journal_mode");
    ASSERT_TRUE(mode.next());
    EXPECT_EQ(mode.text(0), "delete") << "another program's database was changed";
  }
}

TEST(SqliteState, DamagedDatabaseIsReportedAsSuch) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  {
    auto state = open_sqlite_state({.path = path});
    ASSERT_OK(state);
    std::vector<NewJob> jobs(500, {.kind = "copy", .payload = std::string(1000, 'p')});
    ASSERT_OK((*state)->runs().create_run({.id = "r", .kind = "k", .spec = ""}, jobs, start));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    const std::string garbage(20 * 4096, '\xee');
    file.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
  }
  auto state = open_sqlite_state({.path = path});
  if (state.has_error()) {
    EXPECT_EQ(state.error().code, ErrorCode::data_corrupted) << state.error().to_string();
    return;
  }
  EXPECT_CODE((*state)->runs().find_run("r"), data_corrupted);
}

TEST(SqliteState, PathThatCannotBeIsReportedWithThePath) {
  TemporaryDirectory directory;
  std::ofstream(directory / "file") << "x";
  for (const std::string& path :
       {directory / "file/state.db", directory / "no/such/directory/state.db"}) {
    auto opened = open_sqlite_state({.path = path});
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable) << opened.error().to_string();
    EXPECT_NE(opened.error().message.find(path), std::string::npos) << opened.error().message;
  }
  EXPECT_CODE(open_sqlite_state({.path = ""}), invalid_argument);
}

TEST(SqliteState, DirectoryWithoutWritePermissionIsReported) {
  TemporaryDirectory directory;
  std::filesystem::permissions(directory.path(), static_cast<std::filesystem::perms>(0555));
  constexpr uid_t nobody = 65534;
  const uid_t us = ::geteuid();  // root may write anywhere
  if (us == 0) {
    ASSERT_EQ(::seteuid(nobody), 0);
  }
  const auto opened = open_sqlite_state({.path = directory / "state.db"});
  ASSERT_EQ(::seteuid(us), 0);
  EXPECT_CODE(opened, permission_denied);
  std::filesystem::permissions(directory.path(), std::filesystem::perms::owner_all);
}

TEST(SqliteState, FullDiskChangesNothingAndHealsWithSpace) {
  TemporaryDirectory directory;
  auto opened = sqlite::SqliteState::open({.path = directory / "state.db"});
  ASSERT_OK(opened);
  sqlite::SqliteState& state = **opened;
  ASSERT_OK(state.runs().create_run({.id = "r", .kind = "k", .spec = ""},
                                    {{.kind = "copy", .payload = "p"}}, start));
  auto jobs = state.jobs().claim(claim_of("copy"));
  ASSERT_OK(jobs);
  ASSERT_EQ(jobs->size(), 1u);
  state.database().run("pragma max_page_count = 1");  // becomes the present size
  const std::vector<NewJob> many(100, {.kind = "copy", .payload = std::string(10'000, 'p')});
  Effects effects{.jobs = many};
  effects.counts[Counter::copied] = 1;
  auto finished = state.jobs().finish(jobs->front().lease, effects, start);
  ASSERT_TRUE(finished.has_error());
  EXPECT_EQ(finished.error().code, ErrorCode::unavailable);
  EXPECT_NE(finished.error().message.find("disk is full"), std::string::npos)
      << finished.error().message;
  EXPECT_EQ(state.jobs().backlog("r", "copy")->jobs, 1);
  EXPECT_EQ(state.runs().find_run("r")->counts[Counter::copied], 0);
  state.database().run("pragma max_page_count = 1000000");
  ASSERT_OK(state.jobs().finish(jobs->front().lease, effects, start));
  EXPECT_EQ(state.jobs().backlog("r", "copy")->jobs, 100);
  EXPECT_EQ(state.runs().find_run("r")->counts[Counter::copied], 1);
}

TEST(SqliteState, FullDiskKeepsARunFromEndingAndHealsWithSpace) {
  TemporaryDirectory directory;
  auto opened = sqlite::SqliteState::open({.path = directory / "state.db"});
  ASSERT_OK(opened);
  sqlite::SqliteState& state = **opened;
  NewRun run{.id = "r", .kind = "k", .spec = ""};
  ASSERT_OK(state.runs().create_run(run, {}, start));
  const Job close = state.jobs().claim(claim_of(std::string(close_job_kind)))->at(0);
  state.database().run("pragma max_page_count = 1");  // becomes the present size
  run.id = "large";
  run.spec = std::string(100'000, 's');
  const auto refused = state.runs().create_run(run, {}, start);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_CODE(state.runs().find_run("large"), not_found);
  state.database().run("pragma max_page_count = 1000000");
  ASSERT_OK(state.runs().create_run(run, {}, start));
  ASSERT_OK(state.runs().end_run(close.lease, start));
}

TEST(SqliteState, BusyDatabaseAndUnknownRefusalsAreToldApart) {
  EXPECT_EQ(sqlite::error_of(5, "", "p").code, ErrorCode::unavailable);  // SQLITE_BUSY
  EXPECT_EQ(sqlite::error_of(5, "", "p").reason, ErrorReason::state_unreachable);
  EXPECT_EQ(sqlite::error_of(8 | 1 << 8, "", "p").code,
            ErrorCode::permission_denied);  // SQLITE_READONLY_RECOVERY
  EXPECT_EQ(sqlite::error_of(10 | 3 << 8, "", "p").code,
            ErrorCode::unavailable);                                         // SQLITE_IOERR_WRITE
  EXPECT_EQ(sqlite::error_of(11, "", "p").code, ErrorCode::data_corrupted);  // SQLITE_CORRUPT
  EXPECT_EQ(sqlite::error_of(13, "", "p").code, ErrorCode::unavailable);     // SQLITE_FULL
  EXPECT_EQ(sqlite::error_of(13, "", "p").reason, ErrorReason::state_full);
  EXPECT_EQ(sqlite::error_of(26, "", "p").code, ErrorCode::data_corrupted);  // SQLITE_NOTADB
  EXPECT_EQ(sqlite::error_of(1, "", "p").code, ErrorCode::internal);         // SQLITE_ERROR
}

TEST(SqliteState, FailureOfAStatementSticksUntilItIsTaken) {
  auto database = sqlite::Database::open(":memory:");
  ASSERT_OK(database);
  (*database)->run("create table t (x integer not null)");
  (*database)->run("insert into t (x) values (null)");
  EXPECT_TRUE((*database)->failed());
  EXPECT_EQ((*database)->run("insert into t (x) values (?)", 1), 0);
  EXPECT_FALSE((*database)->query("select 1").next());
  auto error = (*database)->take_error();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::internal);
  EXPECT_FALSE((*database)->failed());
  EXPECT_EQ((*database)->run("insert into t (x) values (?)", 1), 1);
}

}  // namespace
}  // namespace dth::state::testing
