#include <gmock/gmock.h>

#include "base/json_reader.h"
#include "base/simulated_clock.h"
#include "control/audit/audit_keeper.h"
#include "control/audit/audit_reader.h"
#include "state/sqlite/sqlite_state.h"
#include "state/testing/state_conformance.h"

namespace dth::control {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class AuditTest : public ::testing::Test {
 protected:
  state::AuditLog& audit() { return state_->control().audit(); }
  void append(int count) {
    for (int i = 0; i < count; ++i) {
      state::AuditEntry entry;
      entry.at = clock_.now();
      entry.action = "createUser";
      entry.target_id = std::to_string(next_++);
      ASSERT_OK(audit().append(entry));
    }
  }
  AuditKeeper keeper(const std::string& holder,
                     std::optional<std::chrono::seconds> retention = {}) {
    return AuditKeeper(audit(), state_->control().leases(), clock_, inline_,
                       {.holder = holder, .retention = retention});
  }
  void execute(const std::string& sql) { state_->database().run(sql); }

  int next_ = 0;
  SystemClock clock_;
  InlineExecutor inline_;
  std::unique_ptr<state::sqlite::SqliteState> state_ =
      state::sqlite::SqliteState::open({.path = ":memory:", .synchronous = false}).value();
};

TEST_F(AuditTest, OneHubChainsAndTheOthersDoNot) {
  append(3);
  auto one = keeper("one"), two = keeper("two");
  EXPECT_FALSE(one.turn().value());
  append(1);
  EXPECT_FALSE(two.turn().value());
  EXPECT_EQ(audit().unchained_count().value(), 1);
  EXPECT_FALSE(one.turn().value());
  const auto check = check_audit(audit(), {});
  ASSERT_OK(check);
  EXPECT_EQ(check->checked, 4);
  EXPECT_EQ(check->unchained, 0);
}

TEST_F(AuditTest, ManyEntriesAreChainedInTurns) {
  append(501);
  auto one = keeper("one");
  EXPECT_TRUE(one.turn().value());
  EXPECT_FALSE(one.turn().value());
  EXPECT_EQ(check_audit(audit(), {})->link, 501);
}

TEST_F(AuditTest, TheFirstBrokenEntryIsNamed) {
  append(5);
  auto one = keeper("one");
  ASSERT_OK(one.turn());
  const std::string third = audit().chained(2, 1)->at(0).id;
  const auto end = check_audit(audit(), {}).value();
  execute("update audit_event set actor_name = 'somebody else' where link = 3");
  const auto changed = check_audit(audit(), {});
  EXPECT_CODE(changed, data_corrupted);
  EXPECT_THAT(changed.error().message, AllOf(HasSubstr(third), HasSubstr("entry 3")));
  execute("delete from audit_event where link = 3");
  const auto gone = check_audit(audit(), {});
  EXPECT_CODE(gone, data_corrupted);
  EXPECT_THAT(gone.error().message, HasSubstr("entry 3"));
  // Its end cut off: only who noted the end sees it.
  execute("delete from audit_event where link >= 3");
  ASSERT_OK(check_audit(audit(), {}));
  EXPECT_CODE(check_audit(audit(), KnownLink{end.link, end.hash}), data_corrupted);
}

TEST_F(AuditTest, RetentionKeepsTheChainVerifiable) {
  append(5);
  auto keeping = keeper("one"), dropping = keeper("one", std::chrono::seconds(-10));
  ASSERT_OK(keeping.turn());
  const auto before = check_audit(audit(), {}).value();
  ASSERT_OK(dropping.turn());
  EXPECT_TRUE(audit().list({}, {}, 9)->empty());
  append(2);
  ASSERT_OK(keeping.turn());
  const auto check = check_audit(audit(), KnownLink{before.link, before.hash});
  ASSERT_OK(check);
  EXPECT_EQ(check->start.link, 5);
  EXPECT_EQ(check->checked, 2);
  execute("update audit_checkpoint set hash = 'x'");
  EXPECT_CODE(check_audit(audit(), {}), data_corrupted);
}

TEST_F(AuditTest, AnEndThatRetentionDroppedCannotBeCheckedAnyMore) {
  append(5);
  auto keeping = keeper("one"), dropping = keeper("one", std::chrono::seconds(-10));
  ASSERT_OK(keeping.turn());
  const KnownLink third{3, audit().chained(2, 1)->at(0).hash}, made_up{3, std::string(64, 'a')};
  EXPECT_EQ(check_audit(audit(), {})->known, AuditCheck::Known::none);
  EXPECT_EQ(check_audit(audit(), third)->known, AuditCheck::Known::met);
  EXPECT_CODE(check_audit(audit(), made_up), data_corrupted);
  const auto end = check_audit(audit(), {}).value();
  ASSERT_OK(dropping.turn());
  // Whether it was right or not: nobody can tell, and so it is not "unchanged".
  EXPECT_EQ(check_audit(audit(), third)->known, AuditCheck::Known::dropped);
  EXPECT_EQ(check_audit(audit(), made_up)->known, AuditCheck::Known::dropped);
  EXPECT_EQ(check_audit(audit(), KnownLink{end.link, end.hash})->known, AuditCheck::Known::met);
}

// Counts how often the lease is asked for.
class CountedLeases final : public state::HubLeases {
 public:
  explicit CountedLeases(state::HubLeases& leases) : leases_(leases) {}
  Result<std::optional<state::HubLease>> acquire(const std::string& name, const std::string& holder,
                                                 TimePoint now, Duration time) override {
    ++asked;
    return leases_.acquire(name, holder, now, time);
  }
  Result<void> release(const state::HubLease& lease) override { return leases_.release(lease); }
  int asked = 0;

