#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/kept_look.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Looks at what a destination of unknown kind keeps of what is sent: the first objects that carry
// something are asked for once more.
class KeptChecks {
 public:
  explicit KeptChecks(LaneContext& lane) : lane_(lane) {}

  // The run's looks so far, of this process and those before. Before the first look.
  Async<Result<void>> count_looks(engine::JobContext* context);

  // Is a body signed by a digest that is computed beforehand? Where framing is not kept apart, and
  // while one object finds that out.
  bool goes_unframed(const objects::StoreLimits& limits, const CopyAttempt& attempt) const;

  // The destination did not confirm what was sent in chunks. Does it keep the chunks' framing among
  // the bytes? Then the object there has another size. Where that cannot be seen, this object alone
  // is sent again without. True: it is to be sent again.
  Async<Result<bool>> find_framing(CopyAttempt* attempt, std::uint64_t size);

  // Why it is pointless to write what carries these: they are known to be lost, and have to be
  // kept.
  std::optional<Error> find_lost(const objects::ObjectMetadata& metadata, const objects::Tags& tags,
                                 bool in_parts) const;

  // Null: there is nothing to find out, and nothing to wait for. `unsupported`: find_lost().
  Result<std::unique_ptr<KeptLook>> plan_look(const objects::ObjectMetadata& metadata,
                                              const objects::Tags& tags, bool in_parts,
                                              bool framed);
  // Of one PUT, which may be bound to what an earlier one of ours left.
  Result<std::unique_ptr<KeptLook>> plan_look_at_put(CopyAttempt* attempt,
                                                     objects::PutRequest* request, bool framed);

  // Looks at what was just written under `etag`; `found`: it was, just now. False: the object has
  // another encoding than it was sent with, and has to be sent again.
  Async<Result<bool>> check(KeptLook* look, std::string key, std::string etag,
                            std::vector<std::string>* warnings,
                            const objects::ObjectHead* found = nullptr);

  // Warnings of what was learnt.
  void report(engine::Finished* finished);

 private:
  std::optional<Error> find_unseen(CarriedSet demanded, bool in_parts) const;
  Async<Result<void>> wait_for_looks(KeptLook* look);
  Result<bool> settle_denied_look(KeptLook* look, const Error& error,
                                  std::vector<std::string>* warnings);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
