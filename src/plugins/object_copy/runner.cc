#include "plugins/object_copy/runner.h"

#include "plugins/object_copy/copy/retry_job.h"
#include "plugins/object_copy/mirror/find_extra_job.h"
#include "plugins/object_copy/mirror/remove_job.h"
#include "plugins/object_copy/restore/restore_job.h"
#include "plugins/object_copy/scan/scan_job.h"
#include "plugins/object_copy/verify/check_job.h"
#include "plugins/object_copy/verify/verify_scan_job.h"

namespace dth::object_copy {

Async<Result<engine::Finished>> ObjectCopyRunner::execute(engine::JobContext& context) {
  const std::string& kind = context.job().kind;
  if (kind == kind_scan && lane_.options.mode == RunMode::verify)
    co_return co_await VerifyScanJob(lane_).run(context);
  if (kind == kind_scan) co_return co_await ScanJob(lane_).run(context);
  if (kind == kind_retry) co_return co_await RetryJob(lane_).run(context);
  if (kind == kind_restore) co_return co_await RestoreJob(lane_).run(context);
  if (kind == kind_copy) co_return co_await copy(context);
  if (kind == kind_last) co_return co_await copy_last(context);
  if (kind == kind_part) co_return co_await part(context);
  if (kind == kind_finish) co_return co_await finish(context);
  if (kind == kind_find_extra) co_return co_await FindExtraJob(lane_).run(context);
  if (kind == kind_remove) co_return co_await RemoveJob(lane_).run(context);
  if (kind == kind_check) co_return co_await CheckJob(lane_).run(context);
  co_return Error{ErrorCode::unsupported,
                  "this version does not know jobs of kind \"" + kind +
                      "\"; was the state made by a newer one?",
                  ""};
}

}  // namespace dth::object_copy