 private:
  state::HubLeases& leases_;
};

TEST_F(AuditTest, TheLeaseIsAskedForEveryTwentySecondsByHolderAndOthers) {
  SimulatedClock clock;
  CountedLeases leases(state_->control().leases());
  AuditKeeper one(audit(), leases, clock, inline_, {.holder = "one"});
  AuditKeeper two(audit(), leases, clock, inline_, {.holder = "two"});
  for (int turn = 0; turn < 10; ++turn) {
    append(1);
    ASSERT_OK(one.turn());
    ASSERT_OK(two.turn());
    EXPECT_EQ(audit().unchained_count().value(), 0);
    EXPECT_EQ(leases.asked, 2);
    clock.advance(std::chrono::seconds(2));
  }
  ASSERT_OK(one.turn());
  ASSERT_OK(two.turn());
  EXPECT_EQ(leases.asked, 4);
  // One that stood still loses it, says so, and asks again at once.
  clock.advance(std::chrono::seconds(61));
  ASSERT_OK(two.turn());
  append(1);
  ASSERT_OK(two.turn());
  EXPECT_EQ(audit().unchained_count().value(), 0);
}

TEST_F(AuditTest, ALostLeaseIsNoticedAndAskedForAgain) {
  SimulatedClock clock;
  CountedLeases leases(state_->control().leases());
  AuditKeeper one(audit(), leases, clock, inline_, {.holder = "one"});
  ASSERT_OK(one.turn());
  execute("update hub_lease set held_until = 0");
  append(1);
  EXPECT_CODE(one.turn(), precondition_failed);
  ASSERT_OK(one.turn());
  EXPECT_EQ(leases.asked, 2);
  EXPECT_EQ(audit().unchained_count().value(), 0);
}

TEST_F(AuditTest, ExportIsOneLineOfJsonForEach) {
  append(2);
  state::AuditEntry entry;
  entry.at = clock_.now();
  entry.action = "signIn";
  entry.actor_name = "line\nbreak \x1b[31m\"";
  entry.outcome = state::AuditOutcome::refused;
  ASSERT_OK(audit().append(entry));
  std::string text;
  const auto count = export_audit(audit(), {}, [&](std::string_view line) {
    text += line;
    return true;
  });
  EXPECT_EQ(count.value(), 3);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const auto first = parse_json(text.substr(0, text.find('\n')), "it").value();
  EXPECT_EQ(first.as_object().at("action").as_string(), "signIn");
  EXPECT_EQ(first.as_object().at("outcome").as_string(), "refused");
  EXPECT_TRUE(first.as_object().at("changes").is_array());
  EXPECT_EQ(export_audit(audit(), {.action = "signIn"}, [](auto) { return true; }).value(), 1);
}

}  // namespace
}  // namespace dth::control
