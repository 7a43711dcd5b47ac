#include "api/run_reader.h"

namespace dth::api {

bool looks_same(const RunView& a, const RunView& b) {
  const state::Run &x = a.observed.run, &y = b.observed.run;
  const auto same_backlog = [](const auto& one, const auto& other) {
    return one.first == other.first && one.second.jobs == other.second.jobs &&
           one.second.items == other.second.items;
  };
  return state::display_state(a.observed) == state::display_state(b.observed) &&
         x.counts == y.counts && x.ended_at == y.ended_at && x.error == y.error &&
         std::equal(a.backlog.begin(), a.backlog.end(), b.backlog.begin(), b.backlog.end(),
                    same_backlog);
}

Result<RunView> RunReader::view(state::Run run) {
  auto spec = engine::parse_task_spec(run.spec);
  if (spec.has_error()) return std::move(spec.error()).with_context("run " + run.id);
  auto observed = state::observe(state_, path_, std::move(run));
  if (observed.has_error()) return observed.error();
  return RunView{std::move(*observed), std::move(*spec)};
}

Result<std::vector<RunView>> RunReader::views(Result<std::vector<state::Run>> runs) {
  if (runs.has_error()) return runs.error();
  std::vector<RunView> views;
  for (state::Run& run : *runs) {
    auto one = view(std::move(run));
    if (one.has_error()) return one.error();
    views.push_back(std::move(*one));
  }
  return views;
}

Async<Result<RunView>> RunReader::find(std::string id) {
  co_return co_await run_blocking(blocking_, [this, &id]() -> Result<RunView> {
    auto run = state_.runs().find_run(id);
    if (run.has_error()) return run.error();
    return view(std::move(*run));
  });
}

Async<Result<RunView>> RunReader::progress(std::string id) {
  co_return co_await run_blocking(blocking_, [this, &id]() -> Result<RunView> {
    auto progress = state_.runs().progress(id);
    if (progress.has_error()) return progress.error();
    auto seen = view(std::move(progress->run));
    if (seen.has_value() && !seen->is_over()) seen->backlog = std::move(progress->backlog);
    return seen;
  });
}

Async<Result<std::vector<RunView>>> RunReader::list(std::string after, std::size_t count_max) {
  co_return co_await run_blocking(
      blocking_, [this, &after, count_max]() -> Result<std::vector<RunView>> {
        auto runs = views(after.empty() ? state_.runs().list_runs(count_max)
                                        : state_.runs().list_runs_after(after, count_max));
        if (runs.has_error() && runs.error().code == ErrorCode::not_found) {
          return Error{ErrorCode::invalid_argument,
                       "\"after\" is the cursor of a run that is not there any more: begin with "
                       "the first page",
                       ""};
        }
        return runs;
      });
}

Async<Result<std::vector<state::Failure>>> RunReader::failures(std::string id, std::size_t offset,
                                                               std::size_t count_max) {
  co_return co_await run_blocking(blocking_, [this, &id, offset, count_max] {
    return state_.records().failures(id, offset, count_max);
  });
}

Async<Result<void>> RunReader::check() {
  co_return co_await run_blocking(blocking_, [this]() -> Result<void> {
    auto runs = state_.runs().list_runs(1);
    if (runs.has_error()) return runs.error();
    return Result<void>();
  });
}

}  // namespace dth::api
