#pragma once

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/admission.h"
#include "api/graphql_service.h"
#include "api/identity_service.h"
#include "api/resolvers.h"
#include "api/testing/fake_exchange.h"
#include "base/testing/run_for_test.h"
#include "control/tasks/stored_endpoints.h"
#include "engine/counters.h"
#include "objects/testing/fake_kind.h"
#include "state/sqlite_state.h"
#include "state/testing/temporary_directory.h"

namespace dth::api::testing {

// A kind of task that can do nothing.
class IdlePlugin final : public engine::Plugin {
 public:
  std::string_view kind() const override { return "object_copy"; }
  std::span<const engine::OfferedAction> offered_actions() const override { return actions_; }
  std::span<const options::Option> option_table() const override { return options_; }
  std::span<const state::Counter* const> counters() const override { return counters_; }
  Result<std::shared_ptr<const engine::Task>> parse(engine::TaskSpec spec,
                                                    TimePoint begun_at) const override {
    return std::make_shared<const engine::Task>(std::move(spec), begun_at, engine::Task::Traits{});
  }
  std::vector<state::NewJob> first_jobs(const engine::Task&) const override { return {}; }
  std::vector<engine::JobSlots> job_slots() const override { return {}; }
  std::vector<engine::JobSlots> job_slots_of(const engine::Task&, unsigned) const override {
    return {};
  }
  std::string identity(const engine::TaskSpec&) const override { return ""; }
  std::unique_ptr<engine::PluginLane> open_lane(engine::Lane) override { return nullptr; }

