#include "control/identity/accounts.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "state/sqlite_state.h"
#include "state/testing/temporary_directory.h"

namespace dth::control {
namespace {

class AccountsTest : public ::testing::Test {
 protected:
  static std::unique_ptr<state::State> open(const std::string& path) {
    state::SqliteOptions options;
    options.path = path;
    options.synchronous = false;
    return state::open_sqlite_state(options).value();
  }
  static state::AuditEntry audit(const std::string& action) {
    state::AuditEntry entry;
    entry.actor_kind = state::ActorKind::anonymous;
    entry.action = action;
    return entry;
  }
  std::vector<state::AuditRecord> entries(const std::string& action) {
    state::AuditFilter filter;
    filter.action = action;
    return state_->control().audit().list(filter, {}, 1000).value();
  }
  Result<Outcome<SignedIn>> sign_in(const std::string& email, const std::string& password) {
    return accounts_.sign_in(email, password, client_, audit("signIn"));
  }
  Result<Outcome<SignedIn>> set_up(const std::string& token) {
    UserInput input;
    input.name = "Ann";
    input.email = "ann@example.org";
    return accounts_.create_first_administrator(token, input, password_, client_,
                                                audit("createFirstAdministrator"));
  }

  const std::string password_ = "violet otter sails north";
  const ClientInfo client_{"192.0.2.1", "192.0.2.1", "test"};
  state::testing::TemporaryDirectory directory_;
  std::unique_ptr<state::State> state_ = open(directory_ / "state.db");
  SimulatedClock clock_;
  PasswordHasher hasher_{{.operations = 1, .memory_bytes = 8192}};
  SignInThrottle throttle_;
  Accounts accounts_{state_->control(), clock_, hasher_, throttle_};
};

TEST_F(AccountsTest, AnOverlongPasswordIsThrottledAndAuditedByNumber) {
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto done = sign_in("ann@example.org", std::string(2000, 'x'));
    if (done->faults.at(0).kind == FaultKind::limit_reached) ++refused;
  }
  EXPECT_EQ(refused, 1000 - SignInThrottle::account_failures_free);
  EXPECT_EQ(hasher_.computed(), 0u);
  EXPECT_EQ(entries("signIn").size(), 1u) << "one at once";
  clock_.advance(RefusalTally::interval);
  accounts_.write_refusals();
  const auto rows = entries("signIn");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NE(rows[0].changes.find("\"999\""), std::string::npos) << rows[0].changes;
  EXPECT_EQ(rows[0].outcome, state::AuditOutcome::refused);
}

TEST_F(AccountsTest, AWrongSetupTokenCostsNoHashAndIsAudited) {
  const std::string wrong = new_secret(SecretKind::setup).text;
  EXPECT_EQ(set_up(wrong)->faults.at(0).kind, FaultKind::expired);
  EXPECT_EQ(hasher_.computed(), 0u);
  ASSERT_EQ(entries("createFirstAdministrator").size(), 1u);
  for (int i = 0; i < SignInThrottle::address_failures_free; ++i) static_cast<void>(set_up(wrong));
  EXPECT_EQ(set_up(wrong)->faults.at(0).kind, FaultKind::limit_reached);
  clock_.advance(SignInThrottle::memory + std::chrono::minutes(1));
  const std::string token = **accounts_.new_setup_token(audit("setup"));
  ASSERT_TRUE(set_up(token)->value.has_value());
  const auto computed = hasher_.computed();
  EXPECT_TRUE(accounts_.is_set_up() || accounts_.has_administrator().value());
  EXPECT_EQ(set_up(token)->faults.at(0).kind, FaultKind::wrong_state);
  EXPECT_EQ(hasher_.computed(), computed);
}

TEST_F(AccountsTest, AnUnknownLinkCostsNoHashAndIsAudited) {
  const auto done = accounts_.set_password_by_link(new_secret(SecretKind::link).text, password_,
                                                   client_, audit("setPassword"));
  EXPECT_EQ(done->faults.at(0).kind, FaultKind::expired);
  EXPECT_EQ(hasher_.computed(), 0u);
  EXPECT_EQ(entries("setPassword").size(), 1u);
}

TEST_F(AccountsTest, AStrangerElsewhereKeepsNobodyFromSigningIn) {
  const std::string token = **accounts_.new_setup_token(audit("setup"));
  ASSERT_TRUE(set_up(token)->value.has_value());
  const ClientInfo stranger{"198.51.100.1", "198.51.100.1", "test"};
  for (int i = 0; i < 600; ++i, clock_.advance(std::chrono::seconds(1)))
    static_cast<void>(accounts_.sign_in("ann@example.org", "wrong", stranger, audit("signIn")));
  EXPECT_TRUE(sign_in("ann@example.org", password_)->value.has_value());
}

}  // namespace
}  // namespace dth::control
