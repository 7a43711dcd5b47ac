#include "runs/run_control.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/testing/fake_plugin.h"
#include "state/sqlite_state.h"

namespace dth::runs {
namespace {

using state::Placement;

class RunControlTest : public ::testing::Test {
 protected:
  std::string begin(const std::string& source, Placement placement = {}) {
    auto task = plugin_.parse({.options = {{"source", source}}}, clock_.now());
    RunService service(*state_, plugins_, clock_);
    auto run = service.start(plugin_, **task, {.placement = std::move(placement)});
    EXPECT_TRUE(run.has_value());
    return run->id;
  }
  // Ends the run with these failures, of which each is {key, code, reason}.
  void fail(const std::string& run, const std::vector<std::array<const char*, 3>>& failures) {
    state::Effects effects;
    for (const auto& [key, code, reason] : failures)
      effects.failures.push_back({.key = key, .code = code, .reason = reason});
    effects.counts[state::failed_items] = static_cast<std::int64_t>(failures.size());
    finish(engine::testing::FakePlugin::job_kind, &effects);
    finish(std::string(state::close_job_kind), nullptr);
    EXPECT_TRUE(control_.reader().find(run)->is_over());
  }
  Result<std::vector<state::Job>> claim(const std::string& kind) {
    return state_->jobs().claim({.worker = "w",
                                 .scope = {.process = "p", .labels = {}, .anybody = true},
                                 .kinds = {{kind, 1}},
                                 .count_max = 1,
                                 .now = clock_.now(),
                                 .lease_until = clock_.now() + std::chrono::seconds(60)});
  }
  void finish(const std::string& kind, const state::Effects* effects) {
    auto jobs = claim(kind);
    ASSERT_TRUE(jobs.has_value() && jobs->size() == 1);
    const auto& lease = jobs->front().lease;
    const auto done = effects != nullptr ? state_->jobs().finish(lease, *effects, clock_.now())
                                         : state_->runs().end_run(lease, clock_.now());
    ASSERT_TRUE(done.has_value());
  }
  state::AuditEntry by(const std::string& action) {
    return {.at = clock_.now(),
            .actor_kind = state::ActorKind::user,
            .actor_id = "user_1",
            .actor_name = "Ada",
            .address = "::1",
            .action = action,
            .target_kind = "",
            .target_id = "",
            .target_name = "",
            .request_id = "q"};
  }
  std::vector<state::AuditRecord> audited() {
    return state_->control().audit().list({}, std::nullopt, 10).value();
  }
  template <class T>
  static std::optional<ErrorCode> code_of(const Result<T>& result) {
    return result.has_error() ? std::optional(result.error().code) : std::nullopt;
  }

