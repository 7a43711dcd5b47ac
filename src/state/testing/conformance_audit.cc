#include <filesystem>

#include "state/control/audit_chain.h"
#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

// Who did what.
namespace dth::state::testing {

using namespace std::string_literals;
namespace {

AuditEntry entry(TimePoint at, const std::string& actor, const std::string& action,
                 const std::string& target) {
  AuditEntry entry;
  entry.at = at;
  entry.actor_kind = ActorKind::user;
  entry.actor_id = actor;
  entry.actor_name = "name of " + actor;
  entry.address = "192.0.2.1";
  entry.action = action;
  entry.target_kind = "user";
  entry.target_id = target;
  entry.target_name = "name of " + target;
  entry.request_id = "request";
  return entry;
}

std::string targets(const std::vector<AuditRecord>& records) {
  std::string all;
  for (const AuditRecord& record : records) all += record.target_id + " ";
  return all;
}

// Is the whole chain as it was made? The error names what is not.
Result<void> verified(AuditLog& audit) {
  AuditVerifier verifier(*audit.checkpoint());
  for (;;) {
    const auto records = audit.chained(verifier.link(), 2);
    if (records->empty()) return {};
    for (const AuditRecord& record : *records) {
      if (auto taken = verifier.take(record); taken.has_error()) return taken.error();
    }
  }
}

}  // namespace

TEST_P(StateConformance, AuditEntryIsKeptAsItWasGiven) {
  AuditEntry given = entry(at(1), "user_1", "createUser", "user_2");
  AuditChanges changes;
  changes.add("name", "", "\"é\"");
  changes.add("role", "same", "same");
  changes.add_secret("password");
  given.changes = changes.to_json();
  given.outcome = AuditOutcome::refused;
  ASSERT_OK(state().control().audit().append(given));
  reopen();
  const auto listed = state().control().audit().list({}, {}, 9);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 1u);
  const AuditRecord& record = listed->front();
  EXPECT_TRUE(record.id.starts_with("audit_"));
  EXPECT_EQ(record.at, at(1));
  EXPECT_EQ(record.actor_kind, ActorKind::user);
  EXPECT_EQ(record.actor_id, "user_1");
  EXPECT_EQ(record.actor_name, "name of user_1");
  EXPECT_EQ(record.address, "192.0.2.1");
  EXPECT_EQ(record.action, "createUser");
  EXPECT_EQ(record.target_kind, "user");
  EXPECT_EQ(record.target_name, "name of user_2");
  EXPECT_EQ(record.outcome, AuditOutcome::refused);
  EXPECT_EQ(record.changes,
            R"([{"field":"name","after":"\"é\""},{"field":"password","after":"changed"}])");
  EXPECT_EQ(record.request_id, "request");
  EXPECT_FALSE(record.link.has_value());
  EXPECT_EQ(state().control().audit().find(record.id)->number, record.number);
  EXPECT_CODE(state().control().audit().find("audit_none"), not_found);
}

TEST_P(StateConformance, AuditTextsOfClientsAreMadeKeepable) {
  AuditEntry given = entry(at(1), "a\0b"s, "\xff\xfe", std::string(5000, 'x'));
  given.target_name = std::string(audit_text_max - 1, 'y') + "é";
  given.changes = std::string(audit_changes_max + 1, ' ');
  ASSERT_OK(state().control().audit().append(given));
  const AuditRecord record = state().control().audit().list({}, {}, 1)->at(0);
  EXPECT_EQ(record.actor_id, "a\\x00b");
  EXPECT_EQ(record.action, "\\xFF\\xFE");
  EXPECT_EQ(record.target_id.size(), audit_text_max);
  EXPECT_EQ(record.target_name, std::string(audit_text_max - 1, 'y'));
  EXPECT_EQ(record.changes, R"([{"field":"*","after":"too large to keep"}])");
}

