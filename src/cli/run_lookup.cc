#include "cli/run_lookup.h"

#include <algorithm>
#include <cstdio>

#include "cli/paths.h"
#include "state/observed_run.h"
#include "state/sqlite_state.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t states_max = 10'000;

// Every state in the state directory.
Result<std::vector<fs::path>> known_states() {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(*directory, ignored)) {
    if (entry.path().extension() == ".db" && entry.is_regular_file(ignored) &&
        paths.size() < states_max)
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// What the run is to whoever does not execute it.
Result<void> look_who_works(state::State& state, FoundRun* found) {
  auto observed = state::observe(state, found->state_path.string(), std::move(found->run));
  if (observed.has_error()) return observed.error();
  found->run = std::move(observed->run);
  found->in_use = observed->in_use;
  return Result<void>();
}

Result<std::vector<FoundRun>> runs_of(const fs::path& path, std::size_t count_max,
                                      RunChoice choice) {
  auto state = open_for_reading(path);
  if (state.has_error()) return state.error();
  auto runs = choice == RunChoice::unfinished ? (*state)->runs().unfinished_runs(count_max)
                                              : (*state)->runs().list_runs(count_max);
  if (runs.has_error()) return runs.error();
  std::vector<FoundRun> found;
  for (state::Run& run : *runs) {
    auto spec = engine::parse_task_spec(run.spec);
    if (spec.has_error())
      return std::move(spec.error()).with_context("run " + run.id + " in " + path.string());
    found.push_back({path, std::move(run), std::move(*spec)});
    auto looked = look_who_works(**state, &found.back());
    if (looked.has_error()) return looked.error();
  }
  return found;
}

std::string where(const std::string& state_path) {
  if (!state_path.empty()) return state_path;
  auto directory = state_directory();
  return directory.has_value() ? directory->string() : "the state directory";
}

}  // namespace

Result<std::unique_ptr<state::State>> open_for_reading(const fs::path& state_path) {
  state::SqliteOptions options;
  options.path = state_path.string();
  options.exclusive = false;
  options.read_only = true;
  auto state = state::open_sqlite_state(options);
  if (state.has_error() && state.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::invalid_argument, "there is no state at " + state_path.string(),
                 ""};  // somebody named it
  }
  return state;
}

Result<std::vector<FoundRun>> list_runs(const std::string& state_path, std::size_t count_max,
                                        std::vector<Error>* unreadable, RunChoice choice) {
  if (!state_path.empty()) return runs_of(fs::absolute(state_path), count_max, choice);
  auto paths = known_states();
  if (paths.has_error()) return paths.error();
  std::vector<FoundRun> all;
  for (const fs::path& path : *paths) {
    auto runs = runs_of(path, count_max, choice);
    if (runs.has_error()) {
      unreadable->push_back(std::move(runs.error()));
      continue;
    }
    std::move(runs->begin(), runs->end(), std::back_inserter(all));
    std::stable_sort(all.begin(), all.end(), [](const FoundRun& a, const FoundRun& b) {
      return a.run.created_at > b.run.created_at;
    });
    if (all.size() > count_max) all.resize(count_max);
  }
  return all;
}

Result<FoundRun> find_run(const std::string& state_path, const std::string& run) {
  std::vector<Error> unreadable;
  Result<std::vector<FoundRun>> found = std::vector<FoundRun>();
  if (run == "latest") {
    found = list_runs(state_path, 1, &unreadable);
    if (found.has_error()) return found.error();
  } else {
    std::vector<fs::path> paths = {state_path};
    if (state_path.empty()) {
      auto known = known_states();
      if (known.has_error()) return known.error();
      paths = std::move(*known);
    }
    for (const fs::path& path : paths) {
      const fs::path absolute = fs::absolute(path);
      auto state = open_for_reading(absolute);
      auto there =
          state.has_value() ? (*state)->runs().find_run(run) : Result<state::Run>(state.error());
      if (there.has_error() && state.has_value() && there.error().code == ErrorCode::not_found)
        continue;
      if (there.has_error() && !state_path.empty()) return there.error();
      if (there.has_error()) {
        unreadable.push_back(there.error());
        continue;
      }
      auto spec = engine::parse_task_spec(there->spec);
      if (spec.has_error()) return spec.error();
      found->push_back({absolute, std::move(*there), std::move(*spec)});
      auto looked = look_who_works(**state, &found->back());
      if (looked.has_error()) return looked.error();
      break;
    }
  }
  for (const Error& error : unreadable)
    std::fprintf(stderr, "dth: passed over: %s\n", error.to_string().c_str());
  if (!found->empty()) return std::move(found->front());
  return Error{
      ErrorCode::invalid_argument,
      (run == "latest" ? "there is no run yet in " : "there is no run " + run + " in ") +
          where(state_path) +
          "; `dth run list` shows the runs that there are, --state names a state elsewhere",
      ""};
}

}  // namespace dth::cli