  SimulatedClock clock_;
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({":memory:", false, false}).value();
  engine::testing::FakePlugin plugin_;
  engine::Plugin* const plugins_[1] = {&plugin_};
  RunControl control_{*state_, plugins_, clock_};
};

TEST_F(RunControlTest, EachStepIsWrittenDownWithWhatChanged) {
  const std::string run = begin("a");
  EXPECT_EQ(control_.pause(run, by("pauseRun"))->view->status, RunStatus::paused);
  ASSERT_TRUE(control_.resume(run, by("resumeRun")).has_value());
  ASSERT_TRUE(control_.cancel(run, by("cancelRun")).has_value());
  const auto entries = audited();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[2].action, "pauseRun");
  EXPECT_EQ(entries[2].target_kind, "run");
  EXPECT_EQ(entries[2].target_id, run);
  EXPECT_EQ(entries[2].changes, R"([{"field":"state","before":"queued","after":"paused"}])");
  EXPECT_EQ(entries[0].action, "cancelRun");
}

TEST_F(RunControlTest, WhatTheStateForbidsChangesNothingAndIsNotWrittenDown) {
  const std::string run = begin("a");
  EXPECT_EQ(code_of(control_.retry({.run = run}, by("retryRun"))), ErrorCode::precondition_failed);
  fail(run, {});
  for (auto step : {&RunControl::pause, &RunControl::resume, &RunControl::cancel}) {
    EXPECT_EQ(code_of((control_.*step)(run, by("x"))), ErrorCode::precondition_failed);
    EXPECT_EQ(code_of((control_.*step)("nope", by("x"))), ErrorCode::not_found);
  }
  EXPECT_EQ(code_of(control_.retry({.run = run}, by("x"))), ErrorCode::precondition_failed)
      << "nothing failed";
  EXPECT_TRUE(audited().empty());
}

TEST_F(RunControlTest, RunOfAProcessThatIsGoneIsLeftToItsHost) {
  const std::string run = begin("a", {Placement::Kind::process, "gone"});
  const auto resumed = control_.resume(run, by("resumeRun"));
  EXPECT_EQ(code_of(resumed), ErrorCode::precondition_failed);
  EXPECT_NE(resumed.error().message.find("dth run resume " + run), std::string::npos);
  EXPECT_EQ(code_of(control_.cancel(run, by("cancelRun"))), ErrorCode::precondition_failed);
  EXPECT_TRUE(control_.pause(run, by("pauseRun")).has_value());
  EXPECT_EQ(code_of(control_.resume(run, by("resumeRun"))), ErrorCode::precondition_failed)
      << "a paused run, too";
}

TEST_F(RunControlTest, RunOfAProcessOfItsOwnIsNotRetriedAsAnybodys) {
  const std::string run = begin("a", {Placement::Kind::process, "p"});
  fail(run, {{"a", "not_found", "object_missing"}});
  const auto retried = control_.retry({.run = run}, by("retryRun"));
  EXPECT_EQ(code_of(retried), ErrorCode::precondition_failed);
  EXPECT_NE(retried.error().message.find("dth run retry " + run), std::string::npos);
  EXPECT_TRUE(audited().empty());
}

TEST_F(RunControlTest, CancelThatComesTooLateIsRefused) {
  const std::string run = begin("a");
  const state::Effects effects;
  finish(engine::testing::FakePlugin::job_kind, &effects);
  ASSERT_EQ(claim(std::string(state::close_job_kind))->size(), 1u);
  EXPECT_EQ(code_of(control_.cancel(run, by("cancelRun"))), ErrorCode::precondition_failed);
  EXPECT_TRUE(audited().empty());
}

TEST_F(RunControlTest, KeyWithWhichManyOthersBeginIsFound) {
  const std::string run = begin("a");
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("k" + std::to_string(i));
  names.push_back("k");
  std::vector<std::array<const char*, 3>> failures;
  for (const std::string& name : names) failures.push_back({name.c_str(), "throttled", ""});
  fail(run, failures);
  EXPECT_EQ(code_of(control_.retry({.run = run, .keys = {"k", ""}}, by("retryRun"))),
            ErrorCode::invalid_argument);
  EXPECT_TRUE(control_.retry({.run = run, .keys = {"k", "k7"}}, by("retryRun")).has_value());
  const std::vector<std::string> many(retry_keys_max + 1, "k");
  EXPECT_EQ(code_of(control_.retry({.run = run, .keys = many}, by("retryRun"))),
            ErrorCode::invalid_argument);
}

TEST_F(RunControlTest, FailedItemsAreRetriedAllOrByReasonCodeAndKey) {
  const std::string run = begin("a");
  fail(run, {{"a", "not_found", "object_missing"},
             {"b", "throttled", ""},
             {"c", "not_found", "bucket_missing"}});
  const auto keys = [&](RetryRequest request) {
    request.run = run;
    auto made = control_.retry(request, by("retryRun"));
    if (made.has_error()) return made.error().message;
    EXPECT_EQ(made->view->spec.retry->run, run);
    EXPECT_EQ(audited().front().target_id, made->run);
    std::string text;
    for (const std::string& key : made->view->spec.retry->keys) text += key + " ";
    EXPECT_TRUE(state_->runs().request_cancel(made->run, clock_.now()).has_value());
    return text;
  };
  EXPECT_EQ(keys({}), "") << "no key: all that failed";
  EXPECT_EQ(keys({.reasons = {"object_missing"}}), "a ");
  EXPECT_EQ(keys({.codes = {"not_found"}}), "a c ");
  EXPECT_EQ(keys({.codes = {"not_found"}, .keys = {"c", "b"}}), "c ");
  EXPECT_EQ(keys({.keys = {"b"}}), "b ");
  EXPECT_NE(keys({.reasons = {"unreachable"}}).find("no failed item"), std::string::npos);
  EXPECT_NE(keys({.keys = {"z"}}).find("did not fail"), std::string::npos);
}

}  // namespace
}  // namespace dth::runs
