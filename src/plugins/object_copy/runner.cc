#include "plugins/object_copy/runner.h"

#include <algorithm>

#include "plugins/object_copy/copy/copy_job.h"
#include "plugins/object_copy/copy/last_job.h"
#include "plugins/object_copy/copy/retry_job.h"
#include "plugins/object_copy/mirror/find_extra_job.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/mirror/remove_job.h"
#include "plugins/object_copy/multipart/finish_job.h"
#include "plugins/object_copy/multipart/open_uploads.h"
#include "plugins/object_copy/multipart/part_job.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/restore/restore_job.h"
#include "plugins/object_copy/scan/scan_job.h"
#include "plugins/object_copy/verify/check_job.h"
#include "plugins/object_copy/verify/verify_scan_job.h"

namespace dth::object_copy {
namespace {

using Handler = Async<Result<engine::Finished>> (*)(LaneContext* lane, engine::JobContext* context);

template <class Job>
Async<Result<engine::Finished>> run(LaneContext* lane, engine::JobContext* context) {
  Job job(*lane);
  co_return co_await job.run(*context);
}

Async<Result<engine::Finished>> run_scan(LaneContext* lane, engine::JobContext* context) {
  return lane->options.action == options::Action::verify ? run<VerifyScanJob>(lane, context)
                                                         : run<ScanJob>(lane, context);
}

struct JobKind {
  std::string_view name;
  Handler handler;
};

constexpr JobKind job_kinds[] = {
    {kind_scan, run_scan},           {kind_retry, run<RetryJob>},
    {kind_restore, run<RestoreJob>}, {kind_copy, run<CopyJob>},
    {kind_last, run<LastJob>},       {kind_part, run<PartJob>},
    {kind_finish, run<FinishJob>},   {kind_find_extra, run<FindExtraJob>},
    {kind_remove, run<RemoveJob>},   {kind_check, run<CheckJob>},
};

}  // namespace

Async<Result<engine::Finished>> ObjectCopyRunner::execute(engine::JobContext& context) {
  const std::string& name = context.job().kind;
  const auto* const kind = std::find_if(std::begin(job_kinds), std::end(job_kinds),
                                        [&](const JobKind& known) { return known.name == name; });
  if (kind != std::end(job_kinds)) co_return co_await kind->handler(&lane_, &context);
  co_return Error{ErrorCode::unsupported,
                  "this version does not know jobs of kind \"" + name +
                      "\"; was the state made by a newer one?",
                  ""};
}

Async<Result<void>> ObjectCopyRunner::settle(engine::EngineServices services, std::string run) {
  OpenUploads uploads(lane_);
  co_return co_await uploads.abort(services, std::move(run), "", true);
}

}  // namespace dth::object_copy
