#include "engine/close_run.h"

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

Async<Result<void>> abort_uploads(EngineServices services, RunnerProvider& runners,
                                  JobContext* context) {
  auto runner = co_await runners.runner_for(context->job());
  if (runner.has_error()) co_return runner.error();
  auto settled = co_await (*runner)->settle(services, context->job().run);
  state::Effects effects;
  effects.counts = (*runner)->take_request_counts();
  effects.warnings = (*runner)->take_warnings();
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

Async<Result<void>> take_away_uploads(EngineServices services, RunnerProvider& runners,
                                      JobContext* context) {
  auto open = co_await find_open(context);
  if (open.has_error()) co_return open.error();
  if (open->empty()) co_return Result<void>();
  auto aborted = co_await abort_uploads(services, runners, context);
  if (aborted.has_value()) co_return aborted;
  const Error& error = aborted.error();
  const bool is_final = context->last_try() && !stops_run(error) &&
                        error.code != ErrorCode::cancelled && !context->lost();
  if (!is_final) co_return error;
  open = co_await find_open(context);
  if (open.has_error()) co_return open.error();
  const std::string reason = error.to_string();
  co_return co_await leave_open(context, &*open, &reason);
}

}  // namespace

Async<Result<void>> close_run(EngineServices services, ledger::Sealer& sealer,
                              RunnerProvider& runners, JobContext* context) {
  auto uploads = co_await take_away_uploads(services, runners, context);
  if (uploads.has_error()) co_return uploads;
  const state::Lease lease = context->job().lease;
  const TimePoint now = services.clock.now();
  co_return co_await context->with_state([&](state::State& state) -> Result<void> {
    auto run = state.runs().ending_run(lease, now);
    if (run.has_error()) return run.error();
    auto segments = state.records().segments(run->id);
    if (segments.has_error()) return segments.error();
    if (auto sealed = sealer.seal(*run, std::move(*segments)); sealed.has_error()) return sealed;
    return state.runs().end_run(lease, now);
  });
}

}  // namespace dth::engine
