#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/plugin.h"
#include "runs/run_reader.h"

namespace dth::runs {

// Who executes a new run, and its share; and where it comes from.
struct RunPlace {
  state::Placement placement = {};
  int weight = 1;  // 1 to state::weight_max
  state::RunOrigin origin = {};
};

// A process that takes a run over.
struct Here {
  std::string process;        // its id
  bool from_workers = false;  // also where it was left to workers, of which some may be at work
};

// The run of that task, as state is to keep it, with an id of its own.
state::NewRun new_run_of(const engine::Plugin& plugin, const engine::Task& task, RunPlace place);

// What can be done with runs. Prints nothing and executes nothing: a process that may work on the
// run does, this one or another. Each call blocks. Thread-safe.
class RunService {
 public:
  // All outlive it.
  RunService(state::State& state, std::span<engine::Plugin* const> plugins, Clock& clock)
      : state_(state), plugins_(plugins), clock_(clock), reader_(state, clock) {}

  RunReader& reader() { return reader_; }

  // Creates a run of the task, which says when it began. already_exists: an unfinished run does the
  // same (find_unfinished()).
  Result<state::Run> start(const engine::Plugin& plugin, const engine::Task& task, RunPlace place);
  // The same, and only the run's id: an error means that there is no such run. `audit` is written
  // in the same transaction, with the run's id as its target.
  Result<std::string> create(const engine::Plugin& plugin, const engine::Task& task, RunPlace place,
                             const state::AuditEntry* audit = nullptr);

  // The newest run that is not over and does the same as that spec would: the same action between
  // the same places, with whatever other options.
  Result<std::optional<RunView>> find_unfinished(const engine::Plugin& plugin,
                                                 const engine::TaskSpec& spec);

  // The task that resume() would go on with: for a look at its places before anything is changed.
  // Errors: those of resume().
  Result<std::shared_ptr<const engine::Task>> task_to_resume(const RunView& view,
                                                             const options::Values& changes) const;

  struct Resumed {
    state::Run run;
    std::shared_ptr<const engine::Task> task;
  };
  // Makes a run go on that is paused, waits, or lost its process. `changes` are options that its
  // spec has from now on. `here`: only that process is to work on it from now on; nothing: those
  // that may now. Errors: not_found, invalid_argument (it is over; the changes do not
  // fit), already_exists (a process that lives works on it).
  Result<Resumed> resume(const std::string& run, const options::Values& changes,
                         const std::optional<Here>& here);

  // Only this process is to work on the run from now on. Errors: not_found, already_exists (a
  // process that lives works on it).
  Result<void> place(const std::string& run, const std::string& process);

  // A task that tries the failed items of a run that is over again, and nothing else: these keys,
  // or all that failed. Nothing where none failed. Errors: not_found, invalid_argument (not over; a
  // key that did not fail).
  Result<std::shared_ptr<const engine::Task>> retry(const std::string& run,
                                                    std::vector<std::string> keys,
                                                    const options::Values& changes);

  // Errors of both: not_found, precondition_failed (it is over).
  Result<void> pause(const std::string& run);
  // The share of the claims that it has from now on. Errors: those of RunStore::change_weight().
  Result<void> change_weight(const std::string& run, int weight);
  // It ends as cancelled once what is in flight has ended and what was left open is taken away, by
  // a process that may work on it.
  Result<void> cancel(const std::string& run);

  // The plugin of a run. unsupported: there is none.
  Result<engine::Plugin*> plugin_of(const state::Run& run) const;

 private:
  Result<void> place(const RunView& view, const Here& here);

  state::State& state_;
  const std::span<engine::Plugin* const> plugins_;
  Clock& clock_;
  RunReader reader_;
};

}  // namespace dth::runs
