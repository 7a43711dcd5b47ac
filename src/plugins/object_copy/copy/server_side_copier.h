#pragma once

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/copy_properties.h"
#include "plugins/object_copy/copy/copy_settlement.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Copies that the store makes within itself: no byte passes here.
class ServerSideCopier {
 public:
  explicit ServerSideCopier(LaneContext& lane)
      : lane_(lane), properties_(lane), settlement_(lane) {}

  // One CopyObject, bound to the version listed. False: try again at once, with what `attempt` now
  // knows.
  Async<Result<bool>> copy(CopyAttempt* attempt);

 private:
  Async<Result<bool>> find_what_changed(CopyAttempt* attempt, Error refusal,
                                        objects::Encryption encryption);
  Async<Result<Proof>> prove(Item item, objects::Checksums source, objects::PutResult stored);
  bool look_again(CopyAttempt* attempt, const objects::ObjectHead& now) const;
  static Result<bool> ended_by(CopyAttempt* attempt, const Error& error);

  LaneContext& lane_;
  CopyProperties properties_;
  CopySettlement settlement_;
};

}  // namespace dth::object_copy
