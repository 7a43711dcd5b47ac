#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/job_context.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/mirror/renamed.h"

namespace dth::object_copy {

// What the failures of a run say about deletions.
struct FailuresOfRun {
  // Why listings do not show what is extra: a store contradicted itself. Empty: none did.
  std::string_view contradiction = {};
  // Folders that could not be listed: of what may be in these nothing is ever deleted.
  std::int64_t folders = 0;
  // What could not be removed, or may hide something extra: no copy that failed.
  std::int64_t removals = 0;
};

// Reads them page by page. Both: of the run of the job. Errors: those of the state.
Async<Result<FailuresOfRun>> look_at_failures(engine::JobContext* context);

// What could not be copied is missing for that reason.
Async<Result<void>> leave_failures_out(engine::JobContext* context, const CopyOptions* options,
                                       Suspects* suspects);

// Keys of the source.
using KeySet = std::set<std::string, std::less<>>;

// The removals that failed in another run, of these or of all; they must fit into `bytes_max`.
Async<Result<KeySet>> failed_removals(engine::JobContext* context, std::size_t bytes_max,
                                      std::string run, std::vector<std::string> chosen);

}  // namespace dth::object_copy
