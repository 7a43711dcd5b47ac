#pragma once

#include <optional>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/kept_checks.h"
#include "plugins/object_copy/copy/name_checks.h"
#include "plugins/object_copy/copy/name_folding.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// The object is at the destination. All of it lives in the caller's frame.
struct Arrival {
  const objects::ObjectInfo* source;
  const objects::PutResult* stored;
  const Proof* proof;
  objects::Encryption encryption;              // asked for
  KeptLook* look = nullptr;                    // null: there is nothing to look for
  const objects::ObjectHead* found = nullptr;  // how it was found where no answer told it
};

// How every copy in one request ends, whatever showed that the object is there.
class CopySettlement {
 public:
  explicit CopySettlement(LaneContext& lane)
      : lane_(lane), kept_checks_(lane), names_(lane), folding_(lane) {}

  // Nothing: something has to be asked for first.
  std::optional<Result<bool>> try_settle(CopyAttempt* attempt, const Arrival& arrival);
  // The same with all questions. False: try again at once, with what `attempt` now knows.
  Async<Result<bool>> settle(CopyAttempt* attempt, Arrival arrival);

  // Of a copy that the store made within itself.
  Async<Result<bool>> settle_within(CopyAttempt* attempt, objects::PutResult stored, Proof proof,
                                    objects::Encryption encryption);
  // It was found, and no answer told of it. Which of our tries wrote it is not known, so it shows
  // no more of how bodies may be framed than that its own framing was kept.
  Async<Result<bool>> settle_found(CopyAttempt* attempt, const objects::ObjectInfo* source,
                                   Proof proof, const objects::ObjectHead* found,
                                   objects::Encryption encryption, KeptLook* look);

  // The destination is not as it was listed. That may be our own doing: a PUT whose answer was
  // lost, or a worker that died before it could record. Somebody else's object is not overwritten.
  Async<Result<bool>> resolve_conflict(CopyAttempt* attempt, objects::ObjectHead source,
                                       objects::Encryption encryption, KeptLook* look);

 private:
  Async<Result<bool>> check_copy(CopyAttempt* attempt, KeptLook* look, std::string etag,
                                 const objects::ObjectHead* found);
  void record(CopyAttempt* attempt, const Arrival& arrival);
  void learn_from(const std::string& source_etag, const objects::PutResult& stored);

  LaneContext& lane_;
  KeptChecks kept_checks_;
  NameChecks names_;
  NameFolding folding_;
};

// Is a file another one than was copied, now that the destination has it? The destination's time
// would hide that for ever.
Async<Result<bool>> was_written_meanwhile(objects::ObjectStore* source, std::string key,
                                          std::string etag);

}  // namespace dth::object_copy
