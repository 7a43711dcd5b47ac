#include "ledger/sealer.h"

#include "ledger/manifest.h"
#include "ledger/trim.h"

namespace dth::ledger {

Async<Result<void>> Sealer::seal_off_lane(state::Run run, std::vector<state::Segment> segments,
                                          BlockingExecutor& blocking) {
  co_return co_await run_blocking(blocking, [&] { return seal(run, std::move(segments)); });
}

Result<void> DirectorySealer::seal(const state::Run& run, std::vector<state::Segment> segments) {
  auto trimmed = trim({directory_, run.id}, segments);
  if (trimmed.has_error()) return trimmed.error();
  auto manifest = make_manifest(run, std::move(segments), *key_);
  if (manifest.has_error()) return manifest.error();
  return write_manifest(directory_, *manifest);
}

}  // namespace dth::ledger
