#include "control/vault/use_notes.h"

#include <future>

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "control/vault/testing/delegating_store.h"
#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"

namespace dth::control {
namespace {

// A state that does not answer until it may.
class SlowStore final : public testing::DelegatingStore {
 public:
  using DelegatingStore::DelegatingStore;
  Result<void> note_used(const std::string& id, TimePoint) override {
    answer_.wait();
    written.push_back(id);
    return {};
  }
  std::promise<void> may_answer;
  std::vector<std::string> written;

 private:
  const std::shared_future<void> answer_{may_answer.get_future()};
};

TEST(UseNotesTest, NobodyWaitsForTheStateAndOneNoteAMinuteIsWritten) {
  const auto state = state::open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
  SlowStore store(state->control().credentials());
  SimulatedClock clock;
  {
    UseNotes notes(store, clock);
    // These return although the state does not.
    notes.note("credential_1");
    notes.note("credential_1");
    clock.advance(std::chrono::seconds(59));
    notes.note("credential_1");
    store.may_answer.set_value();
  }
  EXPECT_EQ(store.written, std::vector<std::string>{"credential_1"});
}

}  // namespace
}  // namespace dth::control
