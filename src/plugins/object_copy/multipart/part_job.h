#pragma once

#include <vector>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// Copies a stretch of a large object's parts, some at a time. What went wrong is left for the
// finish job, which sees all parts.
class PartJob {
 public:
  explicit PartJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  struct Try;

  Async<void> copy_parts(engine::JobContext* context, PartPayload* payload, PartOutcome* outcome,
                         std::vector<std::uint32_t>* todo);
  Async<Result<void>> copy_part(engine::JobContext* context, const PartPayload* payload,
                                std::uint32_t number, PartOutcome* outcome);
  Async<Result<PartDone>> try_part(engine::JobContext* context, const PartPayload* payload,
                                   std::uint32_t number, Try* known);
  Async<Error> find_part_framing(const PartPayload* payload, std::uint32_t number, Try* known,
                                 Error damage);
  Async<Result<PartDone>> transfer_part(engine::JobContext* context, const PartPayload* payload,
                                        std::uint32_t number, Try* known);
  static Error refused_part(const Error& refusal, bool may_need_digest, Try* known);
  Async<Result<PartDone>> copy_part_within(engine::JobContext* context, const PartPayload* payload,
                                           std::uint32_t number);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
