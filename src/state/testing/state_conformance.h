#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "state/state.h"

namespace dth::state::testing {

// What these tests count.
struct Counter {
  static constexpr state::Counter scanned{"scanned"}, copied{"copied"}, bytes{"bytes"};
  static constexpr state::Counter requests_other{"requests_other"};
  static constexpr const state::Counter& failed = failed_items;
};

// Somewhere that a State can be kept, closed and opened again. Goes away with what was kept there.
class Place {
 public:
  virtual ~Place() = default;
  virtual Result<std::unique_ptr<State>> open() = 0;
  // Is there what it needs, such as a server? Tests are skipped otherwise.
  virtual bool is_there() const { return true; }
  // Is a worker whose State was destroyed seen to be dead at once?
  virtual bool sees_death() const { return true; }
};

// What every engine of State must do. An engine joins with
//   INSTANTIATE_TEST_SUITE_P(Name, StateConformance, ::testing::Values(PlaceFactory(...)));
using PlaceFactory = std::function<std::unique_ptr<Place>()>;

class StateConformance : public ::testing::TestWithParam<PlaceFactory> {
 protected:
  void SetUp() override;

  State& state() { return *state_; }
  Place& place() { return *place_; }
  // Closes the state and opens it again: what follows sees only what was kept.
  void reopen();
  // The same place once more, as another process would.
  std::unique_ptr<State> open_another();

  // `seconds` after an arbitrary start.
  static TimePoint at(int seconds);

  // Creates a run of kind "object_copy" with `count` jobs of kind "copy", whose payloads are "0",
  // "1", ...
  void create_run(const std::string& id, int count, const Placement& placement = {},
                  int weight = 1);
  // Claims up to `count` jobs at at(now), leased for 60 s. Fails the test where the claim fails.
  std::vector<Job> claim(int now, std::uint32_t count = 1, const std::string& kind = "copy");
  // What the worker "worker" asks for: jobs of kind "copy" and close jobs of whatever run is in
  // `scope`.
  static ClaimRequest claim_request(int now, std::uint32_t count_max, int lane,
                                    ClaimScope scope = {.anybody = true});
  // Claims jobs of kind "copy" by it.
  std::vector<Job> take(int now, std::uint32_t count_max, int lane = 0,
                        ClaimScope scope = {.anybody = true});
  // Claims the one close job that there is.
  Job take_close(int now, int lane = 0);
  // Claims exactly one; where there is none, the test fails and the job is a default one.
  Job claim_one(int now, const std::string& kind = "copy");
  // Ends the run, if it has nothing left but its close job; was it ended?
  bool end(const std::string& run, int now);
  void finish(const Job& job, const Effects& effects = {});
  Counts counts(const std::string& run);
  Backlog backlog(const std::string& run, const std::string& kind = "copy");

 private:
  std::unique_ptr<Place> place_;
  std::unique_ptr<State> state_;
};

Counts count(const state::Counter& counter, std::int64_t value);

// The error's code, or nothing where it succeeded.
template <class T>
std::optional<ErrorCode> code_of(const Result<T>& result) {
  if (result.has_value()) return std::nullopt;
  return result.error().code;
}

template <class T>
std::string why(const Result<T>& result) {
  return result.has_error() ? result.error().to_string() : std::string("it succeeded");
}

#define ASSERT_OK(expression)                                                     \
  do {                                                                            \
    const auto& ok_result = (expression);                                         \
    ASSERT_FALSE(ok_result.has_error()) << ::dth::state::testing::why(ok_result); \
  } while (false)

#define EXPECT_CODE(expression, expected) \
  EXPECT_EQ(::dth::state::testing::code_of(expression), ::dth::ErrorCode::expected)

}  // namespace dth::state::testing
