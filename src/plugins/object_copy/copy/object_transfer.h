#pragma once

#include <optional>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/copy_properties.h"
#include "plugins/object_copy/copy/copy_settlement.h"
#include "plugins/object_copy/copy/kept_checks.h"
#include "plugins/object_copy/copy/lost_answer.h"
#include "plugins/object_copy/copy/unverified_copy.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// One GET into one PUT, and what follows from its answer.
class ObjectTransfer {
 public:
  explicit ObjectTransfer(LaneContext& lane)
      : lane_(lane), properties_(lane), kept_checks_(lane), unverified_(lane), settlement_(lane) {}

  // Uses up `*source`, the answer to the GET. False: try again at once, with what `attempt` now
  // knows.
  Async<Result<bool>> transfer(CopyAttempt* attempt, objects::GetResult* source);

 private:
  struct Plan;
  struct Refused;

  Plan plan_transfer(const CopyAttempt& attempt, const objects::ObjectHead& head,
                     const objects::ObjectProperties& properties, bool is_whole);
  objects::PutRequest request_of(CopyAttempt* attempt, const Plan& transfer,
                                 objects::ObjectHead* head, objects::ObjectProperties properties,
                                 const std::optional<Digest>& computed);
  Async<Result<bool>> settle_refusal(CopyAttempt* attempt, objects::GetResult* source,
                                     const Refused* refused);
  Async<Result<bool>> look_for_lost(CopyAttempt* attempt, const objects::ObjectInfo* source,
                                    LostWrite write, const Refused* refused);

  LaneContext& lane_;
  CopyProperties properties_;
  KeptChecks kept_checks_;
  UnverifiedCopy unverified_;
  CopySettlement settlement_;
};

}  // namespace dth::object_copy