TEST_P(StateConformance, AuditPagesFollowEachOtherWhateverComesMeanwhile) {
  AuditLog& audit = state().control().audit();
  // Several of one moment, and one whose clock was behind.
  for (int i = 0; i < 7; ++i)
    ASSERT_OK(audit.append(entry(at(i / 3), "u", "a", std::to_string(i))));
  ASSERT_OK(audit.append(entry(at(0), "u", "a", "late")));
  auto page = audit.list({}, {}, 3);
  ASSERT_OK(page);
  EXPECT_EQ(targets(*page), "6 5 4 ");
  ASSERT_OK(audit.append(entry(at(9), "u", "a", "new")));
  page = audit.list({}, page->back().position(), 3);
  EXPECT_EQ(targets(*page), "3 late 2 ");
  page = audit.list({}, page->back().position(), 3);
  EXPECT_EQ(targets(*page), "1 0 ");
  EXPECT_TRUE(audit.list({}, page->back().position(), 3)->empty());
}

TEST_P(StateConformance, AuditIsFilteredByEveryField) {
  AuditLog& audit = state().control().audit();
  ASSERT_OK(audit.append(entry(at(1), "u1", "a1", "1")));
  ASSERT_OK(audit.append(entry(at(2), "u2", "a1", "2")));
  ASSERT_OK(audit.append(entry(at(3), "u1", "a2", "3")));
  AuditEntry refused = entry(at(4), "u2", "a2", "4");
  refused.outcome = AuditOutcome::refused;
  refused.target_kind = "token";
  ASSERT_OK(audit.append(refused));
  const auto found = [&](const AuditFilter& filter) { return targets(*audit.list(filter, {}, 9)); };
  EXPECT_EQ(found({}), "4 3 2 1 ");
  EXPECT_EQ(found({.actor_id = "u1"}), "3 1 ");
  EXPECT_EQ(found({.action = "a2"}), "4 3 ");
  EXPECT_EQ(found({.target_kind = "token"}), "4 ");
  EXPECT_EQ(found({.target_id = "2"}), "2 ");
  EXPECT_EQ(found({.outcome = AuditOutcome::refused}), "4 ");
  EXPECT_EQ(found({.since = at(2), .until = at(4)}), "3 2 ");
  EXPECT_EQ(found({.actor_id = "u1", .action = "a1", .since = at(0)}), "1 ");
  EXPECT_EQ(found({.actor_id = "' or 1=1"}), "");
}

TEST_P(StateConformance, AuditIsInTheArchive) {
  ASSERT_OK(state().control().audit().append(entry(at(1), "u", "a", "1")));
  TemporaryDirectory directory;
  ASSERT_OK(state().archive()->back_up(directory / "backup"));
  auto other = open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
  ASSERT_OK(other->archive()->restore(directory / "backup"));
  EXPECT_EQ(targets(*other->control().audit().list({}, {}, 9)), "1 ");
}

TEST_P(StateConformance, AuditIsChainedByTheHolderOfTheLeaseAlone) {
  AuditLog& audit = state().control().audit();
  HubLeases& leases = state().control().leases();
  const std::string name(audit_lease);
  const auto lease = leases.acquire(name, "hub1", at(0), std::chrono::seconds(60)).value();
  ASSERT_TRUE(lease.has_value());
  for (int i = 0; i < 5; ++i) ASSERT_OK(audit.append(entry(at(i), "u", "a", std::to_string(i))));
  EXPECT_EQ(*audit.unchained_count(), 5);
  EXPECT_EQ(*audit.chain(*lease, at(1), 3), 3u);
  EXPECT_EQ(*audit.chain(*lease, at(1), 3), 2u);
  EXPECT_EQ(*audit.chain(*lease, at(1), 3), 0u);
  reopen();
  AuditLog& again = state().control().audit();
  EXPECT_EQ(*again.unchained_count(), 0);
  ASSERT_OK(verified(again));
  EXPECT_EQ(again.chained(0, 9)->at(4).link, 5);
  // Another one took it over.
  const auto taken =
      state().control().leases().acquire(name, "hub2", at(100), std::chrono::seconds(60));
  ASSERT_TRUE(taken->has_value());
  ASSERT_OK(again.append(entry(at(9), "u", "a", "5")));
  EXPECT_CODE(again.chain(*lease, at(101), 3), precondition_failed);
  EXPECT_EQ(*again.chain(**taken, at(101), 3), 1u);
  ASSERT_OK(verified(again));
}

