#pragma once

#include <optional>
#include <vector>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/kept_checks.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// What was written, and what the destination said to it.
struct Written {
  const ProofPlan* plan;
  const objects::PutResult* stored;
  std::optional<Digest> computed;  // of plan->compute
  std::uint64_t size;
  bool framed;  // in signed chunks
};

// Copies that the destination's answer does not verify.
class UnverifiedCopy {
 public:
  explicit UnverifiedCopy(LaneContext& lane) : lane_(lane), kept_checks_(lane) {}

  // What there is to say of a copy that the destination's answer does not verify, or contradicts.
  // Nothing: it is to be sent again at once, with what was learnt.
  Async<Result<std::optional<Proof>>> look_closer(CopyAttempt* attempt, Written written,
                                                  Result<Proof> judged);

  // Of an object in parts that is complete, and of which no answer says that it is whole. One that
  // is larger than what was sent has the framing of its parts among its bytes: it is sent again
  // without.
  Async<Result<void>> check_size_of_whole(std::string key, std::uint64_t size);

  // Of an object in parts that is complete: part by part, one after the other.
  Async<Result<Proof>> read_parts_back(engine::JobContext* context, const UploadPlan* plan,
                                       const std::vector<PartDone>* parts, std::string etag);

 private:
  Async<Result<Proof>> prove_otherwise(std::string key, Written written);

  LaneContext& lane_;
  KeptChecks kept_checks_;
};

}  // namespace dth::object_copy
