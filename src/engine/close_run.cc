#include "engine/close_run.h"

#include "base/outage.h"

namespace dth::engine {
namespace {

using OpenUploads = std::vector<state::Upload>;

// Those that nobody has given up yet.
Async<Result<OpenUploads>> find_open(JobContext* context) {
  const std::string run = context->job().run;
  auto uploads = co_await context->with_state(
      [&](state::State& state) { return state.uploads().open_uploads(run, ""); });
  if (uploads.has_value())
    std::erase_if(*uploads, [](const auto& upload) { return !upload.left_open.empty(); });
  co_return uploads;
}

Async<Result<void>> abort_uploads(EngineServices services, JobRunner* runner, JobContext* context) {
  auto settled = co_await runner->settle(services, context->job().run);
  state::Effects effects;
  effects.counts = runner->take_request_counts();
  effects.warnings = runner->take_warnings();
  std::string payload;
  ledger::LineBuffer no_lines;
  auto counted =
      co_await context->advance(std::move(payload), std::move(effects), std::move(no_lines));
  if (counted.has_error()) co_return counted;
  co_return settled;
}

Async<Result<void>> leave_open(JobContext* context, const OpenUploads* uploads,
                               const std::string* reason) {
  co_return co_await context->with_state([&](state::State& state) -> Result<void> {
    for (const state::Upload& upload : *uploads) {
      auto left = state.uploads().leave_upload_open(upload.id, upload.upload_id, *reason);
      if (left.has_error()) return left;
    }
    return Result<void>();
  });
}

Async<Closed> try_to_abort(EngineServices services, RunnerProvider& runners, JobContext* context) {
  Closed closed;
  auto runner = co_await runners.runner_for(context->job());
  if (runner.has_error()) {
    const Error& why = runner.error();
    closed.failure = why;
    closed.run_waits = why.code != ErrorCode::cancelled || is_given_up(why);
    co_return closed;
  }
  auto aborted = co_await abort_uploads(services, runner->get(), context);
  if (aborted.has_value()) co_return closed;
  closed.failure = aborted.error();
  closed.run_waits = stops_run(aborted.error());
  co_return closed;
}

// Is this attempt the last, whatever comes of it?
Async<Result<bool>> is_final(JobContext* context, Closed closed) {
  if (!context->last_try() || context->lost()) co_return false;
  if (!closed.run_waits) co_return closed.failure->code != ErrorCode::cancelled;
  const std::string id = context->job().run;
  auto run =
      co_await context->with_state([&](state::State& state) { return state.runs().find_run(id); });
  if (run.has_error()) co_return run.error();
  co_return run->cancel_requested;
}

Async<Result<void>> give_up_uploads(JobContext* context, Error why) {
  auto open = co_await find_open(context);
  if (open.has_error()) co_return open.error();
  const std::string reason = why.to_string();
  co_return co_await leave_open(context, &*open, &reason);
}

Async<Closed> take_away_uploads(EngineServices services, RunnerProvider& runners,
                                JobContext* context) {
  Closed closed;
  auto open = co_await find_open(context);
  if (open.has_error()) closed.failure = open.error();
  if (open.has_error() || open->empty()) co_return closed;
  closed = co_await try_to_abort(services, runners, context);
  if (!closed.failure) co_return closed;
  auto final = co_await is_final(context, closed);
  if (final.has_error()) closed = {.failure = final.error()};
  if (final.has_error() || !*final) co_return closed;
  auto given_up = co_await give_up_uploads(context, *closed.failure);
  closed = {};
  if (given_up.has_error()) closed.failure = given_up.error();
  co_return closed;
}

}  // namespace

Async<Closed> close_run(EngineServices services, ledger::Sealer& sealer, RunnerProvider& runners,
                        JobContext* context) {
  Closed closed = co_await take_away_uploads(services, runners, context);
  if (closed.failure) co_return closed;
  const state::Lease lease = context->job().lease;
  const TimePoint now = services.clock.now();
  state::Run run;
  std::vector<state::Segment> segments;
  auto found = co_await context->with_state([&](state::State& state) -> Result<void> {
    auto ending = state.runs().ending_run(lease, now);
    if (ending.has_error()) return ending.error();
    auto recorded = state.records().segments(ending->id);
    if (recorded.has_error()) return recorded.error();
    run = std::move(*ending);
    segments = std::move(*recorded);
    return {};
  });
  if (found.has_value()) {
    found = co_await sealer.seal_off_lane(std::move(run), std::move(segments), services.blocking);
    closed.run_waits = found.has_error() && stops_run(found.error());
  }
  if (found.has_value()) {
    found = co_await context->with_state(
        [&](state::State& state) { return state.runs().end_run(lease, now); });
  }
  if (found.has_error()) closed.failure = found.error();
  co_return closed;
}

}  // namespace dth::engine