TEST_P(StateConformance, AuditStaysVerifiableWhenOldEntriesAreDropped) {
  AuditLog& audit = state().control().audit();
  const auto lease = state()
                         .control()
                         .leases()
                         .acquire(std::string(audit_lease), "hub", at(0), std::chrono::seconds(60))
                         .value();
  for (int i = 0; i < 6; ++i) ASSERT_OK(audit.append(entry(at(i), "u", "a", std::to_string(i))));
  EXPECT_EQ(*audit.drop(*lease, at(4), at(9), 9), 0u) << "what is not chained is not dropped";
  ASSERT_OK(audit.chain(*lease, at(9), 9));
  EXPECT_EQ(*audit.drop(*lease, at(4), at(9), 3), 3u);
  EXPECT_EQ(*audit.drop(*lease, at(4), at(9), 3), 1u);
  EXPECT_EQ(*audit.drop(*lease, at(4), at(9), 3), 0u);
  EXPECT_EQ(targets(*audit.list({}, {}, 9)), "5 4 ");
  EXPECT_EQ(audit.checkpoint()->link, 4);
  ASSERT_OK(verified(audit));
  // All of it, and it goes on from there.
  EXPECT_EQ(*audit.drop(*lease, at(99), at(9), 9), 2u);
  ASSERT_OK(audit.append(entry(at(10), "u", "a", "6")));
  ASSERT_OK(audit.chain(*lease, at(10), 9));
  EXPECT_EQ(audit.chained(0, 9)->at(0).link, 7);
  ASSERT_OK(verified(audit));
}

TEST(AuditChainTest, EveryFieldIsInTheHashAndTheFirstBrokenEntryIsNamed) {
  AuditRecord record;
  static_cast<AuditEntry&>(record) = entry(TimePoint{}, "u", "a", "t");
  record.id = "audit_1";
  record.link = 1;
  record.hash = audit_hash("", record);
  const auto broken = [&](auto change) {
    AuditRecord changed = record;
    change(changed);
    AuditVerifier verifier({});
    const auto taken = verifier.take(changed);
    EXPECT_CODE(taken, data_corrupted);
    return why(taken);
  };
  EXPECT_NE(broken([](AuditRecord& r) { r.actor_id = "x"; }).find("audit_1"), std::string::npos);
  broken([](AuditRecord& r) { r.id = "audit_2"; });
  broken([](AuditRecord& r) { r.at += std::chrono::microseconds(1); });
  broken([](AuditRecord& r) { r.actor_kind = ActorKind::host; });
  broken([](AuditRecord& r) { r.actor_name += "x"; });
  broken([](AuditRecord& r) { r.address = ""; });
  broken([](AuditRecord& r) { r.action = "b"; });
  broken([](AuditRecord& r) { r.target_kind = "token"; });
  broken([](AuditRecord& r) { r.target_id = "x"; });
  broken([](AuditRecord& r) { r.target_name = "x"; });
  broken([](AuditRecord& r) { r.outcome = AuditOutcome::refused; });
  broken([](AuditRecord& r) { r.changes = "[{}]"; });
  broken([](AuditRecord& r) { r.request_id = "x"; });
  broken([](AuditRecord& r) { r.link = 2; });
  broken([](AuditRecord& r) { r.link.reset(); });
  // What moves from one field to the next is a change, too.
  broken([](AuditRecord& r) { r.actor_id += r.actor_name, r.actor_name = ""; });
}

}  // namespace dth::state::testing