 private:
  static constexpr state::Counter requests_get_{"requests_get", state::Counter::Unit::requests,
                                                false, "GetObject"};
  const std::array<const state::Counter*, 4> counters_ = {
      &engine::Counter::copied, &requests_get_, &engine::Counter::failed, &engine::Counter::bytes};
  static constexpr std::array<std::string_view, 2> choices_ = {"size", "etag"};
  static constexpr std::array copy_ = {options::Action::copy};
  static constexpr std::array actions_ = {engine::OfferedAction{options::Action::copy, "Copies."},
                                          engine::OfferedAction{options::Action::sync, "Mirrors."}};
  static constexpr std::array options_ = {options::Option{.name = "compare",
                                                          .type = options::OptionType::choice,
                                                          .group = "what",
                                                          .help = "how",
                                                          .default_text = "size",
                                                          .choices = choices_,
                                                          .actions = copy_,
                                                          .may_change = true},
                                          options::Option{.name = "tag",
                                                          .type = options::OptionType::list,
                                                          .group = "what",
                                                          .help = "tags",
                                                          .placeholder = "K=V"}};
};

// The API on a state in a file, with a clock of its own; the test is the process that works on the
// state, or is not.
class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    graphql::EngineOptions options;
    options.on_exception = [](const std::string& text, const auto&) {
      ADD_FAILURE() << "a resolver threw: " << text;
    };
    engine_ = make_api_engine(
        {"1.2.3", "/data", path_, clock_.now(), plugins_, runs_, watchers_, run_control_,
         idempotency_, sampler_, identity_, clock_, &credentials_, &endpoints_, nullptr, &tasks_},
        std::move(options));
  }
  ~ApiTest() override {
    run([](RunWatchers* watchers) -> Async<bool> {
      co_await watchers->stop();
      co_return true;
    }(&watchers_));
  }

  template <class T>
  T run(Async<T> work) {
    return run_for_test(context_, std::move(work), &clock_);
  }
  // What a handler does with the exchange, from its beginning to its end.
  void handle(Async<void> work) {
    run([](Async<void> handler) -> Async<bool> {
      co_await std::move(handler);
      co_return true;
    }(std::move(work)));
  }

  boost::json::object ask(std::string query) {
    graphql::Request request;
    request.query = std::move(query);
    request.context = context_of(principal_);
    return graphql::to_json(run(engine_->execute(std::move(request))));
  }
  boost::json::value data(std::string query) {
    auto response = ask(std::move(query));
    EXPECT_FALSE(response.contains("errors")) << boost::json::serialize(response);
    return response.contains("data") ? response.at("data") : boost::json::value();
  }

  static RequestContext context_of(std::shared_ptr<const Principal> principal) {
    RequestContext context;
    context.client = "test";
    context.principal = std::move(principal);
    return context;
  }
  static std::unique_ptr<state::State> open(const std::string& path) {
    state::SqliteOptions options;
    options.path = path;
    options.synchronous = false;
    return state::open_sqlite_state(options).value();
  }
  state::State& state() { return *state_; }
  TimePoint at(int seconds) { return TimePoint(std::chrono::seconds(1'700'000'000 + seconds)); }
  void create_run(
      const std::string& id, int seconds = 0,
      const std::string& spec =
          R"({"action":"COPY","options":{"source":"s3://from","destination":"s3://to"}})") {
    state::NewJob job;
    job.kind = "scan";
    job.payload = "p";
    job.items = 5;
    const state::NewRun run{.id = id,
                            .kind = "object_copy",
                            .spec = spec,
                            .placement = {state::Placement::Kind::process, "process"}};
    ASSERT_TRUE(state().runs().create_run(run, {job}, at(seconds)).has_value());
  }
  // Claims the run's job and does away with it.
  void finish_job(const std::string& run, const state::Effects& effects) {
    auto jobs = state().jobs().claim(claim_of("scan"));
    ASSERT_TRUE(jobs.has_value());
    for (const state::Job& job : *jobs) {
      const auto done = job.run == run ? state().jobs().finish(job.lease, effects, at(1))
                                       : state().jobs().release(job.lease, at(0), true);
      ASSERT_TRUE(done.has_value());
    }
  }
  // Ends the run, which has nothing left but its close job.
  void end_run(const std::string& run, int seconds) {
    auto jobs = state().jobs().claim(claim_of(std::string(state::close_job_kind)));
    ASSERT_TRUE(jobs.has_value() && jobs->size() == 1 && jobs->front().run == run);
    ASSERT_TRUE(state().runs().end_run(jobs->front().lease, at(seconds)).has_value());
  }
  state::ClaimRequest claim_of(const std::string& kind) {
    return {.worker = "w",
            .scope = {.process = "process", .labels = {}, .anybody = true},
            .kinds = {{kind, 1}},
            .count_max = 64,
            .now = at(0),
            .lease_until = at(60)};
  }

  state::testing::TemporaryDirectory directory_;
  std::string path_ = directory_ / "state.db";
  std::unique_ptr<state::State> state_ = open(path_);
  SimulatedClock clock_;
  boost::asio::io_context context_{1};
  InlineExecutor blocking_;
  IdlePlugin plugin_;
  std::array<engine::Plugin*, 1> plugins_{&plugin_};
  Admission admission_{context_.get_executor(), clock_, AdmissionLimits{}};
  RunReader runs_{*state_, clock_, blocking_, admission_.state_reads()};
  RunWatchers watchers_{context_.get_executor(), runs_, clock_};
  runs::RunControl run_control_{*state_, plugins_, clock_};
  Idempotency idempotency_{runs_.state(), clock_};
  RunSampler sampler_{runs_.state(), clock_};
  control::PasswordHasher hasher_{{.operations = 1, .memory_bytes = 8192}};
  control::SignInThrottle throttle_;
  control::Accounts accounts_{state_->control(), clock_, hasher_, throttle_};
  Authenticator authenticator_{state_->control(), clock_, blocking_, admission_.state_reads()};
  IdentityService identity_{context_.get_executor(),  state_->control(), clock_,    blocking_,
                            admission_.state_reads(), blocking_,         accounts_, authenticator_};
  static control::KeySource master_keys() {
    control::KeyPlaces places;
    places.environment = std::string(43, 'A') + "=";
    return control::KeySource::find(std::move(places));
  }
  std::unique_ptr<control::Vault> vault_ =
      std::move(control::Vault::open(master_keys(), state_->control().credentials(),
                                     control::Vault::Begin::yes)
                    .value());
  control::CredentialService credentials_{state_->control().credentials(), *vault_, clock_};
  std::vector<std::unique_ptr<objects::StoreKind>> store_kinds_ = objects::testing::fake_kinds();
  control::EndpointService endpoints_{state_->control(), store_kinds_, clock_};
  control::StoredEndpoints task_endpoints_{state_->control().endpoints(), store_kinds_};
  control::TaskService tasks_{state_->control().tasks(), task_endpoints_, plugins_, clock_};
  std::unique_ptr<graphql::Engine> engine_;
  std::shared_ptr<const Principal> principal_ = administrator();  // who asks
};

}  // namespace dth::api::testing
