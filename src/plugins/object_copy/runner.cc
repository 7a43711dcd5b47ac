#include "plugins/object_copy/runner.h"

#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/restore/restore_job.h"
#include "plugins/object_copy/verify/check.h"

namespace dth::object_copy {

Async<Result<engine::Finished>> ObjectCopyRunner::execute(engine::JobContext& context) {
  const std::string& kind = context.job().kind;
  if (kind == kind_scan && lane_.options.mode == RunMode::verify)
    co_return co_await scan_to_verify(context);
  if (kind == kind_scan && lane_.options.scope == SourceScope::object)
    co_return co_await scan_one_object(context);
  if (kind == kind_scan) co_return co_await scan(context);
  if (kind == kind_retry) co_return co_await retry_failed(context);
  if (kind == kind_restore) co_return co_await RestoreJob(lane_).run(context);
  if (kind == kind_copy) co_return co_await copy(context);
  if (kind == kind_last) co_return co_await copy_last(context);
  if (kind == kind_part) co_return co_await part(context);
  if (kind == kind_finish) co_return co_await finish(context);
  if (kind == kind_sweep) co_return co_await sweep(context);
  if (kind == kind_remove) co_return co_await remove(context);
  if (kind == kind_check) co_return co_await check(context);
  co_return Error{ErrorCode::unsupported,
                  "this version does not know jobs of kind \"" + kind +
                      "\"; was the state made by a newer one?",
                  ""};
}

}  // namespace dth::object_copy
