#include <filesystem>
#include <fstream>

#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

// A state in a file, and out of it into another engine's.
namespace dth::state::testing {

using namespace std::string_literals;
namespace {

std::unique_ptr<State> empty_state() {
  return open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_P(StateConformance, ArchiveBringsAllBackOnAnotherEngine) {
  create_run("r1", 3);
  create_run("r2", 1);
  const Job first = claim_one(0);
  const std::string awkward = "\0\xff\"\n"s;
  Effects effects{.jobs = {{.kind = "copy", .payload = awkward, .items = 5}},
                  .groups = {{.members = {{.kind = "part", .payload = "p"}},
                              .continuation = {.kind = "f", .payload = awkward}}},
                  .counts = count(Counter::copied, 7),
                  .failures = {{.key = awkward, .code = "internal", .message = "é"}},
                  .segment = Segment{.file = "f", .length = 1, .key_least = awkward}};
  effects.warnings = {"w"};
  ASSERT_OK(state().uploads().record_upload_intent(first.lease, {.key = awkward, .plan = awkward},
                                                   at(1)));
  finish(first, effects);
  const Job held = claim_one(0);
  TemporaryDirectory directory;
  const auto written = state().archive()->back_up(directory / "backup");
  ASSERT_OK(written);
  EXPECT_EQ(written->runs, 2);
  EXPECT_EQ(std::filesystem::status(directory / "backup").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  // There, and back to an engine like this one.
  auto between = empty_state();
  ASSERT_OK(between->archive()->restore(directory / "backup"));
  ASSERT_OK(between->archive()->back_up(directory / "again"));
  auto& other = *between;
  EXPECT_EQ(other.runs().find_run("r1")->counts[Counter::copied], 7);
  EXPECT_EQ(other.runs().list_runs(9)->front().id, "r2");
  EXPECT_EQ(other.records().failures("r1", 0, 9)->at(0).key, awkward);
  EXPECT_EQ(other.records().segments("r1")->at(0).key_least, awkward);
  EXPECT_EQ(other.records().warnings("r1")->at(0), "w");
  EXPECT_EQ(other.uploads().open_uploads("r1", "")->at(0).plan, awkward);
  EXPECT_EQ(other.jobs().backlog("r1", "copy")->items, backlog("r1").items);
  EXPECT_CODE(other.jobs().finish(held.lease, {}, at(1)), precondition_failed)
      << "a lease of the state that was backed up";
  // Numbers of jobs that are gone are not given again.
  ASSERT_OK(other.runs().create_run({.id = "r3", .kind = "k", .spec = ""},
                                    {{.kind = "new", .payload = ""}}, at(0)));
  ClaimRequest request = claim_request(0, 9, 0);
  request.kinds = {{"new", 9}};
  EXPECT_GT(other.jobs().claim(request)->at(0).lease.job, held.lease.job + 1);
}

TEST_P(StateConformance, ArchiveIsRestoredIntoAnEmptyState) {
  auto before = empty_state();
  ASSERT_OK(before->runs().create_run({.id = "r1", .kind = "k", .spec = ""},
                                      {{.kind = "copy", .payload = "p"}}, at(0)));
  ASSERT_OK(before->jobs().claim(claim_request(0, 1, 0)));
  TemporaryDirectory directory;
  ASSERT_OK(before->archive()->back_up(directory / "backup"));
  EXPECT_CODE(before->archive()->back_up(directory / "backup"), already_exists);
  ASSERT_OK(state().archive()->restore(directory / "backup"));
  EXPECT_EQ(claim_one(0).attempts, 2);
  EXPECT_CODE(state().archive()->restore(directory / "backup"), precondition_failed);
  create_run("r2", 1);
  EXPECT_EQ(state().runs().list_runs(1)->at(0).id, "r2");
}

TEST_P(StateConformance, ArchiveIsWrittenIntoANewFileOnly) {
  TemporaryDirectory directory;
  std::ofstream(directory / "others") << "kept";
  std::filesystem::create_symlink(directory / "others", directory / "backup.new");
  EXPECT_CODE(state().archive()->back_up(directory / "backup"), already_exists);
  EXPECT_EQ(bytes_of(directory / "others"), "kept");
  EXPECT_FALSE(std::filesystem::exists(directory / "backup"));
  std::filesystem::remove(directory / "backup.new");
  ASSERT_OK(state().archive()->back_up(directory / "backup"));
  EXPECT_FALSE(std::filesystem::exists(directory / "backup.new"));
}

TEST_P(StateConformance, ArchiveThatWasChangedChangesNothing) {
  auto before = empty_state();
  ASSERT_OK(before->runs().create_run({.id = "r1", .kind = "k", .spec = std::string(9000, 's')},
                                      {{.kind = "copy", .payload = "p"}}, at(0)));
  TemporaryDirectory directory;
  ASSERT_OK(before->archive()->back_up(directory / "backup"));
  const std::string whole = bytes_of(directory / "backup");
  const std::string wrong = directory / "wrong";
  const auto refuses = [&](const std::string& bytes, const std::string& what) {
    std::ofstream(wrong, std::ios::binary) << bytes;
    EXPECT_CODE(state().archive()->restore(wrong), data_corrupted) << what;
    EXPECT_TRUE(state().runs().list_runs(9)->empty()) << what;
  };
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{3}, whole.size() / 2, whole.size() - 1})
    refuses(whole.substr(0, size), "cut to " + std::to_string(size));
  for (std::size_t i = 8; i < whole.size(); i += 7) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x20);
    refuses(changed, "changed at " + std::to_string(i));
  }
  refuses(whole + whole, "two");
  refuses("no backup\n", "text");
  EXPECT_CODE(state().archive()->restore(directory / "none"), not_found);
}

}  // namespace dth::state::testing
